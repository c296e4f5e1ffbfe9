import type { Parameters } from '../../parameters.ts';

/** How this edition reads what its text leaves open; `EDITION_PARAMETERS` explains each choice and its alternatives. */
export const PARAMETERS: Parameters = {
  ageUpperBound: 'birthday',
  ageReference: 'reference-date',
  projectUplift: 'after-cap',
  specialOperationUplift: false,
  filingLeadDays: { days: 5, unit: 'calendar' },
  ageOutside: 'fail',
  repeatCountsInsurance: false,
  preJobPassedBy: 'class-end',
  quotaYear: 'submission',
  noticeWorkingDays: 5,
  retentionYears: 5,
  videoTolerance: 0,
};

/** Everybody who may come: the roles of the design, officers by their duty. */
export const roles = ['applicant', 'preparer', 'approver', 'department', 'finance', 'auditor', 'admin'] as const;
export type RoleName = (typeof roles)[number];

/**
 * What a role may do on a route: `own` on what is its own, anything else being absent to it; `any` on whatever there is;
 * `yes` where there is no item yet that could be somebody's; `no`, which is said before anything is looked up.
 */
export type Right = 'own' | 'any' | 'yes' | 'no';

/** A route that needs no log-in. */
export const open = 'open';

const row = (...rights: readonly Right[]): readonly Right[] => rights;

const applicantsOwn = row('own', 'no', 'no', 'no', 'no', 'no', 'no');
const applicants = row('yes', 'no', 'no', 'no', 'no', 'no', 'no');
const authoritiesOwn = row('no', 'own', 'own', 'own', 'no', 'no', 'no');
const authorities = row('no', 'yes', 'yes', 'yes', 'no', 'no', 'no');
const preparersOwn = row('no', 'own', 'no', 'own', 'no', 'no', 'no');
const approversOwn = row('no', 'no', 'own', 'own', 'no', 'no', 'no');
const sides = row('own', 'own', 'own', 'own', 'no', 'any', 'no');
const payers = row('no', 'no', 'no', 'yes', 'yes', 'no', 'no');
const payersOwn = row('no', 'no', 'no', 'own', 'any', 'no', 'no');
const financeAny = row('no', 'no', 'no', 'no', 'any', 'no', 'no');
const registrars = row('no', 'yes', 'yes', 'no', 'no', 'no', 'yes');
const administrators = row('no', 'no', 'no', 'no', 'no', 'no', 'yes');
const everybody = row('yes', 'yes', 'yes', 'yes', 'yes', 'yes', 'yes');

/** Every route of the API and who may do what on it, in the order of `roles`; written down beside the policy, not from it. */
export const rightsByRoute: Readonly<Record<string, typeof open | readonly Right[]>> = {
  'POST /classes': applicants,
  'GET /classes': row('yes', 'yes', 'yes', 'yes', 'no', 'yes', 'no'),
  'GET /classes/{classId}': sides,
  'PUT /classes/{classId}': applicantsOwn,
  'POST /classes/{classId}/copies': applicantsOwn,
  'POST /classes/{classId}/filing': applicantsOwn,
  'POST /classes/{classId}/acceptance': authoritiesOwn,
  'POST /classes/{classId}/refusal': authoritiesOwn,
  'POST /classes/{classId}/inspections': authoritiesOwn,
  'GET /classes/{classId}/inspections': sides,
  'POST /inspection-plans': authorities,
  'GET /inspection-plans': row('no', 'yes', 'yes', 'yes', 'no', 'yes', 'no'),
  'POST /claims': applicants,
  'GET /claims': applicants,
  'GET /claims/{claimId}': row('own', 'own', 'own', 'own', 'any', 'any', 'no'),
  'GET /claims/{claimId}/lines': row('own', 'own', 'own', 'own', 'any', 'any', 'no'),
  'PUT /claims/{claimId}/roster': applicantsOwn,
  'POST /claims/{claimId}/pre-check': applicantsOwn,
  'POST /claims/{claimId}/submission': applicantsOwn,
  'POST /claims/{claimId}/withdrawal': applicantsOwn,
  'POST /claims/{claimId}/evidence': applicantsOwn,
  'GET /claims/{claimId}/evidence': sides,
  'GET /claims/{claimId}/evidence/{evidenceId}': sides,
  'POST /claims/{claimId}/evidence/{evidenceId}/urls': applicantsOwn,
  'POST /claims/{claimId}/evidence/{evidenceId}/completion': applicantsOwn,
  'GET /desk/claims': authorities,
  'POST /claims/{claimId}/return': authoritiesOwn,
  'POST /claims/{claimId}/lines/{lineId}/decision': preparersOwn,
  'POST /claims/{claimId}/endorsement': preparersOwn,
  'POST /claims/{claimId}/approval': approversOwn,
  'POST /claims/{claimId}/refusal': approversOwn,
  'POST /claims/{claimId}/reconsideration': approversOwn,
  'GET /desk/objections': row('no', 'yes', 'yes', 'yes', 'no', 'yes', 'no'),
  'GET /desk/objections/{objectionId}': row('no', 'own', 'own', 'own', 'no', 'any', 'no'),
  'POST /desk/objections/{objectionId}/objector': authoritiesOwn,
  'POST /objections/{objectionId}/decision': authoritiesOwn,
  'POST /notices/{noticeId}/corrections': authoritiesOwn,
  'POST /notices/{noticeId}/withdrawals': authoritiesOwn,
  'GET /desk/notices/{noticeId}/proofs': row('no', 'own', 'own', 'own', 'no', 'any', 'no'),
  'GET /desk/notices/{noticeId}/audit': row('no', 'own', 'own', 'own', 'no', 'any', 'no'),
  'PUT /claims/{claimId}/notice-row': authoritiesOwn,
  'GET /desk/notice-settings': authorities,
  'PUT /desk/notice-settings': authorities,
  'GET /notices': open,
  'GET /notices/{noticeId}': open,
  'GET /notices/{noticeId}/data': open,
  'GET /notices/{noticeId}/units': open,
  'POST /notices/{noticeId}/objections': open,
  'GET /objections/{receiptNumber}': open,
  'PUT /organisations/{organisationId}': registrars,
  'GET /organisations/{organisationId}': row('own', 'any', 'any', 'any', 'no', 'any', 'any'),
  'POST /organisations/{organisationId}/unblocking': approversOwn,
  'POST /shared-records': registrars,
  'POST /insurance-subsidies': registrars,
  'POST /insurance-subsidies/file': registrars,
  'POST /insurance-subsidies/{reference}/reversal': row('no', 'any', 'any', 'no', 'no', 'no', 'any'),
  'POST /catalogue/shortage-lists': administrators,
  'GET /catalogue/shortage-lists': everybody,
  'POST /catalogue/annex-changes': administrators,
  'GET /catalogue/annex-changes': everybody,
  'GET /catalogue/annexes': everybody,
  'GET /funds': row('no', 'yes', 'yes', 'no', 'yes', 'yes', 'no'),
  'GET /funds/{account}': row('no', 'any', 'any', 'no', 'any', 'any', 'no'),
  'POST /funds/{account}/allotments': financeAny,
  'POST /funds/{account}/corrections': financeAny,
  'GET /funds/{account}/ledger': row('no', 'no', 'no', 'no', 'any', 'any', 'no'),
  'GET /reports/statistics': row('no', 'no', 'no', 'no', 'yes', 'yes', 'no'),
  'POST /payment-batches': payers,
  'GET /payment-batches': payers,
  'GET /payment-batches/{batchId}': payersOwn,
  'GET /payment-batches/{batchId}/bank-file': payersOwn,
  'GET /payment-batches/{batchId}/open-references': payersOwn,
  'POST /payment-batches/{batchId}/receipts': payersOwn,
  'POST /fund-applications': row('no', 'no', 'no', 'yes', 'no', 'no', 'no'),
  'GET /fund-applications': row('no', 'no', 'no', 'yes', 'yes', 'yes', 'no'),
  'GET /fund-applications/{applicationId}': row('no', 'no', 'no', 'own', 'any', 'any', 'no'),
  'POST /fund-applications/{applicationId}/transfer': financeAny,
  'PUT /claims/{claimId}/lines/{lineId}/card': applicantsOwn,
  'POST /claims/{claimId}/payment-reapplication': applicantsOwn,
  'POST /claims/{claimId}/recoveries': approversOwn,
  'POST /claims/{claimId}/recoveries/{recoveryId}/receipts': financeAny,
  'POST /claims/{claimId}/recoveries/{recoveryId}/withdrawal': approversOwn,
  'GET /claims/{claimId}/recoveries': row('own', 'own', 'own', 'own', 'any', 'any', 'no'),
  'GET /claims/{claimId}/recoveries/{recoveryId}': row('own', 'own', 'own', 'own', 'any', 'any', 'no'),
  'POST /classes/{classId}/certificates': authoritiesOwn,
  'GET /classes/{classId}/certificates': sides,
  'GET /certificates/{number}': open,
  'POST /certificates/{number}/cancellation': authoritiesOwn,
  'POST /settings/certificate-letters': administrators,
  'GET /claims/{claimId}/audit': row('no', 'own', 'own', 'own', 'no', 'any', 'no'),
  'GET /classes/{classId}/dossier': sides,
  'POST /department-plans': row('no', 'no', 'no', 'yes', 'no', 'no', 'no'),
  'GET /department-plans/{year}': row('no', 'any', 'any', 'own', 'any', 'any', 'no'),
  'GET /operations/queues': row('no', 'no', 'no', 'no', 'no', 'yes', 'yes'),
  'POST /operations/redrives': administrators,
  'GET /operations/redrives': row('no', 'no', 'no', 'no', 'no', 'yes', 'yes'),
};

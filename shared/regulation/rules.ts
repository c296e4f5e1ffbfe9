import { applicantKind } from './provisions/1-0-applicants.ts';
import { certificateRequired } from './provisions/1-0-certificates.ts';
import { evidenceMaterials } from './provisions/1-0-materials.ts';
import { recipientCondition } from './provisions/1-0-recipients.ts';
import {
  certificateDeadline,
  certificateOrigin,
  certificateWindow,
  rosterCard,
} from './provisions/1-1-2-1-personal-claims.ts';
import { evidenceVideos } from './provisions/1-2-2-1-teaching-videos.ts';
import { preJobContract } from './provisions/1-3-1-new-employees.ts';
import { classHours, hoursAttended } from './provisions/1-3-training-hours.ts';
import { apprenticeFigures, apprenticeStudentContract } from './provisions/1-4-apprenticeship.ts';
import { applicantStudio, classBatches, classSize } from './provisions/1-5-master-studios.ts';
import { applicantFreeOfCharge, entrepreneurshipLicence } from './provisions/1-6-entrepreneurship.ts';
import { statusVerified } from './provisions/2-2-verified-records.ts';
import { classDates, filingAccepted, filingBeforeStart } from './provisions/3-1-filing.ts';
import { filingCrossDistrict } from './provisions/3-2-cross-district.ts';
import { quotaAnnual, quotaRepeat } from './provisions/4-2-quotas.ts';
import { rosterDuplicate, rosterIdentity } from './provisions/4-2-real-names.ts';
import { ageWorking } from './provisions/5-1-age.ts';
import { certificateIssuer } from './provisions/5-2-certificate-issuers.ts';
import { applicantUrban, claimDeadline } from './provisions/5-4-urban-and-term.ts';
import { certificateCatalogue } from './provisions/annex-1-2-catalogue.ts';
import { certificateCode } from './provisions/annex-4-certificate-codes.ts';
import type { ClaimRule, LineRule, Rule } from './rule.ts';

/** The rules about a whole claim, in the order in which findings are reported. */
export const CLAIM_RULES: readonly ClaimRule[] = [
  applicantKind,
  applicantUrban,
  applicantStudio,
  applicantFreeOfCharge,
  filingAccepted,
  filingBeforeStart,
  filingCrossDistrict,
  classHours,
  classSize,
  classBatches,
  classDates,
  evidenceMaterials,
  evidenceVideos,
  claimDeadline,
];

/** The rules about one trainee line, in the order in which findings are reported. */
export const LINE_RULES: readonly LineRule[] = [
  rosterIdentity,
  rosterDuplicate,
  rosterCard,
  ageWorking,
  statusVerified,
  recipientCondition,
  certificateRequired,
  certificateCatalogue,
  certificateIssuer,
  certificateWindow,
  certificateDeadline,
  certificateOrigin,
  certificateCode,
  hoursAttended,
  preJobContract,
  apprenticeFigures,
  apprenticeStudentContract,
  entrepreneurshipLicence,
  quotaAnnual,
  quotaRepeat,
];

/** Every rule of the regulation. */
export const RULES: readonly Rule[] = [...CLAIM_RULES, ...LINE_RULES];

/** The metrics that the functions count themselves (shared/lambda/metrics.ts), as far as they are shown, and who counts them. */
export const countedBy = {
  ClassesFiled: ['classes-api'],
  ClaimsSubmitted: ['claims-api'],
  ClaimsAssessed: ['assess-claim'],
  LinesReserved: ['assess-claim'],
  LinesRefused: ['assess-claim'],
  LinesReferred: ['assess-claim'],
  ClaimsReturned: ['desk-api'],
  ClaimsApproved: ['desk-api'],
  ApprovedFen: ['desk-api'],
  EvidenceVerified: ['verify-evidence'],
  EvidenceRejected: ['verify-evidence'],
  EvidenceVerifyMs: ['verify-evidence'],
  NoticesPublished: ['publish-notices'],
  NoticesClosed: ['close-notices'],
  ObjectionsLodged: ['notices-api'],
  SweepFound: ['sweep-work'],
  SweepHeartbeat: ['sweep-work'],
  NoticeHeartbeat: ['publish-notices', 'close-notices'],
  ClaimsOverdue: ['sweep-work'],
  ClaimsWaitingForFunds: ['sweep-work'],
  UnmaskedIdentityFound: ['publish-notices'],
  AccessDenied: ['classes-api', 'claims-api', 'evidence-api', 'desk-api', 'registry-api', 'notices-api'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type ProductMetricName = keyof typeof countedBy;

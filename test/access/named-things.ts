/** One thing of each kind that a path can name. */
export interface Estate {
  claimId: string;
  lineId: string;
  classId: string;
  evidenceId: string;
  noticeId: string;
  objectionId: string;
  receiptNumber: string;
  batchId: string;
  applicationId: string;
  recoveryId: string;
  organisationId: string;
  account: string;
  /** of a subsidy of the unemployment insurance */
  reference: string;
  number: string;
  year: string;
  /** Whose yearly plan is asked for. */
  authority: string;
}

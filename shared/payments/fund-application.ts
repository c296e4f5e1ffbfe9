import type { Actor } from '../access/actor.ts';

/** One claim in a fund application, as the form lists it: its lines that are payable, and their sum. */
export interface FundApplicationRow {
  claimId: string;
  applicantName: string;
  subject: string;
  heads: number;
  fen: number;
  noticeId: string;
}

/** applied 已申请 · funded 已拨至部门 */
export const applicationStates = ['applied', 'funded'] as const;
export type ApplicationState = (typeof applicationStates)[number];

/** Every move a fund application may make. */
export const applicationMoves = {
  'funds-advanced': { from: ['applied'], to: 'funded' },
} as const satisfies Record<string, { from: readonly ApplicationState[]; to: ApplicationState }>;

/**
 * A department's fund application (温州市项目制培训资金申请表, 二(四)): with a receipt (收款收据) it asks the bureau of its
 * level for the money of claims that it received, and pays it on.
 * The money stays committed in the account's escrow until the applicant has it.
 */
export interface FundApplication {
  id: string;
  st: ApplicationState;
  version: number;
  auditHead: string;
  /** The department. */
  authority: string;
  account: string;
  receiptNumber: string;
  /** Rows, and their sum in fen. */
  count: number;
  totalFen: number;
  bankSerial?: string;
  createdAt: string;
  updatedAt: string;
}

/** The bureau's transfer to the department, as its bank carried it out. */
export interface DepartmentTransfer {
  bankSerial: string;
  /** What was transferred, fen: exactly what the rows add up to. */
  totalFen: number;
}

export interface FundApplicationStore {
  find(applicationId: string): Promise<FundApplication | undefined>;
  /** The rows, some hundred at a time. */
  rowsOf(applicationId: string, cursor?: string): Promise<{ rows: FundApplicationRow[]; next?: string }>;
  /** Applications of a department, or to an account; newest first. */
  list(
    of: { authority: string } | { account: string },
    cursor?: string,
  ): Promise<{ applications: FundApplication[]; next?: string }>;
  /**
   * Applies for all cleared claims of the department that no application covers yet, of one account; a repetition under
   * the same id goes on with what an earlier try began. Undefined when there is nothing to apply for.
   */
  apply(
    order: { id: string; authority: string; receiptNumber: string },
    by: Actor,
    at: Date,
  ): Promise<FundApplication | undefined>;
  /**
   * The bureau's transfer to the department.
   * @throws DomainError `changed-meanwhile` when the rows add up to another sum than was transferred
   */
  fund(application: FundApplication, transfer: DepartmentTransfer, by: Actor, at: Date): Promise<FundApplication>;
}

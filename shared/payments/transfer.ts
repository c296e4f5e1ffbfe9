import type { ClaimRecord } from '../claims/claim-record.ts';
import { idFromCause } from '../clock/ids.ts';

/**
 * prepared 待转账 · unknown 结果未知 · paid 已到账 · bounced 已退汇.
 * An unknown transfer is asked about under its own reference until the bank knows; it is never sent under another.
 */
export const transferStates = ['prepared', 'unknown', 'paid', 'bounced'] as const;
export type TransferState = (typeof transferStates)[number];

/** What a bank may say of a transfer, and from which states its word moves it; paid money can still bounce. */
export const transferMoves = {
  paid: ['prepared', 'unknown'],
  bounced: ['prepared', 'unknown', 'paid'],
  unknown: ['prepared'],
} as const satisfies Record<Exclude<TransferState, 'prepared'>, readonly TransferState[]>;
export type BankWord = keyof typeof transferMoves;

/** One payment to one payee (转账): a trainee's line to the card, or a whole claim to the unit's basic account (二(四)). */
export interface Transfer {
  reference: string;
  st: TransferState;
  version: number;
  auditHead: string;
  batchId: string;
  claimId: string;
  /** The line that is paid; 0 for all payable lines of the claim. */
  lineNo: number;
  attempt: number;
  /** Fen. */
  fen: number;
  holder: string;
  bank: string;
  /** The account number, sealed for this transfer. */
  sealedAccount: string;
  bankSerial?: string;
  reason?: string;
  /** Fen of it that its payees gave back (追回): money that came back one way cannot bounce as well. */
  recoveredFen?: number;
}

/**
 * The bank's reference of a transfer: the same for every repetition, another one only for a further attempt, which
 * begins when the former has bounced for good.
 */
export function transferReference(claimId: string, lineNo: number, attempt: number): string {
  return `JP${idFromCause('transfer', claimId, String(lineNo), String(attempt)).slice(0, 20)}`;
}

/** Where the account number of a transfer is sealed. */
export function accountContext(batchId: string, reference: string) {
  return { tenant: 'payments', record: batchId, field: `${reference}.account` };
}

/** collecting 归集中 · ready 待转账 · settled 已结清 */
export const batchStates = ['collecting', 'ready', 'settled'] as const;
export type BatchState = (typeof batchStates)[number];

/** Every move a batch may make. What was collected decides where closing leads, so only the beginnings stand here. */
export const batchMoves = {
  'batch-closed': { from: ['collecting'] },
  'bank-file-exported': { from: ['ready', 'settled'] },
  'batch-settled': { from: ['ready'] },
} as const satisfies Record<string, { from: readonly BatchState[] }>;
export type BatchMove = keyof typeof batchMoves;

/** Transfers of one account and kind of payee that go to the bank in one file (拨付批次). */
export interface PaymentBatch {
  id: string;
  st: BatchState;
  version: number;
  auditHead: string;
  /** Whose special account (专账) pays. */
  account: string;
  payee: ClaimRecord['payee'];
  /** The department whose second step this is (二(四)); absent where the bureau pays the applicant itself. */
  applicationId?: string;
  /** Who may see it: finance, or the department that pays on. */
  payer: string;
  count: number;
  totalFen: number;
  /** SHA-256 of the bank file; the same batch always gives the same bytes. */
  fileSha256?: string;
  createdAt: string;
  updatedAt: string;
}

/** What kept a line or claim out of a batch, and what to do about it. */
export interface CollectProblem {
  claimId: string;
  lineNo: number;
  message: string;
}

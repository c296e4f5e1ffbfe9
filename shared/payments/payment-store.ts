import type { Actor } from '../access/actor.ts';
import type { Receipt } from './receipts-file.ts';
import type { CollectProblem, PaymentBatch, Transfer } from './transfer.ts';

/** What a batch is to pay. */
export interface BatchOrder {
  id: string;
  account: string;
  payee: PaymentBatch['payee'];
  payer: string;
  applicationId?: string;
}

/** How much a batch may take: it is opened, collected and read back by one request each. What is left waits for the next. */
export interface BatchRoom {
  transfers: number;
  /** Trainee lines; a claim that has more is taken whole, alone. */
  lines: number;
  /** Whether another claim may be begun. */
  hasTime: () => boolean;
}

/**
 * What came of a bank's word on one transfer. `not-covered`: the account or the claim does not hold the money that would
 * have to move, which the books never allow by themselves.
 */
export type ReceiptOutcome = 'applied' | 'known' | 'contradicts' | 'unknown-reference' | 'not-covered';

/** Keeps batches and transfers, and moves money, claims and lines with them. Every step may be repeated after a crash. */
export interface PaymentStore {
  findBatch(batchId: string): Promise<PaymentBatch | undefined>;
  /** Opens the batch, or gives back the one that is there under this id. */
  openBatch(order: BatchOrder, by: Actor, at: Date): Promise<PaymentBatch>;
  /**
   * Takes cleared claims into a collecting batch until none or no room is left, and closes it. Claims and lines are
   * durably `paying`, with payee and amount on the transfer, before anybody can read the bank file (I5). Several may
   * collect one batch at once.
   */
  collect(batch: PaymentBatch, room: BatchRoom, by: Actor, at: Date): Promise<PaymentBatch>;
  transfersOf(batchId: string): Promise<Transfer[]>;
  problemsOf(batchId: string): Promise<CollectProblem[]>;
  /** Keeps the hash of the exported file, and who took it. */
  recordExport(batch: PaymentBatch, fileSha256: string, by: Actor, at: Date): Promise<PaymentBatch>;
  /** Applies the bank's words to the transfers and the money; in the order of the receipts. */
  apply(batch: PaymentBatch, receipts: readonly Receipt[], by: Actor, at: Date): Promise<ReceiptOutcome[]>;
  /** Brings lines and claims to where their transfers are; gives how many lines were moved. */
  settleClaim(batchId: string, claimId: string, by: Actor, at: Date): Promise<number>;
  /** Claims of a batch whose transfers the bank has spoken about. */
  claimsDue(batchId: string): Promise<string[]>;
  /** Closes a batch all of whose transfers are final. */
  closeBatch(batch: PaymentBatch, by: Actor, at: Date): Promise<PaymentBatch>;
  /** Everything that a crash left half done: batches still collecting, claims still to settle. */
  unfinished(now: Date): Promise<{ batchId: string; claimId?: string }[]>;
  listBatches(payer: string, cursor?: string): Promise<{ batches: PaymentBatch[]; next?: string }>;
}

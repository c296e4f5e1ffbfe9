import * as z from 'zod';
import {
  batchStates,
  type CollectProblem,
  type PaymentBatch,
  type Transfer,
  transferStates,
} from '../payments/transfer.ts';
import type { Item, Key } from './table.ts';

/*
 * The stored shapes of payment: BATCH#<id> with META, one CLAIM#<id> for each claim it pays, one TRANSFER#<reference>
 * for each transfer, and the problems that kept lines out.
 */

const text = z.string();
const count = z.int().min(0);

const batchSchema = z.object({
  id: text,
  st: z.enum(batchStates),
  version: count,
  auditHead: text,
  account: text,
  payee: z.enum(['trainee', 'applicant']),
  applicationId: text.exactOptional(),
  payer: text,
  count,
  totalFen: count,
  fileSha256: text.exactOptional(),
  createdAt: text,
  updatedAt: text,
});

const transferSchema = z.object({
  reference: text,
  st: z.enum(transferStates),
  version: count,
  auditHead: text,
  batchId: text,
  claimId: text,
  lineNo: count,
  attempt: count,
  fen: count,
  holder: text,
  bank: text,
  sealedAccount: text,
  bankSerial: text.exactOptional(),
  reason: text.exactOptional(),
  recoveredFen: count.exactOptional(),
});

/**
 * A claim in a batch. Until it is marked `started`, its transfers may be made and its lines set on their way; from then on
 * it may be reopened, and the batch be closed. The mark is in the condition of all of these, so that two that collect the
 * same batch, or one that was taken for dead, cannot pay a claim that has gone on to another batch.
 */
export const memberSchema = z.object({
  claimId: text,
  attempt: count,
  /** Transfers and lines that it brings, counted when it was taken. */
  transfers: count,
  lines: count,
  started: z.literal(true).exactOptional(),
});
export type BatchMember = z.infer<typeof memberSchema>;

const problemSchema = z.object({ claimId: text, lineNo: count, message: text });

/**
 * Where a claim of a batch waits on the worklist: for its lines to follow what the bank said, and then, when money
 * arrived, for its evidence to be locked for the years after it.
 */
export const awaitsSettlement = 'W#payment#settle#0';
export const awaitsRetention = 'W#payment#retain#0';

export const batchKey = (batchId: string): Key => ({ pk: `BATCH#${batchId}`, sk: 'META' });
export const batchClaimKey = (batchId: string, claimId: string): Key => ({
  pk: `BATCH#${batchId}`,
  sk: `CLAIM#${claimId}`,
});
export const transferKey = (batchId: string, reference: string): Key => ({
  pk: `BATCH#${batchId}`,
  sk: `TRANSFER#${reference}`,
});

export function readBatchItem(item: Item): PaymentBatch {
  return batchSchema.parse(item);
}

export function readTransferItem(item: Item): Transfer {
  return transferSchema.parse(item);
}

export function readMemberItem(item: Item): BatchMember {
  return memberSchema.parse(item);
}

export function readProblemItem(item: Item): CollectProblem {
  return problemSchema.parse(item);
}

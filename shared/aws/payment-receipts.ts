import type { Actor } from '../access/actor.ts';
import type { ReceiptOutcome } from '../payments/payment-store.ts';
import type { Receipt } from '../payments/receipts-file.ts';
import { type PaymentBatch, type Transfer, transferMoves } from '../payments/transfer.ts';
import { balanceKey, escrowKey } from './entitlement-keys.ts';
import { putEntry } from './line-writes.ts';
import { awaitsSettlement, batchClaimKey, readTransferItem, transferKey } from './payment-items.ts';
import { readMany } from './read.ts';
import type { Table } from './table.ts';
import { transition, type WriteItem, writeAll } from './transition.ts';

interface Moment {
  by: Actor;
  at: Date;
}

/** A transfer with the bank's word on it, and what that word does to the money: +1 pays, −1 takes a payment back. */
interface Verdict {
  transfer: Transfer;
  receipt: Receipt;
  money: 1 | 0 | -1;
}

// A verdict takes three writes at most, its claim two more, the account one: fourteen are at most 71 of the 100 items that a
// transaction may have.
const verdictsPerTransaction = 14;

function judge(transfer: Transfer | undefined, receipt: Receipt): Verdict | ReceiptOutcome {
  if (transfer === undefined) return 'unknown-reference';
  if (transfer.st === receipt.word) return 'known';
  const mayMove = (transferMoves[receipt.word] as readonly string[]).includes(transfer.st);
  const isGivenBack = receipt.word === 'bounced' && transfer.recoveredFen !== undefined;
  if (!mayMove || isGivenBack) return 'contradicts';
  const money = receipt.word === 'paid' ? 1 : transfer.st === 'paid' ? -1 : 0;
  return { transfer, receipt, money };
}

function moveTransfer(table: Table, { transfer, receipt }: Verdict, { by, at }: Moment): WriteItem[] {
  const { batchId, reference, st, version, auditHead, claimId, lineNo, fen } = transfer;
  const { bankSerial, reason, word } = receipt;
  return transition(table, {
    chain: batchId,
    entity: { key: transferKey(batchId, reference), st, version, auditHead },
    to: word,
    audit: { action: `transfer-${word}`, by, at: at.toISOString(), facts: { claimId, lineNo, fen, bankSerial } },
    set: { bankSerial, reason },
    ...(word === 'bounced' ? { condition: { expression: 'attribute_not_exists(recoveredFen)' } } : {}),
  });
}

function entry(batch: PaymentBatch, { transfer, money }: Verdict, { by, at }: Moment) {
  const [debit, credit] = money === 1 ? ['escrow', 'paid'] : ['paid', 'escrow'];
  return {
    claimId: transfer.claimId,
    lineNo: transfer.lineNo,
    kind: money === 1 ? 'paid' : 'payment-reversed',
    sequence: transfer.attempt,
    fen: transfer.fen,
    at: at.toISOString(),
    by,
    reference: transfer.reference,
    movement: { account: batch.account, debit: debit ?? '', credit: credit ?? '' },
  };
}

/** Money of one claim leaves its escrow (or comes back to it), never more than is there. */
function moveEscrow(table: Table, claimId: string, fen: number): WriteItem {
  return {
    Update: {
      TableName: table.name,
      Key: escrowKey(claimId),
      UpdateExpression: 'SET openFen = openFen - :fen',
      ConditionExpression: 'openFen >= :fen',
      ExpressionAttributeValues: { ':fen': fen },
    },
  };
}

function moveBalance(table: Table, account: string, fen: number): WriteItem {
  return {
    Update: {
      TableName: table.name,
      Key: balanceKey(account),
      UpdateExpression: 'SET escrow = escrow - :fen, paid = paid + :fen',
      ConditionExpression: fen >= 0 ? 'escrow >= :fen' : 'paid >= :taken',
      ExpressionAttributeValues: fen >= 0 ? { ':fen': fen } : { ':fen': fen, ':taken': -fen },
    },
  };
}

/** Until the lines have followed, the claim stands on the worklist of payments. */
export function markDue(table: Table, batchId: string, claimId: string, at: Date): WriteItem {
  return {
    Update: {
      TableName: table.name,
      Key: batchClaimKey(batchId, claimId),
      UpdateExpression: 'SET wpk = :w, wsk = :now ADD verdicts :one',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: { ':w': awaitsSettlement, ':now': at.toISOString(), ':one': 1 },
    },
  };
}

function writesOf(table: Table, batch: PaymentBatch, verdicts: readonly Verdict[], moment: Moment): WriteItem[] {
  const writes: WriteItem[] = [];
  const sums = new Map<string, number>();
  for (const verdict of verdicts) {
    const { transfer, money } = verdict;
    writes.push(...moveTransfer(table, verdict, moment));
    if (money !== 0) writes.push(putEntry(table, entry(batch, verdict, moment)));
    sums.set(transfer.claimId, (sums.get(transfer.claimId) ?? 0) + money * transfer.fen);
  }
  let total = 0;
  for (const [claimId, fen] of sums) {
    total += fen;
    if (fen !== 0) writes.push(moveEscrow(table, claimId, fen));
    writes.push(markDue(table, batch.id, claimId, moment.at));
  }
  if (total !== 0) writes.push(moveBalance(table, batch.account, total));
  return writes;
}

async function readTransfers(
  table: Table,
  batchId: string,
  receipts: readonly Receipt[],
): Promise<Map<string, Transfer>> {
  const items = await readMany(
    table,
    receipts.map(({ reference }) => transferKey(batchId, reference)),
  );
  return new Map(items.map(readTransferItem).map((transfer) => [transfer.reference, transfer]));
}

async function judgeAll(
  table: Table,
  batchId: string,
  receipts: readonly Receipt[],
): Promise<(Verdict | ReceiptOutcome)[]> {
  const transfers = await readTransfers(table, batchId, receipts);
  return receipts.map((receipt) => judge(transfers.get(receipt.reference), receipt));
}

/** How often others may move one transfer while the bank's word on it is booked. */
const mostTries = 5;

/** Applies one word by itself, on what is there now. */
async function applyOne(table: Table, batch: PaymentBatch, receipt: Receipt, moment: Moment): Promise<ReceiptOutcome> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const [verdict] = await judgeAll(table, batch.id, [receipt]);
    if (verdict === undefined || typeof verdict === 'string') return verdict ?? 'unknown-reference';
    if ((await writeAll(table, writesOf(table, batch, [verdict], moment))).kind === 'done') return 'applied';
  }
  // Nobody moves a transfer that often: it is the money that does not cover it.
  return 'not-covered';
}

/** Applies one group; when somebody else moved one of its transfers, each is tried by itself. */
async function applyGroup(
  table: Table,
  batch: PaymentBatch,
  receipts: readonly Receipt[],
  moment: Moment,
): Promise<ReceiptOutcome[]> {
  const judged = await judgeAll(table, batch.id, receipts);
  const verdicts = judged.filter((verdict): verdict is Verdict => typeof verdict !== 'string');
  if (verdicts.length > 0) {
    const result = await writeAll(table, writesOf(table, batch, verdicts, moment));
    if (result.kind === 'refused') {
      const outcomes: ReceiptOutcome[] = [];
      for (const receipt of receipts) outcomes.push(await applyOne(table, batch, receipt, moment));
      return outcomes;
    }
  }
  return judged.map((verdict) => (typeof verdict === 'string' ? verdict : 'applied'));
}

/** Applies the bank's words: transfers, escrow, account and ledger move together, in groups; each word counts once. */
export async function applyReceipts(
  table: Table,
  batch: PaymentBatch,
  receipts: readonly Receipt[],
  moment: Moment,
): Promise<ReceiptOutcome[]> {
  const outcomes: ReceiptOutcome[] = [];
  for (let at = 0; at < receipts.length; at += verdictsPerTransaction) {
    outcomes.push(...(await applyGroup(table, batch, receipts.slice(at, at + verdictsPerTransaction), moment)));
  }
  return outcomes;
}

import * as z from 'zod';
import type { Actor } from '../access/actor.ts';
import type { ClaimRecord } from '../claims/claim-record.ts';
import type { LineRecord } from '../claims/line-record.ts';
import type { Transfer } from '../payments/transfer.ts';
import { readClaimItem } from './claim-items.ts';
import { moveClaim } from './claim-writes.ts';
import { claimKey } from './entitlement-keys.ts';
import { conditionCheck } from './line-guards.ts';
import { lineFen, moveLine, readLines, stepLines } from './line-writes.ts';
import { awaitsRetention, batchClaimKey, memberSchema, readTransferItem, transferKey } from './payment-items.ts';
import { readItem, readMany } from './read.ts';
import type { Table } from './table.ts';
import { type WriteItem, writeAll, writeAllOrThrow } from './transition.ts';

interface Moment {
  by: Actor;
  at: Date;
}

/** Where a line goes by what became of the transfer that pays it; nothing when it is there already. */
function followTransfer(
  table: Table,
  line: LineRecord,
  transfer: Transfer | undefined,
  { by, at }: Moment,
): WriteItem[] {
  if (transfer === undefined) return [];
  const now = at.toISOString();
  const audit = { by, at: now, facts: { reference: transfer.reference, bankSerial: transfer.bankSerial } };
  if (transfer.st === 'paid' && line.st === 'paying') {
    const paid = { fen: lineFen(line), by, at: now, why: `转账${transfer.reference}已到账` };
    return moveLine(table, line, 'line-paid', { audit, set: { paid } });
  }
  if (transfer.st === 'bounced' && (line.st === 'paying' || line.st === 'paid')) {
    const reason = transfer.reason === undefined || transfer.reason === '' ? '银行退汇' : transfer.reason;
    return moveLine(table, line, 'line-bounced', { audit: { ...audit, reason }, remove: ['paid'] });
  }
  return [];
}

/** The proof that a claim's present batch has set all of it on its way: until then its cleared lines are spoken for. */
function hasStarted(table: Table, { id, payment }: ClaimRecord): WriteItem {
  const key = batchClaimKey(payment?.batchId ?? '', id);
  return conditionCheck(table, key, 'started = :true', {}, { ':true': true });
}

/** Where a claim goes by where its lines are: paid when all are, back to cleared when some can be paid anew. */
function followLines(table: Table, claim: ClaimRecord, lines: readonly LineRecord[], { by, at }: Moment): WriteItem[] {
  const any = (...states: LineRecord['st'][]) => lines.some(({ st }) => states.includes(st));
  const audit = { by, at: at.toISOString() };
  if (any('paying')) return [];
  if (any('cleared')) {
    if (claim.st !== 'paying' && claim.st !== 'paid') return [];
    const reopened = moveClaim(table, claim, 'claim-payment-reopened', { audit, attentionAt: audit.at });
    return claim.st === 'paying' ? [...reopened, hasStarted(table, claim)] : reopened;
  }
  if (any('bounced')) return [];
  if (claim.st !== 'paying') return [];
  const paidFen = lines.reduce((sum, line) => sum + (line.paid?.fen ?? 0), 0);
  return moveClaim(table, claim, 'claim-paid', { audit: { ...audit, facts: { paidFen } } });
}

async function transfersOfLines(table: Table, lines: readonly LineRecord[]): Promise<Map<string, Transfer>> {
  const references = new Map(
    lines.flatMap(({ payment }) => (payment === undefined ? [] : [[payment.reference, payment]])),
  );
  const keys = [...references.values()].map(({ batchId, reference }) => transferKey(batchId, reference));
  const transfers = (await readMany(table, keys)).map(readTransferItem);
  return new Map(transfers.map((transfer) => [transfer.reference, transfer]));
}

/** Whether the claim was taken into a batch that has not yet set all of it on its way. */
async function isStarting(table: Table, { id, st, payment }: ClaimRecord): Promise<boolean> {
  if (st !== 'paying' || payment === undefined) return false;
  return (await readItem(table, batchClaimKey(payment.batchId, id), memberSchema))?.started === undefined;
}

/** How often the bank has spoken about the claim in this batch. */
async function verdictsOn(table: Table, batchId: string, claimId: string): Promise<number> {
  const item = await readItem(table, batchClaimKey(batchId, claimId), z.object({ verdicts: z.int().default(0) }));
  return item?.verdicts ?? 0;
}

/**
 * The claim has followed: where money is with its payees it waits for the locks of its evidence, else for nobody. When
 * the bank has said more meanwhile, it goes on waiting for its lines.
 */
async function markFollowed(
  table: Table,
  batchId: string,
  claimId: string,
  seen: { verdicts: number; isPaid: boolean; at: Date },
): Promise<void> {
  const waits = { ':w': awaitsRetention, ':now': seen.at.toISOString() };
  await writeAll(table, [
    {
      Update: {
        TableName: table.name,
        Key: batchClaimKey(batchId, claimId),
        UpdateExpression: seen.isPaid ? 'SET wpk = :w, wsk = :now' : 'REMOVE wpk, wsk',
        ConditionExpression: 'attribute_exists(pk) AND (attribute_not_exists(verdicts) OR verdicts = :seen)',
        ExpressionAttributeValues: { ':seen': seen.verdicts, ...(seen.isPaid ? waits : {}) },
      },
    },
  ]);
}

/** Moves a claim's lines, and then the claim, to where the transfers are; may be repeated at any time. */
export async function settleClaim(table: Table, batchId: string, claimId: string, moment: Moment): Promise<number> {
  const verdicts = await verdictsOn(table, batchId, claimId);
  const transfers = await transfersOfLines(table, await readLines(table, claimId));
  const moved = await stepLines(table, claimId, (line) =>
    followTransfer(table, line, transfers.get(line.payment?.reference ?? ''), moment),
  );
  const [item] = await readMany(table, [claimKey(claimId)]);
  if (item === undefined) throw new Error('claim of a transfer vanished');
  const claim = readClaimItem(item);
  // What another batch is just starting it will look at itself. Asked before the lines are read: these then are all that
  // will have started.
  const starting = await isStarting(table, claim);
  const lines = await readLines(table, claimId);
  const writes = starting ? [] : followLines(table, claim, lines, moment);
  if (writes.length > 0) await writeAllOrThrow(table, writes);
  const isPaid = lines.some(({ paid }) => paid !== undefined);
  await markFollowed(table, batchId, claimId, { verdicts, isPaid, at: moment.at });
  return moved;
}

import type { Actor } from '../access/actor.ts';
import { authorityKind } from '../access/authority.ts';
import type { PersonalData } from '../access/personal-data.ts';
import type { ClaimRecord } from '../claims/claim-record.ts';
import type { OrganisationStore } from '../organisations/organisation-store.ts';
import type { BatchRoom } from '../payments/payment-store.ts';
import type { CollectProblem, PaymentBatch } from '../payments/transfer.ts';
import { readClaimItem } from './claim-items.ts';
import { moveClaim } from './claim-writes.ts';
import { type BatchMember, batchClaimKey, batchKey } from './payment-items.ts';
import { query, readMany } from './read.ts';
import type { Item, Key, Table } from './table.ts';
import { type WriteItem, writeAll, writeAllOrThrow } from './transition.ts';

export interface Collection {
  table: Table;
  personal: PersonalData;
  organisations: Pick<OrganisationStore, 'find'>;
  batch: PaymentBatch;
  by: Actor;
  at: Date;
}

/** Claims that may be paid from the batch's account, as they are now, oldest first. */
export async function* payableClaims({ table, batch }: Collection): AsyncGenerator<ClaimRecord> {
  const found = query(table, {
    IndexName: 'worklist',
    KeyConditionExpression: 'wpk = :w',
    ExpressionAttributeValues: { ':w': 'W#claim#cleared#0' },
  });
  for await (const keys of inHundreds(found)) {
    const claims = new Map((await readMany(table, keys)).map((item) => [String(item['pk']), readClaimItem(item)]));
    for (const { pk } of keys) {
      const claim = claims.get(pk);
      if (claim !== undefined && isPayable(claim, batch)) yield claim;
    }
  }
}

/** Keys that an index gave, as many at a time as one call reads. */
async function* inHundreds(items: AsyncIterable<Item>): AsyncGenerator<Key[]> {
  let keys: Key[] = [];
  for await (const { pk, sk } of items) {
    keys.push({ pk: String(pk), sk: String(sk) });
    if (keys.length < 100) continue;
    yield keys;
    keys = [];
  }
  if (keys.length > 0) yield keys;
}

function isPayable(claim: ClaimRecord, batch: PaymentBatch): boolean {
  const isOurs = claim.fundAccount === batch.account && claim.payee === batch.payee;
  return isOurs && claim.st === 'cleared' && claim.openObjections === 0 && isOnItsWay(claim, batch);
}

// What a department received goes through its fund application, also before it has applied (二(四)): never straight.
function isOnItsWay(claim: ClaimRecord, batch: PaymentBatch): boolean {
  if (batch.applicationId !== undefined) return claim.applicationId === batch.applicationId;
  return claim.applicationId === undefined && authorityKind(claim.authority) === 'hr-bureau';
}

/** Why a claim cannot be paid as it stands, before it is taken; nothing of it moves. */
export async function obstacle({ organisations }: Collection, claim: ClaimRecord): Promise<CollectProblem | undefined> {
  if (claim.payee === 'trainee') return undefined;
  if ((await organisations.find(claim.tenant))?.bankAccount !== undefined) return undefined;
  return withoutAccount(claim);
}

export function withoutAccount(claim: ClaimRecord): CollectProblem {
  const message = '该单位没有登记基本账户，本次未拨付；请在单位登记中补录账户后再拨付。';
  return { claimId: claim.id, lineNo: 0, message };
}

export async function writeProblems({ table, batch }: Collection, problems: readonly CollectProblem[]): Promise<void> {
  for (const problem of problems) {
    const key = {
      pk: `BATCH#${batch.id}`,
      sk: `PROBLEM#${problem.claimId}#${String(problem.lineNo).padStart(4, '0')}`,
    };
    await writeAllOrThrow(table, [{ Put: { TableName: table.name, Item: { ...key, type: 'problem', ...problem } } }]);
  }
}

function sizeOf({ payee, approvedLines: lines = 1 }: ClaimRecord): Pick<BatchMember, 'transfers' | 'lines'> {
  return { lines, transfers: payee === 'trainee' ? lines : 1 };
}

/** Whether a batch with these members has room for a claim; one that is too large for any is taken alone. */
export function hasRoom(
  members: readonly Pick<BatchMember, 'transfers' | 'lines'>[],
  claim: ClaimRecord,
  room: BatchRoom,
): boolean {
  if (members.length === 0) return true;
  const all = [...members, sizeOf(claim)];
  const sum = (name: 'transfers' | 'lines') => all.reduce((total, member) => total + member[name], 0);
  return sum('transfers') <= room.transfers && sum('lines') <= room.lines;
}

/** Takes a claim into the batch: it is `paying` for this batch, whoever else may try (I10 is in the condition). */
export async function takeClaim(collection: Collection, claim: ClaimRecord): Promise<BatchMember | undefined> {
  const { table, batch, by, at } = collection;
  const attempt = (claim.payment?.attempt ?? 0) + 1;
  const now = at.toISOString();
  const writes = moveClaim(table, claim, 'claim-payment-started', {
    audit: { by, at: now, facts: { batchId: batch.id, attempt } },
    set: { payment: { batchId: batch.id, attempt } },
    condition: {
      expression: 'openObjections = :none AND endorsedBy.#subject <> approvedBy.#subject',
      names: { '#subject': 'subject' },
      values: { ':none': 0 },
    },
  });
  const member = { claimId: claim.id, attempt, ...sizeOf(claim) };
  const joined: WriteItem = {
    Put: { TableName: table.name, Item: { ...batchClaimKey(batch.id, claim.id), type: 'batch-claim', ...member } },
  };
  // Whoever closes the batch says how many were taken as far as it knows: a claim taken meanwhile keeps it open.
  const counted: WriteItem = {
    Update: {
      TableName: table.name,
      Key: batchKey(batch.id),
      UpdateExpression: 'ADD takes :one',
      ConditionExpression: 'st = :collecting',
      ExpressionAttributeValues: { ':one': 1, ':collecting': 'collecting' },
    },
  };
  return (await writeAll(table, [...writes, joined, counted])).kind === 'done' ? member : undefined;
}

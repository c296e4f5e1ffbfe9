import { liveLineStates } from '../claims/claim-states.ts';
import { lineReference } from '../claims/entitlement-store.ts';
import type { LineRecord } from '../claims/line-record.ts';
import type { DecisionResult, Obstacle, OfficerDecision, RefusalProof } from '../claims/line-store.ts';
import type { LineHolds } from '../claims/trainee-line.ts';
import type { MoveAudit } from './claim-writes.ts';
import { certificateLockKey, claimKey, classLockKey, lineKey, occupationLockKey } from './entitlement-keys.ts';
import { lineFen, putEntry } from './line-writes.ts';
import { quotaKey } from './person-table.ts';
import type { Item, Key, Table } from './table.ts';
import { type WriteItem, writeAll } from './transition.ts';

/*
 * The conditions under which a line is decided, each tied to what its failure means.
 */

export interface GuardedWrite {
  write: WriteItem;
  obstacle: Obstacle;
}

export function guarded(writes: readonly WriteItem[], obstacle: Obstacle): GuardedWrite[] {
  return writes.map((write) => ({ write, obstacle }));
}

/** A condition on an item that the transaction does not change. */
export function conditionCheck(
  table: Table,
  Key: Key,
  ConditionExpression: string,
  names: Record<string, string> = {},
  values: Item = {},
): WriteItem {
  return {
    ConditionCheck: {
      TableName: table.name,
      Key,
      ConditionExpression,
      ...(Object.keys(names).length === 0 ? {} : { ExpressionAttributeNames: names }),
      ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: values }),
    },
  };
}

/** Writes a decision, or says what stood in its way. */
export async function settle(table: Table, writes: readonly GuardedWrite[]): Promise<DecisionResult> {
  const result = await writeAll(
    table,
    writes.map(({ write }) => write),
  );
  if (result.kind === 'done') return result;
  const obstacles = new Set<Obstacle>();
  for (const at of result.failed) obstacles.add(writes[at]?.obstacle ?? 'line');
  return { kind: 'obstructed', obstacles };
}

/** What a grant takes of the person's year, occupation, class and certificates, and its entry in the ledger (四(二)). */
export function takings(
  table: Table,
  line: LineRecord,
  taken: { personHash: string; holds: LineHolds; limit: number; fen: number },
  audit: Pick<MoveAudit, 'by' | 'at'>,
): GuardedWrite[] {
  const { claimId, lineNo } = line;
  const { personHash, holds, limit, fen } = taken;
  const reference = lineReference(claimId, lineNo);
  const lock = (key: Key, type: string, obstacle: Obstacle): GuardedWrite => ({
    write: {
      Put: {
        TableName: table.name,
        Item: { ...key, type, line: reference, year: holds.quotaYear, at: audit.at },
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    },
    obstacle,
  });
  const quota: WriteItem = {
    Update: {
      TableName: table.name,
      Key: quotaKey(personHash, holds.quotaYear),
      UpdateExpression: 'ADD #lines :set SET #type = :type',
      ConditionExpression: 'attribute_not_exists(#lines) OR size(#lines) < :limit',
      ExpressionAttributeNames: { '#lines': 'lines', '#type': 'type' },
      ExpressionAttributeValues: { ':set': new Set([reference]), ':type': 'quota', ':limit': limit },
    },
  };
  const entry = putEntry(table, { claimId, lineNo, kind: 'reserved', sequence: line.version + 1, fen, ...audit });
  const writes: GuardedWrite[] = [
    { write: quota, obstacle: 'quota' },
    { write: entry, obstacle: 'line' },
  ];
  if (holds.occupationLock !== undefined) {
    const { occupation, level } = holds.occupationLock;
    writes.push(lock(occupationLockKey(personHash, occupation, level), 'occupation-lock', 'repeat'));
  }
  if (holds.classLock !== undefined) {
    // The lines of one claim share the lock: whether one of them repeats another, the rules of the claim have said.
    const write: WriteItem = {
      Update: {
        TableName: table.name,
        Key: classLockKey(personHash, holds.classLock),
        UpdateExpression: 'ADD #lines :set SET #type = :type, #claim = :claim',
        ConditionExpression: 'attribute_not_exists(#lines) OR #claim = :claim',
        ExpressionAttributeNames: { '#lines': 'lines', '#type': 'type', '#claim': 'claimId' },
        ExpressionAttributeValues: { ':set': new Set([reference]), ':type': 'class-lock', ':claim': claimId },
      },
    };
    writes.push({ write, obstacle: 'class' });
  }
  for (const hash of holds.certificateHashes ?? [])
    writes.push(lock(certificateLockKey(hash), 'certificate-lock', 'certificate'));
  return writes;
}

/** The check that a refusal's reason is true in the moment in which it is written (I13). */
export function proofCheck(
  table: Table,
  line: Pick<LineRecord, 'claimId' | 'lineNo'>,
  personHash: string,
  proof: RefusalProof,
): WriteItem {
  if (proof.kind === 'quota') {
    const names = { '#lines': 'lines' };
    return conditionCheck(table, quotaKey(personHash, proof.year), 'size(#lines) >= :least', names, {
      ':least': proof.atLeast,
    });
  }
  if (proof.kind === 'repeat')
    return conditionCheck(table, occupationLockKey(personHash, proof.occupation, proof.level), 'attribute_exists(pk)');
  if (proof.kind === 'class') {
    const names = { '#lines': 'lines', '#claim': 'claimId' };
    const expression = 'attribute_exists(#lines) AND #claim <> :own';
    return conditionCheck(table, classLockKey(personHash, proof.classId), expression, names, { ':own': line.claimId });
  }
  if (proof.kind === 'certificate') {
    const values = { ':own': lineReference(line.claimId, line.lineNo) };
    const expression = 'attribute_exists(pk) AND #line <> :own';
    return conditionCheck(table, certificateLockKey(proof.hash), expression, { '#line': 'line' }, values);
  }
  const states = ['referred', ...liveLineStates];
  return conditionCheck(
    table,
    lineKey(line.claimId, proof.lineNo),
    `#st IN (${states.map((_, at) => `:s${at}`).join(', ')})`,
    { '#st': 'st' },
    Object.fromEntries(states.map((state, at) => [`:s${at}`, state])),
  );
}

function countsAfter(line: LineRecord, to: 'reserved' | 'refused', fen: number) {
  const step = (st: LineRecord['st']) => (to === st ? 1 : 0) - (line.st === st ? 1 : 0);
  const before = line.st === 'reserved' ? lineFen(line) : 0;
  return {
    ':reserved': step('reserved'),
    ':referred': step('referred'),
    ':refused': step('refused'),
    ':fen': (to === 'reserved' ? fen : 0) - before,
  };
}

/** An officer's decision counts on the claim too: an endorsement worked out before it does not hold any more. */
export function countDecision(
  table: Table,
  { claim, line, decision }: OfficerDecision,
  to: 'reserved' | 'refused',
  fen: number,
): GuardedWrite {
  const write: WriteItem = {
    Update: {
      TableName: table.name,
      Key: claimKey(claim.id),
      UpdateExpression:
        'ADD reviewCount :one, reviewers :who, reservedLines :reserved, referredLines :referred, refusedLines :refused, reservedFen :fen',
      ConditionExpression: '#st = :st AND #v = :v',
      ExpressionAttributeNames: { '#st': 'st', '#v': 'version' },
      ExpressionAttributeValues: {
        ':one': 1,
        ':who': new Set([decision.by.subject]),
        ':st': claim.st,
        ':v': claim.version,
        ...countsAfter(line, to, fen),
      },
    },
  };
  return { write, obstacle: 'line' };
}

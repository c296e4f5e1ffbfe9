import { approvedAmount, grantedAmount } from '../claims/approved-amount.ts';
import type { ClaimRecord } from '../claims/claim-record.ts';
import { type LineMove, lineMoves, liveLineStates, mayMoveLine } from '../claims/claim-states.ts';
import { lineReference } from '../claims/entitlement-store.ts';
import type { LineRecord } from '../claims/line-record.ts';
import { DomainError } from '../errors/domain-error.ts';
import { readLineItem } from './claim-items.ts';
import { type MoveAudit, notPermitted } from './claim-writes.ts';
import {
  balanceKey,
  certificateLockKey,
  classLockKey,
  entryKey,
  escrowKey,
  lineKey,
  occupationLockKey,
} from './entitlement-keys.ts';
import { quotaKey } from './person-table.ts';
import { readPartition } from './read.ts';
import type { Item, Key, Table } from './table.ts';
import { type Transition, transition, type WriteItem, writeAll } from './transition.ts';

/** What a move reads of a line. */
export type MovableLine = Pick<LineRecord, 'claimId' | 'lineNo' | 'st' | 'version' | 'auditHead'>;

export interface LineChange {
  audit: MoveAudit;
  set?: Item;
  remove?: readonly string[];
  condition?: Transition['condition'];
}

/**
 * The two writes of one line move: the line (always the first of the two) and its audit record. For moves that give
 * back what the line holds use `releaseLine`.
 * @throws DomainError `state-not-permitted` when the move does not start in the line's state.
 */
export function moveLine(table: Table, line: MovableLine, move: LineMove, change: LineChange): WriteItem[] {
  if (!mayMoveLine(move, line.st)) throw notPermitted();
  const { to } = lineMoves[move];
  // Money that came back waits, on the worklist, for somebody to say where it shall go instead.
  const waits = to === 'bounced' ? { wpk: 'W#line#bounced#0', wsk: change.audit.at } : {};
  return transition(table, {
    chain: line.claimId,
    entity: { key: lineKey(line.claimId, line.lineNo), st: line.st, version: line.version, auditHead: line.auditHead },
    to,
    audit: { action: move, ...change.audit },
    set: { ...change.set, ...waits },
    remove: [...(change.remove ?? []), ...(line.st === 'bounced' ? ['wpk', 'wsk'] : [])],
    ...(change.condition === undefined ? {} : { condition: change.condition }),
  });
}

/** Every line of a claim in the order of the roster, as it is now; those that a later roster dropped are `released`. */
export async function readLines(table: Table, claimId: string): Promise<LineRecord[]> {
  const lines: LineRecord[] = [];
  for await (const item of readPartition(table, `CLAIM#${claimId}`, 'LINE#')) lines.push(readLineItem(item));
  return lines;
}

/** What a line's part of the claim's money is: approved where that was said, else decided or assessed. */
export function lineFen(line: Pick<LineRecord, 'approved' | 'assessed' | 'decision'>): number {
  return (line.approved ?? grantedAmount(line))?.fen ?? 0;
}

/** One entry of a claim's ledger (台账). Entries are put once and never changed; a correction is another entry. */
export interface LedgerEntry {
  claimId: string;
  /** 0 for the claim as a whole. */
  lineNo: number;
  kind: string;
  /** Makes the entry's key its own: the version that the line (or claim) has after the move. */
  sequence: number;
  fen: number;
  at: string;
  by: MoveAudit['by'];
  /** The special account (专账) whose money moved, and between which of its pots; absent when no money moved. */
  movement?: { account: string; debit: string; credit: string };
}

export function putEntry(table: Table, entry: LedgerEntry): WriteItem {
  const { claimId, lineNo, kind, sequence, movement, ...rest } = entry;
  const key = entryKey(claimId, lineNo, kind, sequence);
  // Money that moved is found by its account and time: the ledger of a special account (专账核算, 三(三)).
  const index =
    movement === undefined ? {} : { tpk: `account/${movement.account}`, tsk: `entry#${entry.at}#${claimId}#${key.sk}` };
  return {
    Put: {
      TableName: table.name,
      Item: {
        ...key,
        ...index,
        type: 'entry',
        claimId,
        lineNo,
        kind,
        ...rest,
        ...movement,
      },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

/** The writes that give back the quota and the locks that a line holds (四(二)); each proves that the line held it. */
export function giveBack(
  table: Table,
  line: Pick<LineRecord, 'claimId' | 'lineNo' | 'personHash' | 'holds'>,
): WriteItem[] {
  const { holds } = line;
  if (holds === undefined) return [];
  const reference = lineReference(line.claimId, line.lineNo);
  const unlock = (Key: Key): WriteItem => ({
    Delete: {
      TableName: table.name,
      Key,
      ConditionExpression: '#line = :line',
      ExpressionAttributeNames: { '#line': 'line' },
      ExpressionAttributeValues: { ':line': reference },
    },
  });
  const leave = (Key: Key): WriteItem => ({
    Update: {
      TableName: table.name,
      Key,
      UpdateExpression: 'DELETE #lines :set',
      ConditionExpression: 'contains(#lines, :line)',
      ExpressionAttributeNames: { '#lines': 'lines' },
      ExpressionAttributeValues: { ':set': new Set([reference]), ':line': reference },
    },
  });
  const writes: WriteItem[] = [leave(quotaKey(line.personHash, holds.quotaYear))];
  if (holds.occupationLock !== undefined) {
    const { occupation, level } = holds.occupationLock;
    writes.push(unlock(occupationLockKey(line.personHash, occupation, level)));
  }
  if (holds.classLock !== undefined) writes.push(leave(classLockKey(line.personHash, holds.classLock)));
  for (const hash of holds.certificateHashes ?? []) writes.push(unlock(certificateLockKey(hash)));
  return writes;
}

/** The writes that return a line's part of a claim's escrow, or the sum of several, to the account it came from. */
function returnEscrow(table: Table, claim: Pick<ClaimRecord, 'id' | 'fundAccount'>, fen: number): WriteItem[] {
  return [
    {
      Update: {
        TableName: table.name,
        Key: escrowKey(claim.id),
        UpdateExpression: 'SET openFen = openFen - :fen',
        ConditionExpression: 'openFen >= :fen',
        ExpressionAttributeValues: { ':fen': fen },
      },
    },
    {
      Update: {
        TableName: table.name,
        Key: balanceKey(claim.fundAccount),
        UpdateExpression: 'SET escrow = escrow - :fen, available = available + :fen',
        ConditionExpression: 'escrow >= :fen',
        ExpressionAttributeValues: { ':fen': fen },
      },
    },
  ];
}

/** The claim of lines that are released: whose money it is, and whether it is set aside yet. */
type ReleasedClaim = Pick<ClaimRecord, 'id' | 'fundAccount' | 'escrowed'>;

/** The money of a claim that a line returns when it is released, in fen; none when the claim's is not set aside. */
function returnedFen(claim: ReleasedClaim, line: LineRecord): number {
  return claim.escrowed && liveLineStates.includes(line.st) ? lineFen(line) : 0;
}

/** What `releaseLine` writes of the line itself: everything but the claim's escrow and the account's balance. */
function releasedLine(
  table: Table,
  claim: ReleasedClaim,
  line: LineRecord,
  change: LineChange,
  move: Extract<LineMove, 'line-released' | 'line-reopened' | 'line-refused'>,
): WriteItem[] {
  const writes = moveLine(table, line, move, { ...change, remove: [...(change.remove ?? []), 'holds'] });
  if (!liveLineStates.includes(line.st)) return writes;
  const { by, at } = change.audit;
  const base = {
    claimId: line.claimId,
    lineNo: line.lineNo,
    kind: 'released',
    sequence: line.version + 1,
    fen: lineFen(line),
    at,
    by,
  };
  const movement = { account: claim.fundAccount, debit: 'escrow', credit: 'available' };
  return [...writes, ...giveBack(table, line), putEntry(table, claim.escrowed ? { ...base, movement } : base)];
}

/**
 * The writes of a move that takes a line out of the living: the line, its audit record, its quota and locks given back,
 * a ledger entry, and, once the claim's money is escrowed, the line's part of it. The line's write is the first.
 * The default is `line-released` (取消资格); `line-reopened` and `line-refused` give back too.
 */
export function releaseLine(
  table: Table,
  claim: ReleasedClaim,
  line: LineRecord,
  change: LineChange,
  move: Extract<LineMove, 'line-released' | 'line-reopened' | 'line-refused'> = 'line-released',
): WriteItem[] {
  const writes = releasedLine(table, claim, line, change, move);
  if (!claim.escrowed || !liveLineStates.includes(line.st)) return writes;
  return [...writes, ...returnEscrow(table, claim, returnedFen(claim, line))];
}

/**
 * The writes that show a reserved line of an approved claim in a notice (公示); from here on its approved amount is on
 * record with it.
 */
export function publiciseLine(
  table: Table,
  claim: Pick<ClaimRecord, 'approvedBy' | 'approvedAt'>,
  line: LineRecord,
  change: LineChange,
): WriteItem[] {
  const approved = approvedAmount(claim, line);
  return moveLine(table, line, 'line-publicised', { ...change, set: { ...change.set, approved } });
}

/** One line's part of a large piece of work: what to write, or nothing when the line is where it should be. */
export type LineStep = (line: LineRecord) => readonly WriteItem[];

function keyOf(write: WriteItem): string {
  const key: Item = write.Put?.Item ?? write.Update?.Key ?? write.Delete?.Key ?? write.ConditionCheck?.Key ?? {};
  return `${String(key['pk'])} ${String(key['sk'])}`;
}

/** As many items as one transaction may have. */
const mostWrites = 100;

interface Pack {
  units: (readonly WriteItem[])[];
  size: number;
  keys: Set<string>;
}

function fits(pack: Pack, unit: readonly WriteItem[], keys: readonly string[], room: number): boolean {
  return pack.size + unit.length <= room && !keys.some((key) => pack.keys.has(key));
}

/**
 * Packs the writes of independent lines into transactions of at most `room` items that name no item twice; the writes
 * of one line stay together.
 */
export function packWrites(units: readonly (readonly WriteItem[])[], room = mostWrites): (readonly WriteItem[])[][] {
  const packs: Pack[] = [];
  for (const unit of units) {
    const keys = unit.map(keyOf);
    // Looking back further would find a gap now and then, at a cost that grows with the square of the lines.
    let pack = packs.slice(-4).find((candidate) => fits(candidate, unit, keys, room));
    if (pack === undefined) {
      pack = { units: [], size: 0, keys: new Set() };
      packs.push(pack);
    }
    pack.units.push(unit);
    pack.size += unit.length;
    for (const key of keys) pack.keys.add(key);
  }
  return packs.map((pack) => pack.units);
}

// Two items of a transaction are left for what its lines write together.
const roomBesideSums = mostWrites - 2;

/**
 * Carries a piece of work through all lines of a claim: reads them, asks `step` what each needs, and writes it in
 * transactions of at most 100 items. Resumable: lines for which `step` has nothing more to do are skipped, and a
 * transaction that somebody else's move spoiled is worked out again from what is there then. `together` gives what the
 * lines of one transaction write jointly, at most two items: sums and marks, so that an item which all lines share is
 * named once.
 * @returns how many lines were written
 * @throws DomainError `changed-meanwhile` when others keep moving the same lines.
 */
export async function stepLines(
  table: Table,
  claimId: string,
  step: LineStep,
  together?: (lines: readonly LineRecord[]) => readonly WriteItem[],
): Promise<number> {
  let written = 0;
  for (let round = 0; round < 5; round += 1) {
    const lineOf = new Map<readonly WriteItem[], LineRecord>();
    for (const line of await readLines(table, claimId)) {
      const writes = step(line);
      if (writes.length > 0) lineOf.set(writes, line);
    }
    let refused = 0;
    for (const pack of packWrites([...lineOf.keys()], together === undefined ? mostWrites : roomBesideSums)) {
      const lines = pack.flatMap((writes) => lineOf.get(writes) ?? []);
      const result = await writeAll(table, [...pack.flat(), ...(together?.(lines) ?? [])]);
      if (result.kind === 'done') written += pack.length;
      else refused += pack.length;
    }
    if (refused === 0) return written;
  }
  throw new DomainError('changed-meanwhile', '该申请的明细正被他人同时办理，请稍后重试。');
}

/**
 * Releases the wanted lines of a claim (取消资格), as `releaseLine` does each, but the lines of one transaction return
 * their money in one sum: a claim of 5,000 lines is done within a request.
 */
export async function releaseLines(
  table: Table,
  claim: ReleasedClaim,
  isWanted: (line: LineRecord) => boolean,
  change: LineChange,
): Promise<void> {
  const total = (lines: readonly LineRecord[]) => lines.reduce((sum, line) => sum + returnedFen(claim, line), 0);
  await stepLines(
    table,
    claim.id,
    (line) => (isWanted(line) ? releasedLine(table, claim, line, change, 'line-released') : []),
    (lines) => (total(lines) === 0 ? [] : returnEscrow(table, claim, total(lines))),
  );
}

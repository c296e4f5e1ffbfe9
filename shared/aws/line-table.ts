import * as z from 'zod';
import type { ClaimRecord } from '../claims/claim-record.ts';
import { liveLineStates } from '../claims/claim-states.ts';
import { lineReference } from '../claims/entitlement-store.ts';
import type { LineRecord } from '../claims/line-record.ts';
import type {
  DecisionResult,
  LineStore,
  LineVerdict,
  Obstacle,
  OfficerDecision,
  RefusalProof,
  RuleDecision,
} from '../claims/line-store.ts';
import type { RosterEntry } from '../claims/sealed-line.ts';
import type { LineHolds } from '../claims/trainee-line.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { Actor, AuditEntry } from '../supervision/audit-chain.ts';
import { lineIndexKeys, readLineItem } from './claim-items.ts';
import { certificateLockKey, claimKey, lineKey, occupationLockKey } from './entitlement-keys.ts';
import { moveLine, packWrites, putEntry, readLines, releaseLine, stepLines } from './line-writes.ts';
import { quotaKey } from './person-table.ts';
import { readItem, readMany } from './read.ts';
import type { Item, Key, Table } from './table.ts';
import { creation, type WriteItem, writeAll } from './transition.ts';

// Two writes of the line, one of its id; one place of the hundred is taken by the check on the claim.
const creationRoom = 99;

type Guarded = [write: WriteItem, obstacle: Obstacle | undefined];

/** The attributes that a line takes from its roster entry. */
function rosterAttributes(claim: ClaimRecord, entry: RosterEntry): { set: Item; remove: string[] } {
  const { lineNo, lineId, name, personHash, idMasked, cardMasked, declared, sealed } = entry;
  const { ppk } = lineIndexKeys({ claimId: claim.id, lineNo, personHash });
  return {
    set: {
      ...{ lineId, name, personHash, idMasked, declared, sealed, ppk },
      ...{ rosterId: claim.rosterId, round: claim.round },
      ...(cardMasked === undefined ? {} : { cardMasked }),
    },
    remove: cardMasked === undefined ? ['cardMasked'] : [],
  };
}

/** The rules that did not simply pass: what an audit record tells of a verdict. */
function toldRules({ findings }: Pick<LineVerdict, 'findings'>): string[] {
  return findings.filter(({ outcome }) => outcome !== 'pass').map(({ rule, outcome }) => `${rule}:${outcome}`);
}

/** Trainee lines in the table: each decided in one transaction over items that belong to it and its person alone. */
export function createLineTable(table: Table): LineStore {
  const check = (Key: Key, expression: string, names: Record<string, string>, values: Item): WriteItem => ({
    ConditionCheck: {
      ...{ TableName: table.name, Key, ConditionExpression: expression },
      ...(Object.keys(names).length === 0 ? {} : { ExpressionAttributeNames: names }),
      ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: values }),
    },
  });

  const creationOf = (claim: ClaimRecord, entry: RosterEntry, by: Actor, at: Date): WriteItem[] => {
    const { set } = rosterAttributes(claim, entry);
    const item = {
      ...{ type: 'line', st: 'pending', claimId: claim.id, lineNo: entry.lineNo, findings: [], basis: '', ...set },
      ...lineIndexKeys({ claimId: claim.id, lineNo: entry.lineNo, personHash: entry.personHash }),
    };
    const audit = { action: 'line-entered', by, at: at.toISOString(), facts: { rosterId: claim.rosterId } };
    const name = { pk: `CLAIM#${claim.id}`, sk: `LINEID#${entry.lineId}`, type: 'line-id', lineNo: entry.lineNo };
    return [...creation(table, claim.id, item, audit), { Put: { TableName: table.name, Item: name } }];
  };

  const createMissing = async (claim: ClaimRecord, entries: readonly RosterEntry[], by: Actor, at: Date) => {
    // Only for the claim as it was read: a worker that was taken for dead must not add lines behind a withdrawal.
    const asRead = check(
      claimKey(claim.id),
      '#st = :st AND #v = :v',
      { '#st': 'st', '#v': 'version' },
      {
        ':st': claim.st,
        ':v': claim.version,
      },
    );
    for (let tries = 0; tries < 5; tries += 1) {
      const there = new Set((await readLines(table, claim.id)).map(({ lineNo }) => lineNo));
      const missing = entries.filter(({ lineNo }) => !there.has(lineNo));
      if (missing.length === 0) return;
      const packs = packWrites(
        missing.map((entry) => creationOf(claim, entry, by, at)),
        creationRoom,
      );
      for (const pack of packs) {
        const result = await writeAll(table, [asRead, ...pack.flat()]);
        // Another worker creating the same lines is no harm; the claim having moved on is the end of this work.
        if (result.kind === 'refused' && result.failed.has(0)) throw movedOn();
      }
    }
    throw movedOn();
  };

  const takeBackLine = (claim: ClaimRecord, line: LineRecord, by: Actor, at: Date, set: Item = {}): WriteItem[] =>
    releaseLine(
      table,
      claim,
      line,
      { audit: { by, at: at.toISOString() }, set: { round: claim.round, ...set }, remove: ['decision'] },
      'line-reopened',
    );

  const release = (claim: ClaimRecord, line: LineRecord, by: Actor, at: Date): WriteItem[] =>
    ['pending', 'reserved', 'referred'].includes(line.st)
      ? releaseLine(table, claim, line, { audit: { by, at: at.toISOString() }, set: { round: claim.round } })
      : [];

  const settle = async (writes: readonly Guarded[]): Promise<DecisionResult> => {
    const result = await writeAll(
      table,
      writes.map(([write]) => write),
    );
    if (result.kind === 'done') return result;
    const obstacles = new Set<Obstacle>();
    for (const at of result.failed) obstacles.add(writes[at]?.[1] ?? 'line');
    return { kind: 'obstructed', obstacles };
  };

  const guarded = (writes: readonly WriteItem[], obstacle: Obstacle = 'line'): Guarded[] =>
    writes.map((write) => [write, obstacle]);

  /** What a grant takes of the person's year, occupation and certificate, and its entry in the ledger. */
  const takings = (
    line: LineRecord,
    personHash: string,
    holds: LineHolds,
    limit: number,
    fen: number,
    audit: { by: Actor; at: string },
  ): Guarded[] => {
    const { claimId, lineNo } = line;
    const reference = lineReference(claimId, lineNo);
    const lock = (key: Key, type: string, obstacle: Obstacle): Guarded => [
      {
        Put: {
          TableName: table.name,
          Item: { ...key, type, line: reference, year: holds.quotaYear, at: audit.at },
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      },
      obstacle,
    ];
    const writes: Guarded[] = [
      [
        {
          Update: {
            TableName: table.name,
            Key: quotaKey(personHash, holds.quotaYear),
            UpdateExpression: 'ADD #lines :set SET #type = :type',
            ConditionExpression: 'attribute_not_exists(#lines) OR size(#lines) < :limit',
            ExpressionAttributeNames: { '#lines': 'lines', '#type': 'type' },
            ExpressionAttributeValues: { ':set': new Set([reference]), ':type': 'quota', ':limit': limit },
          },
        },
        'quota',
      ],
      [putEntry(table, { claimId, lineNo, kind: 'reserved', sequence: line.version + 1, fen, ...audit }), 'line'],
    ];
    if (holds.occupationLock !== undefined) {
      const { occupation, level } = holds.occupationLock;
      writes.push(lock(occupationLockKey(personHash, occupation, level), 'occupation-lock', 'repeat'));
    }
    if (holds.certificateHash !== undefined)
      writes.push(lock(certificateLockKey(holds.certificateHash), 'certificate-lock', 'certificate'));
    return writes;
  };

  const byTheRules = (
    move: 'line-reserved' | 'line-referred' | 'line-refused',
    { claim, line, entry, verdict, by, at }: RuleDecision,
    more: Item = {},
  ): WriteItem[] => {
    const { set, remove } = rosterAttributes(claim, entry);
    const facts = { fen: verdict.assessed.fen, rules: toldRules(verdict) };
    const audit: Omit<AuditEntry, 'action'> = { by, at: at.toISOString(), facts };
    return moveLine(table, line, move, { audit, set: { ...set, ...verdict, ...more }, remove });
  };

  const proofOf = (claim: ClaimRecord, { personHash, lineNo }: RosterEntry, proof: RefusalProof): WriteItem => {
    switch (proof.kind) {
      case 'quota':
        return check(
          quotaKey(personHash, proof.year),
          'size(#lines) >= :least',
          { '#lines': 'lines' },
          { ':least': proof.atLeast },
        );
      case 'repeat':
        return check(occupationLockKey(personHash, proof.occupation, proof.level), 'attribute_exists(pk)', {}, {});
      case 'certificate':
        return check(
          certificateLockKey(proof.hash),
          'attribute_exists(pk) AND #line <> :own',
          { '#line': 'line' },
          { ':own': lineReference(claim.id, lineNo) },
        );
      case 'earlier-line': {
        const states = ['referred', ...liveLineStates];
        return check(
          lineKey(claim.id, proof.lineNo),
          `#st IN (${states.map((_, at) => `:s${at}`).join(', ')})`,
          { '#st': 'st' },
          Object.fromEntries(states.map((state, at) => [`:s${at}`, state])),
        );
      }
    }
  };

  /** An officer's decision counts on the claim too: an endorsement worked out before it does not hold any more. */
  const counted = (
    { claim, decision }: OfficerDecision,
    change: Record<'reservedLines' | 'referredLines' | 'refusedLines' | 'reservedFen', number>,
  ): Guarded => [
    {
      Update: {
        TableName: table.name,
        Key: claimKey(claim.id),
        UpdateExpression:
          'ADD reviewCount :one, reviewers :who, reservedLines :reserved, referredLines :referred, refusedLines :refused, reservedFen :fen',
        ConditionExpression: '#st = :st AND #v = :v',
        ExpressionAttributeNames: { '#st': 'st', '#v': 'version' },
        ExpressionAttributeValues: {
          ...{ ':one': 1, ':who': new Set([decision.by.subject]), ':st': claim.st, ':v': claim.version },
          ...{ ':reserved': change.reservedLines, ':referred': change.referredLines },
          ...{ ':refused': change.refusedLines, ':fen': change.reservedFen },
        },
      },
    },
    'line',
  ];

  const countOf = (line: LineRecord, to: 'reserved' | 'refused', fen: number) => {
    const step = (st: LineRecord['st']) => (to === st ? 1 : 0) - (line.st === st ? 1 : 0);
    const before = line.st === 'reserved' ? (line.assessed?.fen ?? 0) : 0;
    return {
      ...{ reservedLines: step('reserved'), referredLines: step('referred'), refusedLines: step('refused') },
      reservedFen: (to === 'reserved' ? fen : 0) - before,
    };
  };

  return {
    all: async (claimId) => readLines(table, claimId),
    async some(claimId, lineNos) {
      const items = await readMany(
        table,
        lineNos.map((lineNo) => lineKey(claimId, lineNo)),
      );
      return items.map(readLineItem);
    },
    async find(claimId, lineId) {
      const name = { pk: `CLAIM#${claimId}`, sk: `LINEID#${lineId}` };
      const place = await readItem(table, name, z.object({ lineNo: z.int() }));
      if (place === undefined) return undefined;
      const item = await readItem(table, lineKey(claimId, place.lineNo), z.record(z.string(), z.unknown()));
      return item === undefined ? undefined : readLineItem(item);
    },
    async prepare(claim, entries, by, at) {
      await createMissing(claim, entries, by, at);
      const listed = new Map(entries.map((entry) => [entry.lineNo, entry]));
      await stepLines(table, claim.id, (line) => {
        const entry = listed.get(line.lineNo);
        if (entry === undefined) return release(claim, line, by, at);
        return line.round < claim.round ? takeBackLine(claim, line, by, at, rosterAttributes(claim, entry).set) : [];
      });
      return (await readLines(table, claim.id)).filter(({ lineNo }) => listed.has(lineNo));
    },
    async takeBack(claim, by, at) {
      await stepLines(table, claim.id, (line) => {
        if (claim.lineWork === 'release') return release(claim, line, by, at);
        return line.round < claim.round && line.st !== 'released' ? takeBackLine(claim, line, by, at) : [];
      });
    },
    async reserve(decision, holds, limit) {
      const { line, entry, verdict, by, at } = decision;
      const audit = { by, at: at.toISOString() };
      return settle([
        ...guarded(byTheRules('line-reserved', decision, { holds })),
        ...takings(line, entry.personHash, holds, limit, verdict.assessed.fen, audit),
      ]);
    },
    async refer(decision) {
      return settle(guarded(byTheRules('line-referred', decision)));
    },
    async refuse(decision, proofs) {
      const checks = new Map(
        proofs.map((proof) => [JSON.stringify(proof), proofOf(decision.claim, decision.entry, proof)]),
      );
      return settle([...guarded(byTheRules('line-refused', decision)), ...guarded([...checks.values()], 'proof')]);
    },
    async accept(decision, assessed, holds, limit) {
      const { line } = decision;
      const { by, at, reason, expiresOn } = decision.decision;
      const facts = { fen: assessed.fen, previousFen: line.assessed?.fen, of: line.st, expiresOn };
      const set = { assessed, holds, decision: decision.decision };
      return settle([
        ...guarded(moveLine(table, line, 'line-reserved', { audit: { by, at, reason, facts }, set })),
        counted(decision, countOf(line, 'reserved', assessed.fen)),
        ...takings(line, line.personHash, holds, limit, assessed.fen, { by, at }),
      ]);
    },
    async reject(decision) {
      const { claim, line } = decision;
      const { by, at, reason } = decision.decision;
      const change = {
        audit: { by, at, reason, facts: { of: line.st, previousFen: line.assessed?.fen } },
        set: { decision: decision.decision },
      };
      return settle([
        ...guarded(releaseLine(table, claim, line, change, 'line-refused')),
        counted(decision, countOf(line, 'refused', 0)),
      ]);
    },
  };
}

function movedOn(): DomainError {
  return new DomainError('changed-meanwhile', '该申请刚刚已被他人更新，本次审核不再继续。');
}

import * as z from 'zod';
import type { Actor } from '../access/actor.ts';
import type { ClaimRecord } from '../claims/claim-record.ts';
import type { LineRecord, SealedNumbers } from '../claims/line-record.ts';
import type { LineStore, LineVerdict, RuleDecision } from '../claims/line-store.ts';
import type { RosterEntry } from '../claims/sealed-line.ts';
import { DomainError } from '../errors/domain-error.ts';
import { lineIndexKeys, readLineItem } from './claim-items.ts';
import { claimKey, lineKey } from './entitlement-keys.ts';
import {
  conditionCheck,
  countDecision,
  type GuardedWrite,
  guarded,
  proofCheck,
  settle,
  takings,
} from './line-guards.ts';
import { lineFen, moveLine, packWrites, readLines, releaseLine, stepLines } from './line-writes.ts';
import { readItem, readMany } from './read.ts';
import type { Item, Table } from './table.ts';
import { creation, type WriteItem, writeAll } from './transition.ts';

// One place of the hundred is taken by the check on the claim.
const creationRoom = 99;

// Whatever an earlier roster's line had come to, the roster that dropped it leaves nothing of it in the claim.
const droppedFrom = ['pending', 'reserved', 'referred', 'refused'] as const;

/** The attributes that a line takes from its roster entry. */
function rosterAttributes(claim: ClaimRecord, entry: RosterEntry): { set: Item; remove: string[] } {
  const { lineNo, lineId, name, personHash, idMasked, cardMasked, declared, sealed } = entry;
  const { ppk } = lineIndexKeys({ claimId: claim.id, lineNo, personHash });
  const { rosterId, round } = claim;
  return {
    set: { lineId, name, personHash, idMasked, declared, sealed, ppk, rosterId, round, cardMasked },
    remove: cardMasked === undefined ? ['cardMasked'] : [],
  };
}

/** The sealed numbers of a line with the status that it is decided by now, in place of any earlier one. */
function sealedWith({ status: _earlier, ...numbers }: SealedNumbers, sealedStatus: string | undefined): SealedNumbers {
  return sealedStatus === undefined ? numbers : { ...numbers, status: sealedStatus };
}

/** The rules that did not simply pass: what an audit record tells of a verdict. */
function toldRules({ findings }: Pick<LineVerdict, 'findings'>): string[] {
  return findings.filter(({ outcome }) => outcome !== 'pass').map(({ rule, outcome }) => `${rule}:${outcome}`);
}

function movedOn(): DomainError {
  return new DomainError('changed-meanwhile', '该申请刚刚已被他人更新，本次审核不再继续。');
}

/** @throws DomainError `changed-meanwhile` when the line, listed or not, is of a later round than the claim as it was read */
function demandNoLaterRound(claim: ClaimRecord, line: LineRecord): void {
  if (line.round > claim.round) throw movedOn();
}

/** Trainee lines in the table: each decided in one transaction over items that belong to it and its person alone. */
export function createLineTable(table: Table): LineStore {
  const creationOf = (claim: ClaimRecord, entry: RosterEntry, by: Actor, at: Date): WriteItem[] => {
    const item = {
      type: 'line',
      st: 'pending',
      claimId: claim.id,
      lineNo: entry.lineNo,
      findings: [],
      basis: '',
      ...rosterAttributes(claim, entry).set,
      ...lineIndexKeys({ claimId: claim.id, lineNo: entry.lineNo, personHash: entry.personHash }),
    };
    const audit = { action: 'line-entered', by, at: at.toISOString(), facts: { rosterId: claim.rosterId } };
    const name = { pk: `CLAIM#${claim.id}`, sk: `LINEID#${entry.lineId}`, type: 'line-id', lineNo: entry.lineNo };
    return [...creation(table, claim.id, item, audit), { Put: { TableName: table.name, Item: name } }];
  };

  const createMissing = async (claim: ClaimRecord, entries: readonly RosterEntry[], by: Actor, at: Date) => {
    // Only for the claim as it was read: a worker that was taken for dead must not add lines behind a withdrawal.
    const names = { '#st': 'st', '#v': 'version' };
    const values = { ':st': claim.st, ':v': claim.version };
    const asRead = conditionCheck(table, claimKey(claim.id), '#st = :st AND #v = :v', names, values);
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

  const reopen = (claim: ClaimRecord, line: LineRecord, by: Actor, at: Date, set: Item = {}): WriteItem[] => {
    const audit = { by, at: at.toISOString() };
    const change = { audit, set: { round: claim.round, ...set }, remove: ['decision'] };
    return releaseLine(table, claim, line, change, 'line-reopened');
  };

  const release = (
    claim: ClaimRecord,
    line: LineRecord,
    by: Actor,
    at: Date,
    from: readonly LineRecord['st'][] = ['pending', 'reserved', 'referred'],
  ): WriteItem[] => {
    if (!from.includes(line.st)) return [];
    return releaseLine(table, claim, line, { audit: { by, at: at.toISOString() }, set: { round: claim.round } });
  };

  const byTheRules = (
    move: 'line-reserved' | 'line-referred' | 'line-refused',
    { claim, line, entry, verdict, sealedStatus, by, at }: RuleDecision,
    more: Item = {},
  ): WriteItem[] => {
    const { set, remove } = rosterAttributes(claim, entry);
    const facts = { fen: verdict.assessed.fen, rules: toldRules(verdict) };
    const audit = { by, at: at.toISOString(), facts };
    // A line of another round belongs to another roster: whoever judged by this one decides nothing of it.
    const condition = {
      expression: '#round = :round',
      names: { '#round': 'round' },
      values: { ':round': claim.round },
    };
    const sealed = sealedWith(entry.sealed, sealedStatus);
    return moveLine(table, line, move, { audit, set: { ...set, ...verdict, sealed, ...more }, remove, condition });
  };

  /** Writes a decision by the rules, unless the line that was read is of another round than the claim. */
  const settleByTheRules = async (decision: RuleDecision, writes: () => readonly GuardedWrite[]) => {
    if (decision.line.round === decision.claim.round) return settle(table, writes());
    return { kind: 'obstructed' as const, obstacles: new Set(['line' as const]) };
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
        demandNoLaterRound(claim, line);
        const entry = listed.get(line.lineNo);
        if (entry === undefined) return release(claim, line, by, at, droppedFrom);
        return line.round < claim.round ? reopen(claim, line, by, at, rosterAttributes(claim, entry).set) : [];
      });
      const lines = await readLines(table, claim.id);
      for (const line of lines) demandNoLaterRound(claim, line);
      return lines.filter(({ lineNo }) => listed.has(lineNo));
    },
    async takeBack(claim, by, at) {
      await stepLines(table, claim.id, (line) => {
        if (claim.lineWork === 'release') return release(claim, line, by, at);
        return line.round < claim.round && line.st !== 'released' ? reopen(claim, line, by, at) : [];
      });
    },
    async reserve(decision, holds, limit) {
      const { line, entry, verdict, by, at } = decision;
      const taken = { personHash: entry.personHash, holds, limit, fen: verdict.assessed.fen };
      return settleByTheRules(decision, () => [
        ...guarded(byTheRules('line-reserved', decision, { holds }), 'line'),
        ...takings(table, line, taken, { by, at: at.toISOString() }),
      ]);
    },
    refer: async (decision) => settleByTheRules(decision, () => guarded(byTheRules('line-referred', decision), 'line')),
    async refuse(decision, proofs) {
      const { line, entry } = decision;
      const checks = new Map(
        proofs.map((proof) => [JSON.stringify(proof), proofCheck(table, line, entry.personHash, proof)]),
      );
      return settleByTheRules(decision, () => [
        ...guarded(byTheRules('line-refused', decision), 'line'),
        ...guarded([...checks.values()], 'proof'),
      ]);
    },
    async accept(decision, fen, holds, limit) {
      const { line } = decision;
      const { by, at, reason, expiresOn } = decision.decision;
      const facts = { fen, previousFen: lineFen(line), of: line.st, expiresOn };
      const sealed = sealedWith(line.sealed, decision.sealedStatus);
      const set = { holds, sealed, decision: { ...decision.decision, fen } };
      const taken = { personHash: line.personHash, holds, limit, fen };
      return settle(table, [
        ...guarded(moveLine(table, line, 'line-reserved', { audit: { by, at, reason, facts }, set }), 'line'),
        countDecision(table, decision, 'reserved', fen),
        ...takings(table, line, taken, { by, at }),
      ]);
    },
    async reject(decision) {
      const { claim, line } = decision;
      const { by, at, reason } = decision.decision;
      const facts = { of: line.st, previousFen: lineFen(line) };
      const change = { audit: { by, at, reason, facts }, set: { decision: decision.decision } };
      return settle(table, [
        ...guarded(releaseLine(table, claim, line, change, 'line-refused'), 'line'),
        countDecision(table, decision, 'refused', 0),
      ]);
    },
  };
}

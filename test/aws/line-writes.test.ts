import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemActor } from '../../shared/access/actor.ts';
import {
  balanceKey,
  certificateLockKey,
  classLockKey,
  escrowKey,
  lineKey,
  occupationLockKey,
} from '../../shared/aws/entitlement-keys.ts';
import {
  moveLine,
  packWrites,
  publiciseLine,
  readLines,
  releaseLine,
  stepLines,
} from '../../shared/aws/line-writes.ts';
import { quotaKey } from '../../shared/aws/person-table.ts';
import { readPartition } from '../../shared/aws/read.ts';
import type { Item, Key } from '../../shared/aws/table.ts';
import { type WriteItem, writeAll, writeAllOrThrow } from '../../shared/aws/transition.ts';
import { type LineMove, type LineState, lineMoves, lineStates, mayMoveLine } from '../../shared/claims/claim-states.ts';
import type { LineRecord } from '../../shared/claims/line-record.ts';
import { putClaim, putLine } from '../support/stored-claim.ts';
import { openTestTable } from '../support/table.ts';

const by = systemActor('test');
const audit = { by, at: '2021-05-11T01:00:00.000Z' };
const moves = Object.keys(lineMoves) as LineMove[];

describe('writes of lines', () => {
  let engine: Awaited<ReturnType<typeof openTestTable>>;
  beforeAll(async () => {
    engine = await openTestTable();
  });
  afterAll(async () => engine.stop());

  const put = async (item: Item) => engine.table.client.send(new PutCommand({ TableName: 'jipei', Item: item }));
  const get = async (Key: Key) =>
    (await engine.table.client.send(new GetCommand({ TableName: 'jipei', Key, ConsistentRead: true }))).Item;

  test.each(moves)('%s: from every state that permits it, and from no other, whatever was read', async (move) => {
    const { table } = engine;
    const claim = await putClaim(table, move);
    const stored = async (lineNo: number) => (await get(lineKey(claim.id, lineNo)))?.['st'];
    const isPermitted = (st: LineState) => mayMoveLine(move, st);
    for (const [at, st] of lineStates.filter(isPermitted).entries()) {
      const line = await putLine(table, claim.id, at + 1, { st });
      expect(await writeAll(table, moveLine(table, line, move, { audit }))).toEqual({ kind: 'done' });
      expect([st, await stored(at + 1)]).toEqual([st, lineMoves[move].to]);
    }
    for (const [at, st] of lineStates.filter((each) => !isPermitted(each)).entries()) {
      const line = await putLine(table, claim.id, at + 51, { st });
      expect(() => moveLine(table, line, move, { audit })).toThrow('当前状态下不能办理');
      for (const from of lineMoves[move].from) {
        const result = await writeAll(table, moveLine(table, { ...line, st: from }, move, { audit }));
        expect([st, from, result.kind]).toEqual([st, from, 'refused']);
      }
      expect(await stored(at + 51)).toBe(st);
    }
  });

  const held = async (name: string, st: LineRecord['st'], fen = 100) => {
    const { table } = engine;
    const claim = await putClaim(table, name, { st: 'publicised', escrowed: true, fundAccount: name });
    const holds = {
      quotaYear: 2021,
      occupationLock: { occupation: '车工', level: 'senior' },
      classLock: 'K',
      certificateHashes: [`c-${name}`, `q-${name}`],
    };
    const line = await putLine(table, claim.id, 1, {
      st,
      holds,
      personHash: name,
      assessed: { fen, ...audit, why: '' },
    });
    const reference = `${claim.id}#0001`;
    await put({ ...quotaKey(name, 2021), lines: new Set([reference, 'insurance#1']) });
    await put({ ...occupationLockKey(name, '车工', 'senior'), line: reference });
    await put({ ...classLockKey(name, 'K'), claimId: claim.id, lines: new Set([reference, `${claim.id}#0002`]) });
    await put({ ...certificateLockKey(`c-${name}`), line: reference });
    await put({ ...certificateLockKey(`q-${name}`), line: reference });
    await put({ ...escrowKey(claim.id), openFen: 250 });
    await put({ ...balanceKey(name), allotted: 300, available: 50, escrow: 250, paid: 0, recovered: 0 });
    return { claim, line };
  };

  test('a release gives back quota, locks and escrow, and says so in the ledger', async () => {
    const { table } = engine;
    const { claim, line } = await held('release', 'held');
    await writeAllOrThrow(table, releaseLine(table, claim, line, { audit }));
    expect((await get(quotaKey('release', 2021)))?.['lines']).toEqual(new Set(['insurance#1']));
    expect(await get(occupationLockKey('release', '车工', 'senior'))).toBeUndefined();
    expect((await get(classLockKey('release', 'K')))?.['lines']).toEqual(new Set([`${claim.id}#0002`]));
    expect(await get(certificateLockKey('c-release'))).toBeUndefined();
    expect(await get(certificateLockKey('q-release'))).toBeUndefined();
    expect(await get(escrowKey(claim.id))).toMatchObject({ openFen: 150 });
    expect(await get(balanceKey('release'))).toMatchObject({ available: 150, escrow: 150 });
    const [released] = await readLines(table, claim.id);
    expect([released?.st, released?.holds]).toEqual(['released', undefined]);
    const entries = [];
    for await (const item of readPartition(table, `CLAIM#${claim.id}`, 'ENTRY#')) entries.push(item);
    expect(entries).toMatchObject([
      { kind: 'released', fen: 100, account: 'release', debit: 'escrow', credit: 'available' },
    ]);
  });

  test.each([
    [
      'the quota does not count it',
      async () => put({ ...quotaKey('wrong1', 2021), lines: new Set(['other#0001']) }),
      'wrong1',
    ],
    [
      'another line holds the occupation',
      async () => put({ ...occupationLockKey('wrong2', '车工', 'senior'), line: 'other#0001' }),
      'wrong2',
    ],
    [
      'another line holds the certificate',
      async () => put({ ...certificateLockKey('c-wrong3'), line: 'other#0001' }),
      'wrong3',
    ],
    [
      'another line holds the second certificate',
      async () => put({ ...certificateLockKey('q-wrong4'), line: 'other#0001' }),
      'wrong4',
    ],
    [
      'another claim holds the class',
      async () => put({ ...classLockKey('wrong5', 'K'), claimId: 'other', lines: new Set(['other#0001']) }),
      'wrong5',
    ],
  ])('nothing is given back that the line does not hold: %s', async (_, spoil, name) => {
    const { table } = engine;
    const { claim, line } = await held(name, 'held');
    await spoil();
    expect((await writeAll(table, releaseLine(table, claim, line, { audit }))).kind).toBe('refused');
    expect((await readLines(table, claim.id))[0]?.st).toBe('held');
  });

  test.each([
    [249, 'done'],
    [250, 'done'],
    [251, 'refused'],
  ] as const)('an escrow of 250 fen gives back %i: %s', async (fen, kind) => {
    const { table } = engine;
    const { claim, line } = await held(`fen${fen}`, 'cleared', fen);
    expect((await writeAll(table, releaseLine(table, claim, line, { audit }))).kind).toBe(kind);
  });

  test('a publicised line carries the amount that was approved, by whom and when', async () => {
    const { table } = engine;
    const approvedBy = { subject: 'o-zhou', tenant: 'hr-bureau/lucheng', role: 'officer', name: '周科长' };
    const claim = await putClaim(table, 'publicise', { st: 'approved', approvedBy, approvedAt: '2021-05-09' });
    const line = await putLine(table, claim.id, 1, { st: 'reserved' });
    await writeAllOrThrow(table, publiciseLine(table, claim, line, { audit }));
    const [shown] = await readLines(table, claim.id);
    expect(shown?.approved).toEqual({ fen: 100, by: approvedBy, at: '2021-05-09', why: '核算' });
  });

  test('packs hold at most a hundred writes, name no item twice, and lose no line', () => {
    const unit = fc.record({ size: fc.integer({ min: 1, max: 9 }), shared: fc.option(fc.integer({ min: 0, max: 3 })) });
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 300 }), fc.integer({ min: 20, max: 100 }), (units, room) => {
        const writes = units.map(({ size, shared }, at): WriteItem[] =>
          Array.from({ length: size }, (_, n) => {
            const pk = n === 0 && shared !== null ? `shared-${shared}` : `${at}-${n}`;
            return { Delete: { TableName: 't', Key: { pk, sk: '' } } };
          }),
        );
        const packs = packWrites(writes, room);
        for (const pack of packs) {
          const keys = pack.flat().map((write) => String(write.Delete?.Key?.['pk']));
          expect(keys.length).toBeLessThanOrEqual(room);
          expect(new Set(keys).size).toBe(keys.length);
        }
        expect(new Set(packs.flat())).toEqual(new Set(writes));
        expect(packs.flat()).toHaveLength(writes.length);
      }),
      { seed: 20_200_522, numRuns: 100 },
    );
  });

  test('work on many lines is taken up where it stopped', async () => {
    const { table } = engine;
    const claim = await putClaim(table, 'many', { st: 'returned', round: 2 });
    for (let lineNo = 1; lineNo <= 120; lineNo += 1) await putLine(table, claim.id, lineNo);
    const step = (line: LineRecord) =>
      line.round === 2 ? [] : moveLine(table, line, 'line-reopened', { audit, set: { round: 2 } });
    let transactions = 0;
    engine.client.middlewareStack.add(
      (next, context) => async (args) => {
        if (context.commandName === 'TransactWriteItemsCommand') {
          transactions += 1;
          if (transactions === 2) throw new Error('died');
        }
        return next(args);
      },
      { step: 'initialize', name: 'die' },
    );
    await expect(stepLines(table, claim.id, step)).rejects.toThrow('died');
    expect((await readLines(table, claim.id)).filter(({ round }) => round === 2)).toHaveLength(50);
    expect(await stepLines(table, claim.id, step)).toBe(70);
    engine.client.middlewareStack.remove('die');
    expect(await stepLines(table, claim.id, step)).toBe(0);
    expect((await readLines(table, claim.id)).every(({ version, round }) => version === 2 && round === 2)).toBe(true);
  });

  test('a line that somebody else moves meanwhile is worked out again from what is there', async () => {
    const { table } = engine;
    const claim = await putClaim(table, 'meddled');
    for (let lineNo = 1; lineNo <= 3; lineNo += 1) await putLine(table, claim.id, lineNo);
    let isFirst = true;
    const written = await stepLines(table, claim.id, (line) => {
      if (line.st !== 'pending') return [];
      if (isFirst && line.lineNo === 2) {
        isFirst = false;
        return moveLine(table, { ...line, version: 9 }, 'line-referred', { audit });
      }
      return moveLine(table, line, 'line-referred', { audit });
    });
    expect(written).toBe(3);
    expect((await readLines(table, claim.id)).map(({ st, version }) => [st, version])).toEqual([
      ['referred', 2],
      ['referred', 2],
      ['referred', 2],
    ]);
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemActor } from '../../shared/access/actor.ts';
import { readClaim } from '../../shared/aws/claim-table.ts';
import { moveClaim } from '../../shared/aws/claim-writes.ts';
import { claimKey } from '../../shared/aws/entitlement-keys.ts';
import { readPartition } from '../../shared/aws/read.ts';
import { writeAll } from '../../shared/aws/transition.ts';
import {
  type ClaimMove,
  type ClaimState,
  claimMoves,
  claimStates,
  mayMoveClaim,
} from '../../shared/claims/claim-states.ts';
import { putClaim } from '../support/stored-claim.ts';
import { openTestTable } from '../support/table.ts';

const audit = { by: systemActor('test'), at: '2021-05-11T01:00:00.000Z' };
const moves = Object.keys(claimMoves) as ClaimMove[];

describe('moves of a claim', () => {
  let engine: Awaited<ReturnType<typeof openTestTable>>;
  beforeAll(async () => {
    engine = await openTestTable();
  });
  afterAll(async () => engine.stop());

  const auditOf = async (claimId: string) => {
    const records = [];
    for await (const item of readPartition(engine.table, `AUDIT#${claimId}`, 'META#')) records.push(item);
    return records;
  };

  test.each(moves)('%s: from every state that permits it, and from no other, whatever was read', async (move) => {
    const { table } = engine;
    const isPermitted = (st: ClaimState) => mayMoveClaim(move, st);
    for (const st of claimStates.filter(isPermitted)) {
      const claim = await putClaim(table, `${move}/${st}`, { st });
      expect(await writeAll(table, moveClaim(table, claim, move, { audit }))).toEqual({ kind: 'done' });
      const moved = await readClaim(table, claim.id);
      expect([st, moved?.st, moved?.version]).toEqual([st, claimMoves[move].to, 2]);
      const records = await auditOf(claim.id);
      expect(records.at(-1)).toMatchObject({ action: move, from: st, to: claimMoves[move].to, version: 2 });
    }
    for (const st of claimStates.filter((each) => !isPermitted(each))) {
      const claim = await putClaim(table, `${move}/${st}`, { st });
      expect(() => moveClaim(table, claim, move, { audit })).toThrow('当前状态下不能办理');
      // Somebody who read it in a state that permits the move is refused by the table itself.
      for (const from of claimMoves[move].from) {
        const stale = { ...claim, st: from };
        const result = await writeAll(table, moveClaim(table, stale, move, { audit }));
        expect([st, from, result.kind]).toEqual([st, from, 'refused']);
      }
      expect((await readClaim(table, claim.id))?.st).toBe(st);
      expect(await auditOf(claim.id)).toHaveLength(1);
    }
  });

  test('a version that has passed is refused, and leaves no audit record behind', async () => {
    const { table } = engine;
    const claim = await putClaim(table, 'stale', { st: 'assessed' });
    await writeAll(table, moveClaim(table, claim, 'claim-endorsed', { audit }));
    const late = await writeAll(table, moveClaim(table, claim, 'claim-endorsed', { audit }));
    expect(late.kind).toBe('refused');
    expect(await auditOf(claim.id)).toHaveLength(2);
  });

  test('the indexes follow the state: worklist while somebody must look, desk from the first hand-in on', async () => {
    const { table } = engine;
    const claim = await putClaim(table, 'indexes', { st: 'submitted' });
    const move = async (...[name, times]: [ClaimMove, { attentionAt?: string; dueAt?: string }]) => {
      const now = await readClaim(table, claim.id);
      if (now === undefined) throw new Error('gone');
      await writeAll(table, moveClaim(table, now, name, { audit, ...times }));
      for await (const item of readPartition(table, claimKey(claim.id).pk, 'META')) return item;
      throw new Error('gone');
    };
    const assessed = await move('claim-assessed', { attentionAt: '2021-05-25', dueAt: '2021-05-25' });
    expect(assessed).toMatchObject({
      wpk: 'W#claim#assessed#0',
      wsk: '2021-05-25',
      dpk: 'hr-bureau/lucheng',
      dsk: `claim#assessed#2021-05-25#${claim.id}`,
      dueAt: '2021-05-25',
      tpk: 'ent-aoke',
    });
    await move('claim-endorsed', {});
    const refused = await move('claim-found-ineligible', {});
    // Refused, it waits for the locks of its evidence, whoever refused it.
    expect([refused['wpk'], refused['wsk'], refused['dueAt']]).toEqual(['W#claim#refused#0', audit.at, undefined]);
    expect([assessed['refusedAt'], refused['refusedAt']]).toEqual([undefined, audit.at]);
    expect(refused['dsk']).toBe(`claim#refused#${audit.at}#${claim.id}`);
  });

  test.each(moves)('%s leaves a claim where it waits on the worklist, unless it is over', async (move) => {
    const { table } = engine;
    const { from, to } = claimMoves[move];
    for (const st of from) {
      const claim = await putClaim(table, `unmarked/${move}/${st}`, { st });
      await writeAll(table, moveClaim(table, claim, move, { audit }));
      for await (const item of readPartition(table, claimKey(claim.id).pk, 'META'))
        expect([st, item['wpk'], item['wsk']]).toEqual(
          to === 'paid' || to === 'withdrawn' ? [st, undefined, undefined] : [st, `W#claim#${to}#0`, audit.at],
        );
    }
  });

  test('a draft that is withdrawn was never on anybody’s desk', async () => {
    const { table } = engine;
    const claim = await putClaim(table, 'never-seen', { st: 'draft' });
    const { submittedOn: _never, ...draft } = claim;
    const writes = moveClaim(table, draft, 'claim-withdrawn', { audit });
    expect(JSON.stringify(writes)).not.toContain('dsk');
  });
});

import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemActor } from '../../shared/access/actor.ts';
import { createClaimTable } from '../../shared/aws/claim-table.ts';
import { claimKey } from '../../shared/aws/entitlement-keys.ts';
import { type ClaimMove, claimMoves } from '../../shared/claims/claim-states.ts';
import type { ClaimStore } from '../../shared/claims/claim-store.ts';
import type { EvidenceReference } from '../../shared/evidence/evidence-key.ts';
import { verifyChain } from '../../shared/supervision/audit-chain.ts';
import { pdf } from '../support/evidence-world.ts';
import { openRetentionWorld, type RetentionWorld } from '../support/retention-world.ts';
import { putClaim } from '../support/stored-claim.ts';

const day = 24 * 60 * 60 * 1000;
const hour = 60 * 60 * 1000;
const by = systemActor('test');

// Each way to a refusal, 二(一)–(四): at assessment, at approval without a granted line or of the whole, after the notice.
const waysToRefusal: readonly (readonly ClaimMove[])[] = [
  ['claim-submitted', 'claim-found-ineligible'],
  ['claim-submitted', 'claim-assessed', 'claim-endorsed', 'claim-found-ineligible'],
  ['claim-submitted', 'claim-assessed', 'claim-endorsed', 'claim-refused'],
  ['claim-submitted', 'claim-assessed', 'claim-endorsed', 'claim-approved', 'claim-publicised', 'claim-cancelled'],
];
const atAssessment = ['claim-submitted', 'claim-found-ineligible'] as const;

/** The end, in Asia/Shanghai, of the same calendar day five years after an instant. */
function fiveYearsOn(instant: Date): string {
  const inChina = new Date(instant.getTime() + 8 * hour);
  const year = inChina.getUTCFullYear() + 5;
  const end = Date.UTC(year, inChina.getUTCMonth(), inChina.getUTCDate() + 1) - 8 * hour;
  return new Date(end).toISOString();
}

describe('settle-payments: the evidence of what was refused is locked for five years more', { timeout: 30_000 }, () => {
  let world: RetentionWorld;
  let claims: ClaimStore;
  let run: RetentionWorld['run'];
  beforeAll(async () => {
    world = await openRetentionWorld();
    ({ run } = world);
    claims = createClaimTable(world.engine.table);
  });
  afterAll(async () => world.stop());
  beforeEach(() => {
    world.workerEdge.counted.length = 0;
    world.workerEdge.logged.length = 0;
  });

  let drafts = 0;
  /** A draft with a video and a paper, both verified at the time of the clock. */
  const draft = async () => {
    drafts += 1;
    const { id: claimId } = await putClaim(world.engine.table, `refused-evidence-${drafts}`);
    return { claimId, evidence: await world.verifiedUploads(claimId) };
  };
  const go = async (claimId: string, ...moves: readonly ClaimMove[]) => {
    for (const move of moves) {
      const claim = await claims.find(claimId);
      if (claim === undefined) throw new Error('no claim');
      await claims.move(claim, move, { by, at: world.clock.now() });
    }
  };
  const refused = async () => {
    const claim = await draft();
    world.advance(day);
    await go(claim.claimId, ...atAssessment);
    return { ...claim, until: fiveYearsOn(world.clock.now()) };
  };
  const markOf = async (claimId: string) => {
    const item = await world.itemAt(claimKey(claimId));
    return [item?.['wpk'], item?.['wsk']];
  };
  const waiting = 'W#claim#refused#0';
  const recordedLocks = async (evidence: EvidenceReference[]) =>
    Promise.all(evidence.map(async (reference) => (await world.found(reference)).kept.lockedUntil));

  test('to the end of the same day five years after the refusal, videos and papers, lock and record', async () => {
    const { claimId, evidence } = await draft();
    const before = await world.locksOf(evidence);
    world.advance(20 * day);
    expect(world.clock.now().toISOString()).toBe('2021-04-09T01:00:00.000Z');
    await go(claimId, ...atAssessment);
    expect(await markOf(claimId)).toEqual([waiting, '2021-04-09T01:00:00.000Z']);
    expect(await world.locksOf(evidence)).toEqual(before);
    // It is done days later: the years count from the refusal all the same.
    world.advance(3 * day);
    expect(await run()).toEqual({ count: 1, failed: 0 });
    // 2026-04-10 00:00 in Asia/Shanghai: all of the 9th belongs to the five years.
    const until = '2026-04-09T16:00:00.000Z';
    expect(await world.locksOf(evidence)).toEqual([until, until]);
    for (const reference of evidence) {
      const { kept, st, version, auditHead } = await world.found(reference);
      expect([kept.lockedUntil, st]).toEqual([until, 'verified']);
      const chain = await world.chainOf(claimId, reference.evidenceId);
      expect(chain.at(-1)).toMatchObject({
        action: 'evidence-lock-extended',
        version,
        by: systemActor('settle-payments'),
        facts: { lockedUntil: until, keptVersionId: kept.versionId },
      });
      expect(verifyChain(`EVIDENCE#${reference.evidenceId}`, chain, { version, auditHead })).toEqual([]);
    }
    expect(await markOf(claimId)).toEqual([undefined, undefined]);
    expect((await claims.find(claimId))?.st).toBe('refused');
    expect(world.workerEdge.counted).toContainEqual({ name: 'SweepHeartbeat', value: 1 });
  });

  test('a refusal late in the evening of UTC counts for the next day in China', async () => {
    const { claimId, evidence } = await draft();
    const untilFour = (16 * hour - (world.clock.now().getTime() % day) + day) % day;
    world.advance(untilFour - 1);
    const other = await draft();
    await go(other.claimId, ...atAssessment);
    world.advance(1);
    expect(world.clock.now().toISOString().slice(11)).toBe('16:00:00.000Z');
    await go(claimId, ...atAssessment);
    await run();
    const lastOfDay = new Date(world.clock.now().getTime() - 1);
    expect(await world.locksOf(other.evidence)).toEqual([fiveYearsOn(lastOfDay), fiveYearsOn(lastOfDay)]);
    const end = fiveYearsOn(world.clock.now());
    expect(Date.parse(end) - Date.parse(fiveYearsOn(lastOfDay))).toBe(day);
    expect(await world.locksOf(evidence)).toEqual([end, end]);
  });

  test.each(waysToRefusal.map((way) => [way.join(' '), way] as const))('by whichever way: %s', async (_, way) => {
    const { claimId, evidence } = await draft();
    world.advance(day);
    await go(claimId, ...way.slice(0, -1));
    await run();
    const before = await world.locksOf(evidence);
    await go(claimId, ...way.slice(-1));
    expect((await claims.find(claimId))?.st).toBe('refused');
    await run();
    const until = fiveYearsOn(world.clock.now());
    expect(before).not.toContain(until);
    expect(await world.locksOf(evidence)).toEqual([until, until]);
  });

  test('these are all the ways, and none leads on from a refusal', () => {
    const entries = Object.entries(claimMoves);
    const into = entries.filter(([, { to }]) => to === 'refused').map(([name, { from }]) => [name, [...from]]);
    expect(into).toEqual([
      ['claim-found-ineligible', ['submitted', 'endorsed']],
      ['claim-refused', ['endorsed']],
      ['claim-cancelled', ['publicised']],
    ]);
    expect(entries.filter(([, { from }]) => (from as readonly string[]).includes('refused'))).toEqual([]);
  });

  test.each<[string, ClaimMove[]]>([
    ['draft', []],
    ['submitted', ['claim-submitted']],
    ['returned', ['claim-submitted', 'claim-returned']],
    ['assessed', ['claim-submitted', 'claim-assessed']],
    ['approved', ['claim-submitted', 'claim-assessed', 'claim-endorsed', 'claim-approved']],
    ['withdrawn', ['claim-submitted', 'claim-withdrawn']],
  ])('the locks of a claim that is %s stay as they were', async (st, moves) => {
    const { claimId, evidence } = await draft();
    const before = await world.locksOf(evidence);
    world.advance(day);
    await go(claimId, ...moves);
    expect((await claims.find(claimId))?.st).toBe(st);
    expect(await run()).toEqual({ count: 0, failed: 0 });
    expect(await world.locksOf(evidence)).toEqual(before);
  });

  test('a refusal that somebody forestalled leaves no mark', async () => {
    const { claimId, evidence } = await draft();
    await go(claimId, 'claim-submitted');
    const read = await claims.find(claimId);
    if (read === undefined) throw new Error('no claim');
    await go(claimId, 'claim-assessed');
    const late = claims.move(read, 'claim-found-ineligible', { by, at: world.clock.now() });
    await expect(late).rejects.toMatchObject({ code: 'changed-meanwhile' });
    expect((await markOf(claimId))[0]).toBe('W#claim#assessed#0');
    const before = await world.locksOf(evidence);
    expect(await run()).toEqual({ count: 0, failed: 0 });
    expect(await world.locksOf(evidence)).toEqual(before);
  });

  test('a mark whose claim is refused no more locks nothing and is taken off', async () => {
    const { claimId, evidence } = await draft();
    const before = await world.locksOf(evidence);
    const { table } = world.engine;
    await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: claimKey(claimId),
        UpdateExpression: 'SET wpk = :w, wsk = :now',
        ExpressionAttributeValues: { ':w': waiting, ':now': world.clock.now().toISOString() },
      }),
    );
    expect(await run()).toEqual({ count: 1, failed: 0 });
    expect(await world.locksOf(evidence)).toEqual(before);
    expect(await markOf(claimId)).toEqual([undefined, undefined]);
  });

  test('twice is harmless, and a lock that lasts longer is left', async () => {
    const { claimId, evidence, until } = await refused();
    const [video, paper] = evidence as [EvidenceReference, EvidenceReference];
    const long = new Date('2040-01-01T00:00:00Z');
    await world.lockUntil(paper, long);
    const stop = world.watchLocks();
    const ends = await Promise.allSettled([run(), run()]);
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    const versions = [(await world.found(video)).version, (await world.found(paper)).version];
    expect(await run()).toEqual({ count: 0, failed: 0 });
    stop();
    expect(await world.locksOf(evidence)).toEqual([until, long.toISOString()]);
    expect(await recordedLocks(evidence)).toEqual([until, long.toISOString()]);
    expect([(await world.found(video)).version, (await world.found(paper)).version]).toEqual(versions);
    for (const { evidenceId } of evidence) {
      const chain = await world.chainOf(claimId, evidenceId);
      expect(chain.filter(({ action }) => action === 'evidence-lock-extended')).toHaveLength(1);
    }
  });

  test.each([
    [1, 'before'],
    [1, 'after'],
    [2, 'before'],
    [2, 'after'],
  ] as const)('a crash at lock %i, %s its effect, is found again', async (at, place) => {
    const { claimId, evidence, until } = await refused();
    const stop = world.watchLocks({ at, place });
    await expect(run()).rejects.toThrow(/^settle-payments failed$/);
    stop();
    expect(world.workerEdge.counted).not.toContainEqual(expect.objectContaining({ name: 'SweepHeartbeat' }));
    expect(world.workerEdge.logged).toContainEqual({
      event: 'evidence-not-retained',
      fields: { claimId, error: 'Error: crash' },
    });
    // It rests a quarter of an hour, so that it does not keep others waiting.
    const rested = new Date(world.clock.now().getTime() + 15 * 60_000);
    expect(await markOf(claimId)).toEqual([waiting, rested.toISOString()]);
    world.advance(15 * 60_000 - 1);
    expect(await run()).toEqual({ count: 0, failed: 0 });
    world.advance(1);
    expect(await run()).toEqual({ count: 1, failed: 0 });
    expect(await world.locksOf(evidence)).toEqual([until, until]);
    expect(await recordedLocks(evidence)).toEqual([until, until]);
    expect(await markOf(claimId)).toEqual([undefined, undefined]);
  });

  test.each(['before', 'after'] as const)(
    'a crash %s the mark is taken off changes nothing but that',
    async (place) => {
      const { claimId, evidence, until } = await refused();
      world.engine.client.middlewareStack.add(
        (next, context) => async (args) => {
          const isMark = JSON.stringify(args.input).includes('REMOVE wpk, wsk');
          if (context['commandName'] !== 'UpdateItemCommand' || !isMark) return next(args);
          if (place === 'after') await next(args);
          throw new Error('crash');
        },
        { step: 'initialize', name: 'crash', override: true },
      );
      await expect(run()).rejects.toThrow(/^settle-payments failed$/);
      world.engine.client.middlewareStack.remove('crash');
      world.advance(15 * 60_000);
      const stop = world.watchLocks();
      expect(await run()).toEqual({ count: place === 'before' ? 1 : 0, failed: 0 });
      expect(stop()).toBe(0);
      expect(await markOf(claimId)).toEqual([undefined, undefined]);
      expect(await recordedLocks(evidence)).toEqual([until, until]);
    },
  );

  test('an upload whose verdict comes after the refusal is locked through the same day', async () => {
    const { claimId, evidence } = await draft();
    world.advance(day);
    const paper = pdf(`${claimId}-late`);
    const late = await world.upload(claimId, paper, world.declarePdf(paper));
    await go(claimId, ...atAssessment);
    const until = fiveYearsOn(world.clock.now());
    expect(await run()).toEqual({ count: 1, failed: 0 });
    expect(await world.locksOf(evidence)).toEqual([until, until]);
    expect((await markOf(claimId))[0]).toBe(waiting);
    expect(world.workerEdge.counted).toContainEqual({ name: 'SweepHeartbeat', value: 1 });
    await world.deliver(world.worker, late);
    expect(Date.parse((await world.lockOf(late)) ?? '') < Date.parse(until)).toBe(true);
    world.advance(15 * 60_000);
    expect(await run()).toEqual({ count: 1, failed: 0 });
    expect(await world.lockOf(late)).toBe(until);
    expect(await markOf(claimId)).toEqual([undefined, undefined]);
  });

  test('a refused claim without evidence waits for nothing', async () => {
    const { id } = await putClaim(world.engine.table, 'refused-without-evidence');
    await go(id, ...atAssessment);
    expect(await run()).toEqual({ count: 1, failed: 0 });
    expect(await markOf(id)).toEqual([undefined, undefined]);
  });
});

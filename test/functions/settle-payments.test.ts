import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemActor } from '../../shared/access/actor.ts';
import { batchClaimKey } from '../../shared/aws/payment-items.ts';
import type { EvidenceReference } from '../../shared/evidence/evidence-key.ts';
import { verifyChain } from '../../shared/supervision/audit-chain.ts';
import { ampleRoom } from '../support/batch-room.ts';
import { seedAccount, seedClearedClaim } from '../support/cleared-claim.ts';
import { openRetentionWorld, type RetentionWorld } from '../support/retention-world.ts';

const day = 24 * 60 * 60 * 1000;
const by = systemActor('test');

describe('settle-payments: the evidence of what was paid is locked for five years more', { timeout: 30_000 }, () => {
  let world: RetentionWorld;
  let payments: RetentionWorld['payments'];
  let run: RetentionWorld['run'];
  beforeAll(async () => {
    world = await openRetentionWorld();
    ({ payments, run } = world);
  });
  afterAll(async () => world.stop());
  beforeEach(() => {
    world.workerEdge.counted.length = 0;
    world.workerEdge.logged.length = 0;
  });

  /** A cleared claim of two lines with a video and a paper, both verified at the time of the clock. */
  const clearedClaim = async (): Promise<{ claimId: string; evidence: EvidenceReference[] }> => {
    const claimId = await world.putClaim();
    const evidence = await world.verifiedUploads(claimId);
    const { table } = world.engine;
    await table.client.send(new DeleteCommand({ TableName: 'jipei', Key: { pk: `CLAIM#${claimId}`, sk: 'META' } }));
    await seedAccount(table, claimId, 0, 300);
    await seedClearedClaim(table, world.personal, { id: claimId, account: claimId, fens: [100, 200] });
    return { claimId, evidence };
  };
  /** Puts the claim into a batch of its own. */
  const collect = async (claimId: string, attempt = 1) => {
    const id = `B-${claimId}-${attempt}`;
    const order = { id, account: claimId, payee: 'trainee', payer: 'finance' } as const;
    await payments.collect(await payments.openBatch(order, by, world.clock.now()), ampleRoom, by, world.clock.now());
    return id;
  };
  /** The bank's words on the lines of a batch, in the order of the lines; lines and claims follow. */
  const hear = async (batchId: string, ...words: ('paid' | 'bounced' | undefined)[]) => {
    const transfers = (await payments.transfersOf(batchId)).toSorted((a, b) => a.lineNo - b.lineNo);
    const receipts = transfers.flatMap(({ reference }, row) => {
      const word = words[row];
      return word === undefined ? [] : [{ row, reference, word, bankSerial: `S-${reference}`, reason: '' }];
    });
    const batch = await payments.findBatch(batchId);
    if (batch === undefined) throw new Error('no batch');
    await payments.apply(batch, receipts, by, world.clock.now());
  };
  const settle = async (batchId: string, claimId: string) =>
    payments.settleClaim(batchId, claimId, by, world.clock.now());
  const pay = async (claimId: string) => {
    const batchId = await collect(claimId);
    await hear(batchId, 'paid', 'paid');
    await settle(batchId, claimId);
    return batchId;
  };

  const found = async (reference: EvidenceReference) => world.found(reference);
  const lockOf = async (reference: EvidenceReference) => world.lockOf(reference);
  const locksOf = async (evidence: EvidenceReference[]) => world.locksOf(evidence);
  const waitsAs = async (batchId: string, claimId: string) =>
    (await world.itemAt(batchClaimKey(batchId, claimId)))?.['wpk'];

  test('a claim that cannot be settled is named in the log, and the heartbeat stays away until it can', async () => {
    const { claimId } = await clearedClaim();
    const batchId = await collect(claimId);
    await hear(batchId, 'paid', 'bounced');
    const key = { TableName: 'jipei', Key: { pk: `CLAIM#${claimId}`, sk: 'META' } };
    const { Item } = await world.engine.table.client.send(new GetCommand(key));
    await world.engine.table.client.send(new DeleteCommand(key));
    expect(await run()).toEqual({ count: 1, failed: 1 });
    expect(world.workerEdge.counted.at(-1)).toEqual({ name: 'SweepFound', value: 1 });
    expect(world.workerEdge.logged).toContainEqual({
      event: 'payment-unfinished',
      fields: { batchId, claimId, error: 'Error: claim of a transfer vanished' },
    });
    await world.engine.table.client.send(new PutCommand({ TableName: 'jipei', Item }));
    expect(await run()).toMatchObject({ failed: 0 });
    expect(world.workerEdge.counted).toContainEqual({ name: 'SweepHeartbeat', value: 1 });
  });

  test('to the end of the same day five years after the payment, videos and papers, lock and record', async () => {
    const { claimId, evidence } = await clearedClaim();
    const before = await locksOf(evidence);
    expect(before).toEqual(evidence.map(() => `2026${world.clock.now().toISOString().slice(4)}`));
    world.advance(20 * day);
    expect(world.clock.now().toISOString()).toBe('2021-04-09T01:00:00.000Z');
    const batchId = await pay(claimId);
    expect(await locksOf(evidence)).toEqual(before);
    expect(await run()).toEqual({ count: 1, failed: 0 });
    // 2026-04-10 00:00 in Asia/Shanghai: all of the 9th belongs to the five years.
    const until = '2026-04-09T16:00:00.000Z';
    expect(await locksOf(evidence)).toEqual([until, until]);
    for (const reference of evidence) {
      const { kept, st, version, auditHead } = await found(reference);
      expect([kept.lockedUntil, st]).toEqual([until, 'verified']);
      const chain = await world.chainOf(claimId, reference.evidenceId);
      expect(chain.at(-1)).toMatchObject({
        action: 'evidence-lock-extended',
        version,
        facts: { lockedUntil: until, keptVersionId: kept.versionId },
      });
      expect(verifyChain(`EVIDENCE#${reference.evidenceId}`, chain, { version, auditHead })).toEqual([]);
    }
    expect(await waitsAs(batchId, claimId)).toBeUndefined();
    expect(world.workerEdge.counted).toContainEqual({ name: 'SweepHeartbeat', value: 1 });
  });

  test('a payment late in the evening of UTC counts for the next day in China', async () => {
    const { claimId, evidence } = await clearedClaim();
    world.advance(day - (world.clock.now().getTime() % day) - 8 * 60 * 60 * 1000);
    const paidOn = new Date(world.clock.now().getTime() + 8 * 60 * 60 * 1000);
    expect(paidOn.toISOString().slice(11)).toBe('00:00:00.000Z');
    await pay(claimId);
    await run();
    const year = paidOn.getUTCFullYear() + 5;
    const end = new Date(Date.parse(`${year}${paidOn.toISOString().slice(4)}`) + 16 * 60 * 60 * 1000).toISOString();
    expect(await locksOf(evidence)).toEqual([end, end]);
  });

  test('twice is harmless, and a lock that lasts longer is left', async () => {
    const { claimId, evidence } = await clearedClaim();
    const [video, paper] = evidence as [EvidenceReference, EvidenceReference];
    const long = new Date('2040-01-01T00:00:00Z');
    await world.lockUntil(paper, long);
    world.advance(day);
    const batchId = await pay(claimId);
    const stop = world.watchLocks();
    await run();
    const [extended] = await locksOf([video]);
    expect(await lockOf(paper)).toBe(long.toISOString());
    expect((await found(paper)).kept.lockedUntil).toBe(long.toISOString());
    const versions = [(await found(video)).version, (await found(paper)).version];
    // The claim is marked anew, as by a doubled message of the bank; nothing is left to do.
    await settle(batchId, claimId);
    expect(await waitsAs(batchId, claimId)).toBe('W#payment#retain#0');
    expect(await run()).toEqual({ count: 1, failed: 0 });
    expect(await run()).toEqual({ count: 0, failed: 0 });
    expect(stop()).toBe(1);
    expect(await locksOf(evidence)).toEqual([extended, long.toISOString()]);
    expect([(await found(video)).version, (await found(paper)).version]).toEqual(versions);
  });

  test('two runs at once leave one record each', async () => {
    const { claimId, evidence } = await clearedClaim();
    world.advance(day);
    await pay(claimId);
    const ends = await Promise.allSettled([run(), run()]);
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    for (const { evidenceId } of evidence) {
      const extensions = (await world.chainOf(claimId, evidenceId)).filter(
        (r) => r.action === 'evidence-lock-extended',
      );
      expect(extensions).toHaveLength(1);
    }
  });

  test.each([
    [1, 'before'],
    [1, 'after'],
    [2, 'before'],
    [2, 'after'],
  ] as const)('a crash at lock %i, %s its effect, is found again', async (at, place) => {
    const { claimId, evidence } = await clearedClaim();
    world.advance(day);
    const batchId = await pay(claimId);
    const stop = world.watchLocks({ at, place });
    await expect(run()).rejects.toThrow(/^settle-payments failed$/);
    stop();
    expect(world.workerEdge.counted).not.toContainEqual(expect.objectContaining({ name: 'SweepHeartbeat' }));
    expect(world.workerEdge.logged).toContainEqual({
      event: 'evidence-not-retained',
      fields: { claimId, error: 'Error: crash' },
    });
    expect(await waitsAs(batchId, claimId)).toBe('W#payment#retain#0');
    // It rests a quarter of an hour, so that it does not keep others waiting.
    world.advance(15 * 60_000 - 1);
    expect(await run()).toEqual({ count: 0, failed: 0 });
    world.advance(1);
    expect(await run()).toEqual({ count: 1, failed: 0 });
    const [first, second] = await locksOf(evidence);
    expect(first).toBe(second);
    expect(first).toMatch(/T16:00:00\.000Z$/);
    for (const reference of evidence) expect((await found(reference)).kept.lockedUntil).toBe(first);
  });

  test('what is paid on a later day while the run is at the claim is locked by that day', async () => {
    const { claimId, evidence } = await clearedClaim();
    world.advance(day);
    const batchId = await collect(claimId);
    await hear(batchId, 'paid', undefined);
    await settle(batchId, claimId);
    let rival = false;
    world.client.middlewareStack.add(
      (next, context) => async (args) => {
        const answer = await next(args);
        if (!rival && context['commandName'] === 'PutObjectRetentionCommand') {
          rival = true;
          world.advance(day);
          await hear(batchId, undefined, 'paid');
          await settle(batchId, claimId);
        }
        return answer;
      },
      { step: 'initialize', name: 'rival', override: true },
    );
    await run();
    world.client.middlewareStack.remove('rival');
    const [first] = await locksOf(evidence);
    expect(await waitsAs(batchId, claimId)).toBe('W#payment#retain#0');
    expect(await run()).toEqual({ count: 1, failed: 0 });
    const later = new Date(Date.parse(first ?? '') + day).toISOString();
    expect(await locksOf(evidence)).toEqual([later, later]);
  });

  test('a crash between the payment and the mark is found again by the settlement', async () => {
    const { claimId, evidence } = await clearedClaim();
    const before = await locksOf(evidence);
    world.advance(day);
    const batchId = await collect(claimId);
    await hear(batchId, 'paid', 'paid');
    // Nobody let the lines follow: that, too, is the run's to find, and the locks with it.
    expect(await waitsAs(batchId, claimId)).toBe('W#payment#settle#0');
    expect(await run()).toEqual({ count: 2, failed: 0 });
    for (const [n, lock] of (await locksOf(evidence)).entries()) expect(String(lock) > String(before[n])).toBe(true);
  });

  test('evidence of a claim that is not paid stays as it was; one line that is paid is enough', async () => {
    const { claimId, evidence } = await clearedClaim();
    const before = await locksOf(evidence);
    world.advance(day);
    const batchId = await collect(claimId);
    await settle(batchId, claimId);
    await run();
    expect(await locksOf(evidence)).toEqual(before);
    await hear(batchId, 'bounced', undefined);
    await settle(batchId, claimId);
    expect(await waitsAs(batchId, claimId)).toBeUndefined();
    await run();
    expect(await locksOf(evidence)).toEqual(before);
    await hear(batchId, undefined, 'paid');
    await settle(batchId, claimId);
    await run();
    expect(await locksOf(evidence)).not.toEqual(before);
  });

  test('money that bounced before the run locks nothing', async () => {
    const { claimId, evidence } = await clearedClaim();
    const before = await locksOf(evidence);
    world.advance(day);
    const batchId = await pay(claimId);
    await hear(batchId, 'bounced', 'bounced');
    await settle(batchId, claimId);
    expect(await waitsAs(batchId, claimId)).toBeUndefined();
    await run();
    expect(await locksOf(evidence)).toEqual(before);
  });

  test('a word of the bank that comes while lines follow the one before is not forgotten', async () => {
    const { claimId } = await clearedClaim();
    const batchId = await collect(claimId);
    await hear(batchId, 'paid', undefined);
    let rival = false;
    world.engine.client.middlewareStack.add(
      (next, context) => async (args) => {
        const written = await next(args);
        if (!rival && context['commandName'] === 'TransactWriteItemsCommand') {
          rival = true;
          await hear(batchId, undefined, 'paid');
        }
        return written;
      },
      { step: 'initialize', name: 'rival', override: true },
    );
    await settle(batchId, claimId);
    world.engine.client.middlewareStack.remove('rival');
    expect(rival).toBe(true);
    expect(await waitsAs(batchId, claimId)).toBe('W#payment#settle#0');
    await run();
    const { Item } = await world.engine.table.client.send(
      new GetCommand({ TableName: 'jipei', Key: { pk: `CLAIM#${claimId}`, sk: 'META' } }),
    );
    expect(Item?.['st']).toBe('paid');
  });
});

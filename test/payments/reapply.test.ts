import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemActor } from '../../shared/access/actor.ts';
import { finishPayments } from '../../shared/payments/pay-batch.ts';
import { checkQuiet } from '../simulation/checks/quiet.ts';
import { snapshotOf } from '../simulation/snapshot.ts';
import { crashAtCall } from '../support/crash-at-call.ts';
import { openPaymentWorld } from '../support/payment-world.ts';
import { enterprise } from '../support/people.ts';

type World = Awaited<ReturnType<typeof openPaymentWorld>>;

/** The ways to apply again after a bounce: what the applicant asks for, once. */
const ways = {
  applicant: async (world: World, claimId: string) => {
    await world.ask(enterprise, 'POST /claims/{claimId}/payment-reapplication', { path: { claimId } });
  },
  trainee: async (world: World, claimId: string) => {
    const path = { claimId, lineId: 'L1' };
    const body = { number: '6228480000009999' };
    await world.ask(enterprise, 'PUT /claims/{claimId}/lines/{lineId}/card', { path, body });
  },
} as const;

// One line: with more, each card brings the claim back for the cards before it.
const fens = { applicant: [100, 200], trainee: [300] };

describe('applying again after a bounce', () => {
  let world: World;
  beforeAll(async () => {
    world = await openPaymentWorld();
  });
  afterAll(async () => world.stop());

  const bounced = async (account: string, payee: keyof typeof ways) => {
    const claimId = await world.seed(account, { account, fens: fens[payee], payee });
    await world.pay(account, payee, '退回');
    return claimId;
  };
  const expectPaidAnew = async (account: string, payee: keyof typeof ways, claimId: string) => {
    expect(await world.statesOf(claimId)).toEqual({ claim: 'cleared', lines: fens[payee].map(() => 'cleared') });
    await world.pay(account, payee);
    expect(await world.statesOf(claimId)).toEqual({ claim: 'paid', lines: fens[payee].map(() => 'paid') });
    expect(await world.balance(account)).toEqual({ available: 0, escrow: 0, paid: 300, recovered: 0 });
  };
  const sweep = async () => {
    world.clock.advance(60_000);
    expect((await finishPayments(world.deps, systemActor('settle-payments'))).failures).toEqual([]);
  };

  /** Crashes at the n-th call of a re-application, lets somebody or something carry on; tells whether it crashed. */
  const throughCrash = async (
    payee: keyof typeof ways,
    n: number,
    place: 'before' | 'after',
    carryOn: 'repeats' | 'sweeps',
  ): Promise<boolean> => {
    const account = `${payee}-${place}-${n}-${carryOn}`;
    const claimId = await bounced(account, payee);
    const crashed = await crashAtCall([world.engine.client], n, place, async () => ways[payee](world, claimId));
    if (carryOn === 'sweeps') await sweep();
    // What the applicant sees as not applied for again, it applies for again.
    await ways[payee](world, claimId);
    await expectPaidAnew(account, payee, claimId);
    return crashed;
  };

  test.each([
    ['applicant', 'before', 'repeats'],
    ['applicant', 'after', 'repeats'],
    ['applicant', 'before', 'sweeps'],
    ['applicant', 'after', 'sweeps'],
    ['trainee', 'before', 'repeats'],
    ['trainee', 'after', 'repeats'],
    ['trainee', 'before', 'sweeps'],
    ['trainee', 'after', 'sweeps'],
  ] as const)(
    '%s: a crash %s any call strands no money when the applicant %s',
    { timeout: 120_000 },
    async (payee, place, how) => {
      let crashes = 0;
      while (await throughCrash(payee, crashes + 1, place, how)) crashes += 1;
      expect(crashes).toBeGreaterThan(5);
    },
  );

  test.each(['applicant', 'trainee'] as const)(
    '%s: once its last line is cleared, the schedule alone brings the claim back',
    async (payee) => {
      const account = `alone-${payee}`;
      const claimId = await bounced(account, payee);
      let n = 1;
      // The first crash after which the lines are cleared and the claim is not.
      while ((await world.statesOf(claimId)).lines.includes('bounced')) {
        await crashAtCall([world.engine.client], n, 'after', async () => ways[payee](world, claimId));
        n += 1;
      }
      expect((await world.statesOf(claimId)).claim).toBe('paying');
      await sweep();
      await expectPaidAnew(account, payee, claimId);
    },
  );

  test('a claim is seen to be stranded when none of its lines is under way nor bounced', () => {
    const claim = { pk: 'CLAIM#C', sk: 'META', id: 'C', st: 'paying' };
    const line = (st: string) => ({ pk: 'CLAIM#C', sk: 'LINE#0001', claimId: 'C', lineNo: 1, st });
    const seen = (st: string, claimSt = 'paying') =>
      [...checkQuiet(snapshotOf([{ ...claim, st: claimSt }, line(st)]))].filter((one) => /stranded/.test(one));
    expect(seen('cleared')).toHaveLength(1);
    expect(seen('cleared', 'paid')).toHaveLength(1);
    expect([...seen('bounced'), ...seen('paying'), ...seen('bounced', 'paid'), ...seen('cleared', 'cleared')]).toEqual(
      [],
    );
  });
});

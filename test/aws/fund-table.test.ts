import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClaimApprovalTable } from '../../shared/aws/claim-approval-table.ts';
import { readClaim } from '../../shared/aws/claim-table.ts';
import { escrowKey } from '../../shared/aws/entitlement-keys.ts';
import { createFundTable } from '../../shared/aws/fund-table.ts';
import { readMany } from '../../shared/aws/read.ts';
import { resumeWaitingClaims } from '../../shared/claims/resume-waiting-claims.ts';
import { settableClock } from '../support/http.ts';
import { putClaim } from '../support/stored-claim.ts';
import { openTestTable } from '../support/table.ts';

const officer = (subject: string) => ({ subject, tenant: 'hr-bureau/lucheng', role: 'officer', name: subject });

const command = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('approve' as const), fen: fc.integer({ min: 0, max: 500 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('allot' as const), fen: fc.integer({ min: 1, max: 900 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('withdraw' as const), fen: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('resume' as const), fen: fc.constant(0) }) },
);

describe('special accounts', () => {
  let engine: Awaited<ReturnType<typeof openTestTable>>;
  beforeAll(async () => {
    engine = await openTestTable();
  });
  afterAll(async () => engine.stop());

  test('whatever is approved, allotted and withdrawn in whatever order: nothing is lost, nobody is overtaken', async () => {
    const { table } = engine;
    const funds = createFundTable(table);
    const approvals = createClaimApprovalTable(table);
    const clock = settableClock('2021-05-10T01:00:00Z');
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 18 }), async (commands) => {
        runs += 1;
        const account = `account${runs}`;
        const approved: string[] = [];
        const sums = new Map<string, number>();
        for (const [at, { kind, fen }] of commands.entries()) {
          clock.advance(1000);
          if (kind === 'approve') {
            const claim = await putClaim(table, `${account}/${at}`, {
              st: 'endorsed',
              fundAccount: account,
              endorsedBy: officer('o-lin'),
            });
            const by = officer('o-zhou');
            const set = { approvedBy: by, approvedAt: clock.now().toISOString(), approvedFen: fen, approvedLines: 1 };
            await approvals.approve(claim, { by, at: clock.now(), set }, fen);
            approved.push(claim.id);
            sums.set(claim.id, fen);
          } else if (kind === 'allot') {
            const by = { subject: 'f', tenant: 'finance', role: 'finance', name: 'f' };
            await funds.allot({ account, reference: `r${at}`, fen, reason: '拨入', by, at: clock.now().toISOString() });
            await resumeWaitingClaims({ approvals, clock }, account);
          } else if (kind === 'withdraw') {
            const waiting = await approvals.waitingFor(account);
            const claim = waiting[fen % Math.max(1, waiting.length)];
            if (claim !== undefined) await approvals.withdrawWaiting(claim, { by: claim.createdBy, at: clock.now() });
          } else await resumeWaitingClaims({ approvals, clock }, account);

          const [balance] = await funds.balances([account]);
          if (balance === undefined) throw new Error('no account');
          const { allotted, available, escrow, paid, recovered, waiting } = balance;
          expect(available + escrow + paid - recovered).toBe(allotted);
          for (const part of [available, escrow, waiting]) expect(part).toBeGreaterThanOrEqual(0);
          const claims = await Promise.all(approved.map(async (id) => readClaim(table, id)));
          const escrows = await readMany(table, approved.map(escrowKey));
          expect(escrows.reduce((sum, item) => sum + Number(item['openFen']), 0)).toBe(escrow);
          const open = claims.filter((claim) => claim?.st === 'waiting-for-funds');
          expect(open).toHaveLength(waiting);
          const alive = claims.filter((claim) => claim?.st !== 'withdrawn');
          const firstWaiting = alive.findIndex((claim) => claim?.st === 'waiting-for-funds');
          // Everybody behind the first who waits, waits.
          const behind = firstWaiting < 0 ? [] : alive.slice(firstWaiting);
          expect(behind.every((claim) => claim?.st === 'waiting-for-funds')).toBe(true);
          for (const claim of alive) {
            const isFunded = claim?.st === 'approved';
            expect(escrows.some((item) => item['claimId'] === claim?.id)).toBe(isFunded);
          }
        }
      }),
      { seed: 20_200_522, numRuns: 12, endOnFailure: true },
    );
  }, 120_000);

  test('an account that never had money is there with zeros', async () => {
    const [balance] = await createFundTable(engine.table).balances(['jingkai']);
    expect(balance).toEqual({
      account: 'jingkai',
      allotted: 0,
      available: 0,
      escrow: 0,
      paid: 0,
      recovered: 0,
      waiting: 0,
    });
  });

  test.each([
    [99, 'waiting-for-funds'],
    [100, 'approved'],
    [101, 'approved'],
  ])('a claim of 100 fen against %i: %s', async (fen, st) => {
    const { table } = engine;
    const account = `edge${fen}`;
    const by = officer('o-zhou');
    const at = new Date('2021-05-10T01:00:00Z');
    await createFundTable(table).allot({ account, reference: 'r', fen, reason: '', by, at: at.toISOString() });
    const claim = await putClaim(table, account, {
      st: 'endorsed',
      fundAccount: account,
      endorsedBy: officer('o-lin'),
    });
    expect((await createClaimApprovalTable(table).approve(claim, { by, at }, 100)).st).toBe(st);
  });
});

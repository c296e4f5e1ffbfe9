import { GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { expect } from 'vitest';
import { fundRoutes } from '../../functions/payments-api/fund-routes.ts';
import { paymentRoutes } from '../../functions/payments-api/payment-routes.ts';
import { systemActor } from '../../shared/access/actor.ts';
import { createClaimApprovalTable } from '../../shared/aws/claim-approval-table.ts';
import { readClaim } from '../../shared/aws/claim-table.ts';
import { balanceKey } from '../../shared/aws/entitlement-keys.ts';
import { createFundApplicationTable } from '../../shared/aws/fund-application-table.ts';
import { createFundTable } from '../../shared/aws/fund-table.ts';
import { createIdempotencyTable } from '../../shared/aws/idempotency-table.ts';
import { createPersonalData } from '../../shared/aws/keyed-personal-data.ts';
import { ephemeralKeyring } from '../../shared/aws/keyring.ts';
import { readLines, releaseLine } from '../../shared/aws/line-writes.ts';
import { createOrganisationTable } from '../../shared/aws/organisation-table.ts';
import { createPaymentTable } from '../../shared/aws/payment-table.ts';
import { createReapplicationTable } from '../../shared/aws/reapplication-table.ts';
import { createRecoveryTable } from '../../shared/aws/recovery-table.ts';
import { writeAllOrThrow } from '../../shared/aws/transition.ts';
import { idFromCause } from '../../shared/clock/ids.ts';
import { createHttpHandler } from '../../shared/lambda/http-handler.ts';
import { type HttpRoute, routesOfPart } from '../../shared/lambda/http-route.ts';
import { wenzhou202058 } from '../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import { type ClearedClaim, seedAccount, seedClearedClaim } from './cleared-claim.ts';
import { type Call, call, recordedEdge, settableClock } from './http.ts';
import { finance, officerLin } from './people.ts';
import { enterpriseFacts } from './registered.ts';
import { openTestTable } from './table.ts';

/** A department that commissions training and pays it on (二(四)). */
export const department = {
  subject: 'd-1',
  tenant: 'industry-department/city/city/市应急管理局',
  role: 'department',
  duties: ['preparer', 'approver'],
  name: '应急局',
} as const;

const header = '转账编号,结果,银行流水号,原因';

type As = Call['as'];

/** The money's own routes over a real engine: claims are seeded cleared, everything after is asked for over HTTP. */
export async function openPaymentWorld() {
  const engine = await openTestTable();
  const clock = settableClock('2021-04-01T01:00:00Z');
  const personal = createPersonalData(ephemeralKeyring());
  const { table } = engine;
  const organisations = createOrganisationTable(table, personal);
  const deps = {
    payments: createPaymentTable(table, personal, organisations),
    applications: createFundApplicationTable(table),
    recoveries: createRecoveryTable(table, personal),
    reapplications: createReapplicationTable(table, personal),
    personal,
    clock,
    metrics: { add: () => undefined },
    funds: createFundTable(table),
  };
  const funds = {
    funds: deps.funds,
    approvals: createClaimApprovalTable(table),
    edition: wenzhou202058,
    clock,
  };
  await organisations.save('ent-aoke', enterpriseFacts, systemActor('test'), clock.now());
  const edge = recordedEdge(createIdempotencyTable(table), clock);
  const routes: HttpRoute<unknown>[] = [
    ...routesOfPart(paymentRoutes, () => deps),
    ...routesOfPart(fundRoutes, () => funds),
  ];
  const handler = createHttpHandler(routes, undefined, edge);

  const ask = async (as: As, route: string, rest: Omit<Call, 'route' | 'as'> = {}) =>
    call(handler, { route, as, ...rest });

  const item = async (key: { pk: string; sk: string }) =>
    (await table.client.send(new GetCommand({ TableName: 'jipei', Key: key, ConsistentRead: true }))).Item ?? {};

  const put = async (Item: Record<string, unknown>) => table.client.send(new PutCommand({ TableName: 'jipei', Item }));

  const itemsUnder = async (pk: string, prefix: string) =>
    (
      await table.client.send(
        new QueryCommand({
          TableName: 'jipei',
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
          ExpressionAttributeValues: { ':pk': pk, ':sk': prefix },
          ConsistentRead: true,
        }),
      )
    ).Items ?? [];

  const statesOf = async (claimId: string) => ({
    claim: (await readClaim(table, claimId))?.st,
    lines: (await readLines(table, claimId)).map(({ st }) => st),
  });

  /** The pots of an account, which add up. */
  const balance = async (account: string) => {
    const { available, escrow, paid, recovered, allotted } = await item(balanceKey(account));
    expect(available + escrow + paid - recovered).toBe(allotted);
    return { available, escrow, paid, recovered };
  };

  /** A cleared claim with an account that holds exactly its money. */
  const seed = async (name: string, claim: Omit<ClearedClaim, 'id'> & { account: string }) => {
    const id = idFromCause('claim', name);
    await seedAccount(
      table,
      claim.account,
      0,
      claim.fens.reduce((sum, fen) => sum + fen, 0),
    );
    await seedClearedClaim(table, personal, { ...claim, id });
    return id;
  };

  /** The bank's word on every transfer of a batch. */
  const say = async (batchId: string, word: string, as: As = finance) => {
    const batch = await ask(as, 'GET /payment-batches/{batchId}', { path: { batchId } });
    const rows = batch.body.transfers.map(
      ({ reference }: { reference: string }) => `${reference},${word},S-${reference},`,
    );
    const body = { file: [header, ...rows].join('\n') };
    return ask(as, 'POST /payment-batches/{batchId}/receipts', { path: { batchId }, body });
  };

  /** Pays what an account owes to one kind of payee, with the same word of the bank on all of it. */
  const pay = async (account: string, payee: string, word = '成功') => {
    const { body: batch } = await ask(finance, 'POST /payment-batches', { body: { account, payee } });
    await say(batch.id, word);
    return batch.id as string;
  };

  /** An objection to one line is upheld: it is released, and its money is back in the account. */
  const release = async (claimId: string, lineNo: number) => {
    const claim = await readClaim(table, claimId);
    const line = (await readLines(table, claimId)).find((candidate) => candidate.lineNo === lineNo);
    if (claim === undefined || line === undefined) throw new RangeError('no such line');
    const audit = { by: systemActor('test'), at: clock.now().toISOString(), reason: '异议成立' };
    await writeAllOrThrow(table, releaseLine(table, claim, line, { audit }));
  };

  const demandBack = async (claimId: string, body: object = {}, key?: string) =>
    ask(officerLin, 'POST /claims/{claimId}/recoveries', {
      path: { claimId },
      body: { document: '温人社监〔2021〕3号', reason: '虚假培训', ...body },
      ...(key === undefined ? {} : { key }),
    });

  return {
    engine,
    table,
    clock,
    personal,
    deps,
    organisations,
    ask,
    item,
    put,
    itemsUnder,
    statesOf,
    balance,
    seed,
    say,
    pay,
    release,
    demandBack,
    stop: async () => engine.stop(),
  };
}

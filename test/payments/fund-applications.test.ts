import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemActor } from '../../shared/access/actor.ts';
import { crashAtCall } from '../support/crash-at-call.ts';
import { department, openPaymentWorld } from '../support/payment-world.ts';
import { auditor, enterprise, finance, officerLin } from '../support/people.ts';

const by = systemActor('test');

describe('fund applications of departments', () => {
  let world: Awaited<ReturnType<typeof openPaymentWorld>>;
  beforeAll(async () => {
    world = await openPaymentWorld();
  });
  afterAll(async () => world.stop());

  // Every test has a department of its own.
  const departmentOf = (name: string) => ({ ...department, tenant: `industry-department/city/city/${name}局` });
  const seed = async (name: string, claim: string, fens = [100, 200]) =>
    world.seed(`${name}-${claim}`, { account: name, fens, payee: 'applicant', authority: departmentOf(name).tenant });
  const apply = async (name: string) =>
    (await world.ask(departmentOf(name), 'POST /fund-applications', { body: { receiptNumber: 'SJ-1' } })).body;
  const again = async (name: string, id: string) =>
    world.deps.applications.apply({ id, authority: departmentOf(name).tenant, receiptNumber: 'SJ-1' }, by, new Date());
  const transfer = async (applicationId: string, totalFen: number) =>
    world.ask(finance, 'POST /fund-applications/{applicationId}/transfer', {
      path: { applicationId },
      body: { bankSerial: 'ADV-0001', totalFen },
    });
  const advanced = async (claimId: string) => world.itemsUnder(`CLAIM#${claimId}`, 'ENTRY#0000#advanced');

  test('a department finds its own, finance and the auditor those to an account', async () => {
    await seed('lists', '1');
    const { id } = await apply('lists');
    world.clock.advance(1000);
    await seed('lists', '2');
    const { id: second } = await apply('lists');
    await seed('other', '1');
    await apply('other');
    const list = async (as: typeof finance | typeof department, query: Record<string, string> = {}) =>
      world.ask(as, 'GET /fund-applications', { query });
    const idsOf = ({ body }: Awaited<ReturnType<typeof list>>) =>
      body.applications.map((one: { id: string }) => one.id);
    expect(idsOf(await list(departmentOf('lists')))).toEqual([second, id]);
    expect(idsOf(await list(departmentOf('lists'), { account: 'other' }))).toEqual([second, id]);
    expect(idsOf(await list(finance, { account: 'lists' }))).toEqual([second, id]);
    expect(idsOf(await list(auditor, { account: 'lists' }))).toEqual([second, id]);
    expect((await list(finance)).body.problems).toMatchObject([{ path: 'query.account' }]);
    expect([(await list(officerLin)).status, (await list(enterprise)).status]).toEqual([403, 403]);
  });

  test.each([299, 301])('a transfer of %i for rows of 300 is not booked', async (fen) => {
    const name = `sum${fen}`;
    const claimId = await seed(name, '1');
    const { id } = await apply(name);
    expect((await transfer(id, fen)).body).toMatchObject({
      title: 'changed-meanwhile',
      problems: [{ path: 'body.totalFen' }],
    });
    expect(await advanced(claimId)).toEqual([]);
    expect((await transfer(id, 300)).body).toMatchObject({ state: 'funded', totalFen: 300, count: 1 });
    expect((await transfer(id, 300)).body.title).toBe('state-not-permitted');
  });

  test('a row that joins while finance transfers makes the transfer fail, whatever was read', async () => {
    await seed('joins', '1');
    const { id } = await apply('joins');
    const read = await world.deps.applications.find(id);
    if (read === undefined) throw new Error('no application');
    await seed('joins', '2', [50]);
    expect(await again('joins', id)).toMatchObject({ count: 2, totalFen: 350 });
    await expect(
      world.deps.applications.fund(read, { bankSerial: 'ADV-2', totalFen: 300 }, by, world.clock.now()),
    ).rejects.toMatchObject({ code: 'changed-meanwhile' });
    expect(await world.deps.applications.find(id)).toMatchObject({ st: 'applied', count: 2, totalFen: 350 });
  });

  test('no row joins what was transferred in that very moment', async () => {
    await seed('late', '1');
    const { id } = await apply('late');
    const claimId = await seed('late', '2', [50]);
    let isFunded = false;
    world.engine.client.middlewareStack.add(
      (next) => async (args) => {
        const items = (args.input as { TransactItems?: { Put?: { Item?: { type?: unknown } } }[] }).TransactItems ?? [];
        if (!isFunded && JSON.stringify(items).includes('fund-application-row')) {
          isFunded = true;
          await transfer(id, 300);
        }
        return next(args);
      },
      { step: 'initialize', name: 'funded-meanwhile' },
    );
    await again('late', id);
    world.engine.client.middlewareStack.remove('funded-meanwhile');
    expect(isFunded).toBe(true);
    expect(await world.deps.applications.find(id)).toMatchObject({ st: 'funded', count: 1, totalFen: 300 });
    expect(await world.item({ pk: `CLAIM#${claimId}`, sk: 'META' })).not.toHaveProperty('applicationId');
  });

  /** Funds an application of three claims, with a crash at the n-th call of it; tells whether it came to that. */
  const fundThroughCrash = async (n: number, place: 'before' | 'after'): Promise<boolean> => {
    const name = `crash${place}${n}`;
    const claims = [await seed(name, '1'), await seed(name, '2'), await seed(name, '3')];
    const { id } = await apply(name);
    const crashed = await crashAtCall([world.engine.client], n, place, async () => transfer(id, 900));
    const { st } = (await world.deps.applications.find(id)) ?? {};
    // Finance sees `applied` and repeats it, or `funded` and does not.
    if (st === 'applied') expect((await transfer(id, 900)).status).toBe(200);
    for (const claimId of claims) expect(await advanced(claimId)).toHaveLength(1);
    expect(await world.deps.applications.find(id)).toMatchObject({ st: 'funded', totalFen: 900 });
    return crashed;
  };

  test.each(['before', 'after'] as const)('a crash %s any call of the transfer loses no entry', async (place) => {
    let crashes = 0;
    while (await fundThroughCrash(crashes + 1, place)) crashes += 1;
    expect(crashes).toBeGreaterThan(5);
  });

  test('rows of an application come by pages, and each once', async () => {
    const claims = await Promise.all(['1', '2', '3'].map(async (n) => seed('pages', n)));
    const { id } = await apply('pages');
    const { rows } = (
      await world.ask(finance, 'GET /fund-applications/{applicationId}', { path: { applicationId: id } })
    ).body;
    expect(rows.map(({ claimId }: { claimId: string }) => claimId).toSorted()).toEqual(claims.toSorted());
  });
});

import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHandler } from '../../functions/registry-api/handler.ts';
import { createAnnexTable } from '../../shared/aws/annex-table.ts';
import { createIdempotencyTable } from '../../shared/aws/idempotency-table.ts';
import { createPersonalData } from '../../shared/aws/keyed-personal-data.ts';
import { ephemeralKeyring } from '../../shared/aws/keyring.ts';
import { createOrganisationTable } from '../../shared/aws/organisation-table.ts';
import { createPersonTable, quotaKey } from '../../shared/aws/person-table.ts';
import { createShortageTable } from '../../shared/aws/shortage-table.ts';
import { shortageEntries } from '../../shared/catalogue/shortage-list.ts';
import { EDITIONS } from '../../shared/regulation/editions/registry.ts';
import { wenzhou202058 } from '../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import { systemActor } from '../../shared/supervision/audit-chain.ts';
import { call, recordedEdge, settableClock } from '../support/http.ts';
import { admin, enterprise, identityNumber, officerLin, officerOfOuhai, rivalEnterprise } from '../support/people.ts';
import { enterpriseFacts } from '../support/registered.ts';
import { openTestTable } from '../support/table.ts';

const person = identityNumber('19900101', 11);

describe('registry-api', () => {
  let engine: Awaited<ReturnType<typeof openTestTable>>;
  const clock = settableClock('2021-03-01T01:00:00Z');
  const personal = createPersonalData(ephemeralKeyring());
  let handler: ReturnType<typeof createHandler>;
  beforeAll(async () => {
    engine = await openTestTable();
    handler = createHandler(
      {
        organisations: createOrganisationTable(engine.table, personal),
        people: createPersonTable(engine.table, personal),
        shortage: createShortageTable(engine.table),
        annexes: createAnnexTable(engine.table),
        edition: wenzhou202058,
        editions: EDITIONS,
        clock,
      },
      recordedEdge(createIdempotencyTable(engine.table), clock),
    );
  });
  afterAll(async () => engine.stop());

  const register = async (body: object) =>
    call(handler, {
      route: 'PUT /organisations/{organisationId}',
      path: { organisationId: enterprise.tenant },
      body,
      as: officerLin,
    });
  const records = async (verifiedOn: string, status: object, idNumber = person) =>
    call(handler, {
      route: 'POST /shared-records',
      body: { source: '省社保', verifiedOn, records: [{ idNumber, status }] },
      as: officerLin,
    });

  test('an organisation is registered; the same facts again change nothing, other facts make a version', async () => {
    expect((await register(enterpriseFacts)).body.version).toBe(1);
    expect((await register(enterpriseFacts)).body.version).toBe(1);
    const other = { ...enterpriseFacts, traits: ['trade-friction'] };
    expect((await register({ ...other, version: 1 })).body.version).toBe(2);
    // Where no account is given the one that is known stays.
    const { bankAccount: _, ...without } = enterpriseFacts;
    const bare = await register({ ...without, version: 2 });
    expect([bare.body.version, bare.body.bankAccount.number]).toEqual([3, '**************2345']);
  });

  test.each([
    ['no version', undefined],
    ['the version before', 2],
    ['a version that is not there yet', 4],
  ])('a change that rests on %s is refused and changes nothing', async (_, version) => {
    const answer = await register({ ...enterpriseFacts, name: '温州奥科阀门股份有限公司', version });
    expect(answer.body).toMatchObject({ title: 'changed-meanwhile', problems: [{ path: 'body.version' }] });
    expect((await register(enterpriseFacts)).body).toMatchObject({ version: 3, name: enterpriseFacts.name });
  });

  const trail = async () =>
    (
      await engine.table.client.send(
        new QueryCommand({
          TableName: 'jipei',
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': `AUDIT#${enterprise.tenant}` },
        }),
      )
    ).Items ?? [];

  test('the record of a change names the facts that changed, and of an account no more than its end', async () => {
    const bankAccount = { holder: '温州奥科阀门有限公司', bank: '温州银行', number: '733000120190099999' };
    await register({ ...enterpriseFacts, bankAccount, version: 3 });
    await register({ ...enterpriseFacts, version: 4 });
    const written = await trail();
    expect(written.at(-2)).toMatchObject({
      action: 'organisation-registered',
      facts: { kind: 'enterprise', changed: ['bankAccount'], account: '**************9999' },
    });
    expect(written.map(({ facts }) => JSON.stringify(facts)).join()).not.toMatch(/\d{12}/);
  });

  test('the register does not touch a block; the authority that set it lifts it, with a reason', async () => {
    const organisations = createOrganisationTable(engine.table, personal);
    const block = { authority: officerLin.tenant, document: '温人社监〔2021〕3号' };
    const setBlock = async (until: string) =>
      organisations.block(enterprise.tenant, { ...block, until }, systemActor('test'), clock.now());
    await setBlock('2022-12-31');
    await setBlock('2022-06-30');
    const shown = (await register({ ...enterpriseFacts, traits: [], version: 6 })).body;
    expect(shown).toMatchObject({ version: 7, blockedUntil: '2022-12-31', blockedBy: officerLin.tenant });
    const refused = await register({ ...enterpriseFacts, blockedUntil: '2021-01-01', version: 7 });
    expect(refused.status).toBe(400);
    const lift = async (as: typeof officerLin, reason = '经复查，情况不属实') =>
      call(handler, {
        route: 'POST /organisations/{organisationId}/unblocking',
        path: { organisationId: enterprise.tenant },
        body: { reason },
        as,
      });
    expect([(await lift(officerOfOuhai)).status, (await lift(officerLin, ' ')).status]).toEqual([404, 400]);
    const lifted = await lift(officerLin);
    expect([lifted.status, lifted.body.blockedUntil]).toEqual([200, undefined]);
    expect((await lift(officerLin)).status).toBe(404);
    expect((await trail()).slice(-3)).toMatchObject([
      { action: 'organisation-blocked', facts: { until: '2022-12-31', document: block.document } },
      { action: 'organisation-registered', facts: { changed: ['traits'] } },
      { action: 'organisation-unblocked', reason: '经复查，情况不属实', facts: { until: '2022-12-31' } },
    ]);
  });

  test('the account number is sealed in the store and masked in every reply', async () => {
    const shown = await register({ ...enterpriseFacts, version: 8 });
    expect(shown.body.bankAccount.number).toBe('**************2345');
    const { Item } = await engine.table.client.send(
      new GetCommand({ TableName: 'jipei', Key: { pk: `ORGANISATION#${enterprise.tenant}`, sk: 'PROFILE' } }),
    );
    expect(JSON.stringify(Item)).not.toContain(enterpriseFacts.bankAccount?.number);
    expect((await createOrganisationTable(engine.table, personal).find(enterprise.tenant))?.bankAccount?.number).toBe(
      enterpriseFacts.bankAccount?.number,
    );
  });

  test('an applicant reads its own registration and no other', async () => {
    const read = async (as: typeof enterprise) =>
      (
        await call(handler, {
          route: 'GET /organisations/{organisationId}',
          path: { organisationId: enterprise.tenant },
          as,
        })
      ).status;
    expect([await read(enterprise), await read(rivalEnterprise)]).toEqual([200, 404]);
  });

  test.each([
    ['a wrong unified code', { ...enterpriseFacts, unifiedCode: '91330302MA2ABCDE12' }, 'body.unifiedCode'],
    ['a unit without one', { name: '甲', kind: 'college' }, 'body.unifiedCode'],
    ['a studio without its host', { ...enterpriseFacts, kind: 'master-studio' }, 'body.studio'],
    [
      'an account number of letters',
      { ...enterpriseFacts, bankAccount: { holder: '甲', bank: '乙', number: 'abc' } },
      'body.bankAccount.number',
    ],
  ])('%s is refused with its place', async (_, facts, path) => {
    const answer = await register(facts);
    expect(answer.status).toBe(400);
    expect(answer.body.problems.map((problem: { path: string }) => problem.path)).toEqual([path]);
  });

  test('shared records: the newer reading wins, whatever the order of import, and the facts are sealed', async () => {
    expect((await records('2021-02-02', { employerId: 'ent-aoke' })).body).toEqual({ saved: 1, older: 0 });
    expect((await records('2021-02-01', { employerId: 'ent-old' })).body).toEqual({ saved: 0, older: 1 });
    const hash = await personal.hash(person);
    const found = await createPersonTable(engine.table, personal).recordsOf([hash, hash, 'unknown']);
    expect([...found.values()]).toEqual([
      { status: { employerId: 'ent-aoke' }, verifiedOn: '2021-02-02', source: '省社保' },
    ]);
    const { Items } = await engine.table.client.send(
      new QueryCommand({
        TableName: 'jipei',
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': `PERSON#${hash}` },
      }),
    );
    expect(JSON.stringify(Items)).not.toMatch(/ent-aoke|330302/);
  });

  test('spellings of one number are one person; a wrong number refuses the whole import', async () => {
    const serials = Array.from({ length: 40 }, (_, index) => index + 1);
    const withX =
      serials.map((serial) => identityNumber('19880808', serial)).find((number) => number.endsWith('X')) ?? '';
    await records('2021-02-01', { workDistrict: 'ouhai' }, ` ${withX.slice(0, 17).replace(/3/g, '３')}x`);
    const found = await createPersonTable(engine.table, personal).recordsOf([await personal.hash(withX)]);
    expect(found.size).toBe(1);
    const wrong = await records('2021-02-03', {}, `${person.slice(0, 17)}${person.endsWith('1') ? '2' : '1'}`);
    expect([wrong.status, wrong.body.problems[0].path]).toEqual([400, 'body.records[0].idNumber']);
    expect(JSON.stringify(wrong.body)).not.toContain(person.slice(0, 17));
  });

  test('insurance subsidies count once per reference in the quota of the year', async () => {
    const give = async (reference: string) =>
      (
        await call(handler, {
          route: 'POST /insurance-subsidies',
          body: { subsidies: [{ idNumber: person, year: 2021, reference }] },
          as: officerLin,
        })
      ).body;
    expect([await give('SY-1'), await give('SY-1'), await give('SY-2')]).toEqual([
      { saved: 1, known: 0 },
      { saved: 0, known: 1 },
      { saved: 1, known: 0 },
    ]);
    const { Item } = await engine.table.client.send(
      new GetCommand({ TableName: 'jipei', Key: quotaKey(await personal.hash(person), 2021) }),
    );
    expect(Item?.['lines']).toEqual(new Set(['insurance#SY-1', 'insurance#SY-2']));
  });

  test('shortage lists are published once by document and end where the next begins', async () => {
    const publish = async (document: string, effectiveFrom: string, occupations: string[]) =>
      call(handler, {
        route: 'POST /catalogue/shortage-lists',
        body: { document, effectiveFrom, occupations },
        as: admin,
      });
    expect((await publish('温人社〔2020〕1号', '2020-05-01', ['车工', '焊工'])).body.published).toBe(true);
    expect((await publish('温人社〔2020〕1号', '2020-05-01', ['钳工'])).body.published).toBe(false);
    expect((await publish('温人社〔2021〕1号', '2021-01-01', ['焊工'])).body.published).toBe(true);
    const { body } = await call(handler, { route: 'GET /catalogue/shortage-lists', as: enterprise });
    expect(shortageEntries(body.lists)).toEqual([
      { occupation: '车工', from: '2020-05-01', to: '2020-12-31' },
      { occupation: '焊工', from: '2020-05-01', to: '2020-12-31' },
      { occupation: '焊工', from: '2021-01-01' },
    ]);
    expect((await call(handler, { route: 'POST /catalogue/shortage-lists', body: {}, as: officerLin })).status).toBe(
      403,
    );
  });
});

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
import { shortageLists } from '../../shared/catalogue/shortage-list.ts';
import { EDITIONS } from '../../shared/regulation/editions/registry.ts';
import { wenzhou202058 } from '../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import { call, recordedEdge, settableClock } from '../support/http.ts';
import { admin, enterprise, identityNumber, officerLin, rivalEnterprise } from '../support/people.ts';
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
    expect((await register({ ...enterpriseFacts, traits: ['trade-friction'] })).body.version).toBe(2);
    const { bankAccount: _, ...without } = enterpriseFacts;
    const bare = await register(without);
    expect([bare.body.version, bare.body.bankAccount]).toEqual([3, undefined]);
  });

  test('the account number is sealed in the store and masked in every reply', async () => {
    const shown = await register(enterpriseFacts);
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

  describe('shortage lists', () => {
    const publish = async (
      document: string,
      effectiveFrom: string,
      occupations: string[],
      more: Record<string, unknown> = {},
      as: Parameters<typeof call>[1]['as'] = admin,
    ) => {
      const body = { document, effectiveFrom, occupations, ...more };
      return call(handler, { route: 'POST /catalogue/shortage-lists', body, as });
    };
    const lists = async () =>
      (await call(handler, { route: 'GET /catalogue/shortage-lists', as: enterprise })).body.lists;
    const inForce = async () => shortageLists(await lists()).entries;

    test('are published once by document and end where the next begins', async () => {
      const first = ['温人社〔2020〕1号', '2020-05-01', ['车工', '焊工']] as const;
      expect((await publish(first[0], first[1], [...first[2]])).body).toMatchObject({ version: 1, published: true });
      expect((await publish(first[0], first[1], [...first[2]])).body).toMatchObject({ version: 1, published: false });
      for (const other of [
        await publish(first[0], first[1], ['钳工']),
        await publish(first[0], '2020-06-01', [...first[2]]),
        await publish(first[0], first[1], [...first[2]], { effectiveTo: '2020-12-31' }),
      ]) {
        expect([other.status, other.body.title]).toEqual([409, 'already-exists']);
      }
      expect((await publish('温人社〔2021〕1号', '2021-01-01', ['焊工'])).body).toMatchObject({ version: 2 });
      expect(await inForce()).toEqual([
        { occupation: '车工', from: '2020-05-01', to: '2020-12-31' },
        { occupation: '焊工', from: '2020-05-01', to: '2020-12-31' },
        { occupation: '焊工', from: '2021-01-01' },
      ]);
      expect((await publish('温人社〔2021〕1号', '2021-01-01', ['焊工'], {}, officerLin)).status).toBe(403);
      expect(await lists()).toMatchObject([{ version: 1, publishedBy: '叶管理' }, { version: 2 }]);
    });

    test('of two that begin on one day the later publication holds, whatever its document number', async () => {
      // By their text number 12 comes before number 5.
      expect((await publish('温人社〔2021〕5号', '2021-03-01', ['车工'])).status).toBe(200);
      expect((await publish('温人社〔2021〕12号', '2021-03-01', ['铣工'])).status).toBe(200);
      expect((await inForce()).filter(({ from }) => from === '2021-03-01')).toEqual([
        { occupation: '铣工', from: '2021-03-01' },
      ]);
    });

    test.each([
      ['2021-05-31', 400, ['body.effectiveTo']],
      ['2021-06-01', 200, []],
      ['2021-06-02', 200, []],
    ])('that begin on 1 June do not end on %s: %i', async (effectiveTo, status, paths) => {
      const answer = await publish(`温人社〔2021〕${effectiveTo}号`, '2021-06-01', ['钳工'], { effectiveTo });
      const problems: { path: string }[] = answer.body.problems ?? [];
      expect([answer.status, problems.map(({ path }) => path)]).toEqual([status, paths]);
    });

    test('two who publish at the same moment get a version each', async () => {
      const before = (await lists()).length;
      const answers = await Promise.all(
        [1, 2, 3].map(async (n) => publish(`同时〔2021〕${n}号`, '2021-09-01', ['电工'])),
      );
      const versions = answers.map(({ body }) => body.version).toSorted((a: number, b: number) => a - b);
      expect(versions).toEqual([before + 1, before + 2, before + 3]);
    });
  });
});

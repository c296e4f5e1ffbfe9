import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHandler } from '../../functions/registry-api/handler.ts';
import { systemActor } from '../../shared/access/actor.ts';
import { createAnnexTable } from '../../shared/aws/annex-table.ts';
import { createIdempotencyTable } from '../../shared/aws/idempotency-table.ts';
import { createPersonalData } from '../../shared/aws/keyed-personal-data.ts';
import { ephemeralKeyring } from '../../shared/aws/keyring.ts';
import { createOrganisationTable } from '../../shared/aws/organisation-table.ts';
import { createPersonTable, quotaKey } from '../../shared/aws/person-table.ts';
import { readPartition } from '../../shared/aws/read.ts';
import { createShortageTable } from '../../shared/aws/shortage-table.ts';
import { shortageLists } from '../../shared/catalogue/shortage-list.ts';
import { EDITIONS } from '../../shared/regulation/editions/registry.ts';
import { wenzhou202058 } from '../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
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

  const problemPaths = ({ body }: { body: { problems: { path: string }[] } }) => body.problems.map(({ path }) => path);
  const ask = async (route: string, body: object, path: Record<string, string> = {}, key?: string) =>
    call(handler, { route, path, body, as: officerLin, ...(key === undefined ? {} : { key }) });
  const subsidy = (idNumber: string, year: number, reference: string) => ({ idNumber, year, reference });
  const quotaOf = async (idNumber: string, year: number) => {
    const Key = quotaKey(await personal.hash(idNumber), year);
    const { Item } = await engine.table.client.send(new GetCommand({ TableName: 'jipei', Key }));
    return [...((Item?.['lines'] as Set<string> | undefined) ?? [])].toSorted();
  };
  const itemsOf = async (pk: string) => {
    const items = [];
    for await (const item of readPartition(engine.table, pk, '')) items.push(item);
    return items;
  };

  test('shared records of a day that has not come, or twice for one person, are refused whole', async () => {
    const other = identityNumber('19900101', 12);
    const status = { employerId: 'ent-x' };
    // The clock stands at 9 in the morning of 1 March in Shanghai.
    expect((await records('2021-03-01', status, other)).status).toBe(200);
    const early = await records('2021-03-02', { employerId: 'ent-y' }, other);
    expect([early.status, problemPaths(early)]).toEqual([400, ['body.verifiedOn']]);
    const twice = await ask('POST /shared-records', {
      source: '省社保',
      verifiedOn: '2021-03-01',
      records: [
        { idNumber: other, status },
        { idNumber: person, status },
        { idNumber: `'${other} `, status: { employerId: 'ent-z' } },
      ],
    });
    expect([twice.status, problemPaths(twice)]).toEqual([400, ['body.records[2].idNumber']]);
    const found = await createPersonTable(engine.table, personal).recordsOf([await personal.hash(other)]);
    expect([...found.values()].map((record) => record.status)).toEqual([status]);
  });

  test('every import leaves on record who made it, of what and with what outcome, once', async () => {
    const before = (await itemsOf('IMPORTS')).length;
    const rows = [identityNumber('19900101', 13), identityNumber('19900101', 14)];
    const body = {
      source: '省社保',
      verifiedOn: '2021-02-20',
      records: rows.map((idNumber) => ({ idNumber, status: { hukouDistrict: 'ouhai' } })),
    };
    await ask('POST /shared-records', body, {}, 'import-key-1');
    await ask('POST /shared-records', body, {}, 'import-key-1');
    await ask('POST /insurance-subsidies', { subsidies: [subsidy(rows[0] ?? '', 2021, 'SY-31')] });
    const found = (await itemsOf('IMPORTS')).slice(-20);
    expect(found.length - before).toBe(2);
    const ofRecords = found.find((item) => item['verifiedOn'] === '2021-02-20');
    expect(ofRecords).toMatchObject({
      st: 'done',
      kind: 'shared-records',
      source: '省社保',
      rows: 2,
      saved: 2,
      older: 0,
      by: { subject: officerLin.subject, name: officerLin.name },
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const record = (await itemsOf(`PERSON#${await personal.hash(rows[0] ?? '')}`)).find(({ sk }) => sk === 'STATUS');
    expect(String(ofRecords?.['sk'])).toBe(`IMPORT#${String(record?.['importId'])}`);
    const chained = (await itemsOf('AUDIT#IMPORTS')).filter(({ entity }) => entity === ofRecords?.['sk']);
    expect(chained.map(({ action, by }) => [action, (by as { name: string }).name])).toEqual([
      ['import-begun', officerLin.name],
      ['import-done', officerLin.name],
    ]);
    expect(JSON.stringify([found, trail])).not.toMatch(/330302|ouhai/);
  });

  test('a reference of the insurance counts for one person and one year, whatever list names it again', async () => {
    const [a, b] = [identityNumber('19900101', 15), identityNumber('19900101', 16)];
    const give = async (...subsidies: object[]) => ask('POST /insurance-subsidies', { subsidies });
    await give(subsidy(a, 2020, 'SY-41'));
    for (const again of [subsidy(a, 2021, 'SY-41'), subsidy(b, 2020, 'SY-41')]) {
      const refused = await give(subsidy(b, 2021, 'SY-42'), again);
      expect([refused.status, refused.body.title]).toEqual([409, 'already-exists']);
      expect(problemPaths(refused)).toEqual(['body.subsidies[1].reference']);
    }
    const doubled = await give(subsidy(b, 2021, 'SY-43'), subsidy(a, 2021, 'SY-43'));
    expect([doubled.status, problemPaths(doubled)]).toEqual([400, ['body.subsidies[1].reference']]);
    expect([await quotaOf(a, 2020), await quotaOf(a, 2021), await quotaOf(b, 2021)]).toEqual([
      ['insurance#SY-41'],
      [],
      [],
    ]);
  });

  test('a mistaken subsidy is taken back with a reason, once, and never counts again', async () => {
    const a = identityNumber('19900101', 17);
    const reverse = async (reference: string, body: object = { reason: '凭证号录错' }) =>
      ask('POST /insurance-subsidies/{reference}/reversal', body, { reference });
    await ask('POST /insurance-subsidies', { subsidies: [subsidy(a, 2021, 'SY-51'), subsidy(a, 2021, 'SY-52')] });
    expect((await reverse('SY-51', { reason: '' })).status).toBe(400);
    expect((await reverse('SY-5')).status).toBe(404);
    expect((await reverse('SY-51')).body).toEqual({ reference: 'SY-51', state: 'reversed' });
    expect(await quotaOf(a, 2021)).toEqual(['insurance#SY-52']);
    expect((await reverse('SY-51')).body.title).toBe('state-not-permitted');
    const again = await ask('POST /insurance-subsidies', { subsidies: [subsidy(a, 2021, 'SY-51')] });
    expect([again.body, await quotaOf(a, 2021)]).toEqual([{ saved: 0, known: 1 }, ['insurance#SY-52']]);
    const kept = await itemsOf('AUDIT#INSURANCE#SY-51');
    expect(kept.map(({ action, reason }) => [action, reason])).toEqual([
      ['insurance-subsidy-counted', undefined],
      ['insurance-subsidy-reversed', '凭证号录错'],
    ]);
  });

  describe('a file of subsidies', () => {
    const send = async (bytes: Buffer | string) =>
      ask('POST /insurance-subsidies/file', { file: Buffer.from(bytes).toString('base64') });
    // 身份证号,年度,凭证号 as GB 18030 writes them.
    const gbHeader = Buffer.from('C9EDB7DDD6A4BAC52CC4EAB6C82CC6BED6A4BAC5', 'hex');

    test.each([
      ['UTF-8 with its mark', 18, (rows: string) => `\uFEFF身份证号,年度,凭证号\r\n${rows}`],
      [
        'UTF-8, other columns and another order',
        19,
        (rows: string) => {
          const [idNumber, year, reference] = rows.trim().split(',');
          return `姓名,凭证号,年度,身份证号\n张三,${reference},${year}年,"'${idNumber}"\n\n`;
        },
      ],
      ['GB 18030', 20, (rows: string) => Buffer.concat([gbHeader, Buffer.from(`\r\n${rows}`)])],
    ] as [string, number, (rows: string) => Buffer | string][])('is read: %s', async (_, serial, file) => {
      const idNumber = identityNumber('19900101', serial);
      const answer = await send(file(`${idNumber},2021,SY-6${serial}\r\n`));
      expect(answer.body).toEqual({ saved: 1, known: 0 });
      expect(await quotaOf(idNumber, 2021)).toEqual([`insurance#SY-6${serial}`]);
    });

    test.each([
      ['without a column', '身份证号,年度\n1,2021\n', 'body.file'],
      ['without rows', '身份证号,年度,凭证号\n', 'body.file'],
      ['that is none', '"身份证号', 'body.file'],
      ['with a wrong year', `身份证号,年度,凭证号\n${person},21,SY-7\n`, 'body.file.row[1].年度'],
      ['with a wrong reference', `身份证号,年度,凭证号\n${person},2021,凭证\n`, 'body.file.row[1].凭证号'],
      ['with a wrong number', '身份证号,年度,凭证号\n33030219900101,2021,SY-7\n', 'body.subsidies[0].idNumber'],
    ])('%s is refused with its place', async (_, file, path) => {
      const answer = await send(file);
      expect([answer.status, problemPaths(answer)]).toEqual([400, [path]]);
      expect(JSON.stringify(answer.body)).not.toContain('33030219900101');
    });

    test('has a thousand rows at most', async () => {
      const rows = Array.from({ length: 1001 }, (__, at) => `${person},2021,SY-8-${at}`);
      const answer = await send(['身份证号,年度,凭证号', ...rows].join('\n'));
      expect([answer.status, problemPaths(answer)]).toEqual([400, ['body.file']]);
    });
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

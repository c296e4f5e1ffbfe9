import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHandler } from '../../functions/registry-api/handler.ts';
import { systemActor } from '../../shared/access/actor.ts';
import type { Principal } from '../../shared/access/principal.ts';
import { createAnnexTable } from '../../shared/aws/annex-table.ts';
import { createIdempotencyTable } from '../../shared/aws/idempotency-table.ts';
import { createPersonTable } from '../../shared/aws/person-table.ts';
import { createShortageTable } from '../../shared/aws/shortage-table.ts';
import { highestAmount } from '../../shared/claims/highest-amount.ts';
import { withAnnexPublications } from '../../shared/regulation/annex-changes.ts';
import { editionRegistry } from '../../shared/regulation/editions/registry.ts';
import { wenzhou202058 } from '../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import { yuan } from '../../shared/regulation/money.ts';
import { type AuditRecord, verifyChain } from '../../shared/supervision/audit-chain.ts';
import { nextEdition } from '../regulation/editions/next-edition.ts';
import { type ClaimWorld, certifiedLine, openClaimWorld } from '../support/claim-world.ts';
import { call, recordedEdge } from '../support/http.ts';
import { admin, auditor, enterprise, finance, officerLin } from '../support/people.ts';

const ninth = {
  document: '温人社发〔2021〕9号',
  title: '关于调整补贴标准目录的通知',
  effectiveFrom: '2021-03-02',
  changes: [
    { annex: 1, change: 'reclassify', occupation: '茶艺师', class: 'B' },
    { annex: 1, change: 'remove', occupation: '铣工' },
    { annex: 2, change: 'add', occupation: '直播带货', level: 'junior', standard: yuan(700) },
    { annex: 2, change: 'remove', occupation: '艾灸理疗', level: 'junior' },
  ],
};

describe('changes of annexes 1 and 2 by publication', { timeout: 30_000 }, () => {
  let world: ClaimWorld;
  let registry: ReturnType<typeof createHandler>;
  beforeAll(async () => {
    world = await openClaimWorld();
    const { clock, organisations, personal, table } = world;
    registry = createHandler(
      {
        organisations,
        people: createPersonTable(table, personal),
        shortage: createShortageTable(table),
        annexes: createAnnexTable(table),
        edition: wenzhou202058,
        editions: editionRegistry([wenzhou202058, nextEdition]),
        clock,
      },
      recordedEdge(createIdempotencyTable(table), clock),
    );
  });
  afterAll(async () => world.stop());

  const publish = async (body: unknown = ninth, as: Principal = admin) =>
    call(registry, { route: 'POST /catalogue/annex-changes', body, as });
  const list = async (query: Record<string, string> = {}, as: Principal = enterprise) =>
    call(registry, { route: 'GET /catalogue/annex-changes', query, as });
  const publications = async (as: Principal = enterprise) => (await list({}, as)).body.publications;
  const at = async (on?: string, as: Principal = enterprise) =>
    call(registry, { route: 'GET /catalogue/annexes', query: on === undefined ? {} : { on }, as });
  const classAt = async (on: string, occupation: string): Promise<string | undefined> => {
    const { annex1, withdrawn } = (await at(on)).body;
    if (withdrawn.includes(occupation)) return '已取消';
    return annex1.find(({ occupations }: { occupations: string[] }) => occupations.includes(occupation))?.class;
  };

  let people = 0;
  const line = (occupation: string, issuedOn: string, certificate: object = {}) => {
    people += 1;
    return certifiedLine(people, { occupation, issuedOn, ...certificate });
  };
  const amounts = async (claimId: string) =>
    (await world.lines(claimId)).map(({ st, assessed }) => (st === 'refused' ? st : assessed?.fen));
  const versionOf = async (claimId: string) =>
    (await world.asApplicant(enterprise, 'GET /claims/{claimId}', { path: { claimId } })).body.assessment
      .catalogueVersion;

  // In order: what is published stays published.
  test('a claim decided before keeps what it was decided by; one after is decided by the day of each certificate', async () => {
    const days = ['2021-03-01', '2021-03-02', '2021-03-03'];
    const before = await world.assessed(days.map((day) => line('茶艺师', day)));
    expect([await amounts(before), await versionOf(before)]).toEqual([[yuan(1500), yuan(1500), yuan(1500)], 0]);
    const draft = await world.draft([
      ...days.map((day) => line('茶艺师', day)),
      ...days.map((day) => line('铣工', day)),
      ...days.map((day) => line('直播带货', day, { kind: 'special-ability', issuer: 'city-hr', level: 'junior' })),
    ]);
    const preCheck = async () =>
      (
        await world.asApplicant(enterprise, 'POST /claims/{claimId}/pre-check', { path: { claimId: draft } })
      ).body.lines.map(({ outcome, amountFen }: { outcome: string; amountFen: number }) =>
        outcome === 'ineligible' ? 'refused' : amountFen,
      );
    expect((await preCheck()).slice(0, 3)).toEqual([yuan(1500), yuan(1500), yuan(1500)]);

    // The same worker and the same API go on: nothing that they knew before is decided by.
    expect((await publish()).body).toEqual({
      document: ninth.document,
      edition: 'wenzhou-2020-58',
      version: 1,
      published: true,
    });
    const expected = [
      [yuan(1500), yuan(1800), yuan(1800)],
      [yuan(2400), 'refused', 'refused'],
      ['refused', yuan(700), yuan(700)],
    ].flat();
    expect(await preCheck()).toEqual(expected);
    await world.submit(draft);
    await world.assess(draft);
    expect([await amounts(draft), await versionOf(draft)]).toEqual([expected, 1]);
    expect((await world.lines(draft))[1]?.basis).toContain('按温人社发〔2021〕9号调整');
    const records = await world.items(`AUDIT#${draft}`, 'META#');
    expect(records.find(({ action }) => action === 'claim-assessed')).toMatchObject({ facts: { catalogueVersion: 1 } });
    expect([await amounts(before), await versionOf(before)]).toEqual([[yuan(1500), yuan(1500), yuan(1500)], 0]);
    await world.demandSound(before, draft);
  });

  test.each([
    ['2021-03-01', 'C', 'A', []],
    ['2021-03-02', 'B', '已取消', [ninth.document]],
    ['2021-03-03', 'B', '已取消', [ninth.document]],
  ] as const)('the catalogue as at %s', async (on, tea, mill, documents) => {
    const { body } = await at(on);
    expect(body).toMatchObject({ edition: 'wenzhou-2020-58', on, version: 1, documents });
    expect([await classAt(on, '茶艺师'), await classAt(on, '铣工')]).toEqual([tea, mill]);
    const junior = body.annex2.filter(({ level }: { level: string }) => level === 'junior');
    expect(junior.map(({ standard }: { standard: number }) => standard)).toEqual(
      documents.length === 0 ? [yuan(600)] : [yuan(600), yuan(700)],
    );
    expect(junior[0].occupations.includes('艾灸理疗')).toBe(documents.length === 0);
    expect(body.annex1[0].standards).toMatchObject({ senior: yuan(2400) });
  });

  test.each([
    ['2020-12-31', ['车工']],
    ['2021-01-01', ['焊工', '电工']],
    ['2021-06-30', ['焊工', '电工']],
    ['2021-07-01', []],
  ])('the shortage list as at %s', async (on, expected) => {
    const lists = [
      { document: '温人社〔2020〕1号', effectiveFrom: '2020-05-01', occupations: ['车工'] },
      {
        document: '温人社〔2021〕1号',
        effectiveFrom: '2021-01-01',
        effectiveTo: '2021-06-30',
        occupations: ['焊工', '电工'],
      },
    ];
    for (const body of lists) await call(registry, { route: 'POST /catalogue/shortage-lists', body, as: admin });
    expect((await at(on)).body.shortage).toEqual(expected);
  });

  test('without a date it is of today; a day without an edition is told', async () => {
    expect((await at()).body).toMatchObject({ on: '2021-05-10', documents: [ninth.document] });
    const answer = await at('2020-04-30');
    expect([answer.status, answer.body.title]).toEqual([422, 'not-eligible']);
    expect((await at('2020-05-01')).status).toBe(200);
    expect((await at('2021-02-29')).status).toBe(400);
  });

  test('the same paper again changes nothing; another text under its number is refused', async () => {
    expect((await publish()).body).toMatchObject({ version: 1, published: false });
    const other = await publish({ ...ninth, effectiveFrom: '2021-03-05' });
    expect([other.status, other.body.title]).toEqual([409, 'already-exists']);
    expect(await publications()).toEqual([
      {
        ...ninth,
        edition: 'wenzhou-2020-58',
        version: 1,
        publishedBy: '叶管理',
        publishedAt: '2021-05-10T01:00:00.000Z',
      },
    ]);
  });

  test('a change that overlaps a published one is refused, with the change and the paper', async () => {
    const again = (effectiveFrom: string) => ({
      ...ninth,
      document: '温人社发〔2021〕10号',
      effectiveFrom,
      changes: [
        { annex: 1, change: 'remove', occupation: '刨 工' },
        { annex: 1, change: 'reclassify', occupation: '茶 艺师', class: 'A' },
      ],
    });
    for (const day of ['2021-03-01', '2021-03-02']) {
      const answer = await publish(again(day));
      expect([answer.status, answer.body.title]).toEqual([400, 'validation-failed']);
      expect(answer.body.problems).toEqual([
        { path: 'body.changes[1]', message: expect.stringContaining(ninth.document) },
      ]);
    }
    expect(await publications()).toHaveLength(1);
    expect((await publish(again('2021-03-03'))).body).toMatchObject({ version: 2, published: true });
    expect([await classAt('2021-03-02', '茶艺师'), await classAt('2021-03-03', '茶艺师')]).toEqual(['B', 'A']);
  });

  test.each([
    ['nothing in it', { ...ninth, document: 'x1', changes: [] }, 400],
    [
      'an unknown change',
      { ...ninth, document: 'x2', changes: [{ annex: 1, change: 'rename', occupation: 'x' }] },
      400,
    ],
    [
      'an ability without its standard',
      { ...ninth, document: 'x3', changes: [{ annex: 2, change: 'add', occupation: 'x', level: 'junior' }] },
      400,
    ],
    ['no number', { ...ninth, document: ' ' }, 400],
    ['a day before the edition', { ...ninth, document: 'x4', effectiveFrom: '2020-04-30' }, 422],
    ['a day after the edition', { ...ninth, document: 'x5', effectiveFrom: '2022-01-01' }, 422],
  ])('a paper with %s is refused', async (_, body, status) => {
    expect((await publish(body)).status).toBe(status);
    expect(await publications()).toHaveLength(2);
  });

  test('only administrators publish; everybody who works with claims reads', async () => {
    for (const as of [enterprise, officerLin, finance, auditor]) {
      expect((await publish({ ...ninth, document: 'y' }, as)).status).toBe(403);
      expect((await at('2021-03-02', as)).status).toBe(200);
      expect(await publications(as)).toHaveLength(2);
    }
  });

  test('many at once get numbers of their own, and of those that overlap one is taken', async () => {
    const rival = (n: number) => ({
      ...ninth,
      document: `温人社发〔2021〕${30 + n}号`,
      effectiveFrom: '2021-04-01',
      changes: [{ annex: 1, change: 'remove', occupation: n < 2 ? '木工' : '架子工' }],
    });
    const answers = await Promise.all([0, 1, 2].map(async (n) => publish(rival(n))));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 200, 400]);
    expect((await publications()).map(({ version }: { version: number }) => version)).toEqual([1, 2, 3, 4]);
  });

  test('each left its record', async () => {
    const items = await world.items('CATALOGUE#annexes', 'PUBLICATION#wenzhou-2020-58#');
    expect(items).toHaveLength(4);
    for (const item of items) {
      const entity = String(item['sk']);
      const records = (await world.items('AUDIT#CATALOGUE', `${entity}#`)).map(
        ({ pk: _pk, sk: _sk, type: _type, ...record }) => record as unknown as AuditRecord,
      );
      expect(records).toMatchObject([{ action: 'annex-changes-published', by: { name: '叶管理' } }]);
      const { version, auditHead } = item as { version: number; auditHead: string };
      expect(verifyChain(entity, records, { version, auditHead })).toEqual([]);
    }
  });

  test('a version is written once, whoever comes', async () => {
    const store = createAnnexTable(world.table);
    const by = systemActor('test');
    const kept = { ...ninth, changes: [], version: 1, publishedBy: by, publishedAt: '2021-05-10T01:00:00.000Z' };
    expect(await store.add('wenzhou-2020-58', kept)).toBe(false);
    expect((await publications())[0].changes).toHaveLength(4);
  });

  test('all editions are listed, each change with its own, or the one that is named', async () => {
    const later = {
      document: '海人社发〔2023〕9号',
      title: '关于调整目录的通知',
      effectiveFrom: nextEdition.appliesFrom,
      changes: [{ annex: 2, change: 'add', occupation: '直播带货', level: 'junior', standard: yuan(300) }],
    };
    expect((await publish(later)).body).toMatchObject({ edition: nextEdition.id, version: 1, published: true });
    const named = async (edition: string) => (await list({ edition })).body.publications;
    const places = (found: { edition: string; version: number }[]) => found.map((each) => [each.edition, each.version]);
    const first = [1, 2, 3, 4].map((version) => ['wenzhou-2020-58', version]);
    expect(places(await publications())).toEqual([...first, [nextEdition.id, 1]]);
    expect(places(await named('wenzhou-2020-58'))).toEqual(first);
    expect(await named(nextEdition.id)).toEqual([
      { ...later, edition: nextEdition.id, version: 1, publishedBy: '叶管理', publishedAt: expect.any(String) },
    ]);
  });

  test('an edition that is not known is told, with those that are', async () => {
    const { status, body } = await list({ edition: 'wenzhou-2019-1' });
    expect([status, body.title]).toEqual([400, 'validation-failed']);
    expect(body.problems).toEqual([
      {
        path: 'query.edition',
        message: `没有编号为wenzhou-2019-1的补贴办法；现有：wenzhou-2020-58（${wenzhou202058.document}）、${nextEdition.id}（${nextEdition.document}）`,
      },
    ]);
    expect((await list({ edition: '' })).status).toBe(400);
    expect((await list({ editions: 'wenzhou-2020-58' })).status).toBe(400);
  });

  test('nobody is granted more than the dearest entry, of whatever day', () => {
    const changes = [{ annex: 2, change: 'add', occupation: '新', level: 'junior', standard: yuan(9000) }] as const;
    const dear = withAnnexPublications(wenzhou202058, [{ ...ninth, changes }]);
    expect(highestAmount(wenzhou202058, 'qualification')).toBe(yuan(6750));
    expect(highestAmount(dear, 'qualification')).toBe(yuan(9000));
  });
});

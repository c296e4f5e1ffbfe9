import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHandler } from '../../functions/classes-api/handler.ts';
import { systemActor } from '../../shared/access/actor.ts';
import type { Principal } from '../../shared/access/principal.ts';
import { createClassTable } from '../../shared/aws/class-table.ts';
import { createIdempotencyTable } from '../../shared/aws/idempotency-table.ts';
import { createPersonalData } from '../../shared/aws/keyed-personal-data.ts';
import { ephemeralKeyring } from '../../shared/aws/keyring.ts';
import { createOrganisationTable } from '../../shared/aws/organisation-table.ts';
import { editionInForce } from '../../shared/regulation/editions/registry.ts';
import { type AuditRecord, verifyChain } from '../../shared/supervision/audit-chain.ts';
import { call, type RecordedEdge, recordedEdge, settableClock } from '../support/http.ts';
import { auditor, enterprise, identityNumber, officerLin, officerOfOuhai, rivalEnterprise } from '../support/people.ts';
import { enterpriseFacts } from '../support/registered.ts';
import { openTestTable } from '../support/table.ts';

const studio: Principal = { subject: 'u-studio', tenant: 'studio-1', role: 'applicant', duties: [], name: '郑大师' };
/** A training institution that 瓯海 approved. */
const school: Principal = {
  subject: 'u-school',
  tenant: 'school-ouhai',
  role: 'applicant',
  duties: [],
  name: '何老师',
};

const trainee = identityNumber('19900101', 1);
const filing = {
  programme: 'project',
  route: 'enterprise',
  district: 'lucheng',
  startsOn: '2021-03-15',
  endsOn: '2021-03-16',
  hours: 8,
  subject: '阀门装配',
  place: '鹿城区工业园3号楼',
  contact: '陈经办 0577-88001234',
  sessions: [
    { date: '2021-03-15', startsAt: '08:30', endsAt: '11:30', hours: 4, content: '安全', teacher: '李工' },
    { date: '2021-03-16', startsAt: '08:30', endsAt: '11:30', hours: 4, content: '装配', teacher: '李工' },
  ],
  trainees: [{ name: '张三', idNumber: trainee }],
};

describe('classes-api', () => {
  let engine: Awaited<ReturnType<typeof openTestTable>>;
  const clock = settableClock('2021-03-09T01:00:00Z');
  let handler: ReturnType<typeof createHandler>;
  let edge: RecordedEdge;

  beforeAll(async () => {
    engine = await openTestTable();
    const personal = createPersonalData(ephemeralKeyring());
    const organisations = createOrganisationTable(engine.table, personal);
    await organisations.save(enterprise.tenant, enterpriseFacts, systemActor('test'), clock.now());
    await organisations.save(rivalEnterprise.tenant, enterpriseFacts, systemActor('test'), clock.now());
    const block = { until: '2021-03-09', authority: 'hr-bureau/lucheng', document: '温人社监1号' };
    await organisations.block(rivalEnterprise.tenant, block, systemActor('test'), clock.now());
    await organisations.save(
      studio.tenant,
      { ...enterpriseFacts, kind: 'master-studio', studio: { level: 'city', hostKind: 'enterprise' } },
      systemActor('test'),
      clock.now(),
    );
    await organisations.save(
      school.tenant,
      { ...enterpriseFacts, kind: 'training-institution', approval: { level: 'district', district: 'ouhai' } },
      systemActor('test'),
      clock.now(),
    );
    const deps = { classes: createClassTable(engine.table, personal), organisations, editionInForce, clock };
    edge = recordedEdge(createIdempotencyTable(engine.table), clock);
    handler = createHandler(deps, edge);
  });
  afterAll(async () => engine.stop());

  const draft = async (change: object = {}, as: Principal = enterprise) =>
    call(handler, { route: 'POST /classes', body: { ...filing, ...change }, as });
  const file = async (classId: string, as: Principal = enterprise) =>
    call(handler, { route: 'POST /classes/{classId}/filing', path: { classId }, as });
  const read = async (classId: string, as: Principal = enterprise, query: Record<string, string> = {}) =>
    call(handler, { route: 'GET /classes/{classId}', path: { classId }, query, as });
  const say = async (step: 'acceptance' | 'refusal', classId: string, as: Principal, word: object) => {
    const { version } = (await read(classId, auditor)).body;
    const body = { version: version ?? 1, reason: '材料齐全', ...word };
    return call(handler, { route: `POST /classes/{classId}/${step}`, path: { classId }, body, as });
  };
  const accept = async (classId: string, as: Principal = officerLin, word: object = {}) =>
    say('acceptance', classId, as, word);
  const refuse = async (classId: string, word: object = {}) => say('refusal', classId, officerLin, word);
  const change = async (classId: string, what: object, as: Principal = enterprise) =>
    call(handler, { route: 'PUT /classes/{classId}', path: { classId }, body: { ...filing, ...what }, as });
  const filed = async (what: object = {}): Promise<string> => {
    const { body } = await draft(what);
    expect((await file(body.id)).status).toBe(200);
    return body.id;
  };

  test('draft, file six days ahead, accept; the roster is shown masked and stored sealed', async () => {
    const created = await draft();
    expect([created.status, created.body.state, created.body.authority]).toEqual([201, 'draft', 'hr-bureau/lucheng']);
    const sent = await file(created.body.id);
    expect(sent.body).toMatchObject({ state: 'filed', filedOn: '2021-03-09', lead: { days: 6 } });
    expect((await accept(created.body.id)).body).toMatchObject({
      state: 'accepted',
      accepted: { filedOn: '2021-03-09', contentVersion: 1 },
    });
    expect((await read(created.body.id)).body.trainees).toEqual([
      { name: '张三', idNumber: `${trainee.slice(0, 3)}*************${trainee.slice(16)}` },
    ]);
    const stored = await engine.table.client.send(
      new QueryCommand({
        TableName: 'jipei',
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': `CLASS#${created.body.id}` },
      }),
    );
    expect(stored.Items?.length).toBe(3);
    expect(JSON.stringify(stored.Items)).not.toContain(trainee);
  });

  test.each([
    ['2021-03-14', 5, '符合'],
    ['2021-03-13', 4, '不足5日'],
    ['2021-03-10', 1, '不足5日'],
    ['2021-03-09', 0, '先备案、后开班'],
  ])('a class that starts on %s is filed %i days ahead', async (startsOn, days, words) => {
    const sessions = [{ ...filing.sessions[0], date: startsOn, hours: 8 }];
    const { body } = await draft({ startsOn, endsOn: startsOn, sessions });
    const sent = await file(body.id);
    expect(sent.body.lead.days).toBe(days);
    expect(sent.body.lead.message).toContain(words);
  });

  test('a filing counts once: not its draft, not a double click, not a second try, not a later change', async () => {
    const filings = () => edge.counted.filter(({ name }) => name === 'ClassesFiled').length;
    const before = filings();
    const { body } = await draft();
    expect(filings()).toBe(before);
    const click = { route: 'POST /classes/{classId}/filing', path: { classId: body.id }, as: enterprise };
    for (let clicks = 0; clicks < 2; clicks += 1) await call(handler, { ...click, key: 'file-double-click' });
    expect((await file(body.id)).status).toBe(409);
    await change(body.id, { place: '鹿城区工业园5号楼' });
    expect(filings()).toBe(before + 1);
  });

  test('an incomplete filing is refused with everything that is missing, and the draft stays', async () => {
    const sessions = [{ ...filing.sessions[0], date: '2021-03-14', endsAt: '08:30' }];
    const { body } = await draft({ trainees: [], sessions, subject: '', endsOn: '2021-03-14' });
    const sent = await file(body.id);
    expect(sent.status).toBe(400);
    expect(sent.body.problems.map(({ path }: { path: string }) => path)).toEqual([
      'body.endsOn',
      'body.trainees',
      'body.sessions[0].date',
      'body.sessions[0].endsAt',
      'body.hours',
      'body.subject',
    ]);
    expect((await read(body.id)).body.state).toBe('draft');
  });

  test('a double click drafts one class and files it once', async () => {
    const twice = { route: 'POST /classes', body: filing, as: enterprise, key: 'class-double-click' };
    const [one, two] = [await call(handler, twice), await call(handler, twice)];
    expect(two.body).toEqual(one.body);
    expect((await file(one.body.id)).status).toBe(200);
    expect((await file(one.body.id)).body.title).toBe('state-not-permitted');
  });

  test('two officers at once: one accepts, the other is told', async () => {
    const id = await filed();
    const answers = await Promise.all([accept(id), accept(id, { ...officerLin, subject: 'o-zhou' })]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
  });

  test('foreign and absent classes look the same', async () => {
    const id = await filed();
    const absent = '0'.repeat(26);
    for (const as of [rivalEnterprise, officerOfOuhai]) {
      const answers = await Promise.all(
        [id, absent].map(async (classId) => call(handler, { route: 'GET /classes/{classId}', path: { classId }, as })),
      );
      expect(answers.map(({ status }) => status)).toEqual([404, 404]);
      expect(answers[0]?.body).toEqual(answers[1]?.body);
    }
    expect((await accept(id, officerOfOuhai)).status).toBe(404);
    expect((await accept(id, auditor)).status).toBe(403);
    expect((await accept(id, enterprise)).status).toBe(403);
  });

  test('a change of the date files anew, a change of the roster does not; earlier versions are kept', async () => {
    const id = await filed();
    await accept(id);
    clock.set('2021-03-11T01:00:00Z');
    const moreTrainees = [...filing.trainees, { name: '李四', idNumber: identityNumber('19910101', 2) }];
    expect((await change(id, { trainees: moreTrainees })).body.lead.days).toBe(6);
    const again = await accept(id);
    expect(again.body.accepted).toMatchObject({ filedOn: '2021-03-09', contentVersion: 2 });
    expect(again.body.enrolled).toBe(2);
    const moved = await change(id, { trainees: moreTrainees, startsOn: '2021-03-14', sessions: filing.sessions });
    expect(moved.body.lead.days).toBe(3);
    const refused = await refuse(id, { reason: '场地冲突' });
    expect(refused.body).toMatchObject({
      state: 'accepted',
      accepted: { contentVersion: 2 },
      decision: { reason: '场地冲突' },
    });
    expect((await read(id)).body.versions).toHaveLength(3);
    clock.set('2021-03-09T01:00:00Z');
  });

  test('who accepts or refuses names the version that he read; another one has come since: nothing changes', async () => {
    const id = await filed();
    const { version } = (await read(id, officerLin)).body;
    await change(id, { trainees: [{ name: '赵六', idNumber: identityNumber('19910101', 4) }] });
    for (const step of ['acceptance', 'refusal'] as const) {
      const blind = await say(step, id, officerLin, { version });
      expect([blind.status, blind.body.title]).toEqual([409, 'changed-meanwhile']);
      const body = { reason: '材料齐全' };
      const none = await call(handler, {
        route: `POST /classes/{classId}/${step}`,
        path: { classId: id },
        body,
        as: officerLin,
      });
      expect(none.body.problems[0].path).toBe('body.version');
    }
    expect((await read(id)).body.state).toBe('filed');
    expect((await accept(id, officerLin, { version: version + 1 })).body.state).toBe('accepted');
  });

  test.each([
    ['a district that does not exist', { district: '鹿城区' }, 'body.district'],
    [
      'a department where the route has none',
      { entrustedBy: { department: '市应急管理局', level: 'city', district: 'city' } },
      'body.entrustedBy',
    ],
    [
      'a city department of a district',
      { route: 'contractor', entrustedBy: { department: '应急管理局', level: 'city', district: 'lucheng' } },
      'body.entrustedBy.district',
    ],
    [
      'a district department of the city',
      { route: 'contractor', entrustedBy: { department: '应急管理局', level: 'district', district: 'city' } },
      'body.entrustedBy.district',
    ],
  ])('what no claim could ever use is not filed: %s', async (_, what, path) => {
    const { body } = await draft(what);
    const sent = await file(body.id);
    expect([sent.status, sent.body.problems?.map((problem: { path: string }) => problem.path)]).toEqual([400, [path]]);
    const id = await filed();
    expect([400, 409]).toContain((await change(id, what)).status);
  });

  describe('an institution of another district (跨区域, 三(二))', () => {
    const course = { programme: 'qualification', route: 'agency' };
    const filedBySchool = async (what: object = {}) => {
      const { body } = await draft({ ...course, ...what }, school);
      expect((await file(body.id, school)).status).toBe(200);
      return body.id;
    };

    test('is accepted only with a yes or a no of the place', async () => {
      const id = await filedBySchool();
      const silent = await accept(id);
      expect([silent.status, silent.body.problems?.[0].path]).toEqual([400, 'body.crossDistrictConsent']);
      expect(silent.body.problems[0].message).toContain('瓯海区');
      expect((await accept(id, officerLin, { crossDistrictConsent: true })).body.accepted.crossDistrictConsent).toBe(
        true,
      );
      const other = await filedBySchool();
      const no = await accept(other, officerLin, { crossDistrictConsent: false });
      expect(no.body.accepted.crossDistrictConsent).toBe(false);
    });

    test('in its own district it needs no word', async () => {
      const id = await filedBySchool({ district: 'ouhai' });
      expect((await accept(id, officerOfOuhai)).body.accepted).not.toHaveProperty('crossDistrictConsent');
    });

    test('the consent stays with a later version that does not repeat it, until another one is said', async () => {
      const id = await filedBySchool();
      await accept(id, officerLin, { crossDistrictConsent: true });
      await change(id, { ...course, contact: '陈经办 0577-88005678' }, school);
      expect((await accept(id)).body.accepted.crossDistrictConsent).toBe(true);
      await change(id, { ...course, contact: '陈经办' }, school);
      expect((await accept(id, officerLin, { crossDistrictConsent: false })).body.accepted.crossDistrictConsent).toBe(
        false,
      );
    });
  });

  test('a correction before acceptance keeps the day of filing, unless it makes another class of it', async () => {
    const id = await filed();
    clock.set('2021-03-13T01:00:00Z');
    const harmless = await change(id, { contact: '陈经办 0577-88005678' });
    expect(harmless.body).toMatchObject({ filedOn: '2021-03-09', lead: { days: 6 } });
    expect((await accept(id)).body.accepted.filedOn).toBe('2021-03-09');
    const moved = await filed();
    clock.set('2021-03-14T01:00:00Z');
    expect((await change(moved, { place: '另一处' })).body).toMatchObject({ filedOn: '2021-03-14', lead: { days: 1 } });
    clock.set('2021-03-15T01:00:00Z');
    // Refused for its place, corrected in nothing else: the day of the last content that was another class counts.
    await refuse(moved, { reason: '课程内容不完整' });
    const again = await change(moved, { place: '另一处', contact: '陈经办' });
    expect(again.body).toMatchObject({ state: 'filed', filedOn: '2021-03-14' });
    clock.set('2021-03-09T01:00:00Z');
  });

  test('a change that waits keeps its own day through a harmless correction, and loses it when taken back', async () => {
    const id = await filed();
    await accept(id);
    clock.set('2021-03-10T01:00:00Z');
    expect((await change(id, { place: '另一处' })).body.filedOn).toBe('2021-03-10');
    clock.set('2021-03-12T01:00:00Z');
    expect((await change(id, { place: '另一处', contact: '陈' })).body.filedOn).toBe('2021-03-10');
    expect((await change(id, {})).body.filedOn).toBe('2021-03-09');
    clock.set('2021-03-09T01:00:00Z');
  });

  test('the roster of every version can be read; a refused change leaves the accepted one in force, in the draw too', async () => {
    const id = await filed();
    await accept(id);
    const others = [
      { name: '李四', idNumber: identityNumber('19910101', 2) },
      { name: '王五', idNumber: identityNumber('19910101', 3) },
    ];
    await change(id, { trainees: others, startsOn: '2021-03-16', sessions: [{ ...filing.sessions[1], hours: 8 }] });
    const names = async (query: Record<string, string> = {}) =>
      (await read(id, officerLin, query)).body.trainees.map(({ name }: { name: string }) => name);
    expect(await names()).toEqual(['李四', '王五']);
    expect(await names({ contentVersion: '1' })).toEqual(['张三']);
    expect((await read(id, officerLin, { contentVersion: '3' })).status).toBe(404);
    expect((await refuse(id, { reason: '场地冲突' })).body).toMatchObject({
      state: 'accepted',
      enrolled: 1,
      filedOn: '2021-03-09',
      content: { startsOn: '2021-03-15' },
    });
    expect(await names()).toEqual(['张三']);
    expect(await names({ contentVersion: '2' })).toEqual(['李四', '王五']);
    expect((await read(id)).body.versions.map(({ enrolled }: { enrolled: number }) => enrolled)).toEqual([1, 2]);
    const { Item } = await engine.table.client.send(
      new GetCommand({ TableName: 'jipei', Key: { pk: `CLASS#${id}`, sk: 'META' } }),
    );
    expect([Item?.['dsk'], Item?.['wpk'], Item?.['dueAt']]).toEqual([
      'class#accepted#2021-03-15',
      undefined,
      undefined,
    ]);
    expect(Item?.['accepted'].rosterId).toBe(Item?.['rosterId']);
    expect((await change(id, { contact: '陈' })).body.contentVersion).toBe(3);
  });

  describe('the work list', () => {
    const list = async (as: Principal, query: Record<string, string> = {}) =>
      (await call(handler, { route: 'GET /classes', query, as })).body.classes;
    const idsOf = (classes: { id: string }[]) => classes.map(({ id }) => id);

    test('a draft is its applicant’s alone, and looks absent to everybody else', async () => {
      const { body } = await draft();
      for (const as of [officerLin, auditor]) {
        const answers = [await read(body.id, as), await read('0'.repeat(26), as)];
        expect(answers.map(({ status }) => status)).toEqual([404, 404]);
        expect(answers[0]?.body).toEqual(answers[1]?.body);
      }
      expect((await accept(body.id)).status).toBe(404);
      expect(idsOf(await list(officerLin))).not.toContain(body.id);
      await change(body.id, { place: '另一处' });
      expect(idsOf(await list(officerLin))).not.toContain(body.id);
      expect((await read(body.id)).status).toBe(200);
      await file(body.id);
      expect((await read(body.id, officerLin)).status).toBe(200);
    });

    test('goes on by the cursor of a page; one that no page gave is refused', async () => {
      const page = async (as: Principal, cursor: string) =>
        call(handler, { route: 'GET /classes', query: { cursor }, as });
      const made = (key: unknown) => Buffer.from(JSON.stringify(key)).toString('base64url');
      const [pk, sk] = ['CLASS#X', 'META'];
      for (const as of [officerLin, enterprise]) {
        for (const cursor of ['abc', made('x'), made({ pk: 1 }), made({ pk: 'x' }), made({ pk, sk })]) {
          const answer = await page(as, cursor);
          expect([cursor, answer.status, answer.body.problems?.[0].path]).toEqual([cursor, 400, 'query.cursor']);
        }
      }
      const right = made({ pk, sk, dpk: officerLin.tenant, dsk: 'class#filed#2021' });
      expect((await page(officerLin, right)).status).toBe(200);
    });

    test('shows what waits for acceptance by the time of filing, with its due time; other states alone', async () => {
      const accepted = await filed();
      await accept(accepted);
      const [late, early] = [await filed({ startsOn: '2021-03-15' }), await draft()];
      clock.advance(60_000);
      await file(early.body.id);
      const waiting = await list(officerLin, { state: 'filed' });
      const found = idsOf(waiting).filter((id) => id === late || id === early.body.id);
      expect(found).toEqual([late, early.body.id]);
      expect(waiting.find(({ id }: { id: string }) => id === early.body.id).dueAt).toBe('2021-03-12T01:01:00.000Z');
      expect(idsOf(waiting)).not.toContain(accepted);
      expect(idsOf(await list(officerLin, { state: 'accepted' }))).toContain(accepted);
      expect(
        (await list(enterprise, { state: 'accepted' })).every(({ state }: { state: string }) => state === 'accepted'),
      ).toBe(true);
      clock.set('2021-03-09T01:00:00Z');
    });
  });

  test("a studio's accepted classes are numbered through the year", async () => {
    const batch = async () => {
      const { body } = await draft({ programme: 'master-apprentice', route: 'studio' }, studio);
      await file(body.id, studio);
      return (await accept(body.id)).body.accepted.batchOfYear;
    };
    expect([await batch(), await batch()]).toEqual([1, 2]);
  });

  test('no way around the count: a class that becomes one of the studio’s, or moves into another year, counts anew', async () => {
    const own = { programme: 'master-apprentice', route: 'studio' };
    const ofYear = (year: string) => {
      const [startsOn, endsOn] = [`${year}-11-15`, `${year}-11-16`];
      const sessions = [
        { ...filing.sessions[0], date: startsOn },
        { ...filing.sessions[1], date: endsOn },
      ];
      return { startsOn, endsOn, sessions };
    };
    const numberOf = async (id: string) => (await accept(id)).body.accepted.batchOfYear;
    const { body: last } = await draft({ ...own, ...ofYear('2021') }, studio);
    await file(last.id, studio);
    const before = await numberOf(last.id);
    const { body: other } = await draft({ programme: 'pre-job', route: 'enterprise', subject: '新员工' }, studio);
    await file(other.id, studio);
    expect(await numberOf(other.id)).toBeUndefined();
    await change(other.id, { ...own, ...ofYear('2021') }, studio);
    expect(await numberOf(other.id)).toBe(before + 1);
    await change(other.id, { ...own, ...ofYear('2021'), contact: '郑' }, studio);
    expect(await numberOf(other.id)).toBe(before + 1);
    await change(other.id, { ...own, ...ofYear('2020') }, studio);
    expect(await numberOf(other.id)).toBe(1);
    await change(other.id, { ...own, ...ofYear('2021') }, studio);
    expect(await numberOf(other.id)).toBe(before + 2);
  });

  describe('a copy of an earlier class', () => {
    const copy = async (classId: string, startsOn: string, as: Principal = enterprise, key?: string) =>
      call(handler, {
        route: 'POST /classes/{classId}/copies',
        path: { classId },
        body: { startsOn },
        as,
        ...(key === undefined ? {} : { key }),
      });
    const readBack = async (classId: string) =>
      (await call(handler, { route: 'GET /classes/{classId}', path: { classId }, as: enterprise })).body;

    test('has everything but the roster and the decisions, moved by whole days, and is filed like any other', async () => {
      const id = await filed();
      await accept(id);
      const made = await copy(id, '2021-03-29');
      expect(made.status).toBe(201);
      const { trainees: _, ...content } = filing;
      expect(made.body).toMatchObject({ state: 'draft', enrolled: 0, copiedFrom: id, contentVersion: 1, version: 1 });
      expect(made.body.content).toEqual({
        ...content,
        startsOn: '2021-03-29',
        endsOn: '2021-03-30',
        sessions: [
          { ...filing.sessions[0], date: '2021-03-29' },
          { ...filing.sessions[1], date: '2021-03-30' },
        ],
      });
      for (const name of ['filedOn', 'accepted', 'decision']) expect(made.body).not.toHaveProperty(name);
      expect(await readBack(made.body.id)).toMatchObject({ copiedFrom: id, trainees: [] });
      // The earlier class is as it was, and the draft lacks its roster only.
      expect(await readBack(id)).toMatchObject({ state: 'accepted', content: { startsOn: '2021-03-15' } });
      expect((await file(made.body.id)).body.problems).toEqual([
        { path: 'body.trainees', message: expect.stringContaining('学员名册') },
      ]);
      expect((await change(made.body.id, made.body.content)).status).toBe(200);
      expect((await file(made.body.id)).body).toMatchObject({ state: 'filed', lead: { days: 20 } });
    });

    test('is of the version in force, not of a change that waits or was refused', async () => {
      const id = await filed();
      await accept(id);
      await change(id, { place: '另一处' });
      expect((await copy(id, '2021-03-29')).body.content.place).toBe(filing.place);
    });

    test('over a month end and a leap day keeps the distance between days', async () => {
      const sessions = [
        { ...filing.sessions[0], date: '2021-03-15' },
        { ...filing.sessions[1], date: '2021-04-02' },
      ];
      const id = await filed({ endsOn: '2021-04-02', sessions });
      const { content } = (await copy(id, '2021-12-20')).body;
      expect([content.endsOn, content.sessions[1].date]).toEqual(['2022-01-07', '2022-01-07']);
    });

    test('may begin today, not the day before', async () => {
      const id = await filed();
      expect((await copy(id, '2021-03-09')).status).toBe(201);
      const late = await copy(id, '2021-03-08');
      expect([late.status, late.body.title]).toEqual([400, 'validation-failed']);
      expect(late.body.problems).toEqual([
        { path: 'body.startsOn', message: expect.stringContaining('2021-03-08已过') },
      ]);
    });

    test('of a draft whose sessions lie before its first day has none of them in the past', async () => {
      const sessions = [{ ...filing.sessions[0], date: '2021-03-13' }, ...filing.sessions];
      const { body } = await draft({ sessions, endsOn: '2021-03-14' });
      expect((await copy(body.id, '2021-03-11')).status).toBe(201);
      const refused = await copy(body.id, '2021-03-10');
      expect(refused.status).toBe(400);
      expect(refused.body.problems.map(({ message }: { message: string }) => message)).toEqual([
        expect.stringContaining('第1次课在2021-03-08'),
      ]);
      const both = await copy(body.id, '2021-03-09');
      expect(both.body.problems).toHaveLength(2);
    });

    test('twice with one key is one class; with another key another', async () => {
      const id = await filed();
      const [one, two] = [
        await copy(id, '2021-03-29', enterprise, 'copy'),
        await copy(id, '2021-03-29', enterprise, 'copy'),
      ];
      expect(two.body).toEqual(one.body);
      expect((await copy(id, '2021-03-29')).body.id).not.toBe(one.body.id);
    });

    test('of a foreign class is as absent, and nobody but applicants copies', async () => {
      const id = await filed();
      const foreign = await copy(id, '2021-03-29', studio);
      const absent = await copy('0'.repeat(26), '2021-03-29', studio);
      expect([foreign.status, absent.status]).toEqual([404, 404]);
      expect(foreign.body).toEqual(absent.body);
      expect((await copy(id, '2021-03-29', officerLin)).status).toBe(403);
    });

    test.each([
      ['a day without an edition', '2022-01-01', 422, 'not-eligible'],
      ['a day that does not exist', '2021-02-29', 400, 'validation-failed'],
    ])('to %s is refused', async (_, startsOn, status, title) => {
      const answer = await copy(await filed(), startsOn);
      expect([answer.status, answer.body.title]).toEqual([status, title]);
    });
  });

  test('a timetable as large as the schema lets in is kept twice over; one byte more is refused with what to do', async () => {
    const sessions = Array.from({ length: 400 }, () => ({ ...filing.sessions[0], hours: 1, content: '课'.repeat(60) }));
    const { trainees: _, ...content } = { ...filing, hours: 400, sessions };
    const missing = 150_000 - Buffer.byteLength(JSON.stringify(content));
    const grown = (bytes: number) => {
      let left = bytes;
      return sessions.map((session) => {
        const more = Math.min(left, 140);
        left -= more;
        return { ...session, content: session.content + 'x'.repeat(more) };
      });
    };
    const full = { hours: 400, sessions: grown(missing) };
    const id = await filed(full);
    expect((await accept(id)).status).toBe(200);
    expect((await change(id, full)).status).toBe(200);
    const over = await draft({ hours: 400, sessions: grown(missing + 1) });
    expect([over.status, over.body.problems?.[0]]).toEqual([
      400,
      { path: 'body.sessions', message: expect.stringContaining('精简') },
    ]);
  });

  test.each([
    ['an unregistered unit', { ...enterprise, tenant: 'ent-nobody' }, {}, 422, 'not-eligible'],
    ['a blocked unit, on its last day', rivalEnterprise, {}, 422, 'provider-blocked'],
    [
      'a route without classes',
      enterprise,
      { programme: 'qualification', route: 'individual' },
      400,
      'validation-failed',
    ],
    ['a contractor without its department', enterprise, { route: 'contractor' }, 400, 'validation-failed'],
    ['a day that does not exist', enterprise, { startsOn: '2021-02-29' }, 400, 'validation-failed'],
    ['a day without an edition', enterprise, { startsOn: '2022-01-01', endsOn: '2022-01-02' }, 422, 'not-eligible'],
    ['an unknown field', enterprise, { salary: 1 }, 400, 'validation-failed'],
  ])('%s is refused', async (_, as, what, status, title) => {
    const answer = await draft(what, as);
    expect([answer.status, answer.body.title]).toEqual([status, title]);
  });

  test('every step left its record, and the chain holds', async () => {
    const id = await filed();
    await accept(id);
    const { Items = [] } = await engine.table.client.send(
      new QueryCommand({
        TableName: 'jipei',
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': `AUDIT#${id}` },
      }),
    );
    const records = Items.map(({ pk: _pk, sk: _sk, type: _type, ...record }) => record as AuditRecord);
    expect(records.map(({ action }) => action)).toEqual(['class-drafted', 'class-filed', 'class-accepted']);
    const found = await createClassTable(engine.table, createPersonalData(ephemeralKeyring())).find(id);
    expect(verifyChain('META', records, { version: found?.version ?? 0, auditHead: found?.auditHead ?? '' })).toEqual(
      [],
    );
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inspectionRoutes } from '../../functions/records-api/inspection-routes.ts';
import { unzip } from '../../local/sample/unzip.ts';
import { systemActor } from '../../shared/access/actor.ts';
import type { Principal } from '../../shared/access/principal.ts';
import { personalNumberRefusal } from '../../shared/access/reason-text.ts';
import { createAuditTrails } from '../../shared/aws/audit-table.ts';
import { createClassTable } from '../../shared/aws/class-table.ts';
import { createDossierTable } from '../../shared/aws/dossier-table.ts';
import { createIdempotencyTable } from '../../shared/aws/idempotency-table.ts';
import { createInspectionTable } from '../../shared/aws/inspection-table.ts';
import { createPersonalData } from '../../shared/aws/keyed-personal-data.ts';
import { ephemeralKeyring } from '../../shared/aws/keyring.ts';
import type { AcceptedFiling } from '../../shared/classes/class-filing.ts';
import { idFromCause } from '../../shared/clock/ids.ts';
import { createHttpHandler } from '../../shared/lambda/http-handler.ts';
import { verifyAudit } from '../../shared/supervision/audit-export.ts';
import { makeDossier } from '../../shared/supervision/make-dossier.ts';
import { classContent } from '../support/class-content.ts';
import { call, recordedEdge, settableClock } from '../support/http.ts';
import {
  admin,
  auditor,
  enterprise,
  finance,
  identityNumber,
  officerLin,
  officerOfOuhai,
  rivalEnterprise,
} from '../support/people.ts';
import { openTestTable } from '../support/table.ts';

const by = systemActor('test');
const department: Principal = { ...officerLin, role: 'department', tenant: 'industry-department/city/city/交通' };

const inspection = {
  heldAt: '2021-04-15T09:30:00+08:00',
  means: 'on-site',
  inspectors: ['林科员', '周科长'],
  headCount: 22,
  findings: '到场22人，课程与课表一致，授课教师在场。',
  result: 'normal',
};

describe('inspections of classes', () => {
  let engine: Awaited<ReturnType<typeof openTestTable>>;
  let classes: ReturnType<typeof createClassTable>;
  let handler: ReturnType<typeof createHttpHandler>;
  const clock = settableClock('2021-04-15T03:00:00Z');
  beforeAll(async () => {
    engine = await openTestTable();
    classes = createClassTable(engine.table, createPersonalData(ephemeralKeyring()));
    const deps = { inspections: createInspectionTable(engine.table), classes, clock };
    handler = createHttpHandler(inspectionRoutes, deps, recordedEdge(createIdempotencyTable(engine.table), clock));
  });
  afterAll(async () => engine.stop());

  // Every test has a class of its own.
  let classId = '';
  let count = 0;
  const filed = async () => {
    count += 1;
    const draft = {
      id: idFromCause('class', String(count)),
      tenant: enterprise.tenant,
      applicantName: '奥科',
      content: classContent,
    };
    const owned = { ...draft, authority: officerLin.tenant };
    const filing = { authority: owned.authority, filedOn: '2021-04-01', dueAt: clock.now() };
    return classes.file(await classes.create(owned, [], by, clock.now()), filing, by, clock.now());
  };
  beforeEach(async () => {
    clock.set('2021-04-15T03:00:00Z');
    const record = await filed();
    const accepted: AcceptedFiling = {
      contentVersion: 1,
      content: classContent,
      enrolled: 24,
      rosterId: record.rosterId,
      filedOn: '2021-04-01',
      acceptedBy: by,
      acceptedAt: '2021-04-02T01:00:00.000Z',
    };
    classId = (await classes.accept(record, accepted, false, '受理')).id;
  });

  const record = async (change: object = {}, as: Principal = officerLin, key?: string, of = classId) =>
    call(handler, {
      route: 'POST /classes/{classId}/inspections',
      path: { classId: of },
      body: { ...inspection, ...change },
      as,
      ...(key === undefined ? {} : { key }),
    });
  const list = async (as: Principal = officerLin) =>
    call(handler, { route: 'GET /classes/{classId}/inspections', path: { classId }, as });
  const problemOf = async (change: object) => {
    const { status, body } = await record(change);
    return [status, ...(body.problems ?? []).map(({ path }: { path: string }) => path)];
  };

  test('one is recorded with who, when, how and how many of how many, and read back by its two sides', async () => {
    const recorded = await record();
    expect([recorded.status, recorded.body]).toEqual([
      201,
      {
        ...inspection,
        id: expect.stringMatching(/^[0-9A-Z]{26}$/),
        classId,
        enrolled: 24,
        stands: true,
        recordedBy: officerLin.name,
        recordedAt: '2021-04-15T03:00:00.000Z',
      },
    ]);
    for (const reader of [officerLin, enterprise, auditor]) {
      expect((await list(reader)).body.inspections).toEqual([recorded.body]);
    }
  });

  test.each([
    ['its officer', officerLin, 201, 200],
    ['another officer', officerOfOuhai, 404, 404],
    ['a department that it is not filed with', department, 404, 404],
    ['its applicant', enterprise, 403, 200],
    ['another applicant', rivalEnterprise, 403, 404],
    ['an auditor', auditor, 403, 200],
    ['finance', finance, 403, 403],
    ['the admin', admin, 403, 403],
  ])('%s', async (_, as, records, reads) => {
    expect([(await record({}, as)).status, (await list(as)).status]).toEqual([records, reads]);
  });

  test('a class that is not accepted yet, or that there is not, has none', async () => {
    const { id } = await filed();
    expect((await record({}, officerLin, undefined, id)).body.title).toBe('state-not-permitted');
    expect((await record({}, officerLin, undefined, '0'.repeat(26))).status).toBe(404);
  });

  test('a double click is one record', async () => {
    const [first, second] = [
      await record({}, officerLin, 'inspected-once'),
      await record({}, officerLin, 'inspected-once'),
    ];
    expect(second.body).toEqual(first.body);
    expect((await list()).body.inspections).toHaveLength(1);
  });

  describe('when it was held', () => {
    test.each([
      // In Asia/Shanghai the first day begins at 16:00 UTC of the day before.
      ['2021-04-11T15:59:59.999Z', 'on-site', 400],
      ['2021-04-11T16:00:00.000Z', 'on-site', 201],
      ['2021-04-30T15:59:59.999Z', 'on-site', 201],
      ['2021-04-30T16:00:00.000Z', 'on-site', 400],
      ['2021-04-30T15:59:59.999Z', 'video', 201],
      ['2021-04-30T16:00:00.000Z', 'video', 400],
      ['2021-04-30T16:00:00.000Z', 'phone', 201],
      ['2021-04-11T15:59:59.999Z', 'phone', 400],
      ['2021-05-10T01:00:00.000Z', 'phone', 201],
      ['2021-05-10T01:00:00.001Z', 'phone', 400],
    ])('%s, %s: %i', async (heldAt, means, status) => {
      clock.set('2021-05-10T01:00:00Z');
      const [answered, ...paths] = await problemOf({ heldAt, means });
      expect([answered, paths]).toEqual([status, status === 400 ? ['body.heldAt'] : []]);
    });
  });

  test.each([
    ['one inspector', { inspectors: ['林科员'] }, ['body.inspectors']],
    ['three', { inspectors: ['林科员', '周科长', '潘科员'] }, ['body.inspectors']],
    ['the same one twice', { inspectors: ['林科员', ' 林科员'] }, ['body.inspectors']],
    ['fewer than nobody', { headCount: -1 }, ['body.headCount']],
    ['no word on what was found', { findings: '无' }, ['body.findings']],
    ['something irregular without why', { result: 'irregular' }, ['body.reason']],
    ['another means', { means: 'rumour' }, ['body.means']],
    ['a time without its zone', { heldAt: '2021-04-15T09:30:00' }, ['body.heldAt']],
    ['a correction of what there is not', { corrects: '0'.repeat(26) }, ['body.corrects']],
  ])('%s is refused at its place', async (_, change, paths) => {
    expect(await problemOf(change)).toEqual([400, ...paths]);
    expect((await list()).body.inspections).toEqual([]);
  });

  test.each(['findings', 'reason'])('nobody’s number gets into the %s', async (field) => {
    const { body } = await record({
      result: 'irregular',
      reason: '人数不符，详见照片',
      [field]: `缺${identityNumber('19900101', 1)}一人`,
    });
    expect(body.problems).toEqual([{ path: `body.${field}`, message: personalNumberRefusal }]);
  });

  test('a correction is a record of its own; the first stays, and cannot be corrected a second time', async () => {
    const first = (await record()).body;
    clock.advance(60_000);
    const right = { headCount: 12, result: 'irregular', reason: '实到12人，与名册不符', corrects: first.id };
    const second = (await record(right)).body;
    expect(second).toMatchObject({ ...right, stands: true });
    const again = await record({ ...right, headCount: 13 });
    expect([again.status, again.body.title]).toEqual([409, 'already-exists']);
    clock.advance(60_000);
    const third = (await record({ ...right, headCount: 14, corrects: second.id })).body;
    expect(
      (await list()).body.inspections.map(({ id, stands, headCount }: typeof third) => [id, stands, headCount]),
    ).toEqual([
      [first.id, false, 22],
      [second.id, false, 12],
      [third.id, true, 14],
    ]);
  });

  test('of two that correct one record at the same moment one is kept', async () => {
    const first = (await record()).body;
    const rivals = await Promise.all([record({ corrects: first.id }), record({ corrects: first.id })]);
    expect(rivals.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409]);
    expect((await list()).body.inspections).toHaveLength(2);
  });

  test('it is part of the class’s audit chain, which holds, and of its dossier', async () => {
    const { id } = (await record()).body;
    const trail = await createAuditTrails(engine.table).read(classId, `CLASS#${classId}`);
    expect(verifyAudit(trail)).toMatchObject({ holds: true, faults: [] });
    expect(trail.records.filter(({ entity }) => entity === `INSPECTION#${id}`)).toMatchObject([
      { action: 'class-inspected', by: { subject: officerLin.subject }, facts: { headCount: 22, enrolled: 24 } },
    ]);
    const dossiers = createDossierTable(engine.table);
    const make = async () => makeDossier({ dossiers, clock }, officerLin, classId, undefined);
    const { bytes, sha256: before } = await make();
    const inspections = JSON.parse(String(unzip(bytes).get('class/inspections.json')));
    expect(inspections).toMatchObject([{ id, headCount: 22 }]);
    await record({ headCount: 21 });
    expect((await make()).sha256).not.toBe(before);
  });
});

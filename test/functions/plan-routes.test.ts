import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { planRoutes } from '../../functions/records-api/plan-routes.ts';
import { systemActor } from '../../shared/access/actor.ts';
import type { Principal } from '../../shared/access/principal.ts';
import { createAuditTrails } from '../../shared/aws/audit-table.ts';
import { createClassTable } from '../../shared/aws/class-table.ts';
import { createIdempotencyTable } from '../../shared/aws/idempotency-table.ts';
import { createInspectionPlanTable } from '../../shared/aws/inspection-plan-table.ts';
import { createInspectionTable } from '../../shared/aws/inspection-table.ts';
import { createPersonalData } from '../../shared/aws/keyed-personal-data.ts';
import { ephemeralKeyring } from '../../shared/aws/keyring.ts';
import type { AcceptedFiling, ClassContent } from '../../shared/classes/class-filing.ts';
import { idFromCause } from '../../shared/clock/ids.ts';
import { createHttpHandler } from '../../shared/lambda/http-handler.ts';
import { verifyAudit } from '../../shared/supervision/audit-export.ts';
import { call, recordedEdge, settableClock } from '../support/http.ts';
import { admin, auditor, enterprise, finance, officerLin, officerOfOuhai, officerZhou } from '../support/people.ts';
import { openTestTable } from '../support/table.ts';

const by = systemActor('test');
const department: Principal = { ...officerLin, role: 'department', tenant: 'industry-department/city/city/交通' };

describe('plans of inspections', () => {
  let engine: Awaited<ReturnType<typeof openTestTable>>;
  let classes: ReturnType<typeof createClassTable>;
  let inspections: ReturnType<typeof createInspectionTable>;
  let handler: ReturnType<typeof createHttpHandler>;
  const clock = settableClock('2021-04-15T03:00:00Z');
  const ids: Record<string, string> = {};

  const content = (startsOn: string, endsOn: string, more: Partial<ClassContent> = {}): ClassContent => ({
    programme: 'project',
    route: 'enterprise',
    district: 'lucheng',
    startsOn,
    endsOn,
    hours: 40,
    subject: '阀门装配',
    place: '厂区',
    contact: '陈',
    sessions: [],
    ...more,
  });
  const accept = async (name: string, its: ClassContent, tenant = `body-${name}`, authority = officerLin.tenant) => {
    const id = idFromCause('class', name);
    ids[name] = id;
    const draft = { id, tenant, applicantName: name, authority, content: its };
    const filing = { authority, filedOn: '2021-04-01', dueAt: clock.now() };
    const filed = await classes.file(await classes.create(draft, [], by, clock.now()), filing, by, clock.now());
    const accepted: AcceptedFiling = {
      contentVersion: 1,
      content: its,
      enrolled: 24,
      rosterId: filed.rosterId,
      filedOn: '2021-04-01',
      acceptedBy: by,
      acceptedAt: '2021-04-02T01:00:00.000Z',
    };
    return classes.accept(filed, accepted, false, '受理');
  };
  const inspect = async (
    name: string,
    result: 'normal' | 'irregular',
    more: { corrects?: string; tenant?: string } = {},
  ) => {
    const id = idFromCause('inspection', name, result, more.corrects ?? '');
    const inspection = {
      id,
      classId: ids[name] ?? '',
      tenant: `body-${name}`,
      authority: officerLin.tenant,
      heldAt: '2021-03-10T01:00:00Z',
      means: 'on-site' as const,
      inspectors: ['林科员', '周科长'],
      headCount: 20,
      enrolled: 24,
      findings: '现场情况',
      result,
      ...more,
    };
    await inspections.add(inspection, by, clock.now());
    return id;
  };
  /** A claim of the body with one verified video that carries these flags. */
  const film = async (tenant: string, flags: string[], st = 'verified') => {
    const claimId = idFromCause('claim', tenant);
    const put = async (Item: object) => engine.table.client.send(new PutCommand({ TableName: 'jipei', Item }));
    await put({ pk: `CLAIM#${claimId}`, sk: 'META', tpk: tenant, tsk: `claim#2021-03-01#${claimId}` });
    const facts = {
      verdict: 'proven',
      durationMs: 120_000,
      isAtLeast: false,
      claimedMs: null,
      container: 'mp4',
      layout: null,
      codec: null,
      width: null,
      height: null,
      frames: 1,
      frameRate: null,
      createdAt: null,
      flags,
      fingerprint: null,
      keyFrames: [],
      bytesRead: 1,
      requests: 1,
      message: '',
    };
    await put({
      pk: `CLAIM#${claimId}`,
      sk: 'EVIDENCE#E1',
      id: 'E1',
      claimId,
      kind: 'teaching-video',
      fileName: 'a.mp4',
      contentType: 'video/mp4',
      sizeBytes: 1,
      sha256: 'x',
      st,
      version: 1,
      auditHead: '',
      createdAt: '',
      updatedAt: '',
      requestedBy: by,
      expiresAt: '',
      video: facts,
    });
  };

  beforeAll(async () => {
    engine = await openTestTable();
    classes = createClassTable(engine.table, createPersonalData(ephemeralKeyring()));
    inspections = createInspectionTable(engine.table);
    handler = createHttpHandler(
      planRoutes,
      { plans: createInspectionPlanTable(engine.table), clock },
      recordedEdge(createIdempotencyTable(engine.table), clock),
    );
    const april = content('2021-04-12', '2021-04-30');
    for (const name of ['plain-1', 'plain-2', 'plain-3']) await accept(name, april);
    await accept('seen', april);
    await inspect('seen', 'normal');
    await accept('before', content('2021-03-08', '2021-03-12'), 'body-again');
    await accept('again', april, 'body-again');
    await accept('filmed', april);
    await film('body-filmed', ['looped']);
    await film('body-plain-1', []);
    await film('body-plain-2', ['black'], 'rejected');
    // Ends the day before the period, and begins the day after it.
    await accept('too-early', content('2021-03-01', '2021-04-11'));
    await accept('too-late', content('2021-05-01', '2021-05-03'));
    await accept('of-ouhai', april, 'body-x', officerOfOuhai.tenant);
    const waiting = await accept('changing', april);
    const change = { content: content('2021-06-01', '2021-06-30'), authority: officerLin.tenant, trainees: [] };
    const filing = { filedOn: '2021-04-14', dueAt: clock.now() };
    await classes.change(waiting, { ...change, filing }, by, clock.now());
    const draft = { tenant: 'body-new', applicantName: 'new', authority: officerLin.tenant, content: april };
    await classes.create({ ...draft, id: idFromCause('class', 'draft') }, [], by, clock.now());
  });
  afterAll(async () => engine.stop());

  const order = { from: '2021-04-12', to: '2021-04-30', byRisk: 0, byLot: 50, seed: 'drawn-in-public' };
  const plan = async (change: object = {}, as: Principal = officerLin, key?: string) =>
    call(handler, {
      route: 'POST /inspection-plans',
      body: { ...order, ...change },
      as,
      ...(key === undefined ? {} : { key }),
    });
  const list = async (as: Principal = officerLin, query: Record<string, string> = {}) =>
    call(handler, { route: 'GET /inspection-plans', as, query });
  const names = (body: { chosen: { applicantName: string }[] }) =>
    body.chosen.map(({ applicantName }) => applicantName).toSorted((a, b) => (a < b ? -1 : 1));

  test('all that run in the period and were not inspected can be drawn, and no other', async () => {
    const made = await plan();
    expect([made.status, made.body.candidates]).toEqual([201, 6]);
    expect(names(made.body)).toEqual(['again', 'changing', 'filmed', 'plain-1', 'plain-2', 'plain-3']);
  });

  test.each([
    ['2021-04-01', '2021-04-11', ['too-early']],
    ['2021-04-01', '2021-04-12', ['again', 'changing', 'filmed', 'plain-1', 'plain-2', 'plain-3', 'too-early']],
    ['2021-05-01', '2021-05-01', ['too-late']],
    ['2021-05-04', '2021-05-30', []],
  ])('from %s to %s', async (from, to, running) => {
    expect(names((await plan({ from, to })).body)).toEqual(running);
  });

  test('risk comes from what was flagged and found before, as it stands', async () => {
    const byRisk = async () => (await plan({ byRisk: 10, byLot: 0 })).body.chosen;
    expect(await byRisk()).toMatchObject([{ applicantName: 'filmed', chosenBy: 'risk', risks: ['evidence-flagged'] }]);
    const tenant = 'body-again';
    const found = await inspect('before', 'irregular', { tenant });
    expect(names({ chosen: await byRisk() })).toEqual(['again', 'filmed']);
    await inspect('before', 'normal', { tenant, corrects: found });
    expect(names({ chosen: await byRisk() })).toEqual(['filmed']);
  });

  test('a plan is made once per key, is on an audit chain that holds, and its seed draws the same again', async () => {
    const first = await plan({ byLot: 2 }, officerLin, 'plan-of-april');
    const again = await plan({ byLot: 2 }, officerLin, 'plan-of-april');
    expect(again.body).toEqual(first.body);
    expect((await plan({ byLot: 2 }, officerZhou)).body.chosen).toEqual(first.body.chosen);
    const { id } = first.body;
    const trail = await createAuditTrails(engine.table).read(id, `INSPECTIONPLAN#${id}`);
    expect(verifyAudit(trail)).toMatchObject({ holds: true, records: 1 });
    expect(trail.records[0]).toMatchObject({
      action: 'inspections-planned',
      facts: { seed: order.seed, candidates: 6 },
    });
  });

  test('without a seed the plan names the one that was used', async () => {
    const { seed: _, ...seedless } = order;
    const made = (await call(handler, { route: 'POST /inspection-plans', body: seedless, as: officerLin })).body;
    expect(made.seed).toBe(made.id);
    expect((await plan({ seed: made.seed })).body.chosen).toEqual(made.chosen);
  });

  test('each authority sees its own classes and plans; an auditor those that are asked for', async () => {
    expect(names((await plan({}, officerOfOuhai)).body)).toEqual(['of-ouhai']);
    expect((await plan({}, department)).body.candidates).toBe(0);
    const plansOf = async (as: Principal, query: Record<string, string> = {}) =>
      (await list(as, query)).body.plans.map(({ authority }: { authority: string }) => authority);
    expect(new Set(await plansOf(officerLin))).toEqual(new Set([officerLin.tenant]));
    expect(await plansOf(officerOfOuhai)).toEqual([officerOfOuhai.tenant]);
    expect(await plansOf(auditor, { authority: officerOfOuhai.tenant })).toEqual([officerOfOuhai.tenant]);
    expect((await list(officerLin, { authority: officerOfOuhai.tenant })).status).toBe(404);
    for (const nobody of [enterprise, finance, admin]) {
      expect([(await plan({}, nobody)).status, (await list(nobody)).status]).toEqual([403, 403]);
    }
    expect((await plan({}, auditor)).status).toBe(403);
  });

  test.each([
    ['nothing at all', { byRisk: 0, byLot: 0 }, 'body.byLot'],
    ['fewer than none', { byRisk: -1 }, 'body.byRisk'],
    ['a hundred and one', { byLot: 101 }, 'body.byLot'],
    ['a period that ends before it begins', { to: '2021-04-11' }, 'body.to'],
    ['a seed with blanks', { seed: 'a b' }, 'body.seed'],
  ])('%s is refused', async (_, change, path) => {
    const { status, body } = await plan(change);
    expect([status, body.problems[0].path]).toEqual([400, path]);
  });
});

import { PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordRoutes } from '../../functions/records-api/record-routes.ts';
import { systemActor } from '../../shared/access/actor.ts';
import { createAuditTrails } from '../../shared/aws/audit-table.ts';
import { createClaimSummaries, createPaidHeads } from '../../shared/aws/claim-summary-table.ts';
import { createDepartmentPlanTable } from '../../shared/aws/department-plan-table.ts';
import { createDossierTable } from '../../shared/aws/dossier-table.ts';
import { balanceKey } from '../../shared/aws/entitlement-keys.ts';
import { createIdempotencyTable } from '../../shared/aws/idempotency-table.ts';
import { createPersonalData } from '../../shared/aws/keyed-personal-data.ts';
import { ephemeralKeyring } from '../../shared/aws/keyring.ts';
import { createLedgerTable } from '../../shared/aws/ledger-table.ts';
import { putEntry } from '../../shared/aws/line-writes.ts';
import { creation, writeAllOrThrow } from '../../shared/aws/transition.ts';
import { idFromCause } from '../../shared/clock/ids.ts';
import { createHttpHandler } from '../../shared/lambda/http-handler.ts';
import { readStatement } from '../../shared/payments/read-statement.ts';
import { packDossier } from '../../shared/supervision/dossier.ts';
import { makeDossier } from '../../shared/supervision/make-dossier.ts';
import { seedClearedClaim } from '../support/cleared-claim.ts';
import { call, recordedEdge, settableClock } from '../support/http.ts';
import { auditor, enterprise, finance, officerLin, officerOfOuhai, rivalEnterprise } from '../support/people.ts';
import { putClaim } from '../support/stored-claim.ts';
import { openTestTable } from '../support/table.ts';

const by = systemActor('test');
const department = {
  subject: 'd-1',
  tenant: 'industry-department/city/city/市应急管理局',
  role: 'department',
  duties: [],
  name: '应急局',
} as const;

describe('records-api', () => {
  let engine: Awaited<ReturnType<typeof openTestTable>>;
  const clock = settableClock('2021-04-01T01:00:00Z');
  const personal = createPersonalData(ephemeralKeyring());
  let handler: ReturnType<typeof createHttpHandler>;
  const claimId = idFromCause('claim');
  const classId = idFromCause('class');

  beforeAll(async () => {
    engine = await openTestTable();
    const { table } = engine;
    const account = async (name: string) => {
      const { Items = [] } = await table.client.send(
        new QueryCommand({
          TableName: 'jipei',
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': balanceKey(name).pk },
        }),
      );
      const { allotted = 0, available = 0, escrow = 0, paid = 0, recovered = 0 } = Items[0] ?? {};
      return { allotted, available, escrow, paid, recovered };
    };
    handler = createHttpHandler(
      recordRoutes,
      {
        trails: createAuditTrails(table),
        claim: createClaimSummaries(table),
        paidHeads: createPaidHeads(table),
        ledger: createLedgerTable(table),
        accounts: ['lucheng', 'ouhai'],
        account,
        plans: createDepartmentPlanTable(table),
        dossiers: createDossierTable(table),
        clock,
      },
      recordedEdge(createIdempotencyTable(table), clock),
    );
    await seedClearedClaim(table, personal, { id: claimId, fens: [100, 200] });
    await table.client.send(
      new UpdateCommand({
        TableName: 'jipei',
        Key: { pk: `CLAIM#${claimId}`, sk: 'META' },
        UpdateExpression: 'SET classId = :c',
        ExpressionAttributeValues: { ':c': classId },
      }),
    );
    const record = { pk: `CLASS#${classId}`, sk: 'META', type: 'class', st: 'accepted', id: classId, rosterId: 'r1' };
    const owner = { tenant: enterprise.tenant, authority: 'hr-bureau/lucheng', filedOn: '2021-03-09' };
    await writeAllOrThrow(
      table,
      creation(
        table,
        classId,
        { ...record, ...owner },
        { action: 'class-drafted', by, at: '2021-03-01T00:00:00.000Z' },
      ),
    );
    const trainees = [{ name: '张三', idMasked: '330*************1X', personHash: 'h-secret', sealedId: 'v1.secret' }];
    await table.client.send(
      new PutCommand({ TableName: 'jipei', Item: { pk: `CLASS#${classId}`, sk: 'TRAINEES#r1#0000', trainees } }),
    );
  });
  afterAll(async () => engine.stop());

  const audit = async (as: Parameters<typeof call>[1]['as']) =>
    call(handler, { route: 'GET /claims/{claimId}/audit', path: { claimId }, as });

  test('the trail of a claim holds, and an edit in the table shows', async () => {
    const trail = await audit(auditor);
    expect(trail.body).toMatchObject({ chain: claimId, verdict: { holds: true, entities: 3, records: 3 } });
    expect((await audit(officerOfOuhai)).status).toBe(404);
    expect((await audit(enterprise)).status).toBe(403);
    const key = { pk: `AUDIT#${claimId}`, sk: 'LINE#0002#00000001' };
    await engine.table.client.send(
      new UpdateCommand({
        TableName: 'jipei',
        Key: key,
        UpdateExpression: 'SET #at = :a',
        ExpressionAttributeNames: { '#at': 'at' },
        ExpressionAttributeValues: { ':a': '2021-01-01' },
      }),
    );
    expect((await audit(auditor)).body.verdict).toMatchObject({
      holds: false,
      faults: [{ entity: 'LINE#0002', fault: 'edited' }],
    });
  });

  test('the dossier of a class holds everything but sealed numbers and hashes, and equal contents are equal bytes', async () => {
    const make = async (as: Parameters<typeof call>[1]['as']) =>
      call(handler, { route: 'GET /classes/{classId}/dossier', path: { classId }, as });
    const made = await make(enterprise);
    const bytes = Buffer.from(made.body, 'base64');
    expect([made.status, made.headers['content-type'], bytes.subarray(0, 2).toString()]).toEqual([
      200,
      'application/zip',
      'PK',
    ]);
    // Names stand uncompressed in the directory of the archive.
    const names = bytes.toString('latin1');
    for (const name of ['manifest.json', 'class/roster.json', `claims/${claimId}/lines.json`]) {
      expect(names).toContain(name);
    }
    clock.advance(86_400_000);
    expect((await make(enterprise)).body).toBe(made.body);
    const full = await make(officerLin);
    expect(Buffer.from(full.body, 'base64').toString('latin1')).toContain(`claims/${claimId}/audit.ndjson`);
    expect((await make(officerLin)).body).toBe(full.body);
    expect((await make(rivalEnterprise)).status).toBe(404);
    const { manifest } = await packDossier(
      'x',
      [{ name: 'a.json', content: { sealed: 'S', nested: [{ personHash: 'h', kept: 1 }] } }],
      clock.now(),
      'authority',
    );
    expect(manifest[0]?.sizeBytes).toBe('{"nested":[{"kept":1}]}\n'.length);
  });

  test('a claim that was never handed in is in no trail and no dossier of others', async () => {
    const { tenant } = enterprise;
    const draft = await putClaim(engine.table, 'draft of the class', { tenant, classId });
    await engine.table.client.send(
      new UpdateCommand({
        TableName: 'jipei',
        Key: { pk: `CLAIM#${draft.id}`, sk: 'META' },
        UpdateExpression: 'REMOVE submittedOn',
      }),
    );
    const trailOf = async (id: string) =>
      call(handler, { route: 'GET /claims/{claimId}/audit', path: { claimId: id }, as: auditor });
    const [trail, absent] = [await trailOf(draft.id), await trailOf('Z'.padEnd(26, '0'))];
    expect([trail.status, trail.body]).toEqual([404, absent.body]);
    const dossier = await call(handler, { route: 'GET /classes/{classId}/dossier', path: { classId }, as: officerLin });
    const names = Buffer.from(dossier.body, 'base64').toString('latin1');
    expect([names.includes(claimId), names.includes(draft.id)]).toEqual([true, false]);
  });

  test('nothing of a class is collected for somebody who may not read it', async () => {
    const collected: string[] = [];
    const dossiers = {
      ...createDossierTable(engine.table),
      collect: async (id: string) => {
        collected.push(id);
        return { files: [], changedAt: clock.now() };
      },
    };
    await expect(makeDossier({ dossiers, clock }, rivalEnterprise, classId, undefined)).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(makeDossier({ dossiers, clock }, enterprise, idFromCause('none'), undefined)).rejects.toMatchObject({
      code: 'not-found',
    });
    expect(collected).toEqual([]);
    await makeDossier({ dossiers, clock }, officerLin, classId, undefined);
    expect(collected).toEqual([classId]);
  });

  test('the books of an account balance to the fen in any period, or say that they do not', async () => {
    const { table } = engine;
    await table.client.send(
      new PutCommand({
        TableName: 'jipei',
        Item: { ...balanceKey('lucheng'), allotted: 1000, available: 700, escrow: 200, paid: 100, recovered: 0 },
      }),
    );
    const entry = (kind: string, sequence: number, fen: number, at: string, debit: string, credit: string) =>
      putEntry(table, {
        claimId,
        lineNo: 0,
        kind,
        sequence,
        fen,
        at,
        by,
        movement: { account: 'lucheng', debit, credit },
      });
    await writeAllOrThrow(table, [
      entry('escrowed', 1, 300, '2021-03-22T02:00:00.000Z', 'available', 'escrow'),
      entry('paid', 2, 100, '2021-03-31T16:00:00.000Z', 'escrow', 'paid'),
    ]);
    const ledger = async (from: string, to: string, as: Parameters<typeof call>[1]['as'] = finance) =>
      call(handler, { route: 'GET /funds/{account}/ledger', path: { account: 'lucheng' }, query: { from, to }, as });
    const march = await ledger('2021-03-01', '2021-03-31');
    expect(march.body).toMatchObject({
      balances: true,
      booked: { available: 700, escrow: 200, paid: 100, recovered: 0 },
    });
    expect(march.body.movements.map(({ kind }: { kind: string }) => kind)).toEqual(['escrowed']);
    expect((await ledger('2021-04-01', '2021-04-01')).body.movements).toHaveLength(1);
    expect((await ledger('2021-04-02', '2021-04-01')).status).toBe(400);
    expect((await ledger('2021-03-01', '2021-03-31', enterprise)).status).toBe(403);
    const statistics = await call(handler, {
      route: 'GET /reports/statistics',
      query: { account: 'lucheng', from: '2021-01-01', to: '2021-12-31' },
      as: auditor,
    });
    const other = { account: 'xyz', from: '2021-01-01', to: '2021-12-31' };
    const unknown = [
      await call(handler, { route: 'GET /reports/statistics', query: other, as: auditor }),
      await call(handler, {
        route: 'GET /funds/{account}/ledger',
        path: { account: 'xyz' },
        query: { from: '2021-01-01', to: '2021-12-31' },
        as: finance,
      }),
    ];
    expect(unknown.map(({ status }) => status)).toEqual([404, 404]);
    expect(statistics.body.rows).toEqual([
      { month: '2021-04', account: 'lucheng', programme: 'project', heads: 2, fen: 100, recoveredFen: 0 },
    ]);
  });

  describe('an account with more movements than a page', () => {
    const entryAt = (claim: string, lineNo: number, at: string) =>
      putEntry(engine.table, {
        claimId: claim,
        lineNo,
        kind: 'escrowed',
        sequence: 1,
        fen: 1,
        at,
        by,
        movement: { account: 'ouhai', debit: 'available', credit: 'escrow' },
      });
    const page = async (query: Record<string, string> = {}) =>
      call(handler, {
        route: 'GET /funds/{account}/ledger',
        path: { account: 'ouhai' },
        query: { from: '2021-03-01', to: '2021-03-31', ...query },
        as: finance,
      });
    const put = async (from: number, to: number) => {
      const numbers = Array.from({ length: to - from }, (_, n) => from + n);
      const entries = numbers.map((n) =>
        entryAt(`C${n}`, n, new Date(Date.UTC(2021, 2, 20, 1, 0, 0, n)).toISOString()),
      );
      for (let at = 0; at < entries.length; at += 100) await writeAllOrThrow(engine.table, entries.slice(at, at + 100));
    };
    const balance = async (escrow: number) => {
      const Item = { ...balanceKey('ouhai'), allotted: 5000, available: 5000 - escrow, escrow, paid: 0, recovered: 0 };
      await engine.table.client.send(new PutCommand({ TableName: 'jipei', Item }));
    };

    test.each([
      [499, 1],
      [500, 1],
      [501, 2],
      [1001, 3],
    ])(
      '%i movements come on %i pages, each once, oldest first; the first page says how the books stand',
      async (count, pages) => {
        const there = [0, 499, 500, 501].findLast((n) => n < count) ?? 0;
        await put(there, count);
        await balance(count);
        const seen: number[] = [];
        let cursor: string | undefined;
        for (let n = 1; n <= pages; n += 1) {
          const { body } = await page(cursor === undefined ? {} : { cursor });
          expect(body.balances).toBe(n === 1 ? true : undefined);
          seen.push(...body.movements.map(({ lineNo }: { lineNo: number }) => lineNo));
          cursor = body.next;
          expect(cursor === undefined).toBe(n === pages);
        }
        expect(seen).toEqual(Array.from({ length: count }, (_, n) => n));
      },
    );

    test.each([
      ['of another period', 'entry#2021-04-01T00:00:00.000Z#C#x'],
      ['of something else', 'claim#2021'],
    ])('a cursor %s is refused', async (_, place) => {
      const { status, body } = await page({ cursor: Buffer.from(place).toString('base64url') });
      expect([status, body.problems]).toEqual([400, [{ path: 'query.cursor', message: '翻页参数无效' }]]);
    });
  });

  test('money that moves between the two readings is no difference; what stays different is', async () => {
    const pots = { available: 700, escrow: 300, paid: 0, recovered: 0 };
    let [moved, reads] = [0, 0];
    const account = async () => {
      reads += 1;
      // Read before the movement, written with it.
      return { allotted: 1000, ...pots, available: 700 + (reads <= moved ? 300 : 0), escrow: reads <= moved ? 0 : 300 };
    };
    const movement = {
      claimId: 'C',
      lineNo: 0,
      kind: 'escrowed',
      fen: 300,
      at: '',
      debit: 'available',
      credit: 'escrow',
    } as const;
    const each = async function* () {
      yield movement;
    };
    const read = async (late: number) => {
      [moved, reads] = [late, 0];
      return (await readStatement({ account, ledger: { each } }, 'lucheng')).balances;
    };
    expect([await read(0), await read(1), await read(2), await read(3)]).toEqual([true, true, true, false]);
  });

  test("a department's plan is held against what came of it", async () => {
    await seedClearedClaim(engine.table, personal, {
      id: idFromCause('dept'),
      fens: [500],
      authority: department.tenant,
    });
    const plan = { year: 2021, document: '温应急〔2021〕2号', plannedHeads: 100, plannedFen: 5_000_000 };
    const file = async (plannedHeads: number) =>
      call(handler, { route: 'POST /department-plans', body: { ...plan, plannedHeads }, as: department });
    expect((await file(90)).status).toBe(200);
    expect((await file(100)).status).toBe(200);
    const yearEnd = async (year: string, as: Parameters<typeof call>[1]['as'], query: Record<string, string> = {}) =>
      call(handler, { route: 'GET /department-plans/{year}', path: { year }, query, as });
    expect((await yearEnd('2021', department)).body).toMatchObject({
      plan: { plannedHeads: 100 },
      approved: { claims: 1, heads: 1, fen: 500 },
      paid: { claims: 0, heads: 0, fen: 0 },
    });
    expect((await yearEnd('2020', department)).body.approved.claims).toBe(0);
    expect((await yearEnd('2021', finance, { authority: department.tenant })).body.plan.plannedFen).toBe(5_000_000);
    expect((await yearEnd('2021', department, { authority: 'industry-department/city/city/x' })).status).toBe(404);
  });
});

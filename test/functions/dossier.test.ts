import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordRoutes } from '../../functions/records-api/record-routes.ts';
import { unzip } from '../../local/sample/unzip.ts';
import { systemActor } from '../../shared/access/actor.ts';
import { createAuditTrails } from '../../shared/aws/audit-table.ts';
import { createCertificateTable } from '../../shared/aws/certificate-table.ts';
import { createDossierTable } from '../../shared/aws/dossier-table.ts';
import { createIdempotencyTable } from '../../shared/aws/idempotency-table.ts';
import { createPersonalData } from '../../shared/aws/keyed-personal-data.ts';
import { ephemeralKeyring } from '../../shared/aws/keyring.ts';
import { moveLine, readLines } from '../../shared/aws/line-writes.ts';
import { batchKey, transferKey } from '../../shared/aws/payment-items.ts';
import { creation, type WriteItem, writeAllOrThrow } from '../../shared/aws/transition.ts';
import { idFromCause } from '../../shared/clock/ids.ts';
import { createHttpHandler } from '../../shared/lambda/http-handler.ts';
import type { AuditRecord } from '../../shared/supervision/audit-chain.ts';
import { readAuditExport, verifyAudit } from '../../shared/supervision/audit-export.ts';
import { seedClearedClaim } from '../support/cleared-claim.ts';
import { call, recordedEdge, settableClock } from '../support/http.ts';
import { auditor, enterprise, finance, identityNumber, officerLin } from '../support/people.ts';
import { openTestTable } from '../support/table.ts';

const by = systemActor('test');
const officer = { subject: 'o-lin', tenant: 'hr-bureau/lucheng', role: 'officer', name: '林科员' };
const at = '2021-03-31T02:00:00.000Z';

describe('dossiers', { timeout: 30_000 }, () => {
  let engine: Awaited<ReturnType<typeof openTestTable>>;
  let handler: ReturnType<typeof createHttpHandler>;
  const clock = settableClock('2021-04-01T01:00:00Z');
  const personal = createPersonalData(ephemeralKeyring());
  const classId = idFromCause('class');
  const [first, second] = [idFromCause('first'), idFromCause('second')];
  const folder = `claims/${first}`;
  const [kept, cancelled] = ['温BP2100001', '温BP2100002'];

  const put = async (Item: Record<string, unknown>) =>
    engine.table.client.send(new PutCommand({ TableName: 'jipei', Item }));
  const set = async (claimId: string, attributes: Record<string, unknown>) => {
    for (const [name, value] of Object.entries(attributes)) {
      await engine.table.client.send(
        new UpdateCommand({
          TableName: 'jipei',
          Key: { pk: `CLAIM#${claimId}`, sk: 'META' },
          UpdateExpression: 'SET #a = :v',
          ExpressionAttributeNames: { '#a': name },
          ExpressionAttributeValues: { ':v': value },
        }),
      );
    }
  };
  const entity = async (pk: string, chain: string, more: Record<string, unknown>, facts?: Record<string, unknown>) => {
    const item = { pk, sk: 'META', st: 'made', ...more } as never;
    const audit = { action: 'made', by: officer, at, ...(facts === undefined ? {} : { facts }) };
    await writeAllOrThrow(engine.table, creation(engine.table, chain, item, audit));
  };

  /** The line was paid by two batches, one after the other: the first transfer bounced. */
  const payTwice = async () => {
    for (const [n, batchId] of ['batch-1', 'batch-2'].entries()) {
      const reference = `JP${n}`;
      await entity(batchKey(batchId).pk, batchId, { id: batchId, fileSha256: `file-${n}` });
      await put({
        ...transferKey(batchId, reference),
        st: n === 0 ? 'bounced' : 'paid',
        claimId: first,
        holder: '学员1',
      });
      const move = async (...[name, facts]: [Parameters<typeof moveLine>[2], Record<string, unknown>]) => {
        const [line] = await readLines(engine.table, first);
        const writes: WriteItem[] = moveLine(engine.table, line as never, name, { audit: { by: officer, at, facts } });
        await writeAllOrThrow(engine.table, writes);
      };
      await move('line-payment-started', { batchId, reference });
      if (n === 0) await move('line-bounced', { reference });
      if (n === 0) await move('line-reapplied', {});
    }
    await put({
      pk: 'BATCH#batch-1',
      sk: `PROBLEM#${first}#0002`,
      claimId: first,
      lineNo: 2,
      message: '没有可用的卡号',
    });
  };

  /** Published, then corrected; both notices carry the claim's row, and somebody objected to the first. */
  const publish = async () => {
    for (const noticeId of ['N1', 'N2']) {
      await entity(`NOTICE#${noticeId}`, noticeId, { id: noticeId, members: [{ claimId: 'somebody-else', rowNo: 2 }] });
      await put({ pk: `NOTICE#${noticeId}`, sk: `CLAIM#${first}`, claimId: first, rowNo: 1, row: { heads: 1 } });
      await put({ pk: `NOTICE#${noticeId}`, sk: `CLAIM#${second}`, claimId: second, rowNo: 3 });
      await put({ pk: `NOTICE#${noticeId}`, sk: 'PROOF#2021-03-24', jsonHash: `json-${noticeId}`, at });
    }
    await put({ pk: 'NOTICE#N1', sk: 'CORRECTION#N2', noticeId: 'N2', rowNos: [1] });
    const objection = {
      noticeId: 'N1',
      kind: 'named',
      decision: { result: 'dismissed', reason: '查无此事', by: officer },
    };
    const secrets = {
      sealedObjector: 'v1.objector',
      sealedReason: 'v1.text',
      contentHash: 'h-1',
      receiptNumber: 'R-1',
    };
    await put({ pk: 'NOTICE#N1', sk: 'OBJECTION#O1', id: 'O1', claimId: first, ...objection, ...secrets });
    await put({ pk: 'NOTICE#N1', sk: 'OBJECTION#O2', id: 'O2', claimId: second, ...objection, ...secrets });
    const record = { pk: `AUDIT#${first}`, sk: 'META#00000001' };
    await engine.table.client.send(
      new UpdateCommand({
        TableName: 'jipei',
        Key: record,
        UpdateExpression: 'SET facts = :f',
        ExpressionAttributeValues: { ':f': { from: 'N1', to: 'N2' } },
      }),
    );
  };

  beforeAll(async () => {
    engine = await openTestTable();
    const { table } = engine;
    const unused = undefined as never;
    const deps = {
      trails: createAuditTrails(table),
      claim: unused,
      ledger: unused,
      account: unused,
      plans: unused,
      paidHeads: unused,
      accounts: [],
      dossiers: createDossierTable(table),
      clock,
    };
    handler = createHttpHandler(recordRoutes, deps, recordedEdge(createIdempotencyTable(table), clock));
    const owner = { tenant: enterprise.tenant, authority: 'hr-bureau/lucheng' };
    const filing = {
      ...owner,
      type: 'class',
      filedOn: '2021-03-09',
      rosterId: 'later',
      accepted: { rosterId: 'accepted' },
    };
    await entity(`CLASS#${classId}`, classId, filing, { rosterId: 'accepted' });
    for (const rosterId of ['accepted', 'later']) {
      const trainees = [{ name: `${rosterId}的学员`, idMasked: '330*************1X', personHash: 'h', sealedId: 'v1' }];
      await put({ pk: `CLASS#${classId}`, sk: `TRAINEES#${rosterId}#0000`, trainees });
    }
    const certificates = createCertificateTable(table, personal);
    await certificates.setLetter('lucheng', 'B', by, clock.now());
    const certified = { id: classId, tenant: enterprise.tenant, subject: '车工', district: 'lucheng' };
    const people = [1, 2].map((n) => ({ name: `学员${n}`, idNumber: identityNumber('19900101', n) }));
    const order = { class: certified, letter: 'B', issuedOn: '2021-03-20', trainees: people };
    await certificates.issue(order, officer, clock.now());
    await certificates.cancel((await certificates.find(cancelled)) as never, '姓名有误', officer, clock.now());
    await seedClearedClaim(table, personal, { id: first, fens: [100], applicationId: 'A1' });
    await seedClearedClaim(table, personal, { id: second, fens: [200, 300] });
    for (const id of [first, second]) await set(id, { classId });
    await set(first, { noticeId: 'N2', reviewers: ['o-lin'] });
    await put({
      pk: `CLAIM#${first}`,
      sk: 'EVIDENCE#E1',
      video: { verdict: 'sufficient', flags: ['looped'], keyFrames: ['k1'], durationMs: 1 },
      requestedBy: { ...by, name: '陈经办' },
    });
    await entity('FUNDAPPLICATION#A1', 'A1', { receiptNumber: '浙财收2021-1', bankSerial: 'B-1' });
    await put({ pk: 'FUNDAPPLICATION#A1', sk: `CLAIM#${first}`, claimId: first, fen: 100 });
    await put({ pk: 'FUNDAPPLICATION#A1', sk: 'CLAIM#somebody-else', claimId: 'somebody-else', fen: 900 });
    await publish();
    await payTwice();
  });
  afterAll(async () => engine.stop());

  const ask = async (as: Parameters<typeof call>[1]['as'], query: Record<string, string> = {}) =>
    call(handler, { route: 'GET /classes/{classId}/dossier', path: { classId }, query, as });
  const take = async (as: Parameters<typeof call>[1]['as'], query: Record<string, string> = {}) =>
    unzip(Buffer.from((await ask(as, query)).body, 'base64'));
  // biome-ignore lint/suspicious/noExplicitAny: files are read as they come
  const json = (files: Map<string, Buffer>, name: string): any => JSON.parse(String(files.get(name)));
  const trails = (files: Map<string, Buffer>, name: string) =>
    String(files.get(name))
      .trim()
      .split('\n')
      .map((line) => readAuditExport(JSON.parse(line)));

  test('an applicant finds nothing in it that other answers withhold', async () => {
    const finding = { article: '二(二)', correctable: false, facts: {} };
    const findings = [
      { ...finding, rule: 'status.verified', outcome: 'pass', message: '已核对' },
      { ...finding, rule: 'recipient.condition', outcome: 'fail', message: '在他处就业', facts: { employer: 'ent-x' } },
    ];
    await engine.table.client.send(
      new UpdateCommand({
        TableName: 'jipei',
        Key: { pk: `CLAIM#${first}`, sk: 'LINE#0001' },
        UpdateExpression: 'SET findings = :f',
        ExpressionAttributeValues: { ':f': findings },
      }),
    );
    expect(String((await take(officerLin)).get(`${folder}/lines.json`))).toContain('ent-x');
    const files = await take(enterprise);
    const texts = [...files].filter(([name]) => name !== 'manifest.json').map(([, bytes]) => String(bytes));
    for (const secret of [
      'looped',
      'keyFrames',
      'o-lin',
      'reviewers',
      'somebody-else',
      'ent-x',
      '在他处就业',
      '查无此事',
      '浙财收',
      'file-1',
    ]) {
      expect(texts.filter((text) => text.includes(secret))).toEqual([]);
    }
    expect([...files.keys()].filter((name) => /audit|objections|fund-application|batches/.test(name))).toEqual([]);
    expect(json(files, `${folder}/evidence.json`)).toMatchObject([{ video: { verdict: 'sufficient', durationMs: 1 } }]);
    expect(json(files, 'class/certificates.json').issued[0]).toMatchObject({ issuedBy: { name: '林科员' } });
    expect(json(files, `${folder}/transfers.json`)).toHaveLength(2);
  });

  test('a filing that was never filed is its applicant’s alone', async () => {
    const draft = idFromCause('draft class');
    const owner = { tenant: enterprise.tenant, authority: 'hr-bureau/lucheng' };
    await put({ pk: `CLASS#${draft}`, sk: 'META', ...owner, type: 'class', rosterId: 'r' });
    const answerTo = async (as: Parameters<typeof call>[1]['as'], id: string) => {
      const path = { classId: id };
      const { status, body } = await call(handler, { route: 'GET /classes/{classId}/dossier', path, as });
      return { status, body: status === 200 ? '' : body };
    };
    expect(await answerTo(officerLin, draft)).toEqual(await answerTo(officerLin, idFromCause('absent class')));
    expect((await answerTo(enterprise, draft)).status).toBe(200);
  });

  test('the authority finds every try to pay, with its batch, and what kept a line out', async () => {
    const files = await take(officerLin);
    expect(json(files, `${folder}/transfers.json`)).toMatchObject([{ st: 'bounced' }, { st: 'paid' }]);
    expect(json(files, `${folder}/payment-batches.json`)).toMatchObject([
      { id: 'batch-1', fileSha256: 'file-0' },
      { id: 'batch-2', fileSha256: 'file-1' },
    ]);
    expect(json(files, `${folder}/payment-problems.json`)).toMatchObject([{ lineNo: 2 }]);
    const application = json(files, `${folder}/fund-application.json`);
    expect(application).toMatchObject({
      application: { receiptNumber: '浙财收2021-1', bankSerial: 'B-1' },
      row: { fen: 100 },
    });
    expect(json(files, `${folder}/evidence.json`)[0].video.flags).toEqual(['looped']);
  });

  test('it holds the notice before the correction too, each with the row and the daily proofs, and what was objected', async () => {
    const files = await take(auditor);
    expect(json(files, `${folder}/notices.json`)).toMatchObject([
      { noticeId: 'N1', row: { rowNo: 1 }, proofs: [{ jsonHash: 'json-N1' }], corrections: [{ noticeId: 'N2' }] },
      { noticeId: 'N2', row: { rowNo: 1 }, proofs: [{ jsonHash: 'json-N2' }], corrections: [] },
    ]);
    const objections = json(files, `${folder}/objections.json`);
    expect(objections).toMatchObject([{ id: 'O1', decision: { result: 'dismissed', reason: '查无此事' } }]);
    expect(JSON.stringify(objections)).not.toMatch(/sealed|h-1|R-1/);
  });

  test('its roster is the accepted one', async () => {
    expect(json(await take(officerLin), 'class/roster.json')).toMatchObject([{ name: 'accepted的学员' }]);
  });

  test('the trails in it are whole: they hold, and an edit of one would show', async () => {
    const files = await take(officerLin);
    const [ofClass] = trails(files, 'class/audit.ndjson');
    expect(ofClass && verifyAudit(ofClass)).toMatchObject({ chain: classId, holds: true, records: 1 });
    expect(ofClass?.records[0]?.facts).toEqual({ rosterId: 'accepted' });
    const ofCertificates = trails(files, 'class/certificate-audit.ndjson');
    expect(ofCertificates.map((trail) => [trail.chain, verifyAudit(trail).holds, trail.records.length])).toEqual([
      [kept, true, 1],
      [cancelled, true, 2],
    ]);
    expect(json(files, 'class/certificates.json').cancelled).toMatchObject([{ number: cancelled, reason: '姓名有误' }]);
    const [ofApplication] = trails(files, `${folder}/fund-application-audit.ndjson`);
    expect(ofApplication && verifyAudit(ofApplication).holds).toBe(true);
    expect(trails(files, `claims/${second}/audit.ndjson`).map((trail) => verifyAudit(trail).holds)).toEqual([true]);
    // This test itself has edited the first claim's record.
    const [edited] = trails(files, `${folder}/audit.ndjson`);
    expect(edited && verifyAudit(edited).faults).toMatchObject([{ entity: 'META', fault: 'edited' }]);
  });

  test('one claim can be asked for alone, and no claim of another class', async () => {
    const files = await take(officerLin, { claimId: second });
    const claims = new Set(
      [...files.keys()].filter((name) => name.startsWith('claims/')).map((name) => name.split('/')[1]),
    );
    expect(claims).toEqual(new Set([second]));
    expect(json(files, 'manifest.json').subject).toBe(`CLASS#${classId}/CLAIM#${second}`);
    expect((await ask(officerLin, { claimId: idFromCause('elsewhere') })).status).toBe(404);
  });

  test.each([
    [2498, 200, []],
    [2499, 413, ['query.claimId', 'query.claimId']],
  ])('claims of 5,000 lines together go out in one piece, of more one by one: %i', async (lineCount, status, paths) => {
    await set(first, { lineCount: 2502 });
    await set(second, { lineCount });
    const answer = await ask(officerLin);
    const problems: { path: string }[] = answer.body.problems ?? [];
    expect([answer.status, problems.map(({ path }) => path)]).toEqual([status, paths]);
    expect((await ask(officerLin, { claimId: first })).status).toBe(200);
    await set(first, { lineCount: 1 });
    await set(second, { lineCount: 2 });
  });

  test('who takes it is on record, many at once too, in a chain of its own; the bytes stay the same', async () => {
    const taken = async () => createAuditTrails(engine.table).read(`DOWNLOADS#${classId}`, `DOWNLOADS#${classId}`);
    const before = (await taken()).records.length;
    const answers = await Promise.all(Array.from({ length: 4 }, async () => ask(auditor)));
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    await ask(enterprise, { claimId: second });
    const trail = await taken();
    expect(verifyAudit(trail).holds).toBe(true);
    const fresh: AuditRecord[] = trail.records.slice(before);
    const digest = answers[0]?.headers['repr-digest'] ?? '';
    const sha256 = Buffer.from(digest.slice('sha-256=:'.length, -1), 'base64').toString('hex');
    expect(fresh.slice(0, 4).map(({ action, by: who, facts }) => [action, who.subject, facts?.['sha256']])).toEqual(
      Array.from({ length: 4 }, () => ['dossier-taken', auditor.subject, sha256]),
    );
    expect(fresh[4]).toMatchObject({ by: { subject: enterprise.subject }, facts: { claimId: second } });
    expect((await ask(finance)).status).toBe(403);
    expect((await taken()).records).toHaveLength(before + 5);
  });
});

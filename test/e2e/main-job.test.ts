import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalCloud, startCloud } from '../../local/cloud.ts';
import { samplePdf } from '../../local/sample/documents.ts';
import { runMainJob } from '../../local/sample/main-job.ts';
import { enterprise, firstOfficer, otherEnterprise } from '../../local/sample/people.ts';
import { type Json, openSampleApi, type SampleApi } from '../../local/sample/sample-api.ts';
import { Steps } from '../../local/sample/step.ts';
import { put, requestUpload, type SampleFile } from '../../local/sample/upload.ts';
import { synthesize } from '../../local/startup/synthesis.ts';
import { itemsOfCloud } from '../simulation/cloud-table.ts';
import { violations } from '../simulation/invariants.ts';
import { privilegeOf } from './granted-calls.ts';
import { usedByMainJob } from './used-elsewhere.ts';

const administrator = { sub: 'zhu', tenant: 'platform', role: 'admin', duties: [], name: '朱管理员' };
const root = join(import.meta.dirname, '../..');
const minute = 60_000;

describe('the main job on one machine', () => {
  let cloud: LocalCloud;
  let api: SampleApi;
  let assembly: string;
  beforeAll(async () => {
    assembly = (await synthesize(root)).assembly;
    cloud = await startCloud({ assembly, clock: { startAt: new Date('2021-03-08T01:00:00Z') }, recordCalls: true });
    api = openSampleApi(cloud.apiUrl, (person) => cloud.token({ ...person }));
  }, 240_000);
  afterAll(async () => cloud.stop());

  const advance = async (ms: number) => {
    await cloud.clock.advance({ ms });
    await cloud.settle();
  };

  test('every step comes out as the sample says', { timeout: 240_000 }, async () => {
    const steps = new Steps(() => undefined);
    const clock = {
      now: cloud.clock.now,
      advance: async (to: { to: Date } | { ms: number }) => void (await cloud.clock.advance(to)),
    };
    const { apiUrl, token, settle } = cloud;
    const told = await runMainJob({ apiUrl, token, settle, clock }, steps);
    expect(told.states.map(({ state }) => state)).toEqual([
      'draft',
      'submitted',
      'assessed',
      'endorsed',
      'approved',
      'publicised',
      'cleared',
    ]);
    expect(told.clips.every(({ bytesRead }) => bytesRead < 150_000)).toBe(true);
  });

  describe('what goes wrong', { timeout: 120_000 }, () => {
    let claimId: string;
    let classId: string;
    const line = (id: string, idNumber: string, more: object = {}) => ({
      id,
      name: '丁一',
      idNumber,
      attendedHours: 8,
      certificates: [],
      ...more,
    });
    const document: SampleFile = {
      kind: 'sign-in-sheets',
      fileName: '签到表.pdf',
      contentType: 'application/pdf',
      bytes: samplePdf('sign-in of the second class'),
    };
    const evidence = async (evidenceId: string): Promise<Json> =>
      api.good(enterprise, `GET /claims/${claimId}/evidence/${evidenceId}`);

    beforeAll(async () => {
      const start = new Date(cloud.clock.now().getTime() + 8 * 86_400_000).toISOString().slice(0, 10);
      const draft = await api.good(enterprise, 'POST /classes', {
        programme: 'project',
        route: 'enterprise',
        district: 'lucheng',
        startsOn: start,
        endsOn: start,
        hours: 8,
        subject: '钳工基础',
        place: '实训楼',
        contact: '陈经办',
        sessions: [{ date: start, startsAt: '08:00', endsAt: '17:00', hours: 8, content: '钳工', teacher: '李工' }],
        trainees: [{ name: '丁一', idNumber: '11010519491231002X' }],
      });
      classId = draft.id;
      const { version } = await api.good(enterprise, `POST /classes/${classId}/filing`);
      await api.good(firstOfficer, `POST /classes/${classId}/acceptance`, { version, reason: '同意' });
      claimId = (await api.good(enterprise, 'POST /claims', { programme: 'project', route: 'enterprise', classId })).id;
    }, 120_000);

    test.each([
      ['no token', undefined, 401],
      ['an expired token', { exp: 1_000_000_000 }, 401],
      ['a token for another audience', { aud: 'elsewhere' }, 401],
      ['a role without the right', { role: 'auditor', tenant: 'audit' }, 403],
    ])('%s', async (_, claims, status) => {
      const person = claims === undefined ? undefined : { ...enterprise, ...claims };
      const reply = await api.send(person, 'POST /claims', { programme: 'project', route: 'enterprise', classId });
      expect(reply.status).toBe(status);
    });

    test("another's claim and an absent one answer alike, to the byte", async () => {
      const absent = '0'.repeat(26);
      for (const route of [
        'GET /claims/X',
        'PUT /claims/X/roster',
        'POST /claims/X/submission',
        'GET /claims/X/evidence',
      ]) {
        const body = route.startsWith('PUT') ? { lines: [line('a', '11010519491231002X')] } : undefined;
        const [foreign, none] = await Promise.all(
          [claimId, absent].map(async (id) => api.send(otherEnterprise, route.replace('X', id), body)),
        );
        expect([foreign?.status, none?.status]).toEqual([404, 404]);
        expect(foreign?.body).toEqual(none?.body);
      }
    });

    test("a class that was never filed, or is another's, opens no claim", async () => {
      const open = { programme: 'project', route: 'enterprise' };
      const never = await api.refused(enterprise, 'POST /claims', 'not-found', { ...open, classId: '0'.repeat(26) });
      expect(await api.refused(otherEnterprise, 'POST /claims', 'not-found', { ...open, classId })).toEqual(never);
    });

    test('a roster of none, of 5,001, with unknown fields is refused with its places; broken numbers are kept and told', async () => {
      const many = Array.from({ length: 5001 }, (_, n) => line(`L${n}`, '11010519491231002X'));
      for (const lines of [[], many, [line('a', '11010519491231002X', { salary: 1 })]]) {
        const problem = await api.refused(enterprise, `PUT /claims/${claimId}/roster`, 'validation-failed', { lines });
        expect(problem.problems.length).toBeGreaterThan(0);
      }
      const lines = [line('a', '11010519491231002X'), line('b', '11010519491231002x'), line('c', '110105194912310021')];
      const { warnings } = await api.good(enterprise, `PUT /claims/${claimId}/roster`, { lines });
      expect(warnings.map(({ lineId }: Json) => lineId)).toEqual(expect.arrayContaining(['b', 'c']));
      expect(JSON.stringify(warnings)).not.toContain('110105194912310021');
    });

    test('a submission without its evidence is refused with the list, and the draft stays as it is', async () => {
      const problem = await api.refused(enterprise, `POST /claims/${claimId}/submission`, 'claim-incomplete');
      expect(JSON.stringify(problem.problems)).toMatch(/视频/);
      expect((await api.good(enterprise, `GET /claims/${claimId}`)).state).toBe('draft');
    });

    test('a double click opens one claim', async () => {
      const key = { 'idempotency-key': randomUUID() };
      const body = { programme: 'project', route: 'enterprise', classId };
      const [one, two] = [
        await api.send(enterprise, 'POST /claims', body, key),
        await api.send(enterprise, 'POST /claims', body, key),
      ];
      expect(two.body).toEqual(one.body);
      expect((await api.send(enterprise, 'POST /claims', { ...body, chargedTrainees: true }, key)).status).toBe(422);
    });

    test('other bytes than were declared are refused by the store; nothing is lost', async () => {
      const opened = await requestUpload(api, enterprise, claimId, document, false);
      const other = document.bytes.map((byte, at) => (at === 40 ? byte ^ 1 : byte));
      expect((await put(opened.upload.put, other)).ok).toBe(false);
      expect((await put(opened.upload.put, document.bytes.subarray(1))).ok).toBe(false);
      expect((await evidence(opened.evidence.id)).state).toBe('awaiting-upload');
      expect((await put(opened.upload.put, document.bytes)).ok).toBe(true);
      await cloud.settle();
      expect((await evidence(opened.evidence.id)).state).toBe('verified');
    });

    test('an address is dead after fifteen minutes, and a renewed one works', async () => {
      const bytes = samplePdf('renewed');
      const opened = await requestUpload(api, enterprise, claimId, { ...document, bytes }, false);
      await advance(16 * minute);
      expect((await put(opened.upload.put, bytes)).status).toBe(403);
      const renewed = await api.good(enterprise, `POST /claims/${claimId}/evidence/${opened.evidence.id}/urls`);
      expect((await put(renewed.upload.put, bytes)).ok).toBe(true);
    });

    test('completion before the object is there is refused; an event that is lost is made up for by the sweep', async () => {
      const bytes = samplePdf('lost event');
      const { evidence: row, upload } = await requestUpload(api, enterprise, claimId, { ...document, bytes }, false);
      await api.refused(enterprise, `POST /claims/${claimId}/evidence/${row.id}/completion`, 'state-not-permitted', {});
      cloud.faults.deliveries({ channel: 's3', action: 'drop' });
      expect((await put(upload.put, bytes)).ok).toBe(true);
      await cloud.settle();
      expect((await evidence(row.id)).state).toBe('awaiting-upload');
      await advance(30 * minute);
      expect((await evidence(row.id)).state).toBe('verified');
    });

    test('an event that comes twice is one verdict', async () => {
      const bytes = samplePdf('event twice');
      const { evidence: row, upload } = await requestUpload(api, enterprise, claimId, { ...document, bytes }, false);
      cloud.faults.deliveries({ channel: 's3', action: 'duplicate' });
      await put(upload.put, bytes);
      await cloud.settle();
      expect((await evidence(row.id)).state).toBe('verified');
    });

    test('an upload that never comes is given up after its day, with what to do', async () => {
      const { evidence: row } = await requestUpload(
        api,
        enterprise,
        claimId,
        { ...document, bytes: samplePdf('never') },
        false,
      );
      await advance(25 * 60 * minute);
      expect(await evidence(row.id)).toMatchObject({ state: 'rejected', message: expect.stringMatching(/重新/) });
    });

    test.each([
      ['a text with the name of a film', async () => new TextEncoder().encode('no film at all, '.repeat(200))],
      ['a playlist', async () => new TextEncoder().encode('#EXTM3U\nhttp://127.0.0.1/other.mp4\n')],
      [
        'a clip cut in half',
        async () => (await readFile(join(root, 'local/sample/clips/index-first.mp4'))).subarray(0, 135_000),
      ],
    ])('%s is rejected with its reason', async (name, make) => {
      const file = {
        kind: 'teaching-video',
        fileName: `${name}.mp4`,
        contentType: 'video/mp4',
        bytes: Uint8Array.from(await make()),
      };
      const { evidence: row, upload } = await requestUpload(api, enterprise, claimId, file, false);
      await put(upload.put, file.bytes);
      await cloud.settle();
      const verdict = await evidence(row.id);
      expect([verdict.state, verdict.message]).toEqual(['rejected', expect.stringMatching(/[一-龥]{4}/)]);
    });

    test.each([
      ['an empty file', { sizeBytes: 0 }],
      ['more than the limit', { sizeBytes: 5 * 1024 ** 4 }],
      ['another type', { contentType: 'application/x-msdownload' }],
      ['a kind that there is not', { kind: 'holiday-photos' }],
      ['a hash that is none', { sha256: 'abc' }],
    ])('%s is refused before anything is sent', async (_, what) => {
      const request = {
        kind: 'teaching-video',
        fileName: 'a.mp4',
        contentType: 'video/mp4',
        sizeBytes: 10,
        sha256: '0'.repeat(64),
      };
      const problem = await api.refused(enterprise, `POST /claims/${claimId}/evidence`, 'validation-failed', {
        ...request,
        ...what,
      });
      expect(problem.problems.length).toBeGreaterThan(0);
    });

    test('a worker that is killed in mid-message leaves its work to the next try', async () => {
      const bytes = samplePdf('killed worker');
      const { evidence: row, upload } = await requestUpload(api, enterprise, claimId, { ...document, bytes }, false);
      cloud.faults.calls({ function: 'verify-evidence', action: 'kill', operation: 'CopyObject', when: 'after' });
      await put(upload.put, bytes);
      await cloud.settle();
      await advance(60 * minute);
      expect((await evidence(row.id)).state).toBe('verified');
    });

    test('a poison message ends in the dead-letter queue after five tries, its neighbours are done', async () => {
      const queues = await cloud.queues();
      const assess = queues.find(({ name }) => /assess/i.test(name) && !/dead|dlq/i.test(name));
      const { endpoints, region, credentials } = cloud;
      const sqs = new SQSClient({ endpoint: endpoints.sqs, region, credentials });
      await sqs.send(new SendMessageCommand({ QueueUrl: assess?.url ?? '', MessageBody: '{"poison":' }));
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: assess?.url ?? '',
          MessageBody: JSON.stringify({ claimId: '0'.repeat(26), version: 1 }),
        }),
      );
      for (let tries = 0; tries < 6; tries += 1) {
        await cloud.settle();
        await cloud.clock.advance({ ms: 2 * 60 * minute });
      }
      await cloud.settle();
      const dead = (await cloud.queues()).filter(({ name }) => /dead|dlq/i.test(name));
      expect(dead.map(({ visible }) => visible).reduce((sum, count) => sum + count, 0)).toBe(1);
      sqs.destroy();
    });

    test('dead letters whose cause is gone are sent back over HTTP, and the work is done', async () => {
      const rest = async () => {
        const { queues } = await api.good(administrator, 'GET /operations/queues');
        return queues.find(({ name }: Json) => name === 'verify');
      };
      const bytes = samplePdf('dead letter');
      const { evidence: row, upload } = await requestUpload(api, enterprise, claimId, { ...document, bytes }, false);
      const right = { function: 'verify-evidence', operation: 'GetItem', error: 'AccessDeniedException' };
      cloud.faults.calls({ ...right, action: 'fail', times: 1_000 });
      await put(upload.put, bytes);
      for (let tries = 0; tries < 6; tries += 1) {
        await cloud.settle();
        await cloud.clock.advance({ ms: 31 * minute });
      }
      await cloud.settle();
      expect((await evidence(row.id)).state).toBe('awaiting-upload');
      const { deadLetters } = await rest();
      expect(deadLetters.waiting).toBeGreaterThan(0);
      cloud.faults.clear();
      await api.refused(enterprise, 'POST /operations/redrives', 'forbidden', { queue: 'verify' });
      const told = await api.good(administrator, 'POST /operations/redrives', { queue: 'verify' });
      expect(told).toMatchObject({ state: 'done', moved: deadLetters.waiting, failed: 0, left: 0 });
      await cloud.settle();
      expect((await evidence(row.id)).state).toBe('verified');
      expect((await rest()).deadLetters).toEqual({ waiting: 0, inFlight: 0 });
    });
  });

  test('the whole table holds the invariants, wherever its claims stand', async () => {
    await cloud.settle();
    expect(violations(await itemsOfCloud(cloud), { isQuiet: true })).toEqual([]);
  });

  test('no identity, card or account number is in any log, and every AWS call is one that the role of its function allows', () => {
    const text = JSON.stringify(cloud.logs());
    expect(text).not.toMatch(
      /(?<![0-9A-Za-z])[1-9]\d{5}(19|20)\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])/,
    );
    expect(text).not.toContain('733000120190012345');
    const { denied, unused } = privilegeOf(assembly, cloud);
    expect(denied).toEqual([]);
    expect(usedByMainJob.filter((right) => unused.includes(right))).toEqual([]);
  });
});

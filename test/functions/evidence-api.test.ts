import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { BatchWriteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createHandler } from '../../functions/evidence-api/handler.ts';
import { requestUpload } from '../../shared/evidence/request-upload.ts';
import { uploadRequestSchema } from '../../shared/evidence/upload-request.ts';
import { crashAtCall } from '../support/crash-at-call.ts';
import {
  type EvidenceWorld,
  incomingBucket,
  mib,
  openEvidenceWorld,
  pdf,
  sha256,
  someBytes,
} from '../support/evidence-world.ts';
import { call } from '../support/http.ts';
import { auditor, enterprise, finance, officerLin, officerOfOuhai, rivalEnterprise } from '../support/people.ts';

const minutes = 60 * 1000;

describe('evidence-api', { timeout: 30_000 }, () => {
  let world: EvidenceWorld;
  let claimId: string;
  beforeAll(async () => {
    world = await openEvidenceWorld();
  });
  afterAll(async () => world.stop());
  beforeEach(async () => {
    claimId = await world.putClaim();
    world.announced();
    world.sent.length = 0;
  });

  const setClaim = (id: string, st: string) =>
    world.engine.table.client.send(
      new UpdateCommand({
        TableName: 'jipei',
        Key: { pk: `CLAIM#${id}`, sk: 'META' },
        UpdateExpression: 'SET st = :s',
        ExpressionAttributeValues: { ':s': st },
      }),
    );
  const verifyAll = async () => world.deliver(world.worker, ...world.announced());

  describe('one request', () => {
    test('is signed for these bytes, and the upload is known before they come', async () => {
      const bytes = someBytes(5000, 'a');
      const { status, body } = await world.post(claimId, world.declare(bytes));
      expect(status).toBe(201);
      expect(body.evidence).toMatchObject({
        claimId,
        kind: 'teaching-video',
        kindName: '培训授课视频',
        state: 'awaiting-upload',
        sizeBytes: 5000,
        sha256: sha256(bytes),
        expiresAt: '2021-03-21T01:00:00.000Z',
      });
      expect(body.upload).toMatchObject({ mode: 'single', expiresAt: '2021-03-20T01:15:00.000Z' });
      expect(new URL(body.upload.put.url).pathname).toBe(`/${incomingBucket}/claims/${claimId}/${body.evidence.id}`);
      expect((await world.put(body.upload.put, bytes)).status).toBe(200);
    });

    test('accepts the hash as Base64 too', async () => {
      const bytes = someBytes(5000, 'base64');
      const hash = Buffer.from(sha256(bytes), 'hex').toString('base64');
      const { body } = await world.post(claimId, world.declare(bytes, { sha256: hash }));
      expect(body.evidence.sha256).toBe(sha256(bytes));
      expect((await world.put(body.upload.put, bytes)).status).toBe(200);
    });

    test('takes nothing but what was declared', async () => {
      const bytes = someBytes(5000, 'bound');
      const { body } = await world.post(claimId, world.declare(bytes));
      const { url, headers } = body.upload.put;
      const attempt = async (change: object, sent: Uint8Array = bytes) =>
        world.put({ url, headers: { ...headers, ...change } }, sent);
      expect(await attempt({}, someBytes(5000, 'other'))).toMatchObject({ status: 400 });
      expect(await attempt({}, someBytes(4999, 'bound'))).toMatchObject({ status: 403 });
      expect(await attempt({}, someBytes(5001, 'bound'))).toMatchObject({ status: 403 });
      expect(await attempt({}, Buffer.alloc(0))).toMatchObject({ status: 403 });
      expect(await attempt({ 'content-type': 'text/html' })).toMatchObject({ status: 403 });
      const other = Buffer.from(sha256(Buffer.from('x')), 'hex').toString('base64');
      expect(await attempt({ 'x-amz-checksum-sha256': other })).toMatchObject({ status: 403 });
      const { 'x-amz-checksum-sha256': _hash, ...without } = headers;
      expect(await world.put({ url, headers: without }, bytes)).toMatchObject({ status: 403 });
      expect(await attempt({})).toMatchObject({ status: 200 });
    });

    test('lasts 15 minutes and may be renewed; used twice it changes nothing', async () => {
      const bytes = someBytes(5000, 'expiry');
      const { body } = await world.post(claimId, world.declare(bytes));
      const reference = { claimId, evidenceId: body.evidence.id };
      world.advance(15 * minutes + 1000);
      expect(await world.put(body.upload.put, bytes)).toMatchObject({ status: 403 });
      const renewed = await world.renew(reference);
      expect(renewed.status).toBe(200);
      expect((await world.put(renewed.body.upload.put, bytes)).status).toBe(200);
      await verifyAll();
      const verified = await world.evidence.find(reference);
      expect((await world.put(renewed.body.upload.put, bytes)).status).toBe(200);
      await verifyAll();
      expect(await world.evidence.find(reference)).toEqual(verified);
      expect(await world.renew(reference)).toMatchObject({ status: 409, body: { title: 'state-not-permitted' } });
    });

    test('is not renewed for a file that is there but not yet seen', async () => {
      const reference = await world.upload(claimId, someBytes(5000, 'arrived'));
      expect(await world.renew(reference)).toMatchObject({
        status: 409,
        body: { detail: expect.stringContaining('已经到达') },
      });
    });
  });

  describe('what may be declared', () => {
    const hash = 'a'.repeat(64);
    const video = (change: object) => ({
      kind: 'teaching-video',
      fileName: 'a.mp4',
      contentType: 'video/mp4',
      sizeBytes: 1000,
      sha256: hash,
      ...change,
    });
    const document = (change: object) => video({ kind: 'sign-in-sheets', contentType: 'application/pdf', ...change });
    const parts = (sizeBytes: number, partSizeBytes: number, change = 0) => ({
      sizeBytes,
      multipart: { partSizeBytes, partSha256: Array(Math.ceil(sizeBytes / partSizeBytes) + change).fill(hash) },
    });

    test.each([
      ['an empty file', video({ sizeBytes: 0 }), 'body.sizeBytes', '文件是空的'],
      ['a fraction of a byte', video({ sizeBytes: 1.5 }), 'body.sizeBytes', ''],
      ['more than one request carries', video({ sizeBytes: 64 * mib + 1 }), 'body.multipart', '请分片上传'],
      ['a video over the limit', video(parts(4096 * mib + 1, 64 * mib)), 'body.sizeBytes', '超过上限'],
      ['a document over the limit', document({ sizeBytes: 20 * mib + 1 }), 'body.sizeBytes', '不超过 20 MiB'],
      ['a document as a video', video({ contentType: 'application/pdf' }), 'body.contentType', '只接受 MP4'],
      ['a container that is not read yet', video({ contentType: 'video/webm' }), 'body.contentType', '暂不支持 WebM'],
      ['a video as a document', document({ contentType: 'video/mp4' }), 'body.contentType', '签到表只接受 PDF'],
      ['a form the product makes itself', document({ kind: 'roster' }), 'body.kind', '没有这种材料类型'],
      ['no hash', video({ sha256: 'abc' }), 'body.sha256', 'SHA-256'],
      ['no name', video({ fileName: ' ' }), 'body.fileName', '请填写文件名'],
      ['an unknown field', video({ size: 1 }), 'body.size', '没有这个字段'],
      ['a part too small', video(parts(12 * mib, 5 * mib - 1)), 'body.multipart.partSizeBytes', 'EntityTooSmall'],
      ['a part too large', video(parts(200 * mib, 64 * mib + 1)), 'body.multipart.partSizeBytes', '64 MiB'],
      ['a hash too few', video(parts(12 * mib, 5 * mib, -1)), 'body.multipart.partSha256', '共 3 片，收到 2 个'],
      ['a hash too many', video(parts(12 * mib, 5 * mib, 1)), 'body.multipart.partSha256', '共 3 片，收到 4 个'],
      [
        'a part without a hash',
        video({ ...parts(6 * mib, 5 * mib), multipart: { partSizeBytes: 5 * mib } }),
        'body.multipart.partSha256',
        '',
      ],
    ])('%s is refused, with the place and what to do', async (_, body, path, message) => {
      const answer = await world.post(claimId, body);
      expect([answer.status, answer.body.title]).toEqual([400, 'validation-failed']);
      expect(answer.body.problems).toEqual([{ path, message: expect.stringContaining(message) }]);
      expect((await world.list(claimId)).body.evidence).toEqual([]);
    });

    test.each([
      ['a byte', video({ sizeBytes: 1 })],
      ['all that one request carries', video({ sizeBytes: 64 * mib })],
      ['the largest document', document({ sizeBytes: 20 * mib })],
      ['a picture', document({ contentType: 'image/jpeg' })],
      ['the largest video in the largest parts', video(parts(4096 * mib, 64 * mib))],
      ['the largest video in the smallest parts', video(parts(4096 * mib, 5 * mib))],
      ['a part of the smallest size and one byte more', video(parts(5 * mib + 1, 5 * mib))],
    ])('%s is taken', async (_, body) => {
      expect((await world.post(claimId, body)).status).toBe(201);
    });

    test('several faults are told at once', async () => {
      const answer = await world.post(claimId, video({ contentType: 'text/html', sizeBytes: 5000 * mib }));
      expect(answer.body.problems.map(({ path }: { path: string }) => path)).toEqual([
        'body.contentType',
        'body.sizeBytes',
      ]);
    });

    test("numbers of people in a file's name are not kept", async () => {
      const { body } = await world.post(claimId, video({ fileName: 'C:\\扫描\\张三330302199001011234.mp4' }));
      expect(body.evidence.fileName).toBe('张三330***34.mp4');
    });
  });

  describe('a file in parts', () => {
    const bytes = someBytes(12 * mib + 7, 'parts');
    const open = async () => {
      const opened = await world.post(claimId, world.declareParts(bytes, 5 * mib));
      return { reference: { claimId, evidenceId: opened.body.evidence.id }, upload: opened.body.upload };
    };
    const pieces = () => world.split(bytes, 5 * mib);

    test('goes on where it broke off, and is joined when all is there', async () => {
      const { reference, upload } = await open();
      expect(upload).toMatchObject({ mode: 'multipart', partSizeBytes: 5 * mib, missingParts: 3 });
      expect(upload.parts.map(({ sizeBytes }: { sizeBytes: number }) => sizeBytes)).toEqual([
        5 * mib,
        5 * mib,
        2 * mib + 7,
      ]);
      const [first = bytes, second = bytes, third = bytes] = pieces();
      const sent = [await world.put(upload.parts[1], second), await world.put(upload.parts[2], third)];
      expect(sent.map(({ status }) => status)).toEqual([200, 200]);
      const early = await world.complete(reference);
      expect([early.status, early.body.title]).toEqual([409, 'state-not-permitted']);
      expect(early.body.problems).toEqual([{ path: 'parts[0]', message: '第1片尚未上传' }]);
      expect(world.sent).toEqual([]);
      world.advance(20 * minutes);
      const renewed = await world.renew(reference);
      expect(renewed.body.upload.parts.map(({ partNumber }: { partNumber: number }) => partNumber)).toEqual([1]);
      const last = await world.put(renewed.body.upload.parts[0], first);
      const etags = [last, ...sent].map(({ etag }, index) => ({ partNumber: index + 1, etag }));
      const done = await world.complete(reference, enterprise, { parts: etags });
      expect([done.status, done.body.state]).toEqual([202, 'uploaded']);
      expect(world.sent).toEqual([reference]);
    });

    test('takes no part but the declared one in each place', async () => {
      const { upload } = await open();
      const [first = bytes, second = bytes, third = bytes] = pieces();
      expect(await world.put(upload.parts[0], second)).toMatchObject({ status: 400 });
      expect(await world.put(upload.parts[0], first.subarray(1))).toMatchObject({ status: 403 });
      expect(await world.put({ ...upload.parts[0], headers: upload.parts[1].headers }, second)).toMatchObject({
        status: 403,
      });
      expect(await world.put(upload.parts[2], Buffer.concat([third, Buffer.alloc(1)]))).toMatchObject({ status: 403 });
      expect(await world.put(upload.parts[0], first)).toMatchObject({ status: 200 });
    });

    test('completion said again is answered alike, and sends again what may have been lost', async () => {
      const { reference, upload } = await open();
      for (const [index, piece] of pieces().entries()) await world.put(upload.parts[index], piece);
      expect((await world.complete(reference)).body.state).toBe('uploaded');
      expect((await world.complete(reference)).body.state).toBe('uploaded');
      expect(world.sent).toEqual([reference, reference]);
      await verifyAll();
      expect(await world.complete(reference)).toMatchObject({ status: 202, body: { state: 'verified' } });
      expect(world.sent.length).toBe(2);
    });

    test("a client's list that differs from what is there is refused, part by part", async () => {
      const { reference, upload } = await open();
      for (const [index, piece] of pieces().entries()) await world.put(upload.parts[index], piece);
      const answer = await world.complete(reference, enterprise, {
        parts: [
          { partNumber: 2, etag: '"0123"' },
          { partNumber: 4, etag: '"0123"' },
        ],
      });
      expect(answer.status).toBe(409);
      expect(answer.body.problems).toEqual([
        { path: 'parts[1]', message: '第2片的 ETag 与收到的不符，请核对后重新上传该片' },
        { path: 'parts[3]', message: '该文件只有3片，没有第4片' },
      ]);
    });

    test('a hundred addresses at a time', async () => {
      const hashes = Array.from({ length: 103 }, (_, index) => sha256(Buffer.from([index])));
      const sizeBytes = 103 * 5 * mib;
      const declared = {
        ...world.declare(bytes),
        sizeBytes,
        multipart: { partSizeBytes: 5 * mib, partSha256: hashes },
      };
      const { body } = await world.post(claimId, declared);
      expect([body.upload.parts.length, body.upload.missingParts]).toEqual([100, 103]);
    });

    test('an upload that the store gave up is begun anew', async () => {
      const { reference } = await open();
      const before = (await world.evidence.find(reference))?.multipart?.uploadId ?? '';
      await world.workerParts.incoming.abortMultipart(`claims/${claimId}/${reference.evidenceId}`, before);
      expect((await world.complete(reference)).status).toBe(409);
      const renewed = await world.renew(reference);
      expect(renewed.body.upload.missingParts).toBe(3);
      for (const [index, piece] of pieces().entries()) {
        expect((await world.put(renewed.body.upload.parts[index], piece)).status).toBe(200);
      }
      expect((await world.complete(reference)).body.state).toBe('uploaded');
    });
  });

  test('completion before the object is there says so and changes nothing', async () => {
    const { body } = await world.post(claimId, world.declare(someBytes(5000, 'not yet')));
    const reference = { claimId, evidenceId: body.evidence.id };
    const answer = await world.complete(reference);
    expect([answer.status, answer.body.title]).toEqual([409, 'state-not-permitted']);
    expect(answer.body.detail).toContain('还没有完整到达');
    expect([(await world.evidence.find(reference))?.st, world.sent.length]).toEqual(['awaiting-upload', 0]);
  });

  describe('whose claim', () => {
    const bytes = someBytes(5000, 'whose');
    const routes = async (id: string, evidenceId: string, as: typeof enterprise) => [
      await world.post(id, world.declare(bytes), as),
      await world.list(id, as),
      await world.read({ claimId: id, evidenceId }, as),
      await world.renew({ claimId: id, evidenceId }, as),
      await world.complete({ claimId: id, evidenceId }, as),
    ];

    test('a foreign claim and an absent one are the same 404, byte for byte', async () => {
      const reference = await world.upload(claimId, bytes);
      const foreign = await routes(claimId, reference.evidenceId, rivalEnterprise);
      const absent = await routes('C9999', reference.evidenceId, rivalEnterprise);
      expect(foreign.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
      expect(foreign.map(({ body }) => body)).toEqual(absent.map(({ body }) => body));
      const own = await routes(claimId, 'NOPE', enterprise);
      expect(own.slice(2).map(({ status }) => status)).toEqual([404, 404, 404]);
    });

    test('reviewers of that authority and auditors read; nobody else does, and none of them writes', async () => {
      const handedIn = await world.putClaim({ st: 'returned', submittedOn: '2021-03-22' });
      const { evidenceId } = await world.upload(handedIn, bytes);
      const statuses = async (as: typeof enterprise) =>
        (await routes(handedIn, evidenceId, as)).map(({ status }) => status);
      expect(await statuses(officerLin)).toEqual([403, 200, 200, 403, 403]);
      expect(await statuses(auditor)).toEqual([403, 200, 200, 403, 403]);
      expect(await statuses(officerOfOuhai)).toEqual([403, 404, 404, 403, 403]);
      expect(await statuses(finance)).toEqual([403, 403, 403, 403, 403]);
    });

    test('what belongs to a claim that was never handed in is its applicant’s alone', async () => {
      const draft = await world.putClaim();
      const { evidenceId } = await world.upload(draft, bytes);
      const absent = await routes('C9999', evidenceId, auditor);
      for (const as of [officerLin, auditor]) {
        const [, listed, read] = await routes(draft, evidenceId, as);
        expect([listed?.status, read?.status]).toEqual([404, 404]);
        expect([listed?.body, read?.body]).toEqual([absent[1]?.body, absent[2]?.body]);
      }
      expect((await routes(draft, evidenceId, enterprise)).slice(1, 3).map(({ status }) => status)).toEqual([200, 200]);
    });

    test('an upload of another claim of the same applicant is not found under this one', async () => {
      const { evidenceId } = await world.upload(claimId, bytes);
      const other = await world.putClaim();
      expect((await world.read({ claimId: other, evidenceId })).status).toBe(404);
    });
  });

  describe('the state of the claim', () => {
    test.each(['draft', 'returned'])('%s takes uploads', async (st) => {
      await setClaim(claimId, st);
      expect((await world.post(claimId, world.declare(someBytes(10, st)))).status).toBe(201);
    });

    test.each(['submitted', 'assessed', 'approved', 'paid', 'refused', 'withdrawn'])('%s takes none', async (st) => {
      const opened = await world.post(claimId, world.declare(someBytes(10, 'before')));
      await setClaim(claimId, st);
      expect(await world.post(claimId, world.declare(someBytes(10, st)))).toMatchObject({
        status: 409,
        body: { title: 'state-not-permitted' },
      });
      expect((await world.renew({ claimId, evidenceId: opened.body.evidence.id })).status).toBe(409);
    });

    test('submitted in the very moment: the row is refused by the write itself', async () => {
      const racing = createHandler(
        {
          evidence: {
            ...world.evidence,
            create: async (...args: Parameters<typeof world.evidence.create>) => {
              await setClaim(claimId, 'submitted');
              return world.evidence.create(...args);
            },
          },
          incoming: world.workerParts.incoming,
          queue: { send: async () => undefined },
          clock: world.clock,
        },
        world.apiEdge,
      );
      const answer = await call(racing, {
        route: 'POST /claims/{claimId}/evidence',
        path: { claimId },
        body: world.declare(someBytes(10, 'race')),
        as: enterprise,
      });
      expect([answer.status, answer.body.title]).toEqual([409, 'changed-meanwhile']);
      expect((await world.list(claimId)).body.evidence).toEqual([]);
    });

    test('what was begun in time may be finished after', async () => {
      const reference = await world.upload(claimId, someBytes(5000, 'in time'));
      await setClaim(claimId, 'submitted');
      expect((await world.complete(reference)).status).toBe(202);
    });
  });

  describe('repetition', () => {
    test('the same key gives the same upload; the key with another file is refused', async () => {
      const bytes = someBytes(5000, 'repeat');
      const first = await world.post(claimId, world.declare(bytes), enterprise, 'key-repeat');
      const again = await world.post(claimId, world.declare(bytes), enterprise, 'key-repeat');
      expect([again.status, again.body]).toEqual([201, first.body]);
      const other = await world.post(claimId, world.declare(someBytes(5000, 'o')), enterprise, 'key-repeat');
      expect([other.status, other.body.title]).toEqual([422, 'idempotency-key-reused']);
    });

    test('after the key is forgotten: the row and the upload in progress are found again', async () => {
      const bytes = someBytes(6 * mib, 'forgotten');
      const deps = { evidence: world.evidence, incoming: world.workerParts.incoming, clock: world.clock };
      const ask = async (declared: object) =>
        requestUpload(deps, enterprise, claimId, 'SAMEID', uploadRequestSchema.parse(declared));
      await ask(world.declareParts(bytes, 5 * mib));
      const uploadId = (await world.evidence.find({ claimId, evidenceId: 'SAMEID' }))?.multipart?.uploadId;
      await ask(world.declareParts(bytes, 5 * mib));
      expect((await world.evidence.find({ claimId, evidenceId: 'SAMEID' }))?.multipart?.uploadId).toBe(uploadId);
      await expect(ask(world.declare(someBytes(10, 'else')))).rejects.toMatchObject({ code: 'idempotency-key-reused' });
    });

    test('two that begin at once: one upload stays, the other is given up', async () => {
      const deps = { evidence: world.evidence, incoming: world.workerParts.incoming, clock: world.clock };
      const declared = uploadRequestSchema.parse(world.declareParts(someBytes(6 * mib, 'two'), 5 * mib));
      const both = [1, 2].map(() => requestUpload(deps, enterprise, claimId, 'TWICE', declared));
      const urls = (await Promise.all(both)).map(({ upload }) =>
        upload?.mode === 'multipart' ? new URL(upload.parts[0]?.url ?? '').searchParams.get('uploadId') : undefined,
      );
      expect(new Set(urls).size).toBe(1);
      const input = { Bucket: incomingBucket, Prefix: `claims/${claimId}/TWICE` };
      const { Uploads } = await world.client.send(new ListMultipartUploadsCommand(input));
      expect(Uploads?.map(({ UploadId }) => UploadId)).toEqual([urls[0]]);
    });

    test('an answer lost while the upload in progress is written down does not make it give itself up', async () => {
      const lossy: typeof world.evidence = {
        ...world.evidence,
        keepUploadId: async (...args) => {
          await world.evidence.keepUploadId(...args);
          return world.evidence.keepUploadId(...args);
        },
      };
      const deps = { evidence: lossy, incoming: world.workerParts.incoming, clock: world.clock };
      const bytes = someBytes(6 * mib, 'lossy');
      const declared = uploadRequestSchema.parse(world.declareParts(bytes, 5 * mib));
      const { upload } = await requestUpload(deps, enterprise, claimId, 'LOSSY', declared);
      if (upload?.mode !== 'multipart' || upload.parts[1] === undefined) throw new Error('no parts');
      expect((await world.put(upload.parts[1], bytes.subarray(5 * mib))).status).toBe(200);
    });

    test('a claim of three hundred files takes no more', async () => {
      const row = (index: number) => ({
        ...world.declare(someBytes(10, 'x')),
        kind: 'id-copies',
        id: `F${index}`,
        claimId,
      });
      const rows = Array.from({ length: 299 }, (_, index) => ({
        PutRequest: {
          Item: {
            ...row(index),
            pk: `CLAIM#${claimId}`,
            sk: `EVIDENCE#F${index}`,
            st: 'rejected',
            version: 2,
            auditHead: '',
            createdAt: world.clock.now().toISOString(),
            updatedAt: world.clock.now().toISOString(),
            requestedBy: { subject: 's', tenant: 't', role: 'applicant', name: 'n' },
            expiresAt: world.clock.now().toISOString(),
          },
        },
      }));
      for (let start = 0; start < rows.length; start += 25) {
        const chunk = { jipei: rows.slice(start, start + 25) };
        await world.engine.table.client.send(new BatchWriteCommand({ RequestItems: chunk }));
      }
      expect((await world.post(claimId, world.declare(someBytes(10, 'the 300th')))).status).toBe(201);
      const { status, body } = await world.post(claimId, world.declare(someBytes(10, 'one more')));
      expect([status, body.title]).toEqual([409, 'state-not-permitted']);
    });

    test('a crash before or after any call: the client asks again under its key and can upload', {
      timeout: 60_000,
    }, async () => {
      for (const when of ['before', 'after'] as const) {
        for (let n = 1; ; n += 1) {
          const bytes = someBytes(6 * mib, `${when} ${n}`);
          const key = `crash-${when}-${n}`;
          const crashed = await crashAtCall([world.client, world.engine.client], n, when, async () =>
            world.post(claimId, world.declareParts(bytes, 5 * mib), enterprise, key),
          );
          // The lease of a request that died is taken over after a minute.
          world.advance(61_000);
          const { status, body } = await world.post(claimId, world.declareParts(bytes, 5 * mib), enterprise, key);
          expect(status).toBe(201);
          const renewed = (await world.renew({ claimId, evidenceId: body.evidence.id })).body.upload;
          for (const [index, piece] of world.split(bytes, 5 * mib).entries()) {
            expect((await world.put(renewed.parts[index], piece)).status).toBe(200);
          }
          expect((await world.complete({ claimId, evidenceId: body.evidence.id })).body.state).toBe('uploaded');
          if (!crashed) break;
        }
        const { evidence } = (await world.list(claimId)).body;
        expect(new Set(evidence.map(({ sha256: hash }: { sha256: string }) => hash)).size).toBe(evidence.length);
      }
    });
  });

  describe('what counts', () => {
    test('the same file, or the same recording in another wrapping, counts once and says so', async () => {
      const one = someBytes(5000, 'recording');
      const rewrapped = someBytes(5100, 'recording in another container');
      const other = someBytes(5000, 'another recording');
      world.proofs.set(sha256(rewrapped), { fingerprint: sha256(one).slice(0, 32) });
      const first = await world.upload(claimId, one);
      for (const bytes of [one, rewrapped, other]) {
        world.advance(1000);
        await world.upload(claimId, bytes);
      }
      await verifyAll();
      const { evidence } = (await world.list(claimId)).body;
      expect(evidence.map((view: { repeats?: string }) => view.repeats)).toEqual([
        undefined,
        first.evidenceId,
        first.evidenceId,
        undefined,
      ]);
      expect(evidence[1].message).toContain('内容相同，只计一次');
      const counted = await world.evidence.verifiedEvidence(claimId);
      expect(counted.videos.map(({ sha256: hash }) => hash)).toEqual([sha256(one), sha256(other)]);
    });

    test('verified videos and materials count, refused and unfinished ones do not', async () => {
      const bad = someBytes(5000, 'bad');
      world.proofs.set(sha256(bad), { verdict: 'short', durationMs: 5000 });
      await world.upload(claimId, someBytes(5000, 'good'));
      await world.upload(claimId, bad);
      await world.upload(claimId, pdf('sheet'), world.declarePdf(pdf('sheet')));
      await world.upload(claimId, pdf('sheet 2'), world.declarePdf(pdf('sheet 2')));
      await verifyAll();
      const open = await world.post(claimId, world.declarePdf(pdf('open'), { kind: 'certificate-list' }));
      expect(await world.evidence.verifiedEvidence(claimId)).toEqual({
        videos: [{ id: expect.any(String), durationMs: 121_000, sha256: sha256(someBytes(5000, 'good')) }],
        materials: ['sign-in-sheets'],
        pending: [{ id: open.body.evidence.id, kind: 'certificate-list' }],
      });
    });

    test('reviewers see flags, other claims among them; applicants see none', async () => {
      const classItem = { pk: 'CLASS#K1', sk: 'META', content: { startsOn: '2021-03-10', endsOn: '2021-03-12' } };
      await world.engine.table.client.send(new PutCommand({ TableName: 'jipei', Item: classItem }));
      const [mine, theirs] = [
        await world.putClaim({ classId: 'K1', st: 'returned', submittedOn: '2021-03-22' }),
        await world.putClaim({ tenant: rivalEnterprise.tenant, st: 'returned', submittedOn: '2021-03-22' }),
      ];
      const shared = someBytes(5000, 'shared');
      const cut = someBytes(5200, 'cut from it');
      const name = sha256(shared).slice(0, 32);
      // Cut out of the other: it begins elsewhere, and two of its key frames are there.
      const keyFrames = [`${name}-0`, `${name}-1`, `${name}-2`];
      world.proofs.set(sha256(shared), { flags: ['still-picture'], createdAt: '2021-03-01T02:00:00.000Z' });
      world.proofs.set(sha256(cut), { keyFrames, createdAt: '2021-03-01T03:00:00.000Z' });
      const here = await world.upload(mine, shared);
      world.advance(1000);
      const part = await world.upload(mine, cut);
      const opened = await world.post(theirs, world.declare(shared), rivalEnterprise);
      await world.put(opened.body.upload.put, shared);
      await verifyAll();
      const codes = async (reference: typeof here, as: typeof enterprise) =>
        (await world.read(reference, as)).body.flags.map(({ code }: { code: string }) => code);
      expect(await codes(here, officerLin)).toEqual([
        'still-picture',
        'recorded-outside-class',
        'same-session',
        'partly-same',
        'used-in-other-claim',
      ]);
      expect(await codes(part, officerLin)).toEqual([
        'recorded-outside-class',
        'same-session',
        'partly-same',
        'partly-in-other-claim',
      ]);
      const elsewhere = { claimId: theirs, evidenceId: opened.body.evidence.id };
      const flags = (await world.read(elsewhere, officerLin)).body.flags as { code: string; message: string }[];
      expect(flags).toContainEqual({
        code: 'used-in-other-claim',
        message: `同一文件或录像也用于申请 ${mine}，请核实`,
      });
      expect(await codes(here, enterprise)).toEqual([]);
      expect(JSON.stringify((await world.read(elsewhere, rivalEnterprise)).body)).not.toContain(mine);
    });
  });
});

import {
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectRetentionCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
} from '@aws-sdk/client-s3';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createHandler } from '../../functions/verify-evidence/handler.ts';
import type { EvidenceReference } from '../../shared/evidence/evidence-key.ts';
import { SourceReadError } from '../../shared/evidence/video/range-source.ts';
import { type AuditRecord, verifyChain } from '../../shared/supervision/audit-chain.ts';
import { crashAtCall } from '../support/crash-at-call.ts';
import {
  type EvidenceWorld,
  evidenceBucket,
  incomingBucket,
  mib,
  openEvidenceWorld,
  pdf,
  proofOf,
  sha256,
  someBytes,
} from '../support/evidence-world.ts';

const hours = 60 * 60 * 1000;

describe('verify-evidence', { timeout: 30_000 }, () => {
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
    world.workerEdge.counted.length = 0;
    world.workerEdge.logged.length = 0;
  });

  const keyOf = ({ claimId: claim, evidenceId }: EvidenceReference) => `claims/${claim}/${evidenceId}`;
  const found = async (reference: EvidenceReference) => {
    const evidence = await world.evidence.find(reference);
    if (evidence === undefined) throw new Error('no such evidence');
    return evidence;
  };
  const keptVersions = async (reference: EvidenceReference) => {
    const input = { Bucket: evidenceBucket, Prefix: keyOf(reference) };
    return (await world.client.send(new ListObjectVersionsCommand(input))).Versions ?? [];
  };
  const keptBytes = async (reference: EvidenceReference) => {
    const versionId = (await found(reference)).kept?.versionId ?? 'none';
    const input = { Bucket: evidenceBucket, Key: keyOf(reference), VersionId: versionId };
    return (await world.client.send(new GetObjectCommand(input))).Body?.transformToByteArray();
  };
  const auditOf = async (reference: EvidenceReference): Promise<AuditRecord[]> => {
    const reply = await world.engine.table.client.send(
      new QueryCommand({
        TableName: 'jipei',
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
        ExpressionAttributeValues: { ':pk': `AUDIT#${reference.claimId}`, ':sk': `EVIDENCE#${reference.evidenceId}` },
      }),
    );
    return (reply.Items ?? []).map(({ pk: _pk, sk: _sk, type: _type, ...record }) => record as unknown as AuditRecord);
  };
  const waiting = async (state: string, until = '9999'): Promise<string[]> => {
    const reply = await world.engine.table.client.send(
      new QueryCommand({
        TableName: 'jipei',
        IndexName: 'worklist',
        KeyConditionExpression: 'wpk = :w AND wsk <= :until',
        ExpressionAttributeValues: { ':w': `W#evidence#${state}#0`, ':until': until },
      }),
    );
    return (reply.Items ?? []).map(({ sk }) => String(sk).slice('EVIDENCE#'.length));
  };
  /** One verdict, one record of it, a chain that holds, nobody waiting, and locked bytes only if verified. */
  const expectSettled = async (reference: EvidenceReference, state: 'verified' | 'rejected') => {
    const evidence = await found(reference);
    expect(evidence.st).toBe(state);
    const records = await auditOf(reference);
    expect(records.length).toBe(evidence.version);
    expect(records.filter(({ to }) => to === state).length).toBe(1);
    expect(verifyChain(`EVIDENCE#${reference.evidenceId}`, records, evidence)).toEqual([]);
    expect([...(await waiting('awaiting-upload')), ...(await waiting('uploaded'))]).not.toContain(reference.evidenceId);
    expect((await keptVersions(reference)).length).toBe(state === 'verified' ? 1 : 0);
    return evidence;
  };

  describe('a video', () => {
    test('is verified on its own event, pinned, and kept under lock for five years', async () => {
      const bytes = someBytes(5000, 'a');
      const reference = await world.upload(claimId, bytes);
      const [event] = world.announced();
      expect(await world.deliver(world.worker, event)).toEqual([]);
      const evidence = await expectSettled(reference, 'verified');
      expect(evidence).toMatchObject({
        video: { durationMs: 121_000, container: 'mp4', codec: 'h264' },
        kept: { lockedUntil: '2026-03-20T01:00:00.000Z' },
      });
      expect(evidence.sourceVersionId).toBe(
        (event as { Records: [{ s3: { object: { versionId: string } } }] }).Records[0].s3.object.versionId,
      );
      expect(Buffer.from((await keptBytes(reference)) ?? []).equals(bytes)).toBe(true);
      const retention = await world.client.send(
        new GetObjectRetentionCommand({
          Bucket: evidenceBucket,
          Key: keyOf(reference),
          VersionId: evidence.kept?.versionId,
        }),
      );
      expect(retention.Retention).toEqual({
        Mode: 'COMPLIANCE',
        RetainUntilDate: new Date('2026-03-20T01:00:00Z'),
      });
      expect(world.workerEdge.counted.map(({ name }) => name)).toEqual(['EvidenceVerified', 'EvidenceVerifyMs']);
      expect((await world.read(reference)).body).toMatchObject({
        state: 'verified',
        message: '已核实画面时长 2分1秒。',
        video: { durationMs: 121_000, fingerprint: sha256(bytes).slice(0, 32) },
      });
    });

    test('that is no two minutes long is refused with the measured facts, and nothing is locked', async () => {
      const bytes = someBytes(5000, 'lying');
      world.proofs.set(sha256(bytes), {
        verdict: 'truncated',
        durationMs: 5000,
        claimedMs: 121_000,
        message: '视频文件头声称 121 秒，实际只有 5 秒的画面，请重新导出后上传。',
      });
      const reference = await world.upload(claimId, bytes);
      await world.deliver(world.worker, ...world.announced());
      await expectSettled(reference, 'rejected');
      const { body } = await world.read(reference);
      expect(body).toMatchObject({
        state: 'rejected',
        rejection: 'video-not-proven',
        message: '视频文件头声称 121 秒，实际只有 5 秒的画面，请重新导出后上传。',
        video: { verdict: 'truncated', durationMs: 5000, claimedMs: 121_000 },
      });
      expect(world.workerEdge.counted.map(({ name }) => name)).toEqual(['EvidenceRejected', 'EvidenceVerifyMs']);
    });

    test('whose bytes could not be read stays undecided, and the message comes again', async () => {
      const reference = await world.upload(claimId, someBytes(5000, 'unreadable source'));
      const [event] = world.announced();
      const failing = createHandler(
        { ...world.workerParts, proveVideo: async () => Promise.reject(new SourceReadError('connection lost')) },
        world.workerEdge,
      );
      expect((await world.deliver(failing, event)).length).toBe(1);
      expect((await found(reference)).st).toBe('awaiting-upload');
      expect(await world.deliver(world.worker, event)).toEqual([]);
      await expectSettled(reference, 'verified');
    });
  });

  describe('a document', () => {
    const jpeg = someBytes(3000, 'j', '\xff\xd8\xff\xe0', '\xff\xd9');
    const examined = async (bytes: Uint8Array, contentType: string, state: 'verified' | 'rejected') => {
      const reference = await world.upload(claimId, bytes, world.declarePdf(bytes, { contentType }));
      await world.deliver(world.worker, ...world.announced());
      await expectSettled(reference, state);
      return (await world.read(reference)).body;
    };

    test.each([
      ['a PDF', pdf('x'), 'application/pdf'],
      ['a JPEG', jpeg, 'image/jpeg'],
      ['a PDF of nothing but its marks', pdf('y', 16), 'application/pdf'],
    ])('%s is verified', async (_, bytes, contentType) => {
      expect((await examined(bytes, contentType, 'verified')).message).toBe('核验通过。');
    });

    test.each([
      ['a picture said to be a PDF', jpeg, 'application/pdf', 'JPEG 图片'],
      ['a web page said to be a PDF', Buffer.from('<!doctype html><script>1</script>'), 'application/pdf', '网页'],
      ['a PDF that was cut off', pdf('z').subarray(0, 1900), 'application/pdf', '不完整'],
      ['noise', someBytes(3000, 'noise', '\x00\x01\x02\x03'), 'image/png', '无法识别'],
    ])('%s is refused, with the reason', async (_, bytes, contentType, fault) => {
      expect(await examined(bytes, contentType, 'rejected')).toMatchObject({
        rejection: 'document-not-readable',
        message: expect.stringContaining(fault),
      });
    });
  });

  describe('delivery', () => {
    test('the event twice, the client and the sweep besides: one verdict, one copy', async () => {
      const reference = await world.upload(claimId, someBytes(5000, 'often'));
      const [event] = world.announced();
      expect((await world.complete(reference)).body.state).toBe('uploaded');
      expect(world.sent).toEqual([reference]);
      for (const message of [event, event, reference, reference]) {
        expect(await world.deliver(world.worker, message)).toEqual([]);
      }
      await expectSettled(reference, 'verified');
      const verdicts = world.workerEdge.logged.map(({ fields }) => (fields as { verdict: string }).verdict);
      expect(verdicts).toEqual(['verified', 'settled', 'settled', 'settled']);
      expect(world.workerEdge.counted.filter(({ name }) => name === 'EvidenceVerified').length).toBe(1);
    });

    test('all at once: one run does the work, and one copy is locked', async () => {
      const bytes = someBytes(5000, 'at once');
      const reference = await world.upload(claimId, bytes);
      const [event] = world.announced();
      const runs = [event, event, reference, reference].map((message) => world.deliver(world.worker, message));
      expect((await Promise.all(runs)).flat()).toEqual([]);
      await expectSettled(reference, 'verified');
      expect(Buffer.from((await keptBytes(reference)) ?? []).equals(bytes)).toBe(true);
      const verdicts = world.workerEdge.logged.map(({ fields }) => (fields as { verdict: string }).verdict);
      expect(verdicts.filter((verdict) => verdict === 'verified').length).toBe(1);
      expect(verdicts.filter((verdict) => !['verified', 'in-hand', 'settled'].includes(verdict))).toEqual([]);
    });

    test('while a run has it in hand others pass by; when its time is up, the next takes over', async () => {
      const reference = await world.upload(claimId, someBytes(5000, 'in hand'));
      const [event] = world.announced();
      const started = Promise.withResolvers<void>();
      const dying = createHandler(
        {
          ...world.workerParts,
          proveVideo: () => {
            started.resolve();
            return new Promise(() => undefined);
          },
        },
        world.workerEdge,
      );
      void world.deliver(dying, event);
      await started.promise;
      world.advance(6 * 60_000 - 1);
      expect(await world.deliver(world.worker, event)).toEqual([]);
      expect((await found(reference)).st).toBe('awaiting-upload');
      world.advance(1);
      expect(await world.deliver(world.worker, event)).toEqual([]);
      await expectSettled(reference, 'verified');
    });

    test('the client says "complete" while the verdict is on its way', async () => {
      const reference = await world.upload(claimId, someBytes(5000, 'between'));
      const interrupted = createHandler(
        {
          ...world.workerParts,
          proveVideo: async (source) => {
            expect((await world.complete(reference)).body.state).toBe('uploaded');
            return world.workerParts.proveVideo(source);
          },
        },
        world.workerEdge,
      );
      expect(await world.deliver(interrupted, ...world.announced())).toEqual([]);
      const records = await auditOf(reference);
      expect(records.map(({ from, to }) => [from, to])).toEqual([
        ['', 'awaiting-upload'],
        ['awaiting-upload', 'uploaded'],
        ['uploaded', 'verified'],
      ]);
      await expectSettled(reference, 'verified');
    });

    test('no event at all: the sweep finds the upload a quarter of an hour later', async () => {
      const reference = await world.upload(claimId, pdf('lost event'), world.declarePdf(pdf('lost event')));
      world.announced();
      const due = (minutes: number) => new Date(world.clock.now().getTime() + minutes * 60_000).toISOString();
      expect(await waiting('awaiting-upload', due(14))).not.toContain(reference.evidenceId);
      expect(await waiting('awaiting-upload', due(15))).toContain(reference.evidenceId);
      await world.deliver(world.worker, reference);
      await expectSettled(reference, 'verified');
    });

    test('a message before its object: the sweep is told to look again', async () => {
      const opened = await world.post(claimId, world.declare(someBytes(100, 'early')));
      const reference = { claimId, evidenceId: opened.body.evidence.id };
      world.advance(1 * hours);
      const early = world.clock.now().toISOString();
      expect(await waiting('awaiting-upload', early)).toContain(reference.evidenceId);
      expect(await world.deliver(world.worker, reference)).toEqual([]);
      expect(await waiting('awaiting-upload', early)).not.toContain(reference.evidenceId);
      expect((await found(reference)).version).toBe(1);
    });

    test('an event about an upload that nobody opened is put on record and dropped', async () => {
      await world.putPast({ claimId, evidenceId: 'NOROW' }, someBytes(10, 'x'));
      expect(await world.deliver(world.worker, ...world.announced())).toEqual([]);
      expect(world.workerEdge.logged).toMatchObject([{ event: 'evidence-examined', fields: { verdict: 'unknown' } }]);
    });

    test('several records in one message; a poison message fails alone; the test event of S3 is nothing', async () => {
      const one = await world.upload(claimId, someBytes(5000, 'one'));
      const two = await world.upload(claimId, someBytes(5000, 'two'));
      const records = world.announced().flatMap(({ Records }) => Records);
      const testEvent = { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: incomingBucket };
      const failed = await world.deliver(world.worker, '{"no json', { claimId }, testEvent, { Records: records });
      expect(failed.length).toBe(2);
      await expectSettled(one, 'verified');
      await expectSettled(two, 'verified');
    });

    test('one record that cannot be read does not keep the others of its message waiting', async () => {
      const bad = someBytes(5000, 'bad record');
      const one = await world.upload(claimId, bad);
      const two = await world.upload(claimId, someBytes(5000, 'good record'));
      const worker = createHandler(
        {
          ...world.workerParts,
          proveVideo: async (source) => {
            const bytes = await source.read(0, source.size);
            if (sha256(bytes) === sha256(bad)) throw new SourceReadError('lost');
            return proofOf(bytes);
          },
        },
        world.workerEdge,
      );
      const Records = world.announced().flatMap((message) => message.Records);
      expect((await world.deliver(worker, { Records })).length).toBe(1);
      expect([(await found(one)).st, (await found(two)).st]).toEqual(['awaiting-upload', 'verified']);
    });
  });

  describe('the bytes', () => {
    test('overwritten between check and use: what was examined is kept, what came later is not', async () => {
      const bytes = someBytes(5000, 'first');
      const reference = await world.upload(claimId, bytes);
      const racing = createHandler(
        {
          ...world.workerParts,
          proveVideo: async (source) => {
            await world.putPast(reference, someBytes(5000, 'other'));
            return world.workerParts.proveVideo(source);
          },
        },
        world.workerEdge,
      );
      await world.deliver(racing, ...world.announced());
      const evidence = await expectSettled(reference, 'verified');
      expect(evidence.video?.fingerprint).toBe(sha256(bytes).slice(0, 32));
      expect(Buffer.from((await keptBytes(reference)) ?? []).equals(bytes)).toBe(true);
      expect(await world.deliver(world.worker, ...world.announced())).toEqual([]);
      await expectSettled(reference, 'verified');
    });

    test('overwritten before the check: the event of the first version still proves the first', async () => {
      const bytes = someBytes(5000, 'before');
      const reference = await world.upload(claimId, bytes);
      const [event] = world.announced();
      await world.putPast(reference, someBytes(5000, 'later'));
      await world.deliver(world.worker, event);
      await expectSettled(reference, 'verified');
      expect(Buffer.from((await keptBytes(reference)) ?? []).equals(bytes)).toBe(true);
    });

    test.each([
      ['another length', someBytes(5001, 'd'), 'video/mp4', '长度为5001字节'],
      ['another type', someBytes(5000, 'd'), 'text/html', '类型为“text/html”'],
      ['other bytes of the same length', someBytes(5000, 'e'), 'video/mp4', 'SHA-256 与申报的不同'],
    ])('%s than what was signed is refused', async (_, bytes, contentType, fault) => {
      const opened = await world.post(claimId, world.declare(someBytes(5000, 'd')));
      const reference = { claimId, evidenceId: opened.body.evidence.id };
      await world.putPast(reference, bytes, contentType);
      await world.deliver(world.worker, ...world.announced());
      await expectSettled(reference, 'rejected');
      expect((await world.read(reference)).body).toMatchObject({
        rejection: 'differs-from-declared',
        message: expect.stringContaining(fault),
      });
    });

    test('without a checksum of the store are refused: nobody vouches for them', async () => {
      const bytes = someBytes(5000, 'no checksum');
      const opened = await world.post(claimId, world.declare(bytes));
      const reference = { claimId, evidenceId: opened.body.evidence.id };
      const incoming = {
        ...world.workerParts.incoming,
        find: async (key: string, versionId?: string) => {
          const object = await world.workerParts.incoming.find(key, versionId);
          if (object === undefined) return undefined;
          const { checksum: _checksum, ...rest } = object;
          return rest;
        },
      };
      await world.put(opened.body.upload.put, bytes);
      await world.deliver(createHandler({ ...world.workerParts, incoming }, world.workerEdge), ...world.announced());
      expect((await expectSettled(reference, 'rejected')).rejection?.code).toBe('differs-from-declared');
    });

    test('gone between the word "complete" and the check: refused, with the reason', async () => {
      const reference = await world.upload(claimId, someBytes(5000, 'gone'));
      const [event] = world.announced();
      await world.complete(reference);
      const VersionId = (event as { Records: [{ s3: { object: { versionId: string } } }] }).Records[0].s3.object
        .versionId;
      await world.client.send(new DeleteObjectCommand({ Bucket: incomingBucket, Key: keyOf(reference), VersionId }));
      await world.deliver(world.worker, event);
      await expectSettled(reference, 'rejected');
      expect((await world.read(reference)).body.rejection).toBe('object-missing');
    });
  });

  describe('a file in parts', () => {
    const bytes = someBytes(5 * mib + 1000, 'parts');
    const open = async (declared: object) => {
      const opened = await world.post(claimId, declared);
      expect(opened.status).toBe(201);
      const reference = { claimId, evidenceId: opened.body.evidence.id as string };
      return { reference, upload: opened.body.upload };
    };
    const sendAll = async (upload: { parts: { url: string; headers: Record<string, string> }[] }) => {
      const parts = world.split(bytes, 5 * mib);
      for (const [index, part] of upload.parts.entries()) {
        expect((await world.put(part, parts[index] ?? Buffer.alloc(0))).status).toBe(200);
      }
    };

    test('is joined, proven, hashed as a whole and kept with the hash of the whole', async () => {
      const { reference, upload } = await open(world.declareParts(bytes, 5 * mib));
      await sendAll(upload);
      expect((await world.complete(reference)).body.state).toBe('uploaded');
      await world.deliver(world.worker, ...world.announced());
      const evidence = await expectSettled(reference, 'verified');
      expect(evidence.sha256).toBe(sha256(bytes));
      expect(evidence.multipart).toBeUndefined();
      expect(sha256((await keptBytes(reference)) ?? Buffer.alloc(0))).toBe(sha256(bytes));
    });

    test('whose whole is not what was declared is refused before anything is locked', async () => {
      const { reference, upload } = await open(
        world.declareParts(bytes, 5 * mib, { sha256: sha256(Buffer.from('lie')) }),
      );
      await sendAll(upload);
      await world.complete(reference);
      await world.deliver(world.worker, ...world.announced());
      await expectSettled(reference, 'rejected');
      expect((await world.read(reference)).body.message).toContain('整个文件的 SHA-256');
    });

    test('that is all there though nobody said so is joined by the sweep', async () => {
      const { reference, upload } = await open(world.declareParts(bytes, 5 * mib));
      await sendAll(upload);
      expect(world.announced()).toEqual([]);
      await world.deliver(world.worker, reference);
      await expectSettled(reference, 'verified');
    });

    test('that is never finished is given up after a day without a sign of life, and its parts are dropped', async () => {
      const { reference, upload } = await open(world.declareParts(bytes, 5 * mib));
      await world.put(upload.parts[0], bytes.subarray(0, 5 * mib));
      const uploads = async () =>
        (await world.client.send(new ListMultipartUploadsCommand({ Bucket: incomingBucket, Prefix: keyOf(reference) })))
          .Uploads?.length ?? 0;
      world.advance(20 * hours);
      expect((await world.renew(reference)).body.upload).toMatchObject({ missingParts: 1 });
      world.advance(24 * hours - 1);
      await world.deliver(world.worker, reference);
      expect([(await found(reference)).st, await uploads()]).toEqual(['awaiting-upload', 1]);
      world.advance(1);
      await world.deliver(world.worker, reference);
      await expectSettled(reference, 'rejected');
      expect(await uploads()).toBe(0);
      expect((await world.read(reference)).body).toMatchObject({
        rejection: 'upload-not-finished',
        message: expect.stringContaining('上传未完成'),
      });
    });

    test('given more time in the very moment it expires, it lives on', async () => {
      const { reference } = await open(world.declareParts(bytes, 5 * mib));
      world.advance(24 * hours);
      const racing = {
        ...world.evidence,
        move: async (...[evidence, change]: Parameters<typeof world.evidence.move>) => {
          await world.renew(reference);
          return world.evidence.move(evidence, change);
        },
      };
      await world.deliver(createHandler({ ...world.workerParts, evidence: racing }, world.workerEdge), reference);
      expect((await found(reference)).st).toBe('awaiting-upload');
    });
  });

  describe('a crash', { timeout: 60_000 }, () => {
    /** Runs the worker until its nth AWS call, which fails before or after its effect; false when there are fewer. */
    const crashAt = async (n: number, when: 'before' | 'after', message: unknown): Promise<boolean> =>
      crashAtCall([world.client, world.engine.client], n, when, async () => world.deliver(world.worker, message));

    test.each([
      ['before', 'in one request'],
      ['after', 'in one request'],
      ['before', 'in parts'],
      ['after', 'in parts'],
    ] as const)('%s any call of verifying a file sent %s costs nothing but time', async (when, how) => {
      let crashes = 0;
      for (let n = 1; ; n += 1) {
        const bytes = how === 'in parts' ? someBytes(5 * mib + n, `crash ${when}`) : someBytes(3000, `${when} ${n}`);
        const declared = how === 'in parts' ? world.declareParts(bytes, 5 * mib) : world.declare(bytes);
        const opened = await world.post(claimId, declared);
        const reference = { claimId, evidenceId: opened.body.evidence.id };
        if (how === 'in parts') {
          for (const [index, part] of world.split(bytes, 5 * mib).entries()) {
            await world.put(opened.body.upload.parts[index], part);
          }
        } else await world.put(opened.body.upload.put, bytes);
        const crashed = await crashAt(n, when, reference);
        world.advance(6 * 60_000);
        await world.deliver(world.worker, reference);
        await expectSettled(reference, 'verified');
        expect(sha256((await keptBytes(reference)) ?? Buffer.alloc(0))).toBe(sha256(bytes));
        if (!crashed) break;
        crashes += 1;
      }
      // Row, version, hand, bytes, earlier copy, copy, verdict; of parts also list, join, the joined version, its hash.
      expect(crashes).toBe(how === 'in parts' ? 11 : 7);
    });

    test('of refusing an upload that never came leaves it refused', async () => {
      for (const when of ['before', 'after'] as const) {
        for (let n = 1; ; n += 1) {
          const opened = await world.post(claimId, world.declareParts(someBytes(6 * mib, `${when}${n}`), 5 * mib));
          const reference = { claimId, evidenceId: opened.body.evidence.id };
          world.advance(24 * hours);
          const crashed = await crashAt(n, when, reference);
          await world.deliver(world.worker, reference);
          expect((await expectSettled(reference, 'rejected')).rejection?.code).toBe('upload-not-finished');
          if (!crashed) break;
        }
      }
    });
  });
});

import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { createHandler as createApi } from '../../functions/evidence-api/handler.ts';
import { createHandler as createWorker } from '../../functions/verify-evidence/handler.ts';
import { type S3Event, startS3 } from '../../local/s3/server.ts';
import type { Principal } from '../../shared/access/principal.ts';
import { createEvidenceTable } from '../../shared/aws/evidence-table.ts';
import { createIdempotencyTable } from '../../shared/aws/idempotency-table.ts';
import { createEvidenceVault } from '../../shared/aws/s3-evidence-vault.ts';
import { createIncomingObjects } from '../../shared/aws/s3-incoming.ts';
import type { EvidenceReference } from '../../shared/evidence/evidence-key.ts';
import type { VideoProver } from '../../shared/evidence/examine.ts';
import type { VideoProof } from '../../shared/evidence/video/video-proof.ts';
import { call, recordedEdge, settableClock } from './http.ts';
import { enterprise } from './people.ts';
import { openTestTable } from './table.ts';

export const incomingBucket = 'jipei-incoming';
export const evidenceBucket = 'jipei-evidence';
export const mib = 1024 * 1024;

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Bytes that are all different from file to file; begin with `head` and end with `tail`. */
export function someBytes(size: number, seed: string, head = '', tail = ''): Buffer {
  const bytes = Buffer.alloc(size, createHash('sha256').update(seed).digest());
  for (let at = 0; at + 4 <= size; at += 65_536) bytes.writeUInt32LE(at, at);
  bytes.write(head, 0, 'latin1');
  bytes.write(tail, Math.max(0, size - tail.length), 'latin1');
  return bytes;
}

export const pdf = (seed: string, size = 2000) => someBytes(size, seed, '%PDF-1.7\n', '\n%%EOF\n');

/** What a measurement may come to, for tests that are not about measuring. */
export function proofOf(bytes: Uint8Array, change: Partial<VideoProof> = {}): VideoProof {
  const fingerprint = sha256(bytes).slice(0, 32);
  return {
    verdict: 'proven',
    durationMs: 121_000,
    isAtLeast: false,
    requiredMs: 120_000,
    claimedMs: 121_000,
    container: 'mp4',
    layout: 'index-first',
    codec: 'h264',
    width: 320,
    height: 180,
    frames: 3025,
    frameRate: 25,
    createdAt: null,
    flags: [],
    fingerprint,
    keyFrames: [`${fingerprint}-1`, `${fingerprint}-2`],
    bytesRead: 64,
    requests: 1,
    message: '已核实画面时长 2分1秒。',
    detail: '',
    ...change,
  };
}

/**
 * The evidence functions with everything they touch: a real engine, the S3 stand-in with versions and locks, a clock.
 * The prover is a fake that reads the first bytes: measuring has tests of its own.
 */
export async function openEvidenceWorld() {
  const clock = settableClock('2021-03-20T01:00:00Z');
  const engine = await openTestTable();
  const dataDirectory = mkdtempSync(join(tmpdir(), 'evidence-'));
  const events: unknown[] = [];
  const credentials = { accessKeyId: 'AKIDTEST', secretAccessKey: 'test-secret' };
  const s3 = await startS3({
    dataDirectory,
    now: () => clock.now(),
    region: 'cn-north-1',
    credentials,
    onEvent: ({ record }: S3Event) => {
      events.push(record);
    },
  });
  s3.createBucket({
    name: incomingBucket,
    versioning: true,
    notifications: [{ events: ['s3:ObjectCreated:*'], target: 'verify' }],
  });
  s3.createBucket({ name: evidenceBucket, versioning: true, objectLock: true });
  const client = new S3Client({
    endpoint: s3.endpoint,
    region: 'cn-north-1',
    credentials,
    maxAttempts: 1,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    systemClockOffset: clock.now().getTime() - Date.now(),
  });
  const advance = (ms: number) => {
    clock.advance(ms);
    client.config.systemClockOffset = clock.now().getTime() - Date.now();
  };

  const evidence = createEvidenceTable(engine.table);
  const incoming = createIncomingObjects(client, incomingBucket);
  const sent: EvidenceReference[] = [];
  const queue = {
    send: async (reference: EvidenceReference) => {
      sent.push(reference);
    },
  };
  const proofs = new Map<string, Partial<VideoProof>>();
  const proveVideo: VideoProver = async (source) => {
    const bytes = await source.read(0, source.size);
    return proofOf(bytes, proofs.get(sha256(bytes)));
  };
  const apiEdge = recordedEdge(createIdempotencyTable(engine.table), clock);
  const api = createApi({ evidence, incoming, queue, clock }, apiEdge);
  const workerEdge = recordedEdge(createIdempotencyTable(engine.table), clock);
  const workerParts = {
    evidence,
    incoming,
    vault: createEvidenceVault(client, incomingBucket, evidenceBucket),
    proveVideo,
    clock,
    retentionYears: 5,
    incomingBucket,
  };
  const worker = createWorker(workerParts, workerEdge);

  let claims = 0;
  /** A claim as its own capability would store it, as far as evidence reads it. */
  const putClaim = async (change: Record<string, unknown> = {}): Promise<string> => {
    claims += 1;
    const id = `C${String(claims).padStart(4, '0')}`;
    const item = {
      pk: `CLAIM#${id}`,
      sk: 'META',
      st: 'draft',
      tenant: enterprise.tenant,
      authority: 'hr-bureau/lucheng',
    };
    await engine.table.client.send(new PutCommand({ TableName: 'jipei', Item: { ...item, ...change } }));
    return id;
  };

  const post = (claimId: string, body: object, as: Principal = enterprise, key?: string) =>
    call(api, {
      route: 'POST /claims/{claimId}/evidence',
      path: { claimId },
      body,
      as,
      ...(key === undefined ? {} : { key }),
    });

  const on = (action: '' | '/urls' | '/completion', method = action === '' ? 'GET' : 'POST') => {
    return ({ claimId, evidenceId }: EvidenceReference, as: Principal = enterprise, body?: object) =>
      call(api, {
        route: `${method} /claims/{claimId}/evidence/{evidenceId}${action}`,
        path: { claimId, evidenceId },
        as,
        ...(body === undefined ? {} : { body }),
      });
  };

  const list = (claimId: string, as: Principal = enterprise) =>
    call(api, { route: 'GET /claims/{claimId}/evidence', path: { claimId }, as });

  /** Declares a file that goes in one request. */
  const declare = (bytes: Uint8Array, change: object = {}) => ({
    kind: 'teaching-video',
    fileName: '第1次授课.mp4',
    contentType: 'video/mp4',
    sizeBytes: bytes.length,
    sha256: sha256(bytes),
    ...change,
  });
  const declarePdf = (bytes: Uint8Array, change: object = {}) =>
    declare(bytes, { kind: 'sign-in-sheets', fileName: '签到表.pdf', contentType: 'application/pdf', ...change });

  const split = (bytes: Uint8Array, partSizeBytes: number) =>
    Array.from({ length: Math.ceil(bytes.length / partSizeBytes) }, (_, index) =>
      bytes.subarray(index * partSizeBytes, (index + 1) * partSizeBytes),
    );
  const declareParts = (bytes: Uint8Array, partSizeBytes: number, change: object = {}) =>
    declare(bytes, { multipart: { partSizeBytes, partSha256: split(bytes, partSizeBytes).map(sha256) }, ...change });

  /** Sends bytes as a browser would: the signed address, its headers, nothing else. */
  const put = async ({ url, headers }: { url: string; headers: Record<string, string> }, bytes: Uint8Array) => {
    const response = await fetch(url, { method: 'PUT', headers, body: Buffer.from(bytes) });
    return {
      status: response.status,
      code: /<Code>(\w+)/.exec(await response.text())?.[1],
      etag: response.headers.get('etag'),
    };
  };

  /** Puts an object past every signed address, as only somebody with rights on the bucket could. */
  const putPast = async ({ claimId, evidenceId }: EvidenceReference, bytes: Uint8Array, contentType = 'video/mp4') => {
    const { VersionId } = await client.send(
      new PutObjectCommand({
        Bucket: incomingBucket,
        Key: `claims/${claimId}/${evidenceId}`,
        Body: bytes,
        ContentType: contentType,
        ChecksumAlgorithm: 'SHA256',
      }),
    );
    return VersionId ?? '';
  };

  let messages = 0;
  const sqs = (...bodies: unknown[]) => ({
    Records: bodies.map((body) => {
      messages += 1;
      return { messageId: `m${messages}`, body: typeof body === 'string' ? body : JSON.stringify(body) };
    }),
  });
  /** Delivers messages to the worker as the queue would; gives back the ids of those that would come again. */
  const deliver = async (run: typeof worker, ...bodies: unknown[]): Promise<string[]> => {
    const context = { awsRequestId: 'w', getRemainingTimeInMillis: () => 300_000 };
    const reply = await run(sqs(...bodies) as never, context as never);
    return reply.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  };
  /** Everything that the bucket announced since the last call, as messages. */
  const announced = () => events.splice(0).map((record) => ({ Records: [record] }));

  /** Opens an upload and sends its bytes in one request. */
  const upload = async (
    claimId: string,
    bytes: Uint8Array,
    declared: object = declare(bytes),
  ): Promise<EvidenceReference> => {
    const opened = await post(claimId, declared);
    if (opened.status !== 201) throw new Error(JSON.stringify(opened.body));
    const answer = await put(opened.body.upload.put, bytes);
    if (answer.status !== 200) throw new Error(answer.code);
    return { claimId, evidenceId: opened.body.evidence.id };
  };

  return {
    advance,
    announced,
    api,
    apiEdge,
    client,
    clock,
    declare,
    declareParts,
    declarePdf,
    deliver,
    engine,
    events,
    evidence,
    list,
    complete: on('/completion'),
    proofs,
    post,
    put,
    putClaim,
    putPast,
    read: on(''),
    renew: on('/urls'),
    sent,
    split,
    upload,
    worker,
    workerEdge,
    workerParts,
    stop: async () => {
      client.destroy();
      await s3.stop();
      await engine.stop();
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}

export type EvidenceWorld = Awaited<ReturnType<typeof openEvidenceWorld>>;

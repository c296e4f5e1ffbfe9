import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHandler } from '../../functions/verify-evidence/handler.ts';
import { lyingClip } from '../../local/sample/lying-clip.ts';
import { proveVideo } from '../../shared/evidence/video/prove-video.ts';
import { type EvidenceWorld, mib, openEvidenceWorld, someBytes } from '../support/evidence-world.ts';

const clip = (name: string) => readFileSync(new URL(`../../local/sample/clips/${name}.mp4`, import.meta.url));

/** A box of nothing at the end of a file, which changes its bytes and not its video. */
function padded(bytes: Uint8Array, size: number): Buffer {
  const free = someBytes(size, 'padding');
  free.writeUInt32BE(size, 0);
  free.write('free', 4, 'latin1');
  return Buffer.concat([bytes, free]);
}

let world: EvidenceWorld;
let worker: ReturnType<typeof createHandler>;
beforeAll(async () => {
  world = await openEvidenceWorld();
  worker = createHandler({ ...world.workerParts, proveVideo: (source) => proveVideo(source) }, world.workerEdge);
});
afterAll(async () => world.stop());

test('three real clips are proven from ranges of what was uploaded, one of them sent in two parts; a liar is not', {
  timeout: 30_000,
}, async () => {
  const claimId = await world.putClaim();
  await world.upload(claimId, clip('index-first'));
  world.advance(1000);
  await world.upload(claimId, clip('index-last'));
  world.advance(1000);
  const large = padded(clip('fragmented'), 5 * mib);
  const { body } = await world.post(claimId, world.declareParts(large, 5 * mib));
  expect(body.upload.parts.length).toBe(2);
  for (const [index, piece] of world.split(large, 5 * mib).entries()) {
    expect((await world.put(body.upload.parts[index], piece)).status).toBe(200);
  }
  expect((await world.complete({ claimId, evidenceId: body.evidence.id })).body.state).toBe('uploaded');
  world.advance(1000);
  const liar = await world.upload(claimId, lyingClip(clip('index-first')));
  expect(await world.deliver(worker, ...world.announced())).toEqual([]);

  const { evidence } = (await world.list(claimId)).body;
  expect(evidence.map(({ state }: { state: string }) => state)).toEqual([
    'verified',
    'verified',
    'verified',
    'rejected',
  ]);
  expect(evidence.map(({ video }: { video: { layout: string } }) => video.layout)).toEqual([
    'index-first',
    'index-last',
    'fragmented',
    'index-first',
  ]);
  for (const { video, sizeBytes } of evidence.slice(0, 3)) {
    expect(video.durationMs).toBeGreaterThanOrEqual(120_000);
    expect(video.bytesRead).toBeLessThan(Math.min(sizeBytes, 400_000));
  }
  const refused = (await world.read(liar)).body;
  expect([refused.rejection, refused.video.verdict]).toEqual(['video-not-proven', 'truncated']);
  expect(refused.video.durationMs).toBeLessThan(6000);
  expect((await world.evidence.verifiedEvidence(claimId)).videos.length).toBe(3);
});

test('a clip that was only padded is other bytes and the same recording: it counts once', async () => {
  const claimId = await world.putClaim();
  await world.upload(claimId, clip('index-first'));
  world.advance(1000);
  await world.upload(claimId, padded(clip('index-first'), 100));
  await world.deliver(worker, ...world.announced());
  const { evidence } = (await world.list(claimId)).body;
  expect(evidence.map(({ state }: { state: string }) => state)).toEqual(['verified', 'verified']);
  expect(evidence[1].repeats).toBe(evidence[0].id);
  expect((await world.evidence.verifiedEvidence(claimId)).videos.length).toBe(1);
});

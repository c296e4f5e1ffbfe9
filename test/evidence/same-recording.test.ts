import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../shared/evidence/evidence.ts';
import { countedEvidence, fingerprintsOf, repetitions } from '../../shared/evidence/same-recording.ts';
import { proofOf } from '../support/evidence-world.ts';
import { storedClip } from '../support/stored-clip.ts';

function upload(id: string, change: Partial<Evidence> = {}, recording: string | null = id): Evidence {
  return storedClip(id, { video: proofOf(Buffer.from(id), { fingerprint: recording, keyFrames: [] }), ...change });
}

describe('repetitions', () => {
  const repeated = (...uploads: Evidence[]) =>
    [...repetitions(uploads)].map(([id, original]) => `${id}=${original.id}`);

  test('the same bytes and the same recording repeat the first; different ones do not', () => {
    expect(repeated(upload('a'), upload('b'), upload('c', { sha256: 'hash-a' }), upload('d', {}, 'b'))).toEqual([
      'c=a',
      'd=b',
    ]);
  });

  test('a chain of repetitions counts once: each repeats an original, not another repetition', () => {
    const uploads = [upload('a'), upload('b', {}, 'a'), upload('c', { sha256: 'hash-b' }, 'a')];
    expect(repeated(...uploads)).toEqual(['b=a', 'c=a']);
  });

  test('clips without a fingerprint are told apart by their bytes alone', () => {
    expect(repeated(upload('a', {}, null), upload('b', {}, null))).toEqual([]);
  });

  test('what was refused or is pending is nobody’s original, and kinds do not meet', () => {
    const same = { sha256: 'x' };
    expect(
      repeated(
        upload('a', { ...same, st: 'rejected' }),
        upload('b', { ...same, st: 'uploaded' }),
        upload('c', { ...same, kind: 'sign-in-sheets' }),
        upload('d', same),
      ),
    ).toEqual([]);
  });
});

test('three files of one recording are one clip', () => {
  const { videos } = countedEvidence([
    upload('a'),
    upload('b', {}, 'a'),
    upload('c', { sha256: 'hash-a' }),
    upload('d'),
  ]);
  expect(videos.map(({ id }) => id)).toEqual(['a', 'd']);
});

test('an upload is indexed by its bytes, its recording and its key frames, each once, within one transaction', () => {
  const video = proofOf(Buffer.from('a'), { fingerprint: 'f', keyFrames: ['k1', 'k2', 'f'] });
  expect(fingerprintsOf({ sha256: 's', video })).toEqual(['s', 'f', 'k1', 'k2']);
  expect(fingerprintsOf({ sha256: 's' })).toEqual(['s']);
  const keyFrames = Array.from({ length: 500 }, (_, index) => `k${index}`);
  expect(fingerprintsOf({ sha256: 's', video: { ...video, keyFrames } }).length).toBe(90);
});

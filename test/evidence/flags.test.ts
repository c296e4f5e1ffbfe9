import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../shared/evidence/evidence.ts';
import { partlySame, usedElsewhere } from '../../shared/evidence/flags.ts';
import { proofOf } from '../support/evidence-world.ts';
import { storedClip } from '../support/stored-clip.ts';

function clip(id: string, keyFrames: readonly string[]): Evidence {
  return storedClip(id, { video: proofOf(Buffer.from(id), { keyFrames: [...keyFrames] }) });
}
const frames = (...names: string[]) => names;
const own = clip('own', frames('o', 'a', 'b', 'c', 'd'));

describe('partly the same as another clip of the claim', () => {
  const flagged = (...keyFrames: string[]) => partlySame(own, [own, clip('other', keyFrames)]).map(({ code }) => code);

  test.each([
    ['nothing', frames('p', 'x', 'y')],
    ['one key frame', frames('p', 'a', 'y')],
    ['the opening alone: a title', frames('o', 'x', 'y')],
    ['the opening and one more: a longer title', frames('o', 'a', 'y')],
  ])('%s in common is not told', (_, keyFrames) => {
    expect(flagged(...keyFrames)).toEqual([]);
  });

  test.each([
    ['two', frames('p', 'a', 'b')],
    ['three', frames('p', 'a', 'b', 'c')],
    ['two, the other way round: parts put together anew', frames('p', 'b', 'a')],
    ['two, one of them the opening of one of the two', frames('a', 'b', 'x')],
    ['the opening and two more', frames('o', 'a', 'b')],
  ])('%s are', (_, keyFrames) => {
    expect(flagged(...keyFrames)).toEqual(['partly-same']);
  });

  test('the officer reads which clip it is; a clip without key frames is like none', () => {
    const [flag] = partlySame(own, [clip('第2次', frames('p', 'a', 'b')), clip('none', [])]);
    expect(flag?.message).toBe('部分画面与本申请的“第2次.mp4”相同，请核实');
    const { video: _, ...paper } = own;
    expect(partlySame(paper, [own])).toEqual([]);
  });
});

describe('used in other claims', () => {
  const elsewhere = (claimId: string, ...shared: string[]) => ({ claimId, evidenceId: 'E', shared });
  const told = (...others: ReturnType<typeof elsewhere>[]) =>
    usedElsewhere(own, others).map(({ code, message }) => `${code} ${/申请 (\w+)/.exec(message)?.[1]}`);

  test.each([
    [frames('a'), []],
    [frames('o', 'a'), []],
    [frames('a', 'b'), ['partly-in-other-claim K']],
    [frames('a', 'b', 'c'), ['partly-in-other-claim K']],
  ])('the key frames %j in common', (shared, expected) => {
    expect(told(elsewhere('K', ...shared))).toEqual(expected);
  });

  test('the same bytes or the same recording tell at once, and the whole outweighs the part', () => {
    expect(told(elsewhere('K', 'hash-own'))).toEqual(['used-in-other-claim K']);
    const fingerprint = own.video?.fingerprint ?? '';
    expect(told(elsewhere('K', 'a', 'b'), elsewhere('K', fingerprint), elsewhere('L', 'c', 'd'))).toEqual([
      'used-in-other-claim K',
      'partly-in-other-claim L',
    ]);
  });
});

import { describe, expect, test } from 'vitest';
import { wenzhou202058 } from '../../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import { ROUTE_NAMES, sampleRequest, sampleVideo } from '../sample-requests.ts';
import { assessed, findingOn, outcomeOn, reading } from '../verdicts.ts';

const RULE = 'evidence.videos';
const ROUTE = 'project/enterprise';
const { count, durationMs } = wenzhou202058.figures.videos;

/** So many different clips, the last one of a given duration. */
function clips(total: number, lastMs = durationMs) {
  return Array.from({ length: total }, (_, index) =>
    sampleVideo(`sha-${index}`, index === total - 1 ? lastMs : durationMs),
  );
}

const withVideos = (videos: ReturnType<typeof clips>) => sampleRequest(ROUTE, { claim: { videos } });

describe('evidence.videos', () => {
  test('evidence.videos: three clips of two minutes', () => {
    expect([count, durationMs]).toEqual([3, 120_000]);
  });

  test.each([
    [count - 1, 'fail'],
    [count, 'pass'],
    [count + 1, 'pass'],
    [0, 'fail'],
  ] as const)('evidence.videos: %i clips is a %s', (total, outcome) => {
    expect(outcomeOn(withVideos(clips(total)), RULE)).toBe(outcome);
  });

  test.each([
    [durationMs - 1, 'fail'],
    [durationMs, 'pass'],
    [durationMs + 1, 'pass'],
  ] as const)('evidence.videos: the third clip of %i ms is a %s', (lastMs, outcome) => {
    expect(outcomeOn(withVideos(clips(count, lastMs)), RULE)).toBe(outcome);
  });

  test('evidence.videos: one clip uploaded twice is one clip', () => {
    const [first, second] = clips(2);
    if (first === undefined || second === undefined) throw new Error('two clips');
    const request = withVideos([first, second, { ...second, id: 'video-again' }]);
    expect(findingOn(request, RULE)).toMatchObject({
      outcome: 'fail',
      correctable: true,
      facts: { given: 3, counted: 2, repeated: 1, tooShort: 0 },
      message: '符合要求的授课视频2个，少于3个，差1个（不足120秒的0个，内容重复的1个），请补充上传（一(二)2(1)）',
    });
    expect(assessed(request).outcome).toBe('incomplete');
  });

  test('evidence.videos: a short clip does not use up its content', () => {
    expect(
      outcomeOn(withVideos([sampleVideo('a', 1), ...['a', 'b', 'c'].map((each) => sampleVideo(each))]), RULE),
    ).toBe('pass');
  });

  test.each(ROUTE_NAMES)('evidence.videos: %s', (route) => {
    const needed = ['project', 'apprenticeship', 'entrepreneurship'].some((programme) => route.startsWith(programme));
    expect(outcomeOn(sampleRequest(route, { claim: { videos: [] } }), RULE)).toBe(needed ? 'fail' : 'not applicable');
  });

  test.each([
    [40, durationMs - 41, 'fail'],
    [40, durationMs - 40, 'pass'],
    [40, durationMs - 39, 'pass'],
    [0, durationMs - 1, 'fail'],
  ] as const)('evidence.videos: videoTolerance %i, a clip of %i ms is a %s', (videoTolerance, lastMs, outcome) => {
    expect(outcomeOn(withVideos(clips(count, lastMs)), RULE, 0, reading({ videoTolerance }))).toBe(outcome);
  });
});

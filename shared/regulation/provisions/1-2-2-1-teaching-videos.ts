import type { ClaimRule } from '../rule.ts';
import { fail, pass } from '../rule.ts';

/** 一(二)2(1): teaching videos (培训授课视频), at least so many clips, each at least so long, no clip twice. */
export const evidenceVideos: ClaimRule = {
  level: 'claim',
  id: 'evidence.videos',
  title: '培训授课视频',
  article: '一(二)2(1)',
  file: 'provisions/1-2-2-1-teaching-videos.ts',
  words: ['培训授课视频（不少于3次，每次不少于2分钟，下同）'],
  correctable: true,
  outcomes: ['pass', 'fail'],
  concerns: ({ programme }) =>
    programme === 'project' || programme === 'apprenticeship' || programme === 'entrepreneurship',
  evaluate({ claim, edition }) {
    const { count: required, durationMs } = edition.figures.videos;
    const minimumMs = durationMs - edition.parameters.videoTolerance;
    const longEnough = claim.videos.filter((video) => video.durationMs >= minimumMs);
    const counted = new Set(longEnough.map((video) => video.sha256)).size;
    const facts = {
      given: claim.videos.length,
      tooShort: claim.videos.length - longEnough.length,
      repeated: longEnough.length - counted,
      counted,
      required,
      minimumMs,
    };
    if (counted >= required) return pass('培训授课视频的次数和时长符合要求（一(二)2(1)）', facts);
    return fail(
      `符合要求的授课视频${counted}个，少于${required}个，差${required - counted}个（不足${durationMs / 1000}秒的${facts.tooShort}个，内容重复的${facts.repeated}个），请补充上传（一(二)2(1)）`,
      facts,
    );
  },
};

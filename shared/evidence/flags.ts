import type { Evidence } from './evidence.ts';
import type { ClassPeriod, SimilarEvidence } from './evidence-store.ts';
import { fewestSharedKeyFrames, sharedKeyFrames } from './video/fingerprint.ts';
import { isOutsideClass, isSameSession, recordingDate } from './video/recording-date.ts';
import type { VideoFlag } from './video/video-proof.ts';

/** Something about an upload that a reviewer should look at. None refuses by itself. */
export interface EvidenceFlag {
  code: VideoFlag | 'partly-same' | 'used-in-other-claim' | 'partly-in-other-claim';
  message: string;
}

const videoFlags: Readonly<Record<VideoFlag, string>> = {
  'still-picture': '画面几乎不动，可能是静止图片，请核实',
  black: '画面几乎全黑，请核实',
  looped: '同一段画面反复出现，可能是循环播放，请核实',
  'low-frame-rate': '帧率低于每秒5帧，请核对画面是否连贯',
  'recorded-outside-class': '拍摄日期不在培训期间内，请核实',
  'same-session': '授课视频都拍摄于同一天，请核实是否为不同次授课',
};

/** Flags of the measurement, in words. */
export function measuredFlags(codes: readonly VideoFlag[]): EvidenceFlag[] {
  return codes.map((code) => ({ code, message: videoFlags[code] }));
}

function recordedAt(upload: Evidence): Date | undefined {
  const instant = upload.video?.createdAt ?? undefined;
  return instant === undefined ? undefined : new Date(instant);
}

/** Recorded before the class began or after it ended (三(一)), by the recorder's clock, which may be wrong. */
export function outsideClass(upload: Evidence, period: ClassPeriod | undefined): EvidenceFlag[] {
  const instant = recordedAt(upload);
  if (instant === undefined || period === undefined) return [];
  if (!isOutsideClass(instant, { from: period.startsOn, to: period.endsOn })) return [];
  const message = `视频记录的拍摄日期为${recordingDate(instant)}，不在培训期间（${period.startsOn}至${period.endsOn}）内，请核实`;
  return [{ code: 'recorded-outside-class', message }];
}

/** 不少于3次 means three occasions: whether the claim's clips, by the recorder's clock, all come from one day. */
export function recordedOnOneDay(videos: readonly Evidence[]): EvidenceFlag[] {
  const isOneDay = isSameSession(videos.map(({ video }) => ({ createdAt: video?.createdAt ?? null })));
  return isOneDay ? [{ code: 'same-session', message: videoFlags['same-session'] }] : [];
}

function isPartly(shared: number): boolean {
  return shared >= fewestSharedKeyFrames;
}

/** Other clips of the claim that show a part of this one; cutting a recording up does not make it several. */
export function partlySame(upload: Evidence, others: readonly Evidence[]): EvidenceFlag[] {
  const frames = upload.video?.keyFrames ?? [];
  return others
    .filter(({ id, video }) => id !== upload.id && isPartly(sharedKeyFrames(frames, video?.keyFrames ?? [])))
    .map(({ fileName }) => ({ code: 'partly-same', message: `部分画面与本申请的“${fileName}”相同，请核实` }));
}

/** Other claims that hold the same file or recording, or a part of it, each once. */
export function usedElsewhere(upload: Evidence, others: readonly SimilarEvidence[]): EvidenceFlag[] {
  const whole = new Set<string>();
  const part = new Set<string>();
  const [opening] = upload.video?.keyFrames ?? [];
  for (const { claimId, shared } of others) {
    const isWhole = shared.some((hash) => hash === upload.sha256 || hash === upload.video?.fingerprint);
    if (isWhole) whole.add(claimId);
    // The index does not tell how the other begins; this one's own opening counts for nothing, as a title would.
    else if (isPartly(shared.filter((hash) => hash !== opening).length)) part.add(claimId);
  }
  return [
    ...[...whole].map((claimId): EvidenceFlag => {
      return { code: 'used-in-other-claim', message: `同一文件或录像也用于申请 ${claimId}，请核实` };
    }),
    ...[...part]
      .filter((claimId) => !whole.has(claimId))
      .map((claimId): EvidenceFlag => {
        return { code: 'partly-in-other-claim', message: `部分画面与申请 ${claimId} 的录像相同，请核实` };
      }),
  ];
}

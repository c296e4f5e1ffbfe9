import type { VideoVerdict } from './video-proof.ts';

/** What a message is made of. Times in milliseconds. */
export interface VerdictFacts {
  readonly durationMs: number;
  readonly requiredMs: number;
  readonly claimedMs: number | null;
  readonly isAtLeast: boolean;
  readonly frameRate: number | null;
  /** Chinese name of what the file is instead of a supported video, or of what is wrong with it; empty where nothing is known. */
  readonly subject: string;
}

const LEAST_FRAME_RATE = 1;

/** Downwards, so that 119.98 seconds never read as 120.0. */
function seconds(ms: number): string {
  return `${(Math.floor(ms / 100) / 10).toFixed(1)} 秒`;
}

function required(ms: number): string {
  return `${ms / 1000} 秒`;
}

function shortMessage(facts: VerdictFacts): string {
  const measured = `画面实测 ${seconds(facts.durationMs)}，要求不少于 ${required(facts.requiredMs)}`;
  if (facts.frameRate !== null && facts.frameRate < LEAST_FRAME_RATE) {
    return `${measured}（平均每秒不到 1 帧，不能算作连续的视频）。请上传按正常帧率录制的完整教学视频。`;
  }
  return `${measured}。请上传一段不少于 ${required(facts.requiredMs)}的完整教学视频。`;
}

function truncatedMessage(facts: VerdictFacts): string {
  if (facts.claimedMs === null || facts.claimedMs <= facts.durationMs) {
    return `文件不完整，可用的画面只有 ${seconds(facts.durationMs)}。请重新上传完整的原始文件；如果录制时中断，请重新录制。`;
  }
  return `文件头称时长 ${seconds(facts.claimedMs)}，实际只有 ${seconds(facts.durationMs)}的画面数据。请重新上传完整的原始文件；如果原文件就是这样，请重新录制。`;
}

const MESSAGES: Readonly<Record<VideoVerdict, (facts: VerdictFacts) => string>> = {
  proven: ({ durationMs, requiredMs, isAtLeast }) =>
    `已核实画面时长${isAtLeast ? '至少' : ''} ${seconds(durationMs)}（要求不少于 ${required(requiredMs)}）。`,
  short: shortMessage,
  truncated: truncatedMessage,
  'not-video': ({ subject, requiredMs }) =>
    `这个文件${subject}，不能作为教学视频。请上传不少于 ${required(requiredMs)}的 MP4 视频。`,
  unreadable: ({ subject }) =>
    `无法读取这个视频：${subject}。请确认它能在播放器里正常播放，再导出为 MP4（H.264）重新上传。`,
  'too-costly': () =>
    '这个文件的结构异常庞杂，超出核验上限。请用剪辑软件重新导出为普通 MP4（H.264），时长 2 至 30 分钟为宜，再上传。',
  unsupported: ({ subject }) => `暂不支持${subject}。请转换为 MP4（H.264）后重新上传。`,
};

/** The Chinese sentence of a verdict: what was found, the measured figure, what to do. */
export function verdictMessage(verdict: VideoVerdict, facts: VerdictFacts): string {
  return MESSAGES[verdict](facts);
}

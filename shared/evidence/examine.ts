import { DOCUMENT_HEAD_BYTES, DOCUMENT_TAIL_BYTES, documentIsComplete, sniffDocument } from './document-sniffer.ts';
import type { Evidence, Rejection, VideoFacts } from './evidence.ts';
import { rulesOf } from './evidence-kinds.ts';
import type { IncomingObjects, UploadedObject } from './incoming-objects.ts';
import { compositeChecksum } from './part-plan.ts';
import { toBase64 } from './sha256.ts';
import type { RangeSource } from './video/range-source.ts';
import type { VideoProof } from './video/video-proof.ts';

/** What one pinned version of an object turned out to be. */
export type Verdict =
  | { kind: 'proven'; video?: VideoFacts }
  | { kind: 'refused'; rejection: Rejection; video?: VideoFacts };

/** Measures a teaching video by ranged reads; throws only when the bytes cannot be had. */
export type VideoProver = (source: RangeSource) => Promise<VideoProof>;

export interface Examiner {
  incoming: Pick<IncomingObjects, 'open' | 'hash'>;
  proveVideo: VideoProver;
}

function refuse(code: Rejection['code'], message: string): Verdict {
  return { kind: 'refused', rejection: { code, message } };
}

/** How the object differs from what was declared and signed, in words; undefined when it does not. */
function difference(
  { sizeBytes, contentType, sha256, multipart }: Evidence,
  object: UploadedObject,
): string | undefined {
  if (object.sizeBytes !== sizeBytes) return `长度为${object.sizeBytes}字节，申报为${sizeBytes}字节`;
  if (object.contentType !== contentType) return `类型为“${object.contentType}”，申报为“${contentType}”`;
  const checksum = multipart === undefined ? toBase64(sha256) : compositeChecksum(multipart.partSha256);
  return object.checksum === checksum ? undefined : 'SHA-256 与申报的不同';
}

const differs = (how: string) => refuse('differs-from-declared', `收到的文件与申报的不一致（${how}），请重新上传。`);

async function examineDocument({ kind, contentType }: Evidence, source: RangeSource): Promise<Verdict> {
  const { name, accepts } = rulesOf(kind);
  const unreadable = (message: string) => refuse('document-not-readable', message);
  const head = await source.read(0, Math.min(source.size, DOCUMENT_HEAD_BYTES));
  const sniffed = sniffDocument(head);
  if (sniffed?.mediaType !== contentType) {
    const found = sniffed === undefined ? '无法识别的内容' : sniffed.name;
    return unreadable(`文件内容是${found}，与申报的类型不符。${name}只接受 ${accepts}，请转换格式后重新上传。`);
  }
  const tail = await source.read(Math.max(0, source.size - DOCUMENT_TAIL_BYTES), source.size);
  if (documentIsComplete(contentType, tail)) return { kind: 'proven' };
  return unreadable('文件不完整，结尾缺失，请用原文件重新上传。');
}

async function examineVideo(prove: VideoProver, source: RangeSource): Promise<Verdict> {
  const { requiredMs: _required, detail: _detail, ...video } = await prove(source);
  if (video.verdict === 'proven') return { kind: 'proven', video };
  return { kind: 'refused', rejection: { code: 'video-not-proven', message: video.message }, video };
}

/**
 * Examines one pinned version: that it is what was declared, then that it is what its kind demands. The whole of a file
 * that came in parts is hashed here, once: the store knows only the hashes of its parts, and a lock is for good.
 * @throws whatever keeps the bytes from being read; nothing is known of the file then.
 */
export async function examine(
  { incoming, proveVideo }: Examiner,
  evidence: Evidence,
  key: string,
  object: UploadedObject,
): Promise<Verdict> {
  const found = difference(evidence, object);
  if (found !== undefined) return differs(found);
  const source = incoming.open(key, object);
  const isVideo = rulesOf(evidence.kind).form === 'video';
  const verdict = isVideo ? await examineVideo(proveVideo, source) : await examineDocument(evidence, source);
  if (verdict.kind === 'refused' || evidence.multipart === undefined) return verdict;
  if ((await incoming.hash(key, object)) !== evidence.sha256) return differs('整个文件的 SHA-256 与申报的不同');
  return verdict;
}

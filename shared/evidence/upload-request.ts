import * as z from 'zod';
import { evidenceKinds, maxRequestBytes, minPartBytes, rulesOf } from './evidence-kinds.ts';
import { partCount } from './part-plan.ts';
import { sha256Schema } from './sha256.ts';

const mib = 1024 * 1024;

// Formats that people do have, so that they are told which to choose instead of "unknown".
const unreadVideoTypes: Readonly<Record<string, string>> = {
  'video/webm': 'WebM',
  'video/x-matroska': 'MKV',
  'video/mp2t': 'TS',
  'video/mpeg': 'MPG',
  'video/x-flv': 'FLV',
  'video/x-msvideo': 'AVI',
  'video/x-ms-wmv': 'WMV',
};

const multipartSchema = z.strictObject({
  partSizeBytes: z
    .int()
    .min(
      minPartBytes,
      `每个分片至少 ${minPartBytes} 字节（5 MiB），只有最后一片可以更小：这是对象存储的规定（EntityTooSmall）`,
    )
    .max(maxRequestBytes, `每个分片不超过 ${maxRequestBytes} 字节（64 MiB）`),
  partSha256: z.array(sha256Schema).min(1).max(1000),
});

const fields = z.strictObject({
  kind: z.enum(evidenceKinds, { error: '没有这种材料类型，请从材料清单中选择' }),
  fileName: z.string().trim().min(1, '请填写文件名').max(255, '文件名最长255个字'),
  contentType: z.string().toLowerCase().max(100),
  sizeBytes: z.int().min(1, '文件是空的（0 字节），请重新选择文件'),
  sha256: sha256Schema,
  multipart: multipartSchema.optional(),
});

type Fields = z.infer<typeof fields>;

function typeProblem({ kind, contentType }: Fields): string | undefined {
  const { mediaTypes, accepts, name } = rulesOf(kind);
  if (mediaTypes.includes(contentType)) return undefined;
  const unread = kind === 'teaching-video' ? unreadVideoTypes[contentType] : undefined;
  if (unread !== undefined) return `暂不支持 ${unread} 格式，请把视频导出为 MP4 后再上传（${accepts}）`;
  return `${name}只接受 ${accepts}，请转换格式后再上传`;
}

function multipartProblem({ sizeBytes, multipart }: Fields): [path: string[], message: string] | undefined {
  if (multipart === undefined) {
    if (sizeBytes <= maxRequestBytes) return undefined;
    return [
      ['multipart'],
      `文件超过 ${maxRequestBytes / mib} MiB，请分片上传：给出 multipart.partSizeBytes 和每个分片的 SHA-256`,
    ];
  }
  const count = partCount(sizeBytes, multipart.partSizeBytes);
  if (multipart.partSha256.length === count) return undefined;
  return [
    ['multipart', 'partSha256'],
    `按此分片大小共 ${count} 片，收到 ${multipart.partSha256.length} 个 SHA-256，请逐片给出`,
  ];
}

/**
 * What a client declares of a file before it may send it. All of it becomes binding: the signed requests accept no
 * other type, length or hash.
 */
export const uploadRequestSchema = fields.superRefine((request, context) => {
  const { maxBytes, accepts, name } = rulesOf(request.kind);
  const refuse = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
  const type = typeProblem(request);
  if (type !== undefined) refuse(['contentType'], type);
  if (request.sizeBytes > maxBytes) {
    refuse(['sizeBytes'], `文件有 ${(request.sizeBytes / mib).toFixed(1)} MiB，超过上限：${name}只接受 ${accepts}`);
  } else {
    const multipart = multipartProblem(request);
    if (multipart !== undefined) refuse(...multipart);
  }
});
export type UploadRequest = z.infer<typeof uploadRequestSchema>;

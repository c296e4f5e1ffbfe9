import { createHash } from 'node:crypto';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { NoticeBucket, NoticeFile } from '../publicity/notice-store.ts';
import { isAbsent } from './s3-client.ts';

const contentTypes: Readonly<Record<NoticeFile, string>> = {
  json: 'application/json; charset=utf-8',
  html: 'text/html; charset=utf-8',
};

/** Notices as objects `notices/<id>.json` and `notices/<id>.html`. The store checks the bytes by their SHA-256. */
export function createNoticeBucket(s3: S3Client, bucket: string): NoticeBucket {
  const keyOf = (noticeId: string, file: NoticeFile) => `notices/${noticeId}.${file}`;
  return {
    async put(noticeId, file, text) {
      await s3.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: keyOf(noticeId, file),
          Body: text,
          ContentType: contentTypes[file],
          CacheControl: 'public, max-age=60',
          ChecksumSHA256: createHash('sha256').update(text, 'utf8').digest('base64'),
        }),
      );
    },
    async get(noticeId, file) {
      try {
        const reply = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: keyOf(noticeId, file) }));
        return await reply.Body?.transformToString('utf-8');
      } catch (error) {
        if (isAbsent(error)) return undefined;
        throw error;
      }
    },
  };
}

import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { DossierShelf } from '../supervision/dossier-store.ts';

const expiresInSeconds = 15 * 60;

/** Dossiers as objects named by what they are, so that an unchanged one is stored once. */
export function createDossierBucket(s3: S3Client, bucket: string): DossierShelf {
  return {
    async put(classId, sha256, bytes) {
      const Key = `dossiers/${classId}/${sha256}.zip`;
      const ChecksumSHA256 = Buffer.from(sha256, 'hex').toString('base64');
      await s3.send(
        new PutObjectCommand({ Bucket: bucket, Key, Body: bytes, ContentType: 'application/zip', ChecksumSHA256 }),
      );
      const ResponseContentDisposition = `attachment; filename="dossier-${classId}.zip"`;
      const fetch = new GetObjectCommand({ Bucket: bucket, Key, ResponseContentDisposition });
      return { url: await getSignedUrl(s3, fetch, { expiresIn: expiresInSeconds }), expiresInSeconds };
    },
  };
}

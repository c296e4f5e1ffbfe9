import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListPartsCommand,
  type ListPartsCommandOutput,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { IncomingObjects, ReceivedPart, UploadedObject } from '../evidence/incoming-objects.ts';
import { toBase64 } from '../evidence/sha256.ts';
import { isAbsent } from './s3-client.ts';

const checksumHeader = 'x-amz-checksum-sha256';

/** What makes a signed address bind: the hash only when it has to be sent as a header. */
function binding(signingDate: Date, expiresIn: number) {
  return { signingDate, expiresIn, unhoistableHeaders: new Set([checksumHeader]) };
}

/**
 * The incoming bucket. `client` must be one of `openS3`: a default one would sign the checksum of an empty body.
 * Needs s3:ListBucket besides the obvious, or an absent object answers 403.
 */
export function createIncomingObjects(client: S3Client, bucket: string): IncomingObjects {
  const get = async (key: string, { versionId }: UploadedObject, range?: string) => {
    const { Body } = await client.send(
      new GetObjectCommand({
        Bucket: bucket,
        Key: key,
        VersionId: versionId,
        ...(range === undefined ? {} : { Range: range }),
      }),
    );
    if (Body === undefined) throw new Error('object store returned no body');
    return Body;
  };

  return {
    async signSingle(key, { contentType, sizeBytes, sha256 }, now, seconds) {
      const ChecksumSHA256 = toBase64(sha256);
      const input = { Bucket: bucket, Key: key, ContentType: contentType, ContentLength: sizeBytes, ChecksumSHA256 };
      const url = await getSignedUrl(client, new PutObjectCommand(input), {
        ...binding(now, seconds),
        // The type binds only when it is signed. A part has none: its upload began with one.
        signableHeaders: new Set(['content-type']),
      });
      return { url, headers: { 'content-type': contentType, [checksumHeader]: ChecksumSHA256 } };
    },

    async beginMultipart(key, contentType) {
      const { UploadId } = await client.send(
        new CreateMultipartUploadCommand({
          Bucket: bucket,
          Key: key,
          ContentType: contentType,
          // Makes the hash of every part mandatory.
          ChecksumAlgorithm: 'SHA256',
          ChecksumType: 'COMPOSITE',
        }),
      );
      if (UploadId === undefined) throw new Error('object store named no upload');
      return UploadId;
    },

    async signPart(key, uploadId, { partNumber, sizeBytes, sha256 }, now, seconds) {
      const ChecksumSHA256 = toBase64(sha256);
      const input = { Bucket: bucket, Key: key, UploadId: uploadId, PartNumber: partNumber, ContentLength: sizeBytes };
      const command = new UploadPartCommand({ ...input, ChecksumSHA256 });
      const url = await getSignedUrl(client, command, binding(now, seconds));
      return { url, headers: { [checksumHeader]: ChecksumSHA256 } };
    },

    async receivedParts(key, uploadId) {
      const parts: ReceivedPart[] = [];
      let after: string | undefined;
      try {
        // By IsTruncated: the store names a next marker on the last page too, on which the SDK's paginator goes on.
        for (let more = true; more; ) {
          const page: ListPartsCommandOutput = await client.send(
            new ListPartsCommand({
              Bucket: bucket,
              Key: key,
              UploadId: uploadId,
              ...(after === undefined ? {} : { PartNumberMarker: after }),
            }),
          );
          for (const { PartNumber = 0, ETag = '', Size = 0, ChecksumSHA256 } of page.Parts ?? []) {
            const checksum = ChecksumSHA256 === undefined ? {} : { checksum: ChecksumSHA256 };
            parts.push({ partNumber: PartNumber, etag: ETag, sizeBytes: Size, ...checksum });
          }
          after = page.NextPartNumberMarker;
          more = page.IsTruncated === true && after !== undefined;
        }
      } catch (error) {
        if (isAbsent(error)) return undefined;
        throw error;
      }
      return parts;
    },

    async joinParts(key, uploadId, parts) {
      const Parts = parts.map(({ partNumber, etag, checksum }) => ({
        PartNumber: partNumber,
        ETag: etag,
        ...(checksum === undefined ? {} : { ChecksumSHA256: checksum }),
      }));
      try {
        await client.send(
          new CompleteMultipartUploadCommand({
            Bucket: bucket,
            Key: key,
            UploadId: uploadId,
            MultipartUpload: { Parts },
          }),
        );
        return 'joined';
      } catch (error) {
        if (isAbsent(error)) return 'gone';
        if (error instanceof S3ServiceException && error.name === 'InvalidPart') return 'refused';
        throw error;
      }
    },

    async abortMultipart(key, uploadId) {
      try {
        await client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: uploadId }));
      } catch (error) {
        if (!isAbsent(error)) throw error;
      }
    },

    async find(key, versionId) {
      try {
        const head = await client.send(
          new HeadObjectCommand({
            Bucket: bucket,
            Key: key,
            ChecksumMode: 'ENABLED',
            ...(versionId === undefined ? {} : { VersionId: versionId }),
          }),
        );
        if (head.VersionId === undefined || head.ContentLength === undefined) {
          throw new Error('incoming bucket keeps no versions: nothing could be pinned');
        }
        return {
          versionId: head.VersionId,
          sizeBytes: head.ContentLength,
          contentType: head.ContentType ?? '',
          ...(head.ChecksumSHA256 === undefined ? {} : { checksum: head.ChecksumSHA256 }),
        };
      } catch (error) {
        if (isAbsent(error)) return undefined;
        throw error;
      }
    },

    open(key, object) {
      return {
        size: object.sizeBytes,
        read: async (start, endExclusive) =>
          (await get(key, object, `bytes=${start}-${endExclusive - 1}`)).transformToByteArray(),
      };
    },

    async hash(key, object) {
      const digest = createHash('sha256');
      const body = await get(key, object);
      for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) digest.update(chunk);
      return digest.digest('hex');
    },
  };
}

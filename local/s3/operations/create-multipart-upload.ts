import { randomBytes } from 'node:crypto';
import { type ChecksumType, checksumAlgorithmOf, checksumTypesOf } from '../checksum/checksum.ts';
import type { Call } from '../operation.ts';
import type { Reply } from '../reply.ts';
import { objectHeadersOf } from '../rules/object-headers.ts';
import { lockOf } from '../rules/requested-lock.ts';
import { S3Error } from '../s3-error.ts';
import { amzHeader, type S3Request } from '../s3-request.ts';
import type { UploadDescription } from '../store/multipart-uploads.ts';
import { xmlDocument } from '../xml.ts';

function checksumOf(request: S3Request): UploadDescription['checksum'] {
  const named = amzHeader(request, 'x-amz-checksum-algorithm');
  const wantedType = amzHeader(request, 'x-amz-checksum-type');
  if (named === undefined) {
    if (wantedType !== undefined) {
      throw new S3Error(
        'InvalidRequest',
        'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
      );
    }
    return { algorithm: 'CRC64NVME', type: 'FULL_OBJECT', named: false };
  }
  const algorithm = checksumAlgorithmOf(named);
  if (algorithm === undefined) {
    throw new S3Error('InvalidRequest', `Checksum algorithm provided is unsupported: ${named}`);
  }
  const types = checksumTypesOf(algorithm);
  const type = wantedType === undefined ? types[0] : types.find((candidate) => candidate === wantedType);
  if (type === undefined) {
    throw new S3Error(
      'InvalidRequest',
      `The ${wantedType} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    );
  }
  return { algorithm, type: type satisfies ChecksumType, named: true };
}

export async function createMultipartUpload({ store, request }: Call): Promise<Reply> {
  const bucket = store.buckets.get(request.bucket);
  const key = request.key ?? '';
  const now = store.now();
  const description: UploadDescription = {
    headers: objectHeadersOf(request),
    checksum: checksumOf(request),
    lock: lockOf(request, bucket, now),
  };
  // Ids rise with time, so that a listing by id is one by beginning.
  const id = `${now.getTime().toString(36).padStart(9, '0')}${randomBytes(18).toString('base64url')}`;
  store.database.transact(() => {
    store.uploads.insert({ id, bucket: bucket.name, key, initiatedAt: now, description });
  });
  const { checksum } = description;
  return {
    status: 200,
    headers: checksum.named
      ? { 'x-amz-checksum-algorithm': checksum.algorithm, 'x-amz-checksum-type': checksum.type }
      : {},
    xml: xmlDocument([
      'InitiateMultipartUploadResult',
      [
        ['Bucket', bucket.name],
        ['Key', key],
        ['UploadId', id],
      ],
    ]),
  };
}

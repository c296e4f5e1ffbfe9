import { queryParameter, type S3Request } from '../s3-request.ts';
import type { MultipartUpload } from '../store/multipart-uploads.ts';
import type { Store } from '../store/store.ts';

/**
 * The upload that a request names.
 * @throws S3Error NoSuchBucket, NoSuchUpload
 */
export function findUpload(store: Store, request: S3Request): MultipartUpload {
  const bucket = store.buckets.get(request.bucket);
  return store.uploads.get(bucket.name, request.key ?? '', queryParameter(request, 'uploadId') ?? '');
}

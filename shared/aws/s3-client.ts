import { S3Client } from '@aws-sdk/client-s3';

/**
 * A client that adds no checksum of its own accord: it would sign the checksum of an empty body into every address
 * that a client is to upload to. Endpoint, region and credentials come from the environment.
 */
export function openS3(): S3Client {
  return new S3Client({ requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' });
}

/**
 * Whether the store says that the thing is not there. A role without ListBucket gets 403 instead, which is no such
 * word: it is an error like any other.
 */
export function isAbsent(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 404;
}

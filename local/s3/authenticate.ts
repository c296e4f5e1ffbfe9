import { type RefusalReason, SignatureRefused } from '../signature/signature-refused.ts';
import type { Signatory } from '../signature/signed-request.ts';
import { verifyAuthorizationHeader } from '../signature/verify-authorization-header.ts';
import { isPresigned, verifyPresignedQuery } from '../signature/verify-presigned-query.ts';
import { S3Error, type S3ErrorCode } from './s3-error.ts';
import type { S3Request } from './s3-request.ts';

const CODE: Readonly<Record<Exclude<RefusalReason, 'malformed'>, S3ErrorCode>> = {
  anonymous: 'AccessDenied',
  'unknown-access-key': 'InvalidAccessKeyId',
  'does-not-match': 'SignatureDoesNotMatch',
  'headers-not-signed': 'AccessDenied',
  'clock-skew': 'RequestTimeTooSkewed',
  'not-yet-valid': 'AccessDenied',
  expired: 'AccessDenied',
};

/** Runs a signature check and answers its refusals with S3's own codes; `malformed` has one per way of signing. */
export async function inS3Terms<T>(malformed: S3ErrorCode, check: () => Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof SignatureRefused)) throw error;
    const code = error.reason === 'malformed' ? malformed : CODE[error.reason];
    throw new S3Error(code, error.reason === 'anonymous' ? 'Access Denied' : error.message, error.details);
  }
}

/**
 * Verifies who sent the request, by its header or its presigned URL. Buckets are private: an unsigned request is denied.
 * @returns what was signed as the hash of the body: 64 hex digits, `UNSIGNED-PAYLOAD` or a `STREAMING-…` form
 * @throws S3Error
 */
export async function authenticate(request: S3Request, signatory: Signatory): Promise<{ payloadHash: string }> {
  // The body is proven by its declared hash, so the signer is not given it.
  const { body: _, ...signed } = request;
  if (isPresigned(request.query)) {
    if (request.headers['authorization'] !== undefined) {
      throw new S3Error(
        'InvalidArgument',
        'Only one auth mechanism allowed: a presigned URL or an Authorization header.',
      );
    }
    return inS3Terms('AuthorizationQueryParametersError', () => verifyPresignedQuery(signed, signatory));
  }
  const payloadHash = request.headers['x-amz-content-sha256'];
  if (request.headers['authorization'] !== undefined && payloadHash === undefined) {
    throw new S3Error('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
  }
  await inS3Terms('AuthorizationHeaderMalformed', () => verifyAuthorizationHeader(signed, signatory));
  return { payloadHash: payloadHash ?? '' };
}

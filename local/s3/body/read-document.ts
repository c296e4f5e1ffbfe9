import { S3Error } from '../s3-error.ts';
import type { S3Request } from '../s3-request.ts';
import { expectBody } from './body-expectation.ts';
import { verifyBody } from './verified-body.ts';

/** Enough for 10,000 parts with checksums; anything longer is no list of ours. */
const LONGEST_DOCUMENT = 8 * 1024 * 1024;

/**
 * Reads a small body, an XML document, into memory; its hash and checksums are verified as those of an object are.
 * @param options.digestRequired whether the operation demands Content-MD5 or a checksum
 * @param options.checksumOf what an `x-amz-checksum-*` header speaks of: usually this document, but at the completion of
 *   a multipart upload the object
 * @throws S3Error
 */
export async function readDocument(
  request: S3Request,
  payloadHash: string,
  options: { readonly digestRequired: boolean; readonly checksumOf?: 'document' | 'object' },
): Promise<string> {
  if (request.headers['content-length'] === undefined && request.headers['transfer-encoding'] === undefined) return '';
  let expectation: ReturnType<typeof expectBody>;
  try {
    expectation = expectBody(request, payloadHash, LONGEST_DOCUMENT, options.checksumOf ?? 'document');
  } catch (error) {
    if (error instanceof S3Error && error.code === 'EntityTooLarge') {
      throw new S3Error('MaxMessageLengthExceeded', 'Your request was too big.');
    }
    throw error;
  }
  if (options.digestRequired && expectation.md5 === undefined && expectation.checksum === undefined) {
    throw new S3Error('InvalidRequest', 'Missing required header for this request: Content-MD5');
  }
  const pieces: Buffer[] = [];
  await verifyBody(request.body.iterator({ destroyOnReturn: false }), expectation, async (data) => {
    pieces.push(data);
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces));
  } catch {
    throw new S3Error('MalformedXML', 'The XML you provided is not valid UTF-8.');
  }
}

import { createHash } from 'node:crypto';
import { type ChecksumAlgorithm, checksumHeader, startChecksum } from '../checksum/checksum.ts';
import { S3Error } from '../s3-error.ts';
import { decodeAwsChunked } from './aws-chunked.ts';
import type { BodyExpectation } from './body-expectation.ts';

/** What the bytes turned out to be. */
export interface BodyFacts {
  readonly size: number;
  readonly md5: Buffer;
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly value: string };
}

/** Bytes as they arrive; a connection that breaks is an incomplete body, not a failure of ours. */
async function* untilBroken(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* source;
  } catch (error) {
    if (error instanceof S3Error) throw error;
    throw new S3Error('IncompleteBody', 'The request body terminated unexpectedly');
  }
}

/**
 * Hands each piece of the decoded body to `write` and then holds the whole against its promises: length, signed hash,
 * Content-MD5 and checksum. One pass, one piece in memory at a time.
 *
 * S3 computes CRC64NVME where a client names no checksum, and so do we.
 * @throws S3Error IncompleteBody, BadDigest, XAmzContentSHA256Mismatch, InvalidRequest, InvalidChunkSizeError
 */
export async function verifyBody(
  source: AsyncIterable<Buffer>,
  expectation: BodyExpectation,
  write: (data: Buffer) => Promise<void>,
): Promise<BodyFacts> {
  const trailers = new Map<string, string>();
  const received = untilBroken(source);
  const decoded =
    expectation.framing === 'aws-chunked'
      ? decodeAwsChunked(received, (name, value) => trailers.set(name, value))
      : received;
  const algorithm = expectation.checksum?.algorithm ?? expectation.compute ?? 'CRC64NVME';
  const checksum = startChecksum(algorithm);
  const md5 = createHash('md5');
  const sha256 = expectation.signedSha256 === undefined ? undefined : createHash('sha256');
  let size = 0;
  for await (const data of decoded) {
    size += data.length;
    if (expectation.length !== undefined && size > expectation.length) break;
    checksum.update(data);
    md5.update(data);
    sha256?.update(data);
    await write(data);
  }
  if (expectation.length !== undefined && size !== expectation.length) {
    throw new S3Error(
      'IncompleteBody',
      'You did not provide the number of bytes specified by the Content-Length HTTP header',
    );
  }
  if (sha256 !== undefined && sha256.digest('hex') !== expectation.signedSha256) {
    throw new S3Error(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
  const md5Digest = md5.digest();
  if (expectation.md5 !== undefined && !expectation.md5.equals(md5Digest)) {
    throw new S3Error('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
  const value = checksum.digest().toString('base64');
  if (expectation.checksum !== undefined) {
    const header = checksumHeader(algorithm);
    const expected = expectation.checksum.expected ?? trailers.get(header);
    if (expected === undefined) throw new S3Error('InvalidRequest', `The trailer ${header} is missing.`);
    if (expected !== value) {
      throw new S3Error('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
    }
  }
  return { size, md5: md5Digest, checksum: { algorithm, value } };
}

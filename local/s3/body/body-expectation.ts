import {
  CHECKSUM_ALGORITHMS,
  type ChecksumAlgorithm,
  checksumAlgorithmOf,
  checksumHeader,
  isChecksumValue,
} from '../checksum/checksum.ts';
import { notImplemented, S3Error } from '../s3-error.ts';
import { amzHeader, type S3Request } from '../s3-request.ts';

/** What the headers promise about the bytes that follow. */
export interface BodyExpectation {
  /** Decoded length; the body must have exactly this many bytes. Undefined only for a form, whose file ends at a mark. */
  readonly length: number | undefined;
  readonly framing: 'plain' | 'aws-chunked';
  /** SHA-256 of the body in hex when it was signed. */
  readonly signedSha256?: string;
  readonly md5?: Buffer;
  readonly checksum?: {
    readonly algorithm: ChecksumAlgorithm;
    /** Base64; undefined when it follows the data as a trailer. */
    readonly expected: string | undefined;
  };
  /** The checksum to compute where the client sends none; S3's own choice is CRC64NVME. */
  readonly compute?: ChecksumAlgorithm;
}

function declaredLength(request: S3Request, name: string): number {
  const text = request.headers[name];
  if (text === undefined) throw new S3Error('MissingContentLength', `You must provide the ${name} HTTP header.`);
  if (!/^\d{1,15}$/.test(text))
    throw new S3Error('InvalidArgument', `${name} must be a number of bytes, not '${text}'.`);
  return Number(text);
}

function declaredMd5(request: S3Request): Buffer | undefined {
  const text = request.headers['content-md5'];
  if (text === undefined) return undefined;
  const md5 = Buffer.from(text, 'base64');
  if (md5.length !== 16) throw new S3Error('InvalidDigest', 'The Content-MD5 you specified is not valid.');
  return md5;
}

/** The checksum named by the headers, of which there may be one. */
function declaredChecksum(request: S3Request, trailing: boolean): BodyExpectation['checksum'] {
  const given: { algorithm: ChecksumAlgorithm; expected: string | undefined }[] = CHECKSUM_ALGORITHMS.flatMap(
    (algorithm) => {
      const expected = amzHeader(request, checksumHeader(algorithm));
      return expected === undefined ? [] : [{ algorithm, expected }];
    },
  );
  const trailer = amzHeader(request, 'x-amz-trailer');
  if (trailer !== undefined) {
    const algorithm = CHECKSUM_ALGORITHMS.find((candidate) => checksumHeader(candidate) === trailer.toLowerCase());
    if (algorithm === undefined || !trailing) {
      throw new S3Error('InvalidRequest', 'The value specified in the x-amz-trailer header is not supported');
    }
    given.push({ algorithm, expected: undefined });
  }
  if (given.length > 1) {
    throw new S3Error(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  }
  const checksum = given[0];
  if (checksum?.expected !== undefined && !isChecksumValue(checksum.algorithm, checksum.expected)) {
    throw new S3Error('InvalidRequest', `Value for ${checksumHeader(checksum.algorithm)} header is invalid.`);
  }
  const announced = amzHeader(request, 'x-amz-sdk-checksum-algorithm');
  if (announced !== undefined && checksumAlgorithmOf(announced) !== checksum?.algorithm) {
    throw new S3Error(
      'InvalidRequest',
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    );
  }
  return checksum;
}

/**
 * Reads the promises of the headers, before a byte of the body is.
 * @param checksumOf `object` when an `x-amz-checksum-*` header speaks of something else than this body
 * @throws S3Error MissingContentLength, EntityTooLarge, InvalidDigest, InvalidRequest, NotImplemented
 */
export function expectBody(
  request: S3Request,
  payloadHash: string,
  maximumBytes: number,
  checksumOf: 'document' | 'object' = 'document',
): BodyExpectation {
  const chunked = payloadHash === 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
  if (payloadHash.startsWith('STREAMING-') && !chunked) throw notImplemented(`the payload form ${payloadHash}`);
  if (!chunked && /(^|,)\s*aws-chunked\s*(,|$)/.test(request.headers['content-encoding'] ?? '')) {
    throw notImplemented('aws-chunked bodies other than STREAMING-UNSIGNED-PAYLOAD-TRAILER');
  }
  if (!chunked && request.headers['transfer-encoding'] !== undefined) {
    throw new S3Error('NotImplemented', 'A header you provided implies functionality that is not implemented', {
      Header: 'Transfer-Encoding',
    });
  }
  const length = declaredLength(request, chunked ? 'x-amz-decoded-content-length' : 'content-length');
  if (length > maximumBytes) {
    throw new S3Error('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', {
      ProposedSize: String(length),
      MaxSizeAllowed: String(maximumBytes),
    });
  }
  const md5 = declaredMd5(request);
  const checksum = checksumOf === 'object' ? undefined : declaredChecksum(request, chunked);
  return {
    length,
    framing: chunked ? 'aws-chunked' : 'plain',
    ...(/^[0-9a-f]{64}$/.test(payloadHash) ? { signedSha256: payloadHash } : {}),
    ...(md5 === undefined ? {} : { md5 }),
    ...(checksum === undefined ? {} : { checksum }),
  };
}

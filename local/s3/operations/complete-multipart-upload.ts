import { createHash } from 'node:crypto';
import { readDocument } from '../body/read-document.ts';
import { CHECKSUM_ALGORITHMS, checksumHeader, multipartChecksum, type ObjectChecksum } from '../checksum/checksum.ts';
import type { Call } from '../operation.ts';
import type { Reply } from '../reply.ts';
import { findUpload } from '../rules/find-upload.ts';
import { checksumElements, quoted, versionIdHeader } from '../rules/object-reply.ts';
import { S3Error } from '../s3-error.ts';
import { amzHeader, type S3Request } from '../s3-request.ts';
import { commitObject } from '../store/commit-object.ts';
import type { MultipartUpload, UploadedPart } from '../store/multipart-uploads.ts';
import type { Store } from '../store/store.ts';
import { childrenOf, parseXml, refuseOtherElements, textOf, xmlDocument } from '../xml.ts';

const SMALLEST_PART_BYTES = 5 * 1024 * 1024;
const MOST_PARTS = 10_000;

interface NamedPart {
  readonly number: number;
  readonly etag: string;
  /** By algorithm, as given. */
  readonly checksums: Readonly<Record<string, string>>;
}

function parseParts(document: string): readonly NamedPart[] {
  const body = parseXml(document, 'CompleteMultipartUpload');
  refuseOtherElements(body, 'Part');
  const parts = childrenOf(body, 'Part').map((part): NamedPart => {
    refuseOtherElements(part, 'PartNumber', 'ETag', ...CHECKSUM_ALGORITHMS.map((algorithm) => `Checksum${algorithm}`));
    const number = Number(textOf(part, 'PartNumber'));
    const etag = textOf(part, 'ETag');
    if (!Number.isInteger(number) || etag === undefined) {
      throw new S3Error('MalformedXML', 'Every part needs a number and an ETag.');
    }
    const checksums: Record<string, string> = {};
    for (const algorithm of CHECKSUM_ALGORITHMS) {
      const value = textOf(part, `Checksum${algorithm}`);
      if (value !== undefined) checksums[algorithm] = value;
    }
    return { number, etag: etag.trim().replace(/^"(.*)"$/, '$1'), checksums };
  });
  if (parts.length === 0 || parts.length > MOST_PARTS) {
    throw new S3Error('MalformedXML', `A completion names from 1 to ${MOST_PARTS} parts, not ${parts.length}.`);
  }
  parts.forEach((part, index) => {
    const previous = parts[index - 1];
    if (previous !== undefined && previous.number >= part.number) {
      throw new S3Error(
        'InvalidPartOrder',
        'The list of parts was not in ascending order. Parts must be ordered by part number.',
      );
    }
  });
  return parts;
}

/** The uploaded part that a completion names, if it is the one. */
function matchPart(upload: MultipartUpload, uploaded: UploadedPart | undefined, named: NamedPart): UploadedPart {
  const { algorithm, type, named: algorithmNamed } = upload.description.checksum;
  if (algorithmNamed && type === 'COMPOSITE' && named.checksums[algorithm] === undefined) {
    throw new S3Error(
      'InvalidRequest',
      `The upload was created using a ${algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${named.number} in the request.`,
    );
  }
  const wrongChecksum = Object.entries(named.checksums).some(
    ([given, value]) => given !== uploaded?.checksumAlgorithm || value !== uploaded.checksum,
  );
  if (uploaded === undefined || uploaded.etag !== named.etag || wrongChecksum) {
    throw new S3Error(
      'InvalidPart',
      "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
      { UploadId: upload.id, PartNumber: String(named.number), ETag: named.etag },
    );
  }
  return uploaded;
}

function checkSizes(store: Store, request: S3Request, parts: readonly UploadedPart[]): number {
  for (const part of parts.slice(0, -1)) {
    if (part.size < SMALLEST_PART_BYTES) {
      throw new S3Error('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
        ProposedSize: String(part.size),
        MinSizeAllowed: String(SMALLEST_PART_BYTES),
        PartNumber: String(part.number),
        ETag: part.etag,
      });
    }
  }
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  if (size > store.maximumObjectBytes) {
    throw new S3Error('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', {
      ProposedSize: String(size),
      MaxSizeAllowed: String(store.maximumObjectBytes),
    });
  }
  const announced = amzHeader(request, 'x-amz-mp-object-size');
  if (announced !== undefined && announced !== String(size)) {
    throw new S3Error(
      'InvalidRequest',
      `The provided 'x-amz-mp-object-size' header value ${announced} does not match what was computed: ${size}`,
    );
  }
  return size;
}

function checkAnnouncedChecksum(request: S3Request, checksum: ObjectChecksum): void {
  const type = amzHeader(request, 'x-amz-checksum-type');
  if (type !== undefined && type !== checksum.type) {
    throw new S3Error(
      'InvalidRequest',
      `The upload was created using the ${checksum.type} checksum mode. The complete request must use the same checksum mode.`,
    );
  }
  for (const algorithm of CHECKSUM_ALGORITHMS) {
    const value = amzHeader(request, checksumHeader(algorithm));
    if (value === undefined) continue;
    const same = value === checksum.value || value === checksum.value.replace(/-\d+$/, '');
    if (algorithm !== checksum.algorithm || !same) {
      throw new S3Error('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
    }
  }
}

export async function completeMultipartUpload({ store, request, payloadHash }: Call): Promise<Reply> {
  const bucket = store.buckets.get(request.bucket);
  findUpload(store, request);
  const named = parseParts(await readDocument(request, payloadHash, { digestRequired: false, checksumOf: 'object' }));
  const version = store.database.transact(() => {
    const upload = findUpload(store, request);
    const uploaded = new Map(store.uploads.parts(upload.id).map((part) => [part.number, part]));
    const parts = named.map((part) => matchPart(upload, uploaded.get(part.number), part));
    const size = checkSizes(store, request, parts);
    const { algorithm, type } = upload.description.checksum;
    const checksum = multipartChecksum(algorithm, type, parts);
    checkAnnouncedChecksum(request, checksum);
    const digests = Buffer.concat(parts.map((part) => Buffer.from(part.etag, 'hex')));
    const committed = commitObject(
      store,
      bucket,
      {
        key: upload.key,
        segments: parts.flatMap((part) => store.contents.segments(part.content)),
        size,
        etag: `${createHash('md5').update(digests).digest('hex')}-${parts.length}`,
        headers: upload.description.headers,
        checksum,
        lock: upload.description.lock,
      },
      {
        conditions: { ifMatch: request.headers['if-match'], ifNoneMatch: request.headers['if-none-match'] },
        event: 'ObjectCreated:CompleteMultipartUpload',
        cause: request,
      },
    );
    store.uploads.remove(upload.id);
    return committed;
  });
  return {
    status: 200,
    headers: versionIdHeader(bucket, version.id),
    xml: xmlDocument([
      'CompleteMultipartUploadResult',
      [
        ['Location', `http://${request.headers['host'] ?? ''}${request.path}`],
        ['Bucket', bucket.name],
        ['Key', version.key],
        ['ETag', quoted(version.etag)],
        ...checksumElements(version.description.checksum),
      ],
    ]),
  };
}

export async function abortMultipartUpload({ store, request }: Call): Promise<Reply> {
  store.database.transact(() => store.uploads.remove(findUpload(store, request).id));
  return { status: 204 };
}

import type { Signatory } from '../../signature/signed-request.ts';
import { verifySignedPolicy } from '../../signature/verify-signed-policy.ts';
import { inS3Terms } from '../authenticate.ts';
import type { BodyExpectation } from '../body/body-expectation.ts';
import { readUploadForm, type UploadForm } from '../body/form-data.ts';
import { CHECKSUM_ALGORITHMS, checksumHeader, isChecksumValue } from '../checksum/checksum.ts';
import type { Reply } from '../reply.ts';
import { keepHeaders } from '../rules/object-headers.ts';
import { checksumHeaders, quoted, versionIdHeader } from '../rules/object-reply.ts';
import { checkPostPolicy, type PostPolicy, parsePostPolicy } from '../rules/post-policy.ts';
import { LOCK_HEADERS, requestedLock, willBeLocked } from '../rules/requested-lock.ts';
import { notImplemented, S3Error } from '../s3-error.ts';
import type { S3Request } from '../s3-request.ts';
import { commitObject, commitReceived } from '../store/commit-object.ts';
import type { Store } from '../store/store.ts';
import { xmlDocument } from '../xml.ts';
import { MOST_BYTES_PER_REQUEST } from './put-object.ts';

const LONGEST_KEY_BYTES = 1024;

/** Every field that means something here; any other would be silently ignored, and is refused instead. */
const KNOWN_FIELDS = new Set<string>([
  'bucket',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-type',
  'expires',
  'file',
  'key',
  'policy',
  'success_action_status',
  'x-amz-algorithm',
  'x-amz-credential',
  'x-amz-date',
  'x-amz-security-token',
  'x-amz-signature',
  'x-amz-storage-class',
  ...LOCK_HEADERS,
  ...CHECKSUM_ALGORITHMS.map(checksumHeader),
]);

/** Whether a request is a browser's form upload, which is signed by its policy and not by its headers. */
export function isFormUpload(request: S3Request): boolean {
  const contentType = request.headers['content-type'] ?? '';
  return (
    request.method === 'POST' &&
    request.bucket !== undefined &&
    request.key === undefined &&
    /^multipart\/form-data\b/i.test(contentType)
  );
}

function keyOf({ fields, fileName }: UploadForm): string {
  const template = fields.get('key');
  if (template === undefined || template === '') {
    throw new S3Error('InvalidArgument', 'Bucket POST must contain a field named key.', { ArgumentName: 'key' });
  }
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholder that S3 fills in
  const key = template.replaceAll('${filename}', () => fileName);
  if (Buffer.byteLength(key) > LONGEST_KEY_BYTES) throw new S3Error('KeyTooLongError', 'Your key is too long');
  return key;
}

function checksumOf(fields: ReadonlyMap<string, string>): BodyExpectation['checksum'] {
  const given = CHECKSUM_ALGORITHMS.flatMap((algorithm) => {
    const expected = fields.get(checksumHeader(algorithm));
    return expected === undefined ? [] : [{ algorithm, expected }];
  });
  if (given.length > 1) {
    throw new S3Error(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  }
  const [checksum] = given;
  if (checksum !== undefined && !isChecksumValue(checksum.algorithm, checksum.expected)) {
    throw new S3Error('InvalidRequest', `Value for ${checksumHeader(checksum.algorithm)} header is invalid.`);
  }
  return checksum;
}

/** Lets the file through as long as it keeps to the range that the policy grants. */
async function* withinLength(file: AsyncIterable<Buffer>, policy: PostPolicy, most: number): AsyncGenerator<Buffer> {
  const { minimum, maximum } = policy.length ?? { minimum: 0, maximum: most };
  const limit = Math.min(maximum, most);
  let size = 0;
  for await (const data of file) {
    size += data.length;
    if (size > limit) {
      throw new S3Error('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', {
        ProposedSize: String(size),
        MaxSizeAllowed: String(limit),
      });
    }
    yield data;
  }
  if (size < minimum) {
    throw new S3Error('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
      ProposedSize: String(size),
      MinSizeAllowed: String(minimum),
    });
  }
}

function refuseUnknownFields(fields: ReadonlyMap<string, string>): void {
  for (const name of fields.keys()) {
    if (!KNOWN_FIELDS.has(name) && !name.startsWith('x-amz-meta-') && !name.startsWith('x-ignore-')) {
      throw notImplemented(`the form field '${name}'`);
    }
  }
}

function successStatus(fields: ReadonlyMap<string, string>): 200 | 201 | 204 {
  const wanted = fields.get('success_action_status');
  return wanted === '200' ? 200 : wanted === '201' ? 201 : 204;
}

async function storeFile(store: Store, request: S3Request, form: UploadForm, policy: PostPolicy): Promise<Reply> {
  const bucket = store.buckets.get(request.bucket);
  const { fields } = form;
  const key = keyOf(form);
  const headers = keepHeaders((name) => fields.get(name), [...fields.keys()]);
  const lock = requestedLock((name) => fields.get(name), bucket, store.now());
  const checksum = checksumOf(fields);
  if (willBeLocked(lock, bucket) && checksum === undefined) {
    throw new S3Error(
      'InvalidRequest',
      'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters',
    );
  }
  const most = Math.min(MOST_BYTES_PER_REQUEST, store.maximumObjectBytes);
  const received = await store.blobs.receive(withinLength(form.file, policy, most), {
    length: undefined,
    framing: 'plain',
    ...(checksum === undefined ? {} : { checksum }),
  });
  const { facts } = received;
  const version = commitReceived(store, received, (segments) =>
    commitObject(
      store,
      bucket,
      {
        key,
        segments,
        size: facts.size,
        etag: facts.md5.toString('hex'),
        headers,
        checksum: { ...facts.checksum, type: 'FULL_OBJECT' },
        lock,
      },
      { conditions: {}, event: 'ObjectCreated:Post', cause: request },
    ),
  );
  const location = `http://${request.headers['host'] ?? ''}/${bucket.name}/${encodeURIComponent(key)}`;
  const status = successStatus(fields);
  return {
    status,
    headers: {
      location,
      etag: quoted(version.etag),
      ...versionIdHeader(bucket, version.id),
      ...checksumHeaders(version.description.checksum),
    },
    ...(status === 201
      ? {
          xml: xmlDocument(
            [
              'PostResponse',
              [
                ['Location', location],
                ['Bucket', bucket.name],
                ['Key', key],
                ['ETag', quoted(version.etag)],
              ],
            ],
            { namespaced: false },
          ),
        }
      : {}),
  };
}

/**
 * A browser's upload by form: the policy in it is what was signed, and says what may be uploaded.
 * @throws S3Error
 */
export async function postObject(store: Store, request: S3Request, signatory: Signatory): Promise<Reply> {
  store.buckets.get(request.bucket);
  const form = await readUploadForm(
    request.body.iterator({ destroyOnReturn: false }),
    request.headers['content-type'] ?? '',
  );
  const { fields } = form;
  try {
    await inS3Terms('InvalidArgument', () =>
      verifySignedPolicy(
        {
          policy: fields.get('policy'),
          algorithm: fields.get('x-amz-algorithm'),
          credential: fields.get('x-amz-credential'),
          date: fields.get('x-amz-date'),
          signature: fields.get('x-amz-signature'),
        },
        signatory,
      ),
    );
    if ((fields.get('bucket') ?? request.bucket) !== request.bucket) {
      throw new S3Error('InvalidArgument', 'The form names another bucket than its address.', {
        ArgumentName: 'bucket',
      });
    }
    const policy = parsePostPolicy(fields.get('policy') ?? '');
    const seen = new Map(fields).set('bucket', request.bucket ?? '').set('key', keyOf(form));
    checkPostPolicy(policy, seen, store.now());
    refuseUnknownFields(fields);
    return await storeFile(store, request, form, policy);
  } finally {
    await form.close();
  }
}

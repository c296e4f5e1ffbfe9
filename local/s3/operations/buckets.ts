import { readDocument } from '../body/read-document.ts';
import { bucketConfigurationSchema } from '../bucket-configuration.ts';
import type { Call } from '../operation.ts';
import type { Reply } from '../reply.ts';
import { listedTime } from '../rules/object-reply.ts';
import { S3Error } from '../s3-error.ts';
import { amzHeader } from '../s3-request.ts';
import { OWNER_ID } from '../store/store.ts';
import { parseXml, refuseOtherElements, textOf, xmlDocument } from '../xml.ts';

export async function listBuckets({ store }: Call): Promise<Reply> {
  const buckets = store.buckets.list();
  return {
    status: 200,
    xml: xmlDocument([
      'ListAllMyBucketsResult',
      [
        ['Owner', [['ID', OWNER_ID]]],
        [
          'Buckets',
          buckets.map(({ name, createdAt }) => [
            'Bucket',
            [
              ['Name', name],
              ['CreationDate', listedTime(createdAt)],
              ['BucketRegion', store.region],
            ],
          ]),
        ],
      ],
    ]),
  };
}

export async function headBucket({ store, request }: Call): Promise<Reply> {
  store.buckets.get(request.bucket);
  return { status: 200, headers: { 'x-amz-bucket-region': store.region } };
}

export async function createBucket({ store, request, payloadHash }: Call): Promise<Reply> {
  const name = request.bucket ?? '';
  const document = await readDocument(request, payloadHash, { digestRequired: false });
  if (document !== '') {
    const body = parseXml(document, 'CreateBucketConfiguration');
    refuseOtherElements(body, 'LocationConstraint');
    const location = textOf(body, 'LocationConstraint');
    if (location !== undefined && location !== '' && location !== store.region) {
      throw new S3Error(
        'IllegalLocationConstraintException',
        `The ${location} location constraint is incompatible for the region specific endpoint this request was sent to.`,
      );
    }
  }
  if (!bucketConfigurationSchema.shape.name.safeParse(name).success) {
    throw new S3Error('InvalidBucketName', 'The specified bucket is not valid.', { BucketName: name });
  }
  if (store.buckets.find(name) !== undefined) {
    throw new S3Error(
      'BucketAlreadyOwnedByYou',
      'Your previous request to create the named bucket succeeded and you already own it.',
      { BucketName: name },
    );
  }
  const objectLock = amzHeader(request, 'x-amz-bucket-object-lock-enabled')?.toLowerCase() === 'true';
  store.buckets.put({ name, objectLock }, store.now());
  return { status: 200, headers: { location: `/${name}` } };
}

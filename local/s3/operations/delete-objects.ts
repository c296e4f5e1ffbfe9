import { readDocument } from '../body/read-document.ts';
import type { Call } from '../operation.ts';
import type { Reply } from '../reply.ts';
import { parseVersionId } from '../rules/find-version.ts';
import { S3Error } from '../s3-error.ts';
import { childrenOf, parseXml, refuseOtherElements, textOf, type XmlElement, xmlDocument } from '../xml.ts';
import { deleteOne } from './delete-object.ts';

const MOST_KEYS = 1000;

export async function deleteObjects({ store, request, payloadHash }: Call): Promise<Reply> {
  const bucket = store.buckets.get(request.bucket);
  const body = parseXml(await readDocument(request, payloadHash, { digestRequired: true }), 'Delete');
  refuseOtherElements(body, 'Object', 'Quiet');
  const quiet = textOf(body, 'Quiet') === 'true';
  const objects = childrenOf(body, 'Object');
  if (objects.length === 0 || objects.length > MOST_KEYS) {
    throw new S3Error('MalformedXML', `A deletion names from 1 to ${MOST_KEYS} objects, not ${objects.length}.`);
  }
  const wanted = objects.map((object) => {
    refuseOtherElements(object, 'Key', 'VersionId');
    const key = textOf(object, 'Key');
    if (key === undefined || key === '') throw new S3Error('MalformedXML', 'An object to delete has no key.');
    return { key, versionId: textOf(object, 'VersionId') };
  });

  const results: XmlElement[] = [];
  for (const { key, versionId } of wanted) {
    try {
      const removal = deleteOne(store, bucket, key, parseVersionId(versionId), request);
      if (quiet) continue;
      results.push([
        'Deleted',
        [
          ['Key', key],
          ['VersionId', versionId],
          ['DeleteMarker', removal.deleteMarker ? true : undefined],
          ['DeleteMarkerVersionId', removal.deleteMarker ? removal.versionId : undefined],
        ],
      ]);
    } catch (error) {
      if (!(error instanceof S3Error)) throw error;
      results.push([
        'Error',
        [
          ['Key', key],
          ['VersionId', versionId],
          ['Code', error.code],
          ['Message', error.message],
        ],
      ]);
    }
  }
  return { status: 200, xml: xmlDocument(['DeleteResult', results]) };
}

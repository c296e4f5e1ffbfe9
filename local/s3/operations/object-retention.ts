import { readDocument } from '../body/read-document.ts';
import type { Call } from '../operation.ts';
import type { Reply } from '../reply.ts';
import { findObject, versionIdOf } from '../rules/find-version.ts';
import {
  mayReplaceRetention,
  type ObjectLock,
  parseLegalHold,
  parseRetention,
  requireLockEnabled,
} from '../rules/object-lock.ts';
import { S3Error } from '../s3-error.ts';
import { childNamesOf, parseXml, refuseOtherElements, textOf, xmlDocument } from '../xml.ts';
import { bypassesGovernance } from './delete-object.ts';

function lacksLock(): S3Error {
  return new S3Error('NoSuchObjectLockConfiguration', 'The specified object does not have a ObjectLock configuration');
}

export async function getObjectRetention({ store, request }: Call): Promise<Reply> {
  const bucket = store.buckets.get(request.bucket);
  requireLockEnabled(bucket.configuration);
  const { retention } = findObject(store, bucket, request.key ?? '', versionIdOf(request)).lock;
  if (retention === undefined) throw lacksLock();
  return {
    status: 200,
    xml: xmlDocument([
      'Retention',
      [
        ['Mode', retention.mode],
        ['RetainUntilDate', retention.until.toISOString()],
      ],
    ]),
  };
}

/** An empty `<Retention>` asks to take the retention off. */
export async function putObjectRetention({ store, request, payloadHash }: Call): Promise<Reply> {
  const bucket = store.buckets.get(request.bucket);
  requireLockEnabled(bucket.configuration);
  const body = parseXml(await readDocument(request, payloadHash, { digestRequired: true }), 'Retention');
  refuseOtherElements(body, 'Mode', 'RetainUntilDate');
  const now = store.now();
  if (childNamesOf(body).length === 1) throw new S3Error('MalformedXML', 'Mode and RetainUntilDate go together.');
  const next = parseRetention(textOf(body, 'Mode'), textOf(body, 'RetainUntilDate'), now);
  store.database.transact(() => {
    const version = findObject(store, bucket, request.key ?? '', versionIdOf(request));
    if (!mayReplaceRetention(version.lock, next, now, bypassesGovernance(request))) {
      throw new S3Error('AccessDenied', 'Access Denied because object protected by object lock.');
    }
    const { retention: _, ...rest }: ObjectLock = version.lock;
    store.versions.setLock(version, next === undefined ? rest : { ...rest, retention: next });
  });
  return { status: 200 };
}

export async function getObjectLegalHold({ store, request }: Call): Promise<Reply> {
  const bucket = store.buckets.get(request.bucket);
  requireLockEnabled(bucket.configuration);
  const { lock } = findObject(store, bucket, request.key ?? '', versionIdOf(request));
  return { status: 200, xml: xmlDocument(['LegalHold', [['Status', lock.legalHold ? 'ON' : 'OFF']]]) };
}

export async function putObjectLegalHold({ store, request, payloadHash }: Call): Promise<Reply> {
  const bucket = store.buckets.get(request.bucket);
  requireLockEnabled(bucket.configuration);
  const body = parseXml(await readDocument(request, payloadHash, { digestRequired: true }), 'LegalHold');
  refuseOtherElements(body, 'Status');
  const status = textOf(body, 'Status');
  if (status === undefined) throw new S3Error('MalformedXML', 'A legal hold needs a status.');
  const legalHold = parseLegalHold(status);
  store.database.transact(() => {
    const version = findObject(store, bucket, request.key ?? '', versionIdOf(request));
    store.versions.setLock(version, { ...version.lock, legalHold });
  });
  return { status: 200 };
}

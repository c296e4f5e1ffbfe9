import { type EventName, eventRecord, matchesNotification } from '../rules/notification.ts';
import type { Bucket } from './buckets.ts';
import type { ObjectVersion } from './object-versions.ts';
import { OWNER_ID, type Store } from './store.ts';

/** Who caused a change: a request, or the lifecycle of the bucket. */
export interface Cause {
  readonly id: string;
  readonly sourceAddress: string;
}

function bucketArn(region: string, bucket: string): string {
  return `arn:${region.startsWith('cn-') ? 'aws-cn' : 'aws'}:s3:::${bucket}`;
}

/** Puts an event for each rule that asks for it into the outbox of the running transaction. */
export function announce(store: Store, bucket: Bucket, name: EventName, version: ObjectVersion, cause: Cause): void {
  const rules = bucket.configuration.notifications ?? [];
  const matching = rules.filter((rule) => matchesNotification(rule, name, version.key));
  if (matching.length === 0) return;
  const created = name.startsWith('ObjectCreated:');
  const sequence = store.outbox.nextNumber();
  for (const rule of matching) {
    const record = eventRecord({
      name,
      time: store.now(),
      region: store.region,
      ruleId: rule.id ?? rule.target,
      bucket: bucket.name,
      bucketArn: bucketArn(store.region, bucket.name),
      ownerId: OWNER_ID,
      key: version.key,
      versionId: bucket.versioning === 'off' ? undefined : version.id,
      size: created ? version.size : undefined,
      etag: created ? version.etag : undefined,
      sequence,
      requestId: cause.id,
      sourceAddress: cause.sourceAddress,
    });
    store.outbox.add(rule.target, JSON.stringify(record));
  }
  store.database.afterCommit(store.onEventsCommitted);
}

import type { NotificationRule } from '../bucket-configuration.ts';

/** What happened, in the words of the `eventName` of a record: without the `s3:` that rules begin with. */
export type EventName =
  | 'ObjectCreated:Put'
  | 'ObjectCreated:Post'
  | 'ObjectCreated:Copy'
  | 'ObjectCreated:CompleteMultipartUpload'
  | 'ObjectRemoved:Delete'
  | 'ObjectRemoved:DeleteMarkerCreated'
  | 'LifecycleExpiration:Delete'
  | 'LifecycleExpiration:DeleteMarkerCreated';

function matchesEvent(pattern: string, name: EventName): boolean {
  const wanted = pattern.replace(/^s3:/, '');
  return wanted.endsWith(':*') ? name.startsWith(wanted.slice(0, -1)) : name === wanted;
}

/** Whether the rule asks for this event of this key. */
export function matchesNotification(rule: NotificationRule, name: EventName, key: string): boolean {
  return (
    rule.events.some((pattern) => matchesEvent(pattern, name)) &&
    key.startsWith(rule.prefix ?? '') &&
    key.endsWith(rule.suffix ?? '')
  );
}

/** Keys in event records are encoded like form values: `in/a b.txt` becomes `in/a+b.txt`. */
export function formEncodeKey(key: string): string {
  return encodeURIComponent(key)
    .replaceAll('%20', '+')
    .replaceAll('%2F', '/')
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

export interface EventFacts {
  readonly name: EventName;
  readonly time: Date;
  readonly region: string;
  readonly ruleId: string;
  readonly bucket: string;
  readonly bucketArn: string;
  readonly ownerId: string;
  readonly key: string;
  readonly versionId: string | undefined;
  /** Bytes; undefined for what has none, such as a removal. */
  readonly size: number | undefined;
  readonly etag: string | undefined;
  /** Orders the events of one key. */
  readonly sequence: number;
  readonly requestId: string;
  readonly sourceAddress: string;
}

/** An S3 event notification record, version 2.1. */
export function eventRecord(facts: EventFacts): Record<string, unknown> {
  return {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: facts.region,
    eventTime: facts.time.toISOString(),
    eventName: facts.name,
    userIdentity: { principalId: facts.ownerId },
    requestParameters: { sourceIPAddress: facts.sourceAddress },
    responseElements: { 'x-amz-request-id': facts.requestId, 'x-amz-id-2': facts.requestId },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: facts.ruleId,
      bucket: { name: facts.bucket, ownerIdentity: { principalId: facts.ownerId }, arn: facts.bucketArn },
      object: {
        key: formEncodeKey(facts.key),
        ...(facts.size === undefined ? {} : { size: facts.size }),
        ...(facts.etag === undefined ? {} : { eTag: facts.etag }),
        ...(facts.versionId === undefined ? {} : { versionId: facts.versionId }),
        sequencer: facts.sequence.toString(16).toUpperCase().padStart(18, '0'),
      },
    },
  };
}

import type { _Record } from '@aws-sdk/client-dynamodb-streams';

/** A change as a function gets it from a DynamoDB stream. */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: string;
  readonly eventVersion: string;
  readonly eventSource: 'aws:dynamodb';
  readonly awsRegion: string;
  readonly eventSourceARN: string;
  readonly userIdentity?: object;
  readonly dynamodb: {
    readonly ApproximateCreationDateTime: number;
    readonly Keys: unknown;
    readonly NewImage?: unknown;
    readonly OldImage?: unknown;
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
    readonly StreamViewType: string;
  };
}

export interface StreamRecordContext {
  /** The stream and region as the template knows them: the engine has names of its own. */
  readonly streamArn: string;
  readonly region: string;
  readonly virtualAt: (realInstant: number) => number;
  /** Whether the removal of this item was the expiry of its time to live. */
  readonly expired: (keys: unknown) => boolean;
}

export function streamRecord(record: _Record, context: StreamRecordContext): StreamRecord {
  const change = record.dynamodb ?? {};
  const created = creationOf(change.ApproximateCreationDateTime);
  const keys = plain(change.Keys);
  const removedByService = record.eventName === 'REMOVE' && context.expired(keys);
  return {
    eventID: record.eventID ?? '',
    eventName: record.eventName ?? '',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: context.region,
    eventSourceARN: context.streamArn,
    ...(removedByService ? { userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } } : {}),
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(context.virtualAt(created) / 1000),
      Keys: keys,
      ...(change.NewImage === undefined ? {} : { NewImage: plain(change.NewImage) }),
      ...(change.OldImage === undefined ? {} : { OldImage: plain(change.OldImage) }),
      SequenceNumber: change.SequenceNumber ?? '',
      SizeBytes: change.SizeBytes ?? 0,
      StreamViewType: change.StreamViewType ?? '',
    },
  };
}

/**
 * The engine tells whole seconds, rounded down. A change may seem a second younger than it is, but never older: else one
 * that was made as the clock started would lie on the day before.
 */
function creationOf(second: Date | undefined): number {
  return second === undefined ? Date.now() : Math.min(second.getTime() + 999, Date.now());
}

/** Attribute values as JSON carries them: binary as base64. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}

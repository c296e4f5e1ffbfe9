import type { IndexName } from '../constructs/claims-table.ts';

/** As API Gateway spells it: `GET /claims/{claimId}`. */
export type RouteKey = `${'GET' | 'POST' | 'PUT' | 'DELETE'} /${string}`;

/** One action on the table's items; a transaction needs those of its parts. */
type TableAction =
  | 'BatchGetItem'
  | 'ConditionCheckItem'
  | 'DeleteItem'
  | 'GetItem'
  | 'PutItem'
  | 'Query'
  | 'UpdateItem';

/** One action on the objects of a bucket, or `ListBucket`, without which an absent object answers 403 instead of 404. */
export type BucketAction =
  | 'AbortMultipartUpload'
  | 'GetObject'
  | 'GetObjectRetention'
  | 'GetObjectVersion'
  | 'ListBucket'
  | 'ListMultipartUploadParts'
  | 'PutObject'
  | 'PutObjectRetention';

export type QueueName = 'verify' | 'assess';

/** What a function may touch. Each entry also tells the function where the thing is (see `environmentOf`). */
interface Uses {
  table?: readonly TableAction[];
  /** Indexes it may query. */
  indexes?: readonly IndexName[];
  incoming?: readonly BucketAction[];
  evidence?: readonly BucketAction[];
  notices?: readonly BucketAction[];
  /** Queues it sends work to. */
  sendsTo?: readonly QueueName[];
  /** Queues whose dead letters it sends back to them. */
  redrives?: readonly QueueName[];
  /** It hashes, seals or opens identity, card or phone numbers. */
  personalData?: true;
}

/** A setting that is no place of a thing. */
export type SettingName = 'PUBLIC_BASE_URL' | 'RETENTION_YEARS' | 'STAGE';

/** Requests a second, and at once. */
export interface RequestLimit {
  rate: number;
  burst: number;
}

export type Trigger =
  | {
      kind: 'http';
      /** Routes that want a token. */
      routes: readonly RouteKey[];
      /** Routes for everybody, without log-in. */
      publicRoutes?: readonly RouteKey[];
      /** For public routes that strangers could flood. */
      limits?: Readonly<Record<RouteKey, RequestLimit>>;
    }
  | { kind: 'queue'; queue: QueueName; batchSize: number; maxConcurrency: number }
  | { kind: 'stream'; batchSize: number }
  | {
      kind: 'schedule';
      /** `rate(…)` or six-field `cron(…)`, in Asia/Shanghai. */
      expression: `rate(${string})` | `cron(${string})`;
      /** Counted once in every good run; the alarm rings when it has been missing for `silence` minutes. */
      heartbeat: { metric: 'SweepHeartbeat' | 'NoticeHeartbeat' | 'CheckHeartbeat'; silenceMinutes: number };
    };

/** All there is to know about one Lambda: what wakes it, what it may touch, how long it may take. */
export interface FunctionDefinition {
  /** Its folder under functions/ and its name everywhere else. */
  name: string;
  /** One line for whoever meets it in the console. */
  does: string;
  trigger: Trigger;
  timeoutSeconds: number;
  memoryMb: number;
  uses: Uses;
  settings?: readonly SettingName[];
}

/** API Gateway gives up after 30 s, so a function that answers it must be done before. */
export const requestTimeoutSeconds = 28;

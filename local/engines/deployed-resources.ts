import type { Deployment } from '../template/deployment.ts';
import { readBuckets } from './buckets.ts';
import type { Engines } from './engines.ts';
import { createExternalBuckets } from './external-buckets.ts';
import { createKeys } from './keys.ts';
import type { Queue } from './queue-engine.ts';
import { createQueues } from './queues.ts';
import { createTable, type Table } from './tables.ts';

/** What the engines hold for a deployment. */
export interface DeployedResources {
  readonly tables: readonly Table[];
  readonly queues: readonly Queue[];
  /** What an engine of somebody else leaves undone, one line each. */
  readonly undone: readonly string[];
}

/** Creates keys, tables, queues and buckets; what is left of an earlier run is found again. */
export async function createResources(engines: Engines, deployment: Deployment): Promise<DeployedResources> {
  // Keys first: everything may name them, and their ids are the engine's to choose.
  createKeys(engines.kms, deployment);
  const tables = await Promise.all(
    deployment.resources('AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable').map(async (resource) => {
      const table = await createTable(engines.dynamodb, resource);
      const attributes = table.streamArn === undefined ? {} : { StreamArn: table.streamArn };
      deployment.register(resource, { ref: table.name, attributes });
      return table;
    }),
  );
  const queues = await createQueues(engines.queues, deployment.resources('AWS::SQS::Queue'));
  const buckets = readBuckets(deployment);
  if (engines.s3 === undefined) {
    const region = deployment.stacks[0]?.region ?? '';
    return { tables, queues, undone: await createExternalBuckets(engines.endpoints.s3, region, buckets) };
  }
  for (const bucket of buckets) engines.s3.createBucket(bucket);
  return { tables, queues, undone: [] };
}

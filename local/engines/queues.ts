import * as z from 'zod';
import type { DeployedResource } from '../template/deployment.ts';
import type { Queue, QueueEngine } from './queue-engine.ts';

const queueShape = z.object({
  VisibilityTimeout: z.coerce.number().default(30),
  DelaySeconds: z.coerce.number().optional(),
  MessageRetentionPeriod: z.coerce.number().optional(),
  MaximumMessageSize: z.coerce.number().optional(),
  ReceiveMessageWaitTimeSeconds: z.coerce.number().optional(),
  FifoQueue: z.boolean().default(false),
  ContentBasedDeduplication: z.boolean().optional(),
  RedrivePolicy: z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number() }).optional(),
});

/** Attributes that the engine takes under the template's names. */
const attributeNames = [
  'VisibilityTimeout',
  'DelaySeconds',
  'MessageRetentionPeriod',
  'MaximumMessageSize',
  'ReceiveMessageWaitTimeSeconds',
  'ContentBasedDeduplication',
] as const;

/** Creates the queues of the template and ties them to their dead-letter queues. */
export async function createQueues(engine: QueueEngine, resources: readonly DeployedResource[]): Promise<Queue[]> {
  const planned = resources.map((resource) => {
    const properties = queueShape.parse(resource.properties);
    const queue: Queue = {
      logicalId: resource.logicalId,
      path: resource.path,
      name: resource.attributes['QueueName'] ?? '',
      arn: resource.attributes['Arn'] ?? '',
      url: resource.ref,
      visibilityTimeoutSeconds: properties.VisibilityTimeout,
      fifo: properties.FifoQueue,
    };
    return { queue, properties };
  });
  for (const { queue, properties } of planned) {
    const attributes = Object.fromEntries(
      attributeNames.flatMap((name) => (properties[name] === undefined ? [] : [[name, String(properties[name])]])),
    );
    await engine.create(queue, attributes);
  }
  for (const { queue, properties } of planned) {
    const redrive = properties.RedrivePolicy;
    if (redrive === undefined) continue;
    const target = planned.find((one) => one.queue.arn === redrive.deadLetterTargetArn);
    if (target === undefined) {
      throw new Error(`queue ${queue.name}: no queue has the dead-letter ARN ${redrive.deadLetterTargetArn}`);
    }
    await engine.redrive(queue, target.queue, redrive.maxReceiveCount);
  }
  return planned.map((one) => one.queue);
}

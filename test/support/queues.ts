import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { startFauxqs } from 'fauxqs';

/** Queues on a real engine, in memory, for one test file. */
export interface TestQueues {
  client: SQSClient;
  /** Makes a queue and gives its address. */
  create(name: string): Promise<string>;
  stop(): Promise<void>;
}

export async function openTestQueues(): Promise<TestQueues> {
  const engine = await startFauxqs({ port: 0, logger: false, host: '127.0.0.1', defaultRegion: 'cn-north-1' });
  const endpoint = `http://127.0.0.1:${engine.port}`;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new SQSClient({ endpoint, region: 'cn-north-1', credentials, maxAttempts: 1 });
  return {
    client,
    create: async (QueueName) => {
      await client.send(new CreateQueueCommand({ QueueName }));
      // The address that the engine gives back names a host that there is not.
      return `${endpoint}/000000000000/${QueueName}`;
    },
    stop: async () => {
      client.destroy();
      await engine.stop();
    },
  };
}

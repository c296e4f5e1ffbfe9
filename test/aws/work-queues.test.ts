import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { createWorkQueues } from '../../shared/aws/work-queues.ts';

const sqs = mockClient(SQSClient);
const queues = createWorkQueues({ assess: 'https://assess', verify: 'https://verify' }, new SQSClient({}));

describe('work queues', () => {
  beforeEach(() => sqs.reset());

  test.each([
    [0, []],
    [1, [1]],
    [10, [10]],
    [11, [10, 1]],
    [25, [10, 10, 5]],
  ])('%i messages go in calls of at most ten', async (count, sizes) => {
    sqs.on(SendMessageBatchCommand).resolves({});
    const messages = Array.from({ length: count }, (_, n) => ({ claimId: `C${n}` }));
    await queues.send('assess', messages);
    const calls = sqs.commandCalls(SendMessageBatchCommand).map(({ args }) => args[0].input);
    expect(calls.map(({ Entries }) => Entries?.length)).toEqual(sizes);
    const bodies = calls
      .flatMap(({ Entries }) => Entries ?? [])
      .map(({ MessageBody }) => JSON.parse(MessageBody ?? ''));
    expect(bodies).toEqual(messages);
    expect(calls.every(({ QueueUrl }) => QueueUrl === 'https://assess')).toBe(true);
  });

  test('messages that the queue did not take are an error, never silence', async () => {
    sqs.on(SendMessageBatchCommand).resolves({ Failed: [{ Id: '0', Code: 'InternalError', SenderFault: false }] });
    await expect(queues.send('verify', [{ claimId: 'C' }])).rejects.toThrow('InternalError');
  });
});

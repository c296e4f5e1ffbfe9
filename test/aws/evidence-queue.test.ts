import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, test } from 'vitest';
import { createVerificationQueue } from '../../shared/aws/evidence-queue.ts';

test('a message names claim and upload, nothing more', async () => {
  const sqs = mockClient(SQSClient);
  await createVerificationQueue('https://queue').send({ claimId: 'c', evidenceId: 'e' });
  expect(sqs).toHaveReceivedCommandWith(SendMessageCommand, {
    QueueUrl: 'https://queue',
    MessageBody: '{"claimId":"c","evidenceId":"e"}',
  });
});

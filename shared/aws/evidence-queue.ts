import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { VerificationQueue } from '../evidence/verification-queue.ts';

export function createVerificationQueue(queueUrl: string, client: SQSClient = new SQSClient({})): VerificationQueue {
  return {
    async send({ claimId, evidenceId }) {
      const MessageBody = JSON.stringify({ claimId, evidenceId });
      await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
    },
  };
}

import { systemActor } from '../../shared/access/actor.ts';
import { type VerificationDependencies, verifyEvidence } from '../../shared/evidence/verify-evidence.ts';
import { createQueueHandler, type QueueEdge } from '../../shared/lambda/queue-handler.ts';
import { parseMessage, type VerificationRequest } from './message.ts';

export interface Dependencies extends Omit<VerificationDependencies, 'by'> {
  /** Name of the incoming bucket: events of another are not about uploads. */
  incomingBucket: string;
}

/** Verifies the uploads that messages name: the object's own event, the client's word, or the sweep's reminder. */
export function createHandler({ incomingBucket, ...dependencies }: Dependencies, edge: QueueEdge) {
  const deps: VerificationDependencies = { ...dependencies, by: systemActor('verify-evidence') };

  const verify = async ({ reference, versionId }: VerificationRequest): Promise<void> => {
    const started = deps.clock.now().getTime();
    const verdict = await verifyEvidence(deps, reference, versionId);
    if (verdict === 'verified') edge.metrics.add('EvidenceVerified');
    if (verdict === 'rejected') edge.metrics.add('EvidenceRejected');
    const durationMs = deps.clock.now().getTime() - started;
    if (verdict === 'verified' || verdict === 'rejected') edge.metrics.add('EvidenceVerifyMs', durationMs);
    edge.log.info('evidence-examined', { ...reference, verdict, durationMs });
  };

  return createQueueHandler(edge, async (message, messageId) => {
    const { requests, foreign } = parseMessage(message, incomingBucket);
    if (foreign > 0) edge.log.warn('object-without-upload', { messageId, count: foreign });
    const failures: unknown[] = [];
    for (const request of requests) {
      // One object's trouble must not keep the others of the same message from their verdict.
      await verify(request).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures.length === 1 ? failures[0] : new AggregateError(failures);
  });
}

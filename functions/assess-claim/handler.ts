import * as z from 'zod';
import { type AssessDependencies, doClaimWork } from '../../shared/claims/assess-claim.ts';
import { createQueueHandler, type QueueEdge } from '../../shared/lambda/queue-handler.ts';

/** What the relay and the sweep send; more may come with it from other versions of the product. */
const messageSchema = z.object({ claimId: z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/) });

/** Assesses submitted claims, and gives back what the lines of returned and withdrawn ones hold. */
export function createHandler(deps: AssessDependencies, edge: QueueEdge) {
  return createQueueHandler(edge, async (message, messageId) => {
    const { claimId } = messageSchema.parse(message);
    const result = await doClaimWork(deps, claimId);
    if (result.kind === 'nothing') {
      edge.log.info('claim-work-skipped', { claimId, messageId, code: result.why });
      return;
    }
    const { claim } = result;
    if (result.kind === 'assessed') {
      edge.metrics.add('ClaimsAssessed');
      if (claim.st === 'returned') edge.metrics.add('ClaimsReturned');
      edge.metrics.add('LinesReserved', claim.reservedLines);
      edge.metrics.add('LinesReferred', claim.referredLines);
      edge.metrics.add('LinesRefused', claim.refusedLines);
    }
    edge.log.info('claim-work-done', {
      claimId,
      messageId,
      state: claim.st,
      count: claim.lineCount,
      code: result.kind,
    });
  });
}

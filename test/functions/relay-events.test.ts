import type { Context } from 'aws-lambda';
import { beforeEach, describe, expect, test } from 'vitest';
import { createHandler } from '../../functions/relay-events/handler.ts';
import { claimStateKeys } from '../../shared/aws/claim-items.ts';
import { messageFor } from '../../shared/aws/worklist-table.ts';
import type { ClaimState } from '../../shared/claims/claim-states.ts';
import { type WorkMessage, worklistPartition } from '../../shared/worklist/worklist-kinds.ts';
import { recordedEdge, settableClock } from '../support/http.ts';

const claimId = 'C'.padEnd(26, '0');
const evidenceId = 'E'.padEnd(26, '0');
const meta = { pk: `CLAIM#${claimId}`, sk: 'META' };
const evidence = { pk: `CLAIM#${claimId}`, sk: `EVIDENCE#${evidenceId}` };

const waiting = (st: ClaimState) =>
  claimStateKeys({ id: claimId, authority: 'hr-bureau/lucheng', submittedOn: '2021-05-10' }, st, {
    attentionAt: '2021-05-10T01:02:00.000Z',
    now: '2021-05-10T01:00:00.000Z',
  }).set as Record<string, string>;

const image = (attributes: Record<string, string>) =>
  Object.fromEntries(Object.entries(attributes).map(([name, S]) => [name, { S }]));

let serial = 0;
function change(key: Record<string, string>, after: Record<string, string>, before?: Record<string, string>) {
  serial += 1;
  return {
    eventID: `event-${serial}`,
    eventName: before === undefined ? 'INSERT' : 'MODIFY',
    dynamodb: {
      SequenceNumber: String(serial),
      Keys: image(key),
      NewImage: { ...image({ ...key, ...after }), idNumber: { S: 'v1.sealed' }, version: { N: '3' } },
      ...(before === undefined ? {} : { OldImage: image({ ...key, ...before }) }),
    },
  };
}

describe('relay-events', () => {
  let sent: { queue: string; message: WorkMessage }[] = [];
  let broken: string | undefined;
  const edge = recordedEdge(undefined as never, settableClock('2021-05-10T01:00:00Z'));
  const handler = createHandler(
    {
      messageFor,
      queues: {
        send: async (queue, messages) => {
          if (queue === broken) throw new Error('queue is gone');
          for (const message of messages) sent.push({ queue, message });
        },
      },
    },
    edge,
  );
  const relay = async (...Records: object[]) => handler({ Records }, {} as Context);
  beforeEach(() => {
    sent = [];
    broken = undefined;
  });

  test('a claim that comes to wait for its assessment is told to the worker', async () => {
    expect(await relay(change(meta, waiting('submitted'), {}))).toEqual({ batchItemFailures: [] });
    expect(sent).toEqual([{ queue: 'assess', message: { claimId } }]);
  });

  test.each(['returned', 'withdrawn'] as const)('so is a %s claim whose lines must be given back', async (st) => {
    await relay(change(meta, waiting(st), waiting('assessed')));
    expect(sent).toEqual([{ queue: 'assess', message: { claimId } }]);
  });

  test('an upload that has arrived is told to the verifier, one that is awaited is not', async () => {
    await relay(
      change(evidence, { wpk: worklistPartition({ kind: 'evidence', state: 'awaiting-upload' }) }),
      change(
        evidence,
        { wpk: worklistPartition({ kind: 'evidence', state: 'uploaded' }) },
        { wpk: worklistPartition({ kind: 'evidence', state: 'awaiting-upload' }) },
      ),
    );
    expect(sent).toEqual([{ queue: 'verify', message: { claimId, evidenceId } }]);
  });

  test('what waits for people, for schedules or for nobody is told to nobody', async () => {
    await relay(
      change(meta, waiting('assessed'), waiting('submitted')),
      change(meta, waiting('approved'), waiting('endorsed')),
      change(meta, {}, waiting('submitted')),
      change({ pk: 'NOTICE#1', sk: 'META' }, { wpk: 'W#notice#running#0' }),
      change({ pk: `AUDIT#${claimId}`, sk: 'META#00000002' }, {}),
      change({ pk: `CLAIM#${claimId}`, sk: 'LINE#0001' }, { st: 'reserved' }, { st: 'pending' }),
    );
    expect(sent).toEqual([]);
  });

  test('a change that leaves the item where it waited is no news: a postponed reminder makes no second message', async () => {
    await relay(change(meta, { ...waiting('submitted'), wsk: '2021-05-10T01:12:00.000Z' }, waiting('submitted')));
    expect(sent).toEqual([]);
  });

  test('only the change that could not be told comes again', async () => {
    broken = 'verify';
    const lost = change(evidence, { wpk: worklistPartition({ kind: 'evidence', state: 'uploaded' }) });
    const result = await relay(change(meta, waiting('submitted'), {}), lost);
    expect(result).toEqual({ batchItemFailures: [{ itemIdentifier: lost.dynamodb.SequenceNumber }] });
    expect(sent).toEqual([{ queue: 'assess', message: { claimId } }]);
  });

  test('nothing of an item but its names reaches the log', async () => {
    await relay(change(meta, waiting('submitted'), {}));
    expect(JSON.stringify(edge.logged)).not.toContain('sealed');
  });
});

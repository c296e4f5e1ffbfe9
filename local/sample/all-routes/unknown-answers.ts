import type { Json, SamplePerson } from '../sample-api.ts';
import { expectSame } from '../step.ts';
import type { Stage } from './stage.ts';

/**
 * The bank cannot say yet what became of the transfers: nothing moves, and finance finds the very references to ask
 * about again. No transfer is sent under another (二(四)).
 */
export async function hearUnknown(
  { api }: Stage,
  payer: SamplePerson,
  { id, transfers }: { id: string; transfers: readonly Json[] },
): Promise<void> {
  const rows = transfers.map(({ reference }) => `${reference},未知,,银行系统处理中`);
  const file = ['转账编号,结果,银行流水号,原因', ...rows].join('\n');
  const reply = await api.good(payer, `POST /payment-batches/${id}/receipts`, { file });
  expectSame('an unknown answer', [reply.applied, reply.problems, reply.batch.state], [rows.length, [], 'ready']);
  const open = await api.good(payer, `GET /payment-batches/${id}/open-references`);
  expectSame(
    'references to ask about again',
    open.transfers.map(({ reference, state }: Json) => [reference, state]),
    transfers.map(({ reference }) => [reference, 'unknown']),
  );
}

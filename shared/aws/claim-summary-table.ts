import type { ClaimRecord } from '../claims/claim-record.ts';
import type { ClaimSummary } from '../supervision/statistics.ts';
import { readClaimItem } from './claim-items.ts';
import { claimKey } from './entitlement-keys.ts';
import { readLines } from './line-writes.ts';
import { readMany } from './read.ts';
import type { Table } from './table.ts';

/** Whose a claim is and what it is about, for records and statistics. */
export function createClaimSummaries(table: Table) {
  return async (
    claimId: string,
  ): Promise<(ClaimSummary & Pick<ClaimRecord, 'tenant' | 'authority' | 'submittedOn'>) | undefined> => {
    const [item] = await readMany(table, [claimKey(claimId)]);
    if (item === undefined) return undefined;
    const { tenant, authority, submittedOn, programme } = readClaimItem(item);
    return { tenant, authority, programme, ...(submittedOn === undefined ? {} : { submittedOn }) };
  };
}

const paidFor: ReadonlySet<string> = new Set(['paying', 'paid', 'bounced', 'recovered', 'cleared']);

/** How many lines a transfer for a whole claim pays: an upheld objection takes a line out of it after the approval. */
export function createPaidHeads(table: Table) {
  return async (claimId: string): Promise<number> =>
    (await readLines(table, claimId)).filter(({ st }) => paidFor.has(st)).length;
}

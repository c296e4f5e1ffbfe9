import * as z from 'zod';
import { claimStates } from '../claims/claim-states.ts';
import type { RecentTrails, TrailName } from '../supervision/verify-recent-chains.ts';
import { takingsChain } from './dossier-takings.ts';
import { balanceKey, claimKey } from './entitlement-keys.ts';
import { query, readMany } from './read.ts';
import type { Table } from './table.ts';

const claimSchema = z.object({
  id: z.string(),
  classId: z.string().optional(),
  noticeId: z.string().optional(),
  applicationId: z.string().optional(),
  payment: z.object({ batchId: z.string() }).optional(),
});

const named = (kind: string, chain: string | undefined): TrailName[] =>
  chain === undefined ? [] : [{ chain, partition: `${kind}#${chain}` }];

/** The trails of a claim and of what it has to do with. */
function trailsOf(item: unknown): TrailName[] {
  const { id, classId, noticeId, applicationId, payment } = claimSchema.parse(item);
  return [
    ...named('CLAIM', id),
    ...named('CLASS', classId),
    ...(classId === undefined ? [] : [{ chain: takingsChain(classId), partition: takingsChain(classId) }]),
    ...named('NOTICE', noticeId),
    ...named('FUNDAPPLICATION', applicationId),
    ...named('BATCH', payment?.batchId),
  ];
}

/** Finds trails by the indexes: claims on the worklist, and claims of the accounts' latest movements. */
export function createRecentTrails(table: Table, accounts: readonly string[]): RecentTrails {
  const claimsUnder = async (IndexName: string, condition: string, values: Record<string, string>) => {
    const claimIds: string[] = [];
    const found = query(table, {
      IndexName,
      KeyConditionExpression: condition,
      ExpressionAttributeValues: values,
    });
    for await (const { pk } of found) claimIds.push(String(pk).slice('CLAIM#'.length));
    return claimIds;
  };

  return {
    async recent(since) {
      const claimIds = new Set<string>();
      const add = (ids: readonly string[]) => {
        for (const id of ids) claimIds.add(id);
      };
      for (const state of claimStates) add(await claimsUnder('worklist', 'wpk = :w', { ':w': `W#claim#${state}#0` }));
      for (const account of accounts) {
        const period = {
          ':account': `account/${account}`,
          ':since': `entry#${since.toISOString()}`,
          ':end': 'entry#9999',
        };
        add(await claimsUnder('tenant', 'tpk = :account AND tsk BETWEEN :since AND :end', period));
      }
      const trails = new Map<string, TrailName>();
      for (const item of await readMany(table, [...claimIds].map(claimKey))) {
        for (const trail of trailsOf(item)) trails.set(trail.partition, trail);
      }
      for (const { pk } of accounts.map(balanceKey)) trails.set(pk, { chain: pk, partition: pk });
      return [...trails.values()];
    },
  };
}

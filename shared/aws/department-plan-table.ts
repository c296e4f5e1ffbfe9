import * as z from 'zod';
import type { ClaimRecord } from '../claims/claim-record.ts';
import type { DepartmentPlanStore } from '../supervision/department-plan.ts';
import { readClaimItem } from './claim-items.ts';
import { query, readItem, readMany } from './read.ts';
import type { Key, Table } from './table.ts';
import { creation, transition, writeAllOrThrow } from './transition.ts';

const planSchema = z.object({
  st: z.string(),
  version: z.number(),
  auditHead: z.string(),
  authority: z.string(),
  year: z.number(),
  document: z.string(),
  plannedHeads: z.number(),
  plannedFen: z.number(),
});

const keyOf = (authority: string, year: number): Key => ({ pk: `DEPARTMENT#${authority}`, sk: `PLAN#${year}` });
const none = { claims: 0, heads: 0, fen: 0 };

function tally(claims: readonly ClaimRecord[]) {
  return claims.reduce(
    (sum, { approvedLines = 0, approvedFen = 0 }) => ({
      claims: sum.claims + 1,
      heads: sum.heads + approvedLines,
      fen: sum.fen + approvedFen,
    }),
    none,
  );
}

/** Departments' yearly plans in the table, and what became of them. */
export function createDepartmentPlanTable(table: Table): DepartmentPlanStore {
  const read = async (authority: string, year: number) => readItem(table, keyOf(authority, year), planSchema);
  return {
    async find(authority, year) {
      const stored = await read(authority, year);
      if (stored === undefined) return undefined;
      const { st: _s, version: _v, auditHead: _a, ...plan } = stored;
      return plan;
    },
    async save(plan, by, at) {
      const { authority, year, plannedHeads, plannedFen, document } = plan;
      const key = keyOf(authority, year);
      const audit = {
        action: 'department-plan-filed',
        by,
        at: at.toISOString(),
        facts: { year, plannedHeads, plannedFen, document },
      };
      const stored = await read(authority, year);
      const writes =
        stored === undefined
          ? creation(table, authority, { ...key, type: 'department-plan', st: 'filed', ...plan }, audit)
          : transition(table, { chain: authority, entity: { key, ...stored }, to: 'filed', audit, set: { ...plan } });
      await writeAllOrThrow(table, writes);
    },
    async outcome(authority, year) {
      const found = query(table, {
        IndexName: 'desk',
        KeyConditionExpression: 'dpk = :authority AND begins_with(dsk, :kind)',
        ExpressionAttributeValues: { ':authority': authority, ':kind': 'claim#' },
      });
      const keys: Key[] = [];
      for await (const { pk, sk } of found) keys.push({ pk: String(pk), sk: String(sk) });
      const claims = (await readMany(table, keys)).map(readClaimItem);
      const ofYear = claims.filter(({ submittedOn }) => submittedOn?.startsWith(`${year}-`));
      return {
        approved: tally(
          ofYear.filter(({ approvedFen, st }) => approvedFen !== undefined && st !== 'withdrawn' && st !== 'refused'),
        ),
        paid: tally(ofYear.filter(({ st }) => st === 'paid')),
      };
    },
  };
}

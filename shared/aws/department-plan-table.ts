import * as z from 'zod';
import { liveLineStates } from '../claims/claim-states.ts';
import type { LineRecord } from '../claims/line-record.ts';
import type { DepartmentPlanStore, Tally } from '../supervision/department-plan.ts';
import { readClaimItem } from './claim-items.ts';
import { lineFen, readLines } from './line-writes.ts';
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

/** Lines of an approved claim that nobody refused or took away. */
const approvedStates: ReadonlySet<string> = new Set([...liveLineStates, 'recovered']);

/** Counts one figure of the lines of each claim: the claims and lines that have it, and its sum. */
function tally(claims: readonly (readonly LineRecord[])[], fenOf: (line: LineRecord) => number | undefined): Tally {
  const sums = { claims: 0, heads: 0, fen: 0 };
  for (const lines of claims) {
    const fens = lines.map(fenOf).filter((fen) => fen !== undefined);
    if (fens.length > 0) sums.claims += 1;
    sums.heads += fens.length;
    sums.fen += fens.reduce((sum, fen) => sum + fen, 0);
  }
  return sums;
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
      const approved = ofYear.filter(
        ({ approvedFen, st }) => approvedFen !== undefined && st !== 'withdrawn' && st !== 'refused',
      );
      const lines: LineRecord[][] = [];
      for (const { id } of approved) lines.push(await readLines(table, id));
      return {
        approved: tally(lines, (line) => (approvedStates.has(line.st) ? lineFen(line) : undefined)),
        paid: tally(lines, ({ paid }) => paid?.fen),
        recovered: tally(lines, ({ recoveredFen }) => recoveredFen),
      };
    },
  };
}

import * as z from 'zod';
import { classContentSchema } from '../classes/class-filing.ts';
import { addDays } from '../regulation/calendar-date.ts';
import { type Inspection, standing } from '../supervision/inspection.ts';
import type { InspectionPlan, InspectionPlanStore } from '../supervision/inspection-plan.ts';
import { type BodyHistory, type InspectableClass, inspectionRisks } from '../supervision/inspection-risk.ts';
import { actorSchema } from './claim-items.ts';
import { readEvidenceItem } from './evidence-items.ts';
import { inBatches } from './in-batches.ts';
import { readInspectionItem } from './inspection-table.ts';
import { query, queryPage, readItem, readMany, readPartition } from './read.ts';
import type { Item, Key, Table } from './table.ts';
import { creation, writeAll } from './transition.ts';

const text = z.string();

const planSchema = z.object({
  id: text,
  authority: text,
  from: text,
  to: text,
  byRisk: z.int(),
  byLot: z.int(),
  seed: text,
  candidates: z.int(),
  chosen: z.array(
    z.object({
      classId: text,
      applicantName: text,
      startsOn: text,
      endsOn: text,
      subject: text.exactOptional(),
      chosenBy: z.enum(['risk', 'lot']),
      risks: z.array(z.enum(inspectionRisks)),
    }),
  ),
  by: actorSchema,
  createdAt: text,
});

const classSchema = z.object({
  id: text,
  tenant: text,
  applicantName: text,
  accepted: z.object({ content: classContentSchema }).optional(),
});

const keyOf = (id: string): Key => ({ pk: `INSPECTIONPLAN#${id}`, sk: 'META' });
const placeOf = ({ pk, sk }: Item): Key => ({ pk: String(pk), sk: String(sk) });

// An apprenticeship runs for two years at most: what began earlier has ended.
const longestClassDays = 731;
// What a body sent in lately says enough, and a plan must be made within one request.
const latestClaims = 20;

/** Plans in the table, made of what the desk's index knows of an authority. */
export function createInspectionPlanTable(table: Table): InspectionPlanStore {
  const onDesk = async (authority: string, first: string, last: string): Promise<Item[]> => {
    const keys: Key[] = [];
    const found = query(table, {
      IndexName: 'desk',
      KeyConditionExpression: 'dpk = :authority AND dsk BETWEEN :first AND :last',
      ExpressionAttributeValues: { ':authority': authority, ':first': first, ':last': last },
    });
    for await (const item of found) keys.push(placeOf(item));
    return readMany(table, keys);
  };

  const inspectionsOf = async (authority: string): Promise<Inspection[]> =>
    standing((await onDesk(authority, 'inspection#', 'inspection#~')).map(readInspectionItem));

  /** Verified videos with flags among the body's latest claims. */
  const flaggedOf = async (tenant: string): Promise<number> => {
    const { items } = await queryPage(
      table,
      {
        IndexName: 'tenant',
        KeyConditionExpression: 'tpk = :tenant AND begins_with(tsk, :kind)',
        ExpressionAttributeValues: { ':tenant': tenant, ':kind': 'claim#' },
        ScanIndexForward: false,
        Limit: latestClaims,
      },
      undefined,
    );
    let flagged = 0;
    for (const { pk } of items) {
      for await (const item of readPartition(table, String(pk), 'EVIDENCE#')) {
        const { st, video } = readEvidenceItem(item);
        if (st === 'verified' && video !== undefined && video.flags.length > 0) flagged += 1;
      }
    }
    return flagged;
  };

  return {
    async uninspected(authority, from, to) {
      const earliest = addDays(from, -longestClassDays);
      const [accepted, changing, inspected] = await Promise.all([
        onDesk(authority, `class#accepted#${earliest}`, `class#accepted#${to}~`),
        // A class whose change waits for acceptance runs as it was accepted, and lies here under its new date.
        onDesk(authority, 'class#filed#', 'class#filed#~'),
        inspectionsOf(authority),
      ]);
      const seen = new Set(inspected.map(({ classId }) => classId));
      return [...accepted, ...changing].flatMap((item): InspectableClass[] => {
        const { id: classId, tenant, applicantName, accepted: filing } = classSchema.parse(item);
        if (filing === undefined || seen.has(classId)) return [];
        const { content } = filing;
        const runs = content.startsOn <= to && content.endsOn >= from;
        return runs ? [{ classId, tenant, applicantName, content }] : [];
      });
    },
    async histories(authority, tenants) {
      const irregular = (await inspectionsOf(authority)).filter(({ result }) => result === 'irregular');
      const found = await inBatches(
        tenants,
        8,
        async (tenant): Promise<[string, BodyHistory]> => [
          tenant,
          {
            irregular: irregular.filter((inspection) => inspection.tenant === tenant).length,
            flagged: await flaggedOf(tenant),
          },
        ],
      );
      return new Map(found);
    },
    find: async (id) => readItem(table, keyOf(id), planSchema),
    async add(plan, by, at) {
      const { id, authority, from, to, byRisk, byLot, seed, candidates, chosen } = plan;
      const facts = { from, to, byRisk, byLot, seed, candidates, chosen: chosen.map(({ classId }) => classId) };
      const audit = { action: 'inspections-planned', by, at: at.toISOString(), facts };
      const desk = { dpk: authority, dsk: `inspection-plan#${audit.at}#${id}` };
      const item = { ...keyOf(id), ...desk, type: 'inspection-plan', st: 'made', ...plan, by };
      // Refused means that the same request was here a moment ago; its plan is the answer.
      await writeAll(table, creation(table, id, item, audit));
      const stored = await readItem(table, keyOf(id), planSchema);
      if (stored === undefined) throw new Error('inspection plan vanished after it was written');
      return stored;
    },
    async ofAuthority(authority, cursor) {
      const input = {
        IndexName: 'desk',
        KeyConditionExpression: 'dpk = :authority AND begins_with(dsk, :kind)',
        ExpressionAttributeValues: { ':authority': authority, ':kind': 'inspection-plan#' },
        ScanIndexForward: false,
        Limit: 50,
      };
      const { items, next } = await queryPage(table, input, cursor);
      const plans: InspectionPlan[] = (await readMany(table, items.map(placeOf)))
        .map((item) => planSchema.parse(item))
        .toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
      return next === undefined ? { plans } : { plans, next };
    },
  };
}

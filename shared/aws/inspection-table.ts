import * as z from 'zod';
import { DomainError } from '../errors/domain-error.ts';
import {
  type Inspection,
  type InspectionStore,
  inspectionMeans,
  inspectionResults,
} from '../supervision/inspection.ts';
import { actorSchema } from './claim-items.ts';
import { readItem, readPartition } from './read.ts';
import type { Key, Table } from './table.ts';
import { creation, type WriteItem, writeAll } from './transition.ts';

const text = z.string();

const inspectionSchema = z.object({
  id: text,
  classId: text,
  tenant: text,
  authority: text,
  heldAt: text,
  means: z.enum(inspectionMeans),
  inspectors: z.array(text),
  headCount: z.int(),
  enrolled: z.int(),
  findings: text,
  result: z.enum(inspectionResults),
  reason: text.exactOptional(),
  corrects: text.exactOptional(),
  by: actorSchema,
  createdAt: text,
});

const keyOf = (classId: string, id: string): Key => ({ pk: `CLASS#${classId}`, sk: `INSPECTION#${id}` });
/** Taken by the one record that corrects another. */
const correctionKey = (classId: string, id: string): Key => ({ pk: `CLASS#${classId}`, sk: `CORRECTED#${id}` });

export function readInspectionItem(item: unknown): Inspection {
  return inspectionSchema.parse(item);
}

/** Inspections in the partition of their class, in its audit chain, and on their authority's desk by time. */
export function createInspectionTable(table: Table): InspectionStore {
  const correction = (classId: string, corrects: string, id: string): WriteItem => ({
    Put: {
      TableName: table.name,
      Item: { ...correctionKey(classId, corrects), type: 'inspection-correction', by: id },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  });

  return {
    async ofClass(classId) {
      const found: Inspection[] = [];
      for await (const item of readPartition(table, `CLASS#${classId}`, 'INSPECTION#'))
        found.push(readInspectionItem(item));
      return found.toSorted((a, b) => (`${a.createdAt}${a.id}` < `${b.createdAt}${b.id}` ? -1 : 1));
    },
    async add(inspection, by, at) {
      const { id, classId, authority, heldAt, means, result, headCount, enrolled, reason, corrects } = inspection;
      const audit = {
        action: 'class-inspected',
        by,
        at: at.toISOString(),
        ...(reason === undefined ? {} : { reason }),
        facts: { heldAt, means, result, headCount, enrolled, corrects },
      };
      const desk = { dpk: authority, dsk: `inspection#${audit.at}#${id}` };
      const item = { ...keyOf(classId, id), ...desk, type: 'inspection', st: 'recorded', ...inspection, by };
      const taken = corrects === undefined ? [] : [correction(classId, corrects, id)];
      await writeAll(table, [...creation(table, classId, item, audit), ...taken]);
      const stored = await readItem(table, keyOf(classId, id), inspectionSchema);
      // Nothing was written, and it is not there from before: another one corrects that record.
      if (stored === undefined) {
        throw new DomainError('already-exists', '该检查记录已被更正过，请更正最新的一条记录。');
      }
      return stored;
    },
  };
}

import * as z from 'zod';
import { defineRoute, type HttpRoute } from '../../shared/lambda/http-route.ts';
import {
  type Inspection,
  inspectionBodySchema,
  inspectionMeans,
  inspectionResults,
  standing,
} from '../../shared/supervision/inspection.ts';
import {
  type InspectionDependencies,
  readInspections,
  recordInspection,
} from '../../shared/supervision/record-inspection.ts';

const id = z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/);
const classPath = z.strictObject({ classId: id });

const shownInspection = z.object({
  id: z.string(),
  classId: z.string(),
  heldAt: z.string(),
  means: z.enum(inspectionMeans),
  inspectors: z.array(z.string()),
  headCount: z.int(),
  enrolled: z.int().describe('heads on the roster at that time'),
  findings: z.string(),
  result: z.enum(inspectionResults),
  reason: z.string().optional(),
  corrects: z.string().optional(),
  stands: z.boolean().describe('false when a later record corrects this one'),
  recordedBy: z.string(),
  recordedAt: z.string(),
});

function shown(inspection: Inspection, stands: boolean): z.infer<typeof shownInspection> {
  const { tenant: _tenant, authority: _authority, by, createdAt, ...rest } = inspection;
  return { ...rest, stands, recordedBy: by.name, recordedAt: createdAt };
}

/** Inspections of classes (监督检查), 四(三). */
export const inspectionRoutes: readonly HttpRoute<InspectionDependencies>[] = [
  defineRoute({
    key: 'POST /classes/{classId}/inspections',
    summary: 'Put an inspection of a class on record: when, by which two, how, what was found',
    action: 'inspection.record',
    path: classPath,
    body: inspectionBodySchema,
    replies: { 201: shownInspection },
    serve: async (deps, { principal, path, creationId, body }) => ({
      status: 201,
      body: shown(await recordInspection(deps, principal, path.classId, creationId, body), true),
    }),
  }),
  defineRoute({
    key: 'GET /classes/{classId}/inspections',
    summary: 'The inspections of a class, also those that were corrected since',
    action: 'inspection.read',
    path: classPath,
    replies: { 200: z.object({ inspections: z.array(shownInspection) }) },
    serve: async (deps, { principal, path }) => {
      const inspections = await readInspections(deps, principal, path.classId);
      const stands = new Set(standing(inspections));
      return { status: 200, body: { inspections: inspections.map((one) => shown(one, stands.has(one))) } };
    },
  }),
];

import * as z from 'zod';
import { readVersion } from '../../shared/access/read-version.ts';
import { reasonText } from '../../shared/access/reason-text.ts';
import { type ClassRecord, classContentSchema, classFilingSchema } from '../../shared/classes/class-filing.ts';
import { classStates } from '../../shared/classes/class-states.ts';
import { copyClass } from '../../shared/classes/copy-class.ts';
import {
  acceptClass,
  type ClassDependencies,
  changeClass,
  draftClass,
  fileClass,
  refuseClass,
} from '../../shared/classes/file-class.ts';
import { findClass } from '../../shared/classes/find-class.ts';
import { DomainError } from '../../shared/errors/domain-error.ts';
import { defineRoute, type HttpRoute } from '../../shared/lambda/http-route.ts';
import type { MetricRecorder } from '../../shared/lambda/metrics.ts';
import { calendarDateSchema } from '../../shared/regulation/contract.ts';

export interface ClassRouteDependencies extends ClassDependencies {
  metrics: Pick<MetricRecorder, 'add'>;
}

const classPath = z.strictObject({ classId: z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/) });
const listQuery = z.strictObject({ state: z.enum(classStates).optional(), cursor: z.string().max(2000).optional() });

const shownClass = z.object({
  id: z.string(),
  state: z.enum(classStates),
  version: z.int(),
  applicantName: z.string(),
  authority: z.string(),
  content: classContentSchema,
  contentVersion: z.int(),
  enrolled: z.int(),
  filedOn: z.string().optional().describe('the date that counts for 5 days ahead'),
  dueAt: z.string().optional(),
  copiedFrom: z.string().optional(),
  accepted: z
    .object({
      contentVersion: z.int(),
      filedOn: z.string(),
      acceptedAt: z.string(),
      batchOfYear: z.int().optional(),
      crossDistrictConsent: z.boolean().optional(),
    })
    .optional(),
  decision: z.object({ by: z.string(), at: z.string(), reason: z.string() }).optional(),
  lead: z.object({ days: z.int(), message: z.string() }).optional(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
type ShownClass = z.infer<typeof shownClass>;

function shown(record: ClassRecord, lead?: { days: number; message: string }): ShownClass {
  const { accepted, decision } = record;
  return {
    id: record.id,
    state: record.st,
    version: record.version,
    applicantName: record.applicantName,
    authority: record.authority,
    content: record.content,
    contentVersion: record.contentVersion,
    enrolled: record.enrolled,
    filedOn: record.filedOn,
    dueAt: record.dueAt,
    copiedFrom: record.copiedFrom,
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
    lead,
    accepted: accepted && {
      contentVersion: accepted.contentVersion,
      filedOn: accepted.filedOn,
      acceptedAt: accepted.acceptedAt,
      batchOfYear: accepted.batchOfYear,
      crossDistrictConsent: accepted.crossDistrictConsent,
    },
    decision: decision && { by: decision.by.name, at: decision.at, reason: decision.reason },
  };
}

/** Class filings (开班备案), 三(一). */
export const classRoutes: readonly HttpRoute<ClassRouteDependencies>[] = [
  defineRoute({
    key: 'POST /classes',
    summary: 'Start a class filing as a draft',
    action: 'class.file',
    body: classFilingSchema,
    replies: { 201: shownClass },
    serve: async (deps, { principal, creationId, body }) => ({
      status: 201,
      body: shown(await draftClass(deps, principal, creationId, body)),
    }),
  }),
  defineRoute({
    key: 'GET /classes',
    summary: "The applicant's own classes, or those filed with the officer's authority: what waits, by time of filing",
    action: 'class.read',
    query: listQuery,
    replies: { 200: z.object({ classes: z.array(shownClass), next: z.string().optional() }) },
    serve: async (deps, { principal, query }) => {
      const owner = principal.role === 'applicant' ? { tenant: principal.tenant } : { authority: principal.tenant };
      const { classes, next } = await deps.classes.listOf(owner, query.state, query.cursor);
      return { status: 200, body: { classes: classes.map((record) => shown(record)), next } };
    },
  }),
  defineRoute({
    key: 'GET /classes/{classId}',
    summary: 'One class with its versions and the roster (numbers masked) of its content or of the version asked for',
    action: 'class.read',
    path: classPath,
    query: z.strictObject({
      contentVersion: z
        .string()
        .regex(/^[1-9]\d{0,3}$/, '版本号应为正整数')
        .optional()
        .describe('whose roster to show; `accepted.contentVersion` is the one in force'),
    }),
    replies: {
      200: shownClass.extend({
        trainees: z.array(z.object({ name: z.string(), idNumber: z.string() })),
        versions: z.array(
          z.object({
            contentVersion: z.int(),
            at: z.string(),
            by: z.string(),
            enrolled: z.int(),
            content: classContentSchema,
          }),
        ),
      }),
    },
    serve: async (deps, { principal, path, query }) => {
      const record = await findClass(deps.classes, principal, 'class.read', path.classId);
      const versions = await deps.classes.versions(record.id);
      const wanted = query.contentVersion === undefined ? undefined : Number(query.contentVersion);
      const shownVersion = wanted === undefined ? record : versions.find((one) => one.contentVersion === wanted);
      if (shownVersion === undefined) throw new DomainError('not-found', `该班级没有第${wanted}版备案，请核对版本号。`);
      const trainees = await deps.classes.trainees(record.id, shownVersion.rosterId);
      return {
        status: 200,
        body: {
          ...shown(record),
          trainees: trainees.map(({ name, idMasked }) => ({ name, idNumber: idMasked })),
          versions: versions.map(({ contentVersion, at, by, enrolled, content }) => ({
            contentVersion,
            at,
            by: by.name,
            enrolled,
            content,
          })),
        },
      };
    },
  }),
  defineRoute({
    key: 'PUT /classes/{classId}',
    summary: 'Change a class; a filed one gets a new version that waits for acceptance',
    action: 'class.file',
    path: classPath,
    body: classFilingSchema,
    replies: { 200: shownClass },
    serve: async (deps, { principal, path, body }) => {
      const { record, lead } = await changeClass(deps, principal, path.classId, body);
      return { status: 200, body: shown(record, lead) };
    },
  }),
  defineRoute({
    key: 'POST /classes/{classId}/copies',
    summary: 'Start a filing from an own earlier class, its dates moved by whole days to a new first day; no roster',
    action: 'class.file',
    path: classPath,
    body: z.strictObject({ startsOn: calendarDateSchema }),
    replies: { 201: shownClass },
    serve: async (deps, { principal, creationId, path, body }) => {
      const copy = { from: path.classId, startsOn: body.startsOn };
      return { status: 201, body: shown(await copyClass(deps, principal, creationId, copy)) };
    },
  }),
  defineRoute({
    key: 'POST /classes/{classId}/filing',
    summary: 'File a draft with its authority',
    action: 'class.file',
    path: classPath,
    replies: { 200: shownClass },
    serve: async (deps, { principal, path }) => {
      const { record, lead } = await fileClass(deps, principal, path.classId);
      deps.metrics.add('ClassesFiled');
      return { status: 200, body: shown(record, lead) };
    },
  }),
  defineRoute({
    key: 'POST /classes/{classId}/acceptance',
    summary: 'Accept a filing',
    action: 'class.judge',
    path: classPath,
    body: z.strictObject({
      version: readVersion,
      reason: reasonText(),
      crossDistrictConsent: z
        .boolean()
        .optional()
        .describe(
          'does the place of training agree to an institution of another district (三(二))? kept by later versions',
        ),
    }),
    replies: { 200: shownClass },
    serve: async (deps, { principal, path, body }) => ({
      status: 200,
      body: shown(await acceptClass(deps, principal, path.classId, body)),
    }),
  }),
  defineRoute({
    key: 'POST /classes/{classId}/refusal',
    summary: 'Refuse a filing or a change, with the reason',
    action: 'class.judge',
    path: classPath,
    body: z.strictObject({ version: readVersion, reason: reasonText() }),
    replies: { 200: shownClass },
    serve: async (deps, { principal, path, body }) => ({
      status: 200,
      body: shown(await refuseClass(deps, principal, path.classId, body)),
    }),
  }),
];

import * as z from 'zod';
import { demand } from '../../shared/access/policy.ts';
import { reasonText } from '../../shared/access/reason-text.ts';
import type { Clock } from '../../shared/clock/clock.ts';
import { defineRoute, type HttpRoute } from '../../shared/lambda/http-route.ts';
import {
  type CorrectDependencies,
  correctionBodySchema,
  correctNotice,
} from '../../shared/publicity/correct-notice.ts';
import {
  type DecideDependencies,
  decideObjection,
  decisionBodySchema,
} from '../../shared/publicity/decide-objection.ts';
import {
  type DeskObjectionDependencies,
  listObjections,
  readObjection,
  unmaskObjector,
} from '../../shared/publicity/desk-objections.ts';
import { noticeNumberSchema, rowWordingSchema } from '../../shared/publicity/notice.ts';
import { noticePeriodSchema } from '../../shared/publicity/notice-period.ts';
import {
  defaultNoticeSettings,
  type NoticeSettingsStore,
  noticeSettingsSchema,
} from '../../shared/publicity/notice-settings.ts';
import { noticeStates } from '../../shared/publicity/notice-states.ts';
import type { NoticeBucket, NoticeStore } from '../../shared/publicity/notice-store.ts';
import { type Objection, objectorSchema } from '../../shared/publicity/objection.ts';
import { withdrawalBodySchema, withdrawRows } from '../../shared/publicity/withdraw-rows.ts';
import { rowWordsBodySchema, wordRow } from '../../shared/publicity/word-row.ts';
import type { Edition } from '../../shared/regulation/edition.ts';
import { type AuditTrails, auditExportSchema, verifyAudit } from '../../shared/supervision/audit-export.ts';

/** What the desk's routes of notices and objections need. */
export interface ObjectionRouteDependencies
  extends Omit<DecideDependencies, 'notices'>,
    Omit<CorrectDependencies, 'notices' | 'claims' | 'settings'>,
    Omit<DeskObjectionDependencies, 'objections'> {
  notices: NoticeStore;
  bucket: NoticeBucket;
  findEdition: (id: string) => Edition | undefined;
  trails: AuditTrails;
  noticeSettings: NoticeSettingsStore;
  /** The edition's length of a notice, for an authority that has set none. */
  noticeWorkingDays: number;
  clock: Clock;
}

const idPattern = /^[0-9A-HJKMNP-TV-Z]{26}$/;
const objectionPath = z.strictObject({ objectionId: z.string().regex(idPattern) });
const noticePath = z.strictObject({ noticeId: z.string().regex(idPattern) });

const stateSchema = z.enum(['open', 'deciding', 'upheld', 'dismissed']);
const listQuery = z.strictObject({
  authority: z.string().max(200).optional().describe('for auditors; an officer sees the own authority'),
  state: stateSchema.optional(),
  cursor: z.string().max(1000).optional(),
});

const shownObjection = z.object({
  id: z.string(),
  state: stateSchema,
  version: z.int(),
  noticeId: z.string(),
  noticeTitle: z.string(),
  rowNo: z.int(),
  claimId: z.string(),
  authority: z.string(),
  kind: z.enum(['named', 'anonymous', 'unit']),
  lodgedAt: z.string(),
  dueAt: z.string(),
  decision: z
    .object({
      result: z.enum(['upheld', 'dismissed']),
      reason: z.string(),
      reply: z.string().optional(),
      lineNos: z.array(z.int()).optional(),
      by: z.string(),
      at: z.string(),
    })
    .optional(),
});

function shown(objection: Objection): z.infer<typeof shownObjection> {
  const { decision } = objection;
  return {
    id: objection.id,
    state: objection.st,
    version: objection.version,
    noticeId: objection.noticeId,
    noticeTitle: objection.noticeTitle,
    rowNo: objection.rowNo,
    claimId: objection.claimId,
    authority: objection.authority,
    kind: objection.kind,
    lodgedAt: objection.createdAt,
    dueAt: objection.dueAt,
    ...(decision === undefined ? {} : { decision: { ...decision, by: decision.by.name } }),
  };
}

const shownCorrection = z.object({
  noticeId: z.string(),
  number: noticeNumberSchema,
  title: z.string(),
  state: z.enum(noticeStates),
  message: z.string(),
});

const noticeProofs = z.object({
  noticeId: z.string(),
  title: z.string(),
  number: noticeNumberSchema,
  state: z.enum(noticeStates),
  period: noticePeriodSchema.optional(),
  snapshotHash: z.string().optional().describe('SHA-256 of the document as it was sealed'),
  shownHash: z.string().optional().describe('SHA-256 of the document that is to be up now'),
  proofs: z.array(
    z.object({
      date: z.string(),
      at: z.string(),
      jsonHash: z.string(),
      htmlHash: z.string(),
      restored: z.boolean().describe('the bytes were found missing or altered, and put back'),
    }),
  ),
});

/** The desk's routes of objections (异议复核), corrections (更正) and an authority's notice settings. */
export const objectionRoutes: readonly HttpRoute<ObjectionRouteDependencies>[] = [
  defineRoute({
    key: 'GET /desk/objections',
    summary: 'Objections of the own authority, oldest deadline first within a state',
    action: 'objection.read',
    query: listQuery,
    replies: { 200: z.object({ objections: z.array(shownObjection), next: z.string().optional() }) },
    serve: async (deps, { principal, query }) => {
      const { authority, state: st, cursor } = query;
      const { objections, next } = await listObjections(deps, principal, { authority, st, cursor });
      return { status: 200, body: { objections: objections.map(shown), ...(next === undefined ? {} : { next }) } };
    },
  }),
  defineRoute({
    key: 'GET /desk/objections/{objectionId}',
    summary: 'One objection with its text; who lodged it stays sealed',
    action: 'objection.read',
    path: objectionPath,
    replies: { 200: shownObjection.extend({ text: z.string() }) },
    serve: async (deps, { principal, path }) => {
      const { objection, reason } = await readObjection(deps, principal, path.objectionId);
      return { status: 200, body: { ...shown(objection), text: reason } };
    },
  }),
  defineRoute({
    key: 'POST /desk/objections/{objectionId}/objector',
    summary: 'Show who lodged an objection, for a stated reason; the look is recorded in the audit chain',
    action: 'objection.unmask',
    // Its reply holds personal data, which no store of replies may remember.
    storesNothing: true,
    disclosesPersonalData: true,
    path: objectionPath,
    body: z.strictObject({
      reason: reasonText({ least: 5, most: 200, missing: '请写明查看异议人信息的理由，至少5个字' }),
    }),
    replies: { 200: z.object({ objector: objectorSchema }) },
    serve: async (deps, { principal, path, body }) => {
      const objector = await unmaskObjector(deps, principal, path.objectionId, body.reason);
      return { status: 200, body: { objector } };
    },
  }),
  defineRoute({
    key: 'POST /objections/{objectionId}/decision',
    summary: 'Decide an objection: upheld cancels lines of the row, dismissed lets payment go on (二(三))',
    action: 'objection.decide',
    path: objectionPath,
    body: decisionBodySchema,
    replies: { 200: shownObjection },
    serve: async (deps, { principal, path, body }) => ({
      status: 200,
      body: shown(await decideObjection(deps, principal, path.objectionId, body)),
    }),
  }),
  defineRoute({
    key: 'POST /notices/{noticeId}/corrections',
    summary: 'Correct rows of a running notice: they are published anew with a new period by the next publishing job',
    action: 'notice.correct',
    path: noticePath,
    body: correctionBodySchema,
    replies: { 202: shownCorrection },
    serve: async (deps, { principal, path, body, creationId }) => {
      const settings = deps.noticeSettings;
      const notice = await correctNotice({ ...deps, settings }, principal, path.noticeId, body, creationId);
      const { id, number, title, st } = notice;
      const message = '更正已登记，将在下一个工作日的发布时间重新公示，公示期重新计算；原公示不再据以拨付这些行。';
      return { status: 202, body: { noticeId: id, number, title, state: st, message } };
    },
  }),
  defineRoute({
    key: 'POST /notices/{noticeId}/withdrawals',
    summary: 'Take rows of a published notice down at once; a claim whose period was cut short needs a correction',
    action: 'notice.correct',
    path: noticePath,
    body: withdrawalBodySchema,
    replies: { 200: z.object({ noticeId: z.string(), withdrawnRows: z.array(z.int()), message: z.string() }) },
    serve: async (deps, { principal, path, body }) => {
      const { id, withdrawn = [] } = await withdrawRows(deps, principal, path.noticeId, body);
      const withdrawnRows = withdrawn.map(({ rowNo }) => rowNo).toSorted((a, b) => a - b);
      const message =
        '所列行已撤下，不再展示。公示期内撤下的行不能据原公示拨付，请改写后办理公示更正；已泄露的个人信息请按规定处置。';
      return { status: 200, body: { noticeId: id, withdrawnRows, message } };
    },
  }),
  defineRoute({
    key: 'GET /desk/notices/{noticeId}/proofs',
    summary:
      'What was shown on each day of the period: the hashes of the bytes that were up, with those that were sealed',
    action: 'audit.read',
    path: noticePath,
    replies: { 200: noticeProofs },
    serve: async (deps, { principal, path }) => {
      const notice = demand(principal, 'audit.read', await deps.notices.find(path.noticeId));
      const { id, title, number, st, period, snapshotHash, shownHash } = notice;
      const proofs = await deps.notices.proofs(id);
      return {
        status: 200,
        body: { noticeId: id, title, number, state: st, period, snapshotHash, shownHash, proofs },
      };
    },
  }),
  defineRoute({
    key: 'GET /desk/notices/{noticeId}/audit',
    summary: 'The audit trail of a notice and its objections, for `npm run -s verify-audit`, with the verdict on it',
    action: 'audit.read',
    path: noticePath,
    replies: { 200: auditExportSchema.extend({ verdict: z.object({ holds: z.boolean() }).loose() }) },
    serve: async (deps, { principal, path }) => {
      const { id } = demand(principal, 'audit.read', await deps.notices.find(path.noticeId));
      const trail = await deps.trails.read(id, `NOTICE#${id}`);
      return { status: 200, body: { ...trail, verdict: verifyAudit(trail) } };
    },
  }),
  defineRoute({
    key: 'PUT /claims/{claimId}/notice-row',
    summary: 'Word the row of an approved claim before its notice, where the words on record must not be public',
    action: 'notice.correct',
    path: z.strictObject({ claimId: z.string().regex(idPattern) }),
    body: rowWordsBodySchema,
    replies: { 200: z.object({ claimId: z.string(), rowWording: rowWordingSchema, message: z.string() }) },
    serve: async (deps, { principal, path, body }) => {
      const { id, rowWording = {} } = await wordRow(deps, principal, path.claimId, body);
      const message = '公示用语已调整，将在下一个工作日的发布时间列入公示。';
      return { status: 200, body: { claimId: id, rowWording, message } };
    },
  }),
  defineRoute({
    key: 'GET /desk/notice-settings',
    summary: 'How the own authority publishes: period, receiving office, masking',
    action: 'notice.configure',
    replies: { 200: z.object({ settings: noticeSettingsSchema, isDefault: z.boolean() }) },
    serve: async ({ noticeSettings, noticeWorkingDays }, { principal }) => {
      const settings = await noticeSettings.find(principal.tenant);
      const inForce = settings ?? defaultNoticeSettings(principal.tenant, noticeWorkingDays);
      return { status: 200, body: { settings: inForce, isDefault: settings === undefined } };
    },
  }),
  defineRoute({
    key: 'PUT /desk/notice-settings',
    summary: 'Set how the own authority publishes; notices that have their number keep what was in force',
    action: 'notice.configure',
    body: noticeSettingsSchema,
    replies: { 200: z.object({ settings: noticeSettingsSchema, isDefault: z.boolean() }) },
    serve: async ({ noticeSettings, clock }, { principal, body }) => {
      demand(principal, 'notice.configure', { authority: principal.tenant });
      const { subject, tenant, role, name } = principal;
      await noticeSettings.put(tenant, body, { by: { subject, tenant, role, name }, at: clock.now() });
      return { status: 200, body: { settings: body, isDefault: false } };
    },
  }),
];

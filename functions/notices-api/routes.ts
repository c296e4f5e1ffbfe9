import * as z from 'zod';
import { DomainError } from '../../shared/errors/domain-error.ts';
import { defineRoute, type HttpReply, type HttpRoute } from '../../shared/lambda/http-route.ts';
import type { MetricRecorder } from '../../shared/lambda/metrics.ts';
import { type LodgeDependencies, lodgeObjection } from '../../shared/publicity/lodge-objection.ts';
import { noticeTotalsSchema } from '../../shared/publicity/notice.ts';
import { noticeDocumentSchema } from '../../shared/publicity/notice-document.ts';
import { noticeListPage } from '../../shared/publicity/notice-list-page.ts';
import { objectionBodySchema } from '../../shared/publicity/objection.ts';
import { objectionResultPage, readResult } from '../../shared/publicity/objection-result.ts';
import { publicPageHeaders } from '../../shared/publicity/public-page.ts';
import {
  listNotices,
  noticeData,
  noticeForPeople,
  noticeForPrograms,
  noticeUnits,
  type ReadDependencies,
} from '../../shared/publicity/read-notices.ts';
import { calendarDateSchema, programmeSchema } from '../../shared/regulation/contract.ts';

export interface NoticesDependencies extends Omit<ReadDependencies, 'notices'>, Omit<LodgeDependencies, 'notices'> {
  notices: ReadDependencies['notices'] & LodgeDependencies['notices'];
  metrics: Pick<MetricRecorder, 'add'>;
  /** The authorities that the list's filter offers. */
  authorities: readonly string[];
}

const idPattern = /^[0-9A-HJKMNP-TV-Z]{26}$/;
const noticePath = z.strictObject({ noticeId: z.string().regex(idPattern) });
// People copy a receipt with spaces, hyphens and in lower case.
const receiptPath = z.strictObject({
  receiptNumber: z
    .string()
    .max(60)
    .transform((text) => text.toUpperCase().replace(/[\s-]/gu, ''))
    .pipe(z.string().regex(idPattern)),
});

// A form sends what was left empty as an empty text.
const orEmpty = <S extends z.ZodType>(schema: S) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());
const listQuery = z
  .strictObject({
    authority: orEmpty(z.string().max(200)),
    programme: orEmpty(programmeSchema),
    from: orEmpty(calendarDateSchema),
    to: orEmpty(calendarDateSchema),
    cursor: orEmpty(z.string().max(200)),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    path: ['from'],
    message: '开始日期不能晚于结束日期',
  });

const stateSchema = z.enum(['running', 'ended']);

const listedNotice = z.object({
  noticeId: z.string(),
  title: z.string(),
  authority: z.string(),
  authorityName: z.string(),
  programme: programmeSchema,
  publishedOn: z.string(),
  lastDay: z.string(),
  state: stateSchema,
  daysLeft: z.int(),
  unit: z.enum(['working', 'calendar']),
  totals: noticeTotalsSchema,
});

const shownNotice = z.object({
  status: z.object({
    state: stateSchema,
    left: z.int().describe('days left in the unit of the period, today included'),
    corrections: z.array(
      z.object({
        noticeId: z.string(),
        rowNos: z.array(z.int()),
        cancelledRowNos: z.array(z.int()).describe('rows of which nothing was left before the correction was up'),
        published: z.boolean(),
      }),
    ),
    takesObjections: z.boolean(),
  }),
  sha256: z.string().describe('of the sealed bytes at /data'),
  document: noticeDocumentSchema,
});

const lodgedObjection = z.object({
  receiptNumber: z.string(),
  resultAt: z.string().describe('where the result can be read'),
  message: z.string(),
});

const objectionResult = z.object({
  receiptNumber: z.string(),
  noticeId: z.string(),
  noticeTitle: z.string(),
  rowNo: z.int(),
  lodgedOn: z.string(),
  dueOn: z.string(),
  state: z.enum(['open', 'upheld', 'dismissed']),
  message: z.string(),
  decidedOn: z.string().optional(),
  reply: z.string().optional(),
});

const dataHeaders = { 'cache-control': 'public, max-age=60', 'x-robots-tag': 'noindex' };
// What differs by Accept must not be taken by a cache for one thing.
const varied = { vary: 'accept' };

function wantsPage(headers: Readonly<Record<string, string>>): boolean {
  return headers['accept']?.includes('text/html') ?? false;
}

function page(body: string): HttpReply {
  return { status: 200, body, headers: { ...publicPageHeaders, ...varied, 'cache-control': 'no-cache' } };
}

// An objection of 2,000 characters with its objector takes less than 10 KB however it is encoded.
const mostBytes = 16 * 1024;

function demandSmall(headers: Readonly<Record<string, string>>): void {
  if (Number(headers['content-length'] ?? 0) <= mostBytes) return;
  throw new DomainError('payload-too-large', '提交的内容过大：异议理由最多2000字，材料请按公示上的地址寄送。');
}

/** The public routes of notices (公示) and objections (异议): no log-in, no personal data. */
export const noticeRoutes: readonly HttpRoute<NoticesDependencies>[] = [
  defineRoute({
    key: 'GET /notices',
    summary: 'Published notices, newest first; a page for people when Accept names text/html',
    action: 'public',
    query: listQuery,
    replies: { 200: z.object({ notices: z.array(listedNotice), next: z.string().optional() }) },
    serve: async (deps, { query: { cursor, ...filter }, headers }) => {
      const found = await listNotices(deps, filter, cursor);
      if (wantsPage(headers)) return page(noticeListPage(found.notices, filter, found.next, deps.authorities));
      return { status: 200, body: found, headers: { ...dataHeaders, ...varied } };
    },
  }),
  defineRoute({
    key: 'GET /notices/{noticeId}',
    summary: 'A notice with its status of now; a page for people when Accept names text/html',
    action: 'public',
    path: noticePath,
    replies: { 200: shownNotice },
    serve: async (deps, { path, headers }) => {
      if (wantsPage(headers)) return page(await noticeForPeople(deps, path.noticeId));
      const body = await noticeForPrograms(deps, path.noticeId);
      return { status: 200, body, headers: { ...dataHeaders, ...varied } };
    },
  }),
  defineRoute({
    key: 'GET /notices/{noticeId}/data',
    summary: 'The sealed bytes of a notice, always JSON, with their SHA-256 in Repr-Digest',
    action: 'public',
    path: noticePath,
    replies: { 200: noticeDocumentSchema },
    serve: async (deps, { path }) => {
      const { text, sha256 } = await noticeData(deps, path.noticeId);
      const digest = `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`;
      const headers = { ...dataHeaders, 'content-type': 'application/json; charset=utf-8', 'repr-digest': digest };
      return { status: 200, body: text, headers };
    },
  }),
  defineRoute({
    key: 'GET /notices/{noticeId}/units',
    summary: 'The units of a notice with their heads and amounts, as CSV for spreadsheets; nothing of any person',
    action: 'public',
    path: noticePath,
    replies: { 200: z.string() },
    serve: async (deps, { path }) => {
      const headers = {
        ...dataHeaders,
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="notice-${path.noticeId}-units.csv"`,
      };
      return { status: 200, body: await noticeUnits(deps, path.noticeId), headers };
    },
  }),
  defineRoute({
    key: 'POST /notices/{noticeId}/objections',
    summary: 'Object to a row of a running notice (异议), by name, anonymously or as a unit',
    action: 'public',
    path: noticePath,
    body: objectionBodySchema,
    replies: { 201: lodgedObjection },
    serve: async (deps, { path, body, creationId, sourceIp, headers }) => {
      demandSmall(headers);
      const { receiptNumber } = await lodgeObjection(deps, path.noticeId, body, { creationId, source: sourceIp });
      deps.metrics.add('ObjectionsLodged');
      const resultAt = `/objections/${receiptNumber}`;
      const message = '异议已登记。请妥善保存回执编号，凭它查询复核结果；编号遗失不补。';
      return { status: 201, body: { receiptNumber, resultAt, message } };
    },
  }),
  defineRoute({
    key: 'GET /objections/{receiptNumber}',
    summary: 'Where an objection stands, by its receipt; a page for people when Accept names text/html',
    action: 'public',
    path: receiptPath,
    replies: { 200: objectionResult },
    serve: async (deps, { path, headers }) => {
      const result = await readResult(deps.objections, path.receiptNumber);
      return wantsPage(headers) ? page(objectionResultPage(result)) : { status: 200, body: result, headers: varied };
    },
  }),
];

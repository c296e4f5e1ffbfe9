import * as z from 'zod';
import { actorOf } from '../../shared/access/actor.ts';
import { demand, demandClaim } from '../../shared/access/policy.ts';
import { businessDate, startOfBusinessDay } from '../../shared/clock/clock.ts';
import { notFound } from '../../shared/errors/domain-error.ts';
import { defineRoute, type HttpRoute } from '../../shared/lambda/http-route.ts';
import type { LedgerStore } from '../../shared/payments/ledger.ts';
import { readStatement, type StatementDependencies } from '../../shared/payments/read-statement.ts';
import { addDays } from '../../shared/regulation/calendar-date.ts';
import { calendarDateSchema, programmeSchema } from '../../shared/regulation/contract.ts';
import type { AuditTrails } from '../../shared/supervision/audit-export.ts';
import { auditExportSchema, verifyAudit } from '../../shared/supervision/audit-export.ts';
import type { DepartmentPlanStore } from '../../shared/supervision/department-plan.ts';
import { type DossierDependencies, makeDossier } from '../../shared/supervision/make-dossier.ts';
import { type ClaimSummary, type CountedClaims, paidFacts, statisticsOf } from '../../shared/supervision/statistics.ts';

export interface RecordDependencies extends DossierDependencies, StatementDependencies {
  trails: AuditTrails;
  /** Who a claim belongs to, whether it was handed in, and what it is about; undefined when there is none. */
  claim: (
    claimId: string,
  ) => Promise<(ClaimSummary & { tenant: string; authority: string; submittedOn?: string }) | undefined>;
  paidHeads: CountedClaims['paidHeads'];
  ledger: LedgerStore;
  /** The special accounts that there are. */
  accounts: readonly string[];
  plans: DepartmentPlanStore;
}

const id = z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/);
const accountPath = z.strictObject({ account: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/) });
const period = z
  .strictObject({ from: calendarDateSchema, to: calendarDateSchema, cursor: z.string().max(400).optional() })
  .refine(({ from, to }) => from <= to, { path: ['to'], message: '结束日期不能早于开始日期' });
const potsSchema = z.object({ available: z.int(), escrow: z.int(), paid: z.int(), recovered: z.int() });
const movementSchema = z.object({
  at: z.string(),
  claimId: z.string(),
  lineNo: z.int(),
  kind: z.string(),
  fen: z.int(),
  debit: z.string(),
  credit: z.string(),
});
const tallySchema = z.object({ claims: z.int(), heads: z.int(), fen: z.int() });
const planBody = z.strictObject({
  year: z.int().min(2019).max(2100),
  document: z.string().trim().min(2, '请填写年度计划文号').max(100),
  plannedHeads: z.int().min(0).max(1_000_000),
  plannedFen: z.int().min(0).max(100_000_000_000),
});

/** The instants of a period of calendar dates in Asia/Shanghai, its last day whole. */
function instants({ from, to }: { from: string; to: string }): { first: string; end: string } {
  const end = new Date(startOfBusinessDay(addDays(to, 1)).getTime() - 1);
  return { first: startOfBusinessDay(from).toISOString(), end: end.toISOString() };
}

/** @throws DomainError `not-found`: books of an account that is not there would balance at zero. */
function demandAccount({ accounts }: Pick<RecordDependencies, 'accounts'>, account: string): void {
  if (!accounts.includes(account)) throw notFound();
}

/** Records (台账, 三(二)), books (专账核算, 四(一)), statistics, and departments' yearly returns (四(二)). */
export const recordRoutes: readonly HttpRoute<RecordDependencies>[] = [
  defineRoute({
    key: 'GET /claims/{claimId}/audit',
    summary: 'The audit trail of a claim, for `npm run -s verify-audit`, with the verdict on it',
    action: 'audit.read',
    path: z.strictObject({ claimId: id }),
    replies: { 200: auditExportSchema.extend({ verdict: z.object({ holds: z.boolean() }).loose() }) },
    serve: async (deps, { principal, path }) => {
      demandClaim(principal, 'audit.read', await deps.claim(path.claimId));
      const trail = await deps.trails.read(path.claimId, `CLAIM#${path.claimId}`);
      return { status: 200, body: { ...trail, verdict: verifyAudit(trail) } };
    },
  }),
  defineRoute({
    key: 'GET /classes/{classId}/dossier',
    summary:
      'The dossier of a class, with all its claims or one: one ZIP with a manifest of hashes; the same contents give the same bytes',
    action: 'dossier.read',
    disclosesPersonalData: true,
    path: z.strictObject({ classId: id }),
    query: z.strictObject({ claimId: id.optional().describe('one claim of the class; all, where none is given') }),
    replies: { 200: z.string().describe('application/zip') },
    serve: async (deps, { principal, path, query }) => {
      const { bytes, sha256 } = await makeDossier(deps, principal, path.classId, query.claimId);
      return {
        status: 200,
        body: bytes.toString('base64'),
        base64: true,
        headers: {
          'content-type': 'application/zip',
          'content-disposition': `attachment; filename="dossier-${path.classId}.zip"`,
          'repr-digest': `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`,
        },
      };
    },
  }),
  defineRoute({
    key: 'GET /funds/{account}/ledger',
    summary:
      'Movements of a special account in a period, page by page; with the first, whether its books balance to the fen',
    action: 'ledger.read',
    path: accountPath,
    query: period,
    replies: {
      200: z.object({
        account: z.string(),
        allottedFen: z.int().optional().describe('this, booked, held and balances: with the first page only'),
        booked: potsSchema.optional(),
        held: potsSchema.optional(),
        balances: z.boolean().optional(),
        movements: z.array(movementSchema),
        next: z.string().optional(),
      }),
    },
    serve: async (deps, { path, query }) => {
      const { account } = path;
      demandAccount(deps, account);
      const { first, end } = instants(query);
      const page = await deps.ledger.page(account, first, end, query.cursor);
      if (query.cursor !== undefined) return { status: 200, body: { account, ...page } };
      return { status: 200, body: { ...(await readStatement(deps, account)), ...page } };
    },
  }),
  defineRoute({
    key: 'GET /reports/statistics',
    summary: 'Heads and amounts paid by month, account and programme',
    action: 'ledger.read',
    query: z.strictObject({ account: accountPath.shape.account, from: calendarDateSchema, to: calendarDateSchema }),
    replies: {
      200: z.object({
        rows: z.array(
          z.object({
            month: z.string(),
            account: z.string(),
            programme: programmeSchema,
            heads: z.int(),
            fen: z.int(),
            recoveredFen: z.int().describe('what came back in the month; not taken off fen'),
          }),
        ),
      }),
    },
    serve: async (deps, { query }) => {
      demandAccount(deps, query.account);
      const { first, end } = instants(query);
      const movements = await deps.ledger.movements(query.account, first, end);
      const rows = statisticsOf(await paidFacts(query.account, movements, deps, businessDate));
      return { status: 200, body: { rows } };
    },
  }),
  defineRoute({
    key: 'POST /department-plans',
    summary: "Hand in the department's plan and budget of a year; a later one takes its place",
    action: 'department-plan.make',
    body: planBody,
    replies: { 200: planBody.extend({ authority: z.string() }) },
    serve: async (deps, { principal, body }) => {
      const plan = { ...body, authority: principal.tenant };
      await deps.plans.save(plan, actorOf(principal), deps.clock.now());
      return { status: 200, body: plan };
    },
  }),
  defineRoute({
    key: 'GET /department-plans/{year}',
    summary: "The department's year-end return: plan, approved, paid and recovered heads and amounts",
    action: 'department-plan.read',
    path: z.strictObject({ year: z.string().regex(/^\d{4}$/) }),
    query: z.strictObject({ authority: z.string().max(200).optional() }),
    replies: {
      200: z.object({
        authority: z.string(),
        year: z.int(),
        plan: planBody.extend({ authority: z.string() }).optional(),
        approved: tallySchema,
        paid: tallySchema,
        recovered: tallySchema.describe('what came back; not taken off paid'),
      }),
    },
    serve: async (deps, { principal, path, query }) => {
      const { authority } = demand(principal, 'department-plan.read', {
        authority: query.authority ?? principal.tenant,
      });
      const year = Number(path.year);
      const [plan, outcome] = await Promise.all([
        deps.plans.find(authority, year),
        deps.plans.outcome(authority, year),
      ]);
      return { status: 200, body: { authority, year, plan, ...outcome } };
    },
  }),
];

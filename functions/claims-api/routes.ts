import * as z from 'zod';
import { may, mayAttempt } from '../../shared/access/policy.ts';
import type { Principal, Role } from '../../shared/access/principal.ts';
import { reasonText } from '../../shared/access/reason-text.ts';
import {
  claimView,
  findingView,
  lineView,
  shownFindings,
  totalsView,
  viewClaim,
} from '../../shared/claims/claim-view.ts';
import { filedRosterView } from '../../shared/claims/filed-roster.ts';
import type { JudgedLine } from '../../shared/claims/judge-claim.ts';
import { openClaim } from '../../shared/claims/open-claim.ts';
import { preCheckClaim, toldLines } from '../../shared/claims/pre-check-claim.ts';
import { putRoster } from '../../shared/claims/put-roster.ts';
import { readClaim, readClaimLines } from '../../shared/claims/read-claim.ts';
import { rosterSchema } from '../../shared/claims/roster.ts';
import { submitClaim } from '../../shared/claims/submit-claim.ts';
import { withdrawClaim } from '../../shared/claims/withdraw-claim.ts';
import { defineRoute, type HttpRoute } from '../../shared/lambda/http-route.ts';
import { programmeSchema, routeSchema } from '../../shared/regulation/contract.ts';
import { wenzhou202058 } from '../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import { inspectionMeans, inspectionResults, standing } from '../../shared/supervision/inspection.ts';
import type { ClaimsDependencies } from './dependencies.ts';

const idPattern = /^[0-9A-HJKMNP-TV-Z]{26}$/;
const claimPath = z.strictObject({ claimId: z.string().regex(idPattern) });
const next = z.string().optional().describe('cursor of the next page; absent on the last one');

const openBody = z.strictObject({
  programme: programmeSchema,
  route: routeSchema,
  classId: z.string().regex(idPattern, '班级编号应为26位，请从班级列表中复制').optional(),
  chargedTrainees: z.boolean().optional().describe('entrepreneurship: did trainees pay? 一(六)'),
  competition: z
    .strictObject({ organiserDistrict: z.string().min(1).max(40) })
    .optional()
    .describe('competition route: who organised it or sent the person, 一(一)2(1)②'),
});

// The shape of a line is the same in every edition but for the names of districts; there is one edition so far.
const rosterBody = rosterSchema(wenzhou202058);

const preCheckReply = z.object({
  storesNothing: z.literal(true),
  outcome: z.enum(['eligible', 'ineligible', 'referred', 'incomplete']),
  authority: z.unknown(),
  fundAccount: z.string(),
  payee: z.enum(['trainee', 'applicant']),
  totals: totalsView,
  findings: z.array(findingView),
  missing: z.array(z.object({ kind: z.string(), article: z.string(), message: z.string() })),
  filedRoster: filedRosterView.optional(),
  lines: z
    .array(
      z.object({
        id: z.string(),
        lineNo: z.int(),
        outcome: z.enum(['eligible', 'ineligible', 'referred']),
        amountFen: z.int(),
        basis: z.string(),
        findings: z.array(findingView).describe('those that did not pass'),
      }),
    )
    .describe('500 at most; of a longer roster those with something to mend come first'),
  linesLeftOut: z.int().describe('lines that are counted in totals and rules only'),
  rules: z
    .array(z.object({ rule: z.string(), outcome: z.enum(['fail', 'refer']), lines: z.int() }))
    .describe('how many lines each rule stands against, over the whole roster'),
});

function checkedLine({ id, entry, outcome, amountFen, basis, findings }: JudgedLine, role: Role) {
  const told = shownFindings(findings, role).filter((finding) => finding.outcome !== 'pass');
  return { id, lineNo: entry.lineNo, outcome, amountFen, basis, findings: told };
}

const inspectionOfClaim = z.object({
  id: z.string(),
  heldAt: z.string(),
  means: z.enum(inspectionMeans),
  headCount: z.int(),
  enrolled: z.int(),
  result: z.enum(inspectionResults),
  reason: z.string().optional(),
});

/** What was seen of a claim's class, for those who may know: whoever reviews the claim has it before his eyes. */
async function inspectionsOf(
  { inspections }: ClaimsDependencies,
  principal: Principal,
  classId: string | undefined,
): Promise<z.infer<typeof inspectionOfClaim>[] | undefined> {
  if (classId === undefined || !mayAttempt(principal, 'inspection.read')) return undefined;
  const known = standing(await inspections.ofClass(classId)).filter((one) => may(principal, 'inspection.read', one));
  return known.map(({ id, heldAt, means, headCount, enrolled, result, reason }) => ({
    id,
    heldAt,
    means,
    headCount,
    enrolled,
    result,
    reason,
  }));
}

/** Claims from the applicant's side: 一, 二(一). */
export const claimsRoutes: readonly HttpRoute<ClaimsDependencies>[] = [
  defineRoute({
    key: 'POST /claims',
    summary: 'Open a claim as a draft, for an accepted class where the route has one',
    action: 'claim.write',
    body: openBody,
    replies: { 201: claimView },
    serve: async (deps, { principal, creationId, body }) => {
      const { programme, route, classId, chargedTrainees, competition } = body;
      const declaration = {
        ...(chargedTrainees === undefined ? {} : { chargedTrainees }),
        ...(competition === undefined ? {} : { competition }),
      };
      const claim = await openClaim(deps, principal, creationId, { programme, route, classId, declaration });
      return { status: 201, body: viewClaim(claim), headers: { location: `/claims/${claim.id}` } };
    },
  }),
  defineRoute({
    key: 'GET /claims',
    summary: "The applicant's own claims, newest first",
    action: 'claim.write',
    query: z.strictObject({ cursor: z.string().max(200).optional() }),
    replies: { 200: z.object({ claims: z.array(claimView), next }) },
    serve: async (deps, { principal, query }) => {
      const listed = await deps.claims.listOfApplicant(principal.tenant, query.cursor);
      return { status: 200, body: { claims: listed.claims.map(viewClaim), next: listed.next } };
    },
  }),
  defineRoute({
    key: 'GET /claims/{claimId}',
    summary: 'One claim: state, findings with their articles, amounts, and its first 100 lines',
    action: 'claim.read',
    path: claimPath,
    replies: {
      200: claimView.extend({
        filedRoster: filedRosterView.optional().describe('for the authority: the roster against the filed one'),
        inspections: z.array(inspectionOfClaim).optional().describe('of its class (四(三)), as they stand'),
        lines: z.array(lineView),
        next,
      }),
    },
    serve: async (deps, { principal, path }) => {
      const claim = await readClaim(deps, principal, path.claimId);
      return { status: 200, body: { ...claim, inspections: await inspectionsOf(deps, principal, claim.classId) } };
    },
  }),
  defineRoute({
    key: 'GET /claims/{claimId}/lines',
    summary: 'Further lines of a claim, 100 a page',
    action: 'claim.read',
    path: claimPath,
    query: z.strictObject({
      cursor: z
        .string()
        .regex(/^\d{1,4}$/, '翻页参数无效，请从第一页重新开始')
        .optional(),
    }),
    replies: { 200: z.object({ lines: z.array(lineView), next }) },
    serve: async (deps, { principal, path, query }) => ({
      status: 200,
      body: await readClaimLines(deps, principal, path.claimId, Number(query.cursor ?? 0)),
    }),
  }),
  defineRoute({
    key: 'PUT /claims/{claimId}/roster',
    summary: 'Put the roster in place of the one before, 1 to 5,000 lines; doubtful numbers come back as warnings',
    action: 'claim.write',
    path: claimPath,
    body: rosterBody,
    replies: {
      200: claimView.extend({
        warnings: z.array(z.object({ lineId: z.string(), path: z.string(), message: z.string() })),
      }),
    },
    serve: async (deps, { principal, path, body }) => {
      const { claim, warnings } = await putRoster(deps, principal, path.claimId, body.lines);
      return { status: 200, body: { ...viewClaim(claim), warnings } };
    },
  }),
  defineRoute({
    key: 'POST /claims/{claimId}/pre-check',
    summary: 'Every rule on the whole draft, as if it were handed in today; stores nothing',
    action: 'claim.write',
    storesNothing: true,
    path: claimPath,
    replies: { 200: preCheckReply },
    serve: async (deps, { principal, path }) => {
      const { judgement, missing, filedRoster } = await preCheckClaim(deps, principal, path.claimId);
      const { outcome, authority, fundAccount, payee, totals, findings } = judgement.assessment;
      const told = toldLines(judgement);
      const lines = told.lines.map((line) => checkedLine(line, principal.role));
      const { leftOut: linesLeftOut, rules } = told;
      const whole = { outcome, authority, fundAccount, payee, totals, findings, missing, filedRoster };
      return { status: 200, body: { storesNothing: true, ...whole, lines, linesLeftOut, rules } };
    },
  }),
  defineRoute({
    key: 'POST /claims/{claimId}/submission',
    summary: 'Hand the claim in; an incomplete one is refused with the list of what is missing',
    action: 'claim.write',
    path: claimPath,
    replies: { 200: claimView },
    serve: async (deps, { principal, path }) => {
      const claim = await submitClaim(deps, principal, path.claimId);
      deps.metrics.add('ClaimsSubmitted');
      return { status: 200, body: viewClaim(claim) };
    },
  }),
  defineRoute({
    key: 'POST /claims/{claimId}/withdrawal',
    summary: 'Take the claim back for good',
    action: 'claim.write',
    path: claimPath,
    body: z.strictObject({ reason: reasonText({ missing: '请写明撤回理由' }) }),
    replies: { 200: claimView },
    serve: async (deps, { principal, path, body }) => ({
      status: 200,
      body: viewClaim(await withdrawClaim(deps, principal, path.claimId, body.reason)),
    }),
  }),
];

import * as z from 'zod';
import { readVersion } from '../../shared/access/read-version.ts';
import { reasonText, recordedText } from '../../shared/access/reason-text.ts';
import { type ApproveDependencies, approveClaim } from '../../shared/claims/approve-claim.ts';
import type { AssessDependencies } from '../../shared/claims/assess-claim.ts';
import { claimStates, lineStates } from '../../shared/claims/claim-states.ts';
import { claimView, viewClaim } from '../../shared/claims/claim-view.ts';
import { decideLine } from '../../shared/claims/decide-line.ts';
import { endorseClaim } from '../../shared/claims/endorse-claim.ts';
import { refuseClaim } from '../../shared/claims/refuse-claim.ts';
import { returnClaim } from '../../shared/claims/return-claim.ts';
import { sendBackClaim } from '../../shared/claims/send-back-claim.ts';
import { defineRoute, type HttpRoute } from '../../shared/lambda/http-route.ts';
import type { MetricRecorder } from '../../shared/lambda/metrics.ts';
import { calendarDateSchema } from '../../shared/regulation/contract.ts';

export interface DeskClaimDependencies extends AssessDependencies, ApproveDependencies {
  metrics: Pick<MetricRecorder, 'add'>;
}

const claimPath = z.strictObject({ claimId: z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/) });
const linePath = claimPath.extend({ lineId: z.string().regex(/^[A-Za-z0-9._-]{1,40}$/) });
const reason = reasonText();

const grounds = {
  article: z
    .string()
    .trim()
    .regex(/^(?:[一二三四五]\([一二三四五六]\)\S{0,20}|附件[1-4])$/, '请写明所依据的条款，例如 一(二)1 或 附件4')
    .describe('article of the regulation, such as 一(二)1'),
  reason,
};

const decisionBody = z.strictObject({
  decision: z.enum(['accept', 'refuse']),
  reason,
  amountFen: z.int().min(1).max(10_000_000).optional().describe('fen; left out, the standard counts'),
  expiresOn: calendarDateSchema
    .optional()
    .describe('required to override a refusal: last day on which it may be approved'),
});

const decidedLine = z.object({
  claimId: z.string(),
  lineId: z.string(),
  lineNo: z.int(),
  state: z.enum(lineStates),
  assessedFen: z.int().describe('by the rules, as it was before the decision'),
  decidedFen: z.int().optional().describe('what the officer granted'),
  reason: z.string(),
});

/** Claims from the authority's side (审核, 二(一)–(二)). */
export const deskClaimRoutes: readonly HttpRoute<DeskClaimDependencies>[] = [
  defineRoute({
    key: 'GET /desk/claims',
    summary: "The claims on the authority's desk by state and due time, or those of one state",
    action: 'worklist.read',
    query: z.strictObject({ state: z.enum(claimStates).optional(), cursor: z.string().max(300).optional() }),
    replies: { 200: z.object({ claims: z.array(claimView), next: z.string().optional() }) },
    serve: async (deps, { principal, query }) => {
      const { claims, next } = await deps.claims.listOfAuthority(principal.tenant, query.state, query.cursor);
      return { status: 200, body: { claims: claims.map(viewClaim), next } };
    },
  }),
  defineRoute({
    key: 'POST /claims/{claimId}/return',
    summary: 'Give a claim back for correction, with reasons by line and document',
    action: 'claim.return',
    path: claimPath,
    body: z.strictObject({
      version: readVersion,
      reasons: z
        .array(
          z.strictObject({
            path: recordedText(100).min(1).describe('`lines.<line id>`, `materials.<kind>`, or a place in words'),
            message: reason,
          }),
        )
        .min(1, '请至少写明一条退回理由')
        .max(200),
    }),
    replies: { 200: claimView },
    serve: async (deps, { principal, path, body }) => {
      const claim = await returnClaim(deps, principal, path.claimId, body);
      deps.metrics.add('ClaimsReturned');
      return { status: 200, body: viewClaim(claim) };
    },
  }),
  defineRoute({
    key: 'POST /claims/{claimId}/lines/{lineId}/decision',
    summary: 'Accept or refuse one line, with the reason; accepting a refused line is an override',
    action: 'claim.review',
    path: linePath,
    body: decisionBody,
    replies: { 200: decidedLine },
    serve: async (deps, { principal, path, body }) => {
      const line = await decideLine(deps, principal, path.claimId, path.lineId, body);
      deps.metrics.add(line.st === 'reserved' ? 'LinesReserved' : 'LinesRefused');
      const { claimId, lineId, lineNo, st: state, assessed, decision } = line;
      const amounts = { assessedFen: assessed?.fen ?? 0, decidedFen: decision?.fen };
      return { status: 200, body: { claimId, lineId, lineNo, state, ...amounts, reason: body.reason } };
    },
  }),
  defineRoute({
    key: 'POST /claims/{claimId}/endorsement',
    summary: 'Endorse a claim whose lines are all decided (初核), or propose to refuse the whole of it',
    action: 'claim.endorse',
    path: claimPath,
    body: z.strictObject({
      version: readVersion,
      reason: reason.optional(),
      proposedRefusal: z.strictObject(grounds).optional(),
    }),
    replies: { 200: claimView },
    serve: async (deps, { principal, path, body }) => ({
      status: 200,
      body: viewClaim(await endorseClaim(deps, principal, path.claimId, body)),
    }),
  }),
  defineRoute({
    key: 'POST /claims/{claimId}/approval',
    summary: 'Approve an endorsed claim (复核) and set its money aside; a different person than the endorser',
    action: 'claim.approve',
    path: claimPath,
    body: z.strictObject({ version: readVersion, reason: reason.optional() }),
    replies: { 200: claimView },
    serve: async (deps, { principal, path, body }) => {
      const claim = await approveClaim(deps, principal, path.claimId, body);
      if (claim.st === 'approved') {
        deps.metrics.add('ClaimsApproved');
        deps.metrics.add('ApprovedFen', claim.approvedFen ?? 0);
      }
      return { status: 200, body: viewClaim(claim) };
    },
  }),
  defineRoute({
    key: 'POST /claims/{claimId}/refusal',
    summary: 'Refuse a whole endorsed claim for good (不予补贴); a different person than the endorser',
    action: 'claim.approve',
    path: claimPath,
    body: z.strictObject({ version: readVersion, ...grounds }),
    replies: { 200: claimView },
    serve: async (deps, { principal, path, body }) => ({
      status: 200,
      body: viewClaim(await refuseClaim(deps, principal, path.claimId, body)),
    }),
  }),
  defineRoute({
    key: 'POST /claims/{claimId}/reconsideration',
    summary: 'Send an endorsed claim back to those who prepare it (退回初核), with the reason',
    action: 'claim.approve',
    path: claimPath,
    body: z.strictObject({ version: readVersion, reason }),
    replies: { 200: claimView },
    serve: async (deps, { principal, path, body }) => ({
      status: 200,
      body: viewClaim(await sendBackClaim(deps, principal, path.claimId, body)),
    }),
  }),
];

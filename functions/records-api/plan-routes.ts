import * as z from 'zod';
import { demand } from '../../shared/access/policy.ts';
import { defineRoute, type HttpRoute } from '../../shared/lambda/http-route.ts';
import { calendarDateSchema } from '../../shared/regulation/contract.ts';
import type { InspectionPlan } from '../../shared/supervision/inspection-plan.ts';
import { inspectionRisks } from '../../shared/supervision/inspection-risk.ts';
import { type PlanDependencies, planInspections } from '../../shared/supervision/plan-inspections.ts';

const howMany = z.int().min(0, '数量不能为负数').max(100, '一次最多抽取100个班级');

const planBody = z
  .strictObject({
    from: calendarDateSchema,
    to: calendarDateSchema,
    byRisk: howMany.describe('classes to choose by reasons to look at them'),
    byLot: howMany.describe('classes to draw by lot'),
    seed: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,64}$/, '抽签种子只能含字母、数字和短横线')
      .optional()
      .describe('what the lot is drawn with; the same seed draws the same'),
  })
  .refine(({ from, to }) => from <= to, { path: ['to'], message: '结束日期不能早于开始日期' })
  .refine(({ byRisk, byLot }) => byRisk + byLot > 0, { path: ['byLot'], message: '请至少抽取一个班级' });

const shownPlan = z.object({
  id: z.string(),
  authority: z.string(),
  from: z.string(),
  to: z.string(),
  byRisk: z.int(),
  byLot: z.int(),
  seed: z.string(),
  candidates: z.int().describe('accepted classes of the period without an inspection, to choose from'),
  chosen: z.array(
    z.object({
      classId: z.string(),
      applicantName: z.string(),
      startsOn: z.string(),
      endsOn: z.string(),
      subject: z.string().optional(),
      chosenBy: z.enum(['risk', 'lot']),
      risks: z.array(z.enum(inspectionRisks)),
    }),
  ),
  madeBy: z.string(),
  madeAt: z.string(),
});

function shown({ by, createdAt, ...plan }: InspectionPlan): z.infer<typeof shownPlan> {
  return { ...plan, madeBy: by.name, madeAt: createdAt };
}

/** Which classes are to be inspected (检查计划), 四(三). */
export const planRoutes: readonly HttpRoute<PlanDependencies>[] = [
  defineRoute({
    key: 'POST /inspection-plans',
    summary: 'Choose classes to inspect, by risk and by a lot that can be drawn again',
    action: 'inspection.plan',
    body: planBody,
    replies: { 201: shownPlan },
    serve: async (deps, { principal, creationId, body }) => ({
      status: 201,
      body: shown(await planInspections(deps, principal, creationId, body)),
    }),
  }),
  defineRoute({
    key: 'GET /inspection-plans',
    summary: "The authority's plans, newest first",
    action: 'inspection-plan.read',
    query: z.strictObject({
      authority: z.string().max(200).optional().describe('for auditors; an officer sees the own authority'),
      cursor: z.string().max(2000).optional(),
    }),
    replies: { 200: z.object({ plans: z.array(shownPlan), next: z.string().optional() }) },
    serve: async (deps, { principal, query }) => {
      const { authority } = demand(principal, 'inspection-plan.read', {
        authority: query.authority ?? principal.tenant,
      });
      const { plans, next } = await deps.plans.ofAuthority(authority, query.cursor);
      return { status: 200, body: { plans: plans.map(shown), next } };
    },
  }),
];

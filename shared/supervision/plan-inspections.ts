import { actorOf } from '../access/actor.ts';
import type { Principal } from '../access/principal.ts';
import type { Clock } from '../clock/clock.ts';
import { chooseClasses, type InspectionPlan, type InspectionPlanStore, type PlanOrder } from './inspection-plan.ts';
import { risksOf } from './inspection-risk.ts';

export interface PlanDependencies {
  plans: InspectionPlanStore;
  clock: Clock;
}

/** Draws a sample of the authority's running classes and puts it on record, with its seed (四(三)). */
export async function planInspections(
  deps: PlanDependencies,
  principal: Principal,
  id: string,
  order: Omit<PlanOrder, 'seed'> & { seed?: string | undefined },
): Promise<InspectionPlan> {
  const existing = await deps.plans.find(id);
  if (existing !== undefined) return existing;
  const authority = principal.tenant;
  const { from, to, byRisk, byLot, seed = id } = order;
  const classes = await deps.plans.uninspected(authority, from, to);
  const histories = await deps.plans.histories(authority, [...new Set(classes.map(({ tenant }) => tenant))]);
  const chosen = chooseClasses(classes, risksOf(classes, histories), { byRisk, byLot, seed });
  const plan = { id, authority, from, to, byRisk, byLot, seed, candidates: classes.length, chosen };
  return deps.plans.add(plan, actorOf(principal), deps.clock.now());
}

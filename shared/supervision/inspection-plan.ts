import { createHash } from 'node:crypto';
import type { Actor } from '../access/actor.ts';
import type { BodyHistory, InspectableClass, InspectionRisk } from './inspection-risk.ts';

/** What an authority asks of a plan. */
export interface PlanOrder {
  /** Classes that run on a day of this period; calendar dates. */
  from: string;
  to: string;
  /** How many to choose by risk, and how many by lot. */
  byRisk: number;
  byLot: number;
  /** What the lot is drawn with: whoever has it can draw again and see the same. */
  seed: string;
}

/** A class that was chosen, and why. */
export interface ChosenClass extends Pick<InspectableClass, 'classId' | 'applicantName'> {
  startsOn: string;
  endsOn: string;
  subject?: string;
  chosenBy: 'risk' | 'lot';
  risks: InspectionRisk[];
}

/** A plan of inspections (检查计划, 四(三)): a sample by risk and by lot. It never changes. */
export interface InspectionPlan extends PlanOrder {
  id: string;
  authority: string;
  /** How many classes there were to choose from: running, accepted, and not inspected yet. */
  candidates: number;
  chosen: ChosenClass[];
  by: Actor;
  createdAt: string;
}

/** What plans are made of, and where they are kept. */
export interface InspectionPlanStore {
  /** Accepted classes of the authority that run on a day of the period and have no inspection on record. */
  uninspected(authority: string, from: string, to: string): Promise<InspectableClass[]>;
  histories(authority: string, tenants: readonly string[]): Promise<Map<string, BodyHistory>>;
  find(id: string): Promise<InspectionPlan | undefined>;
  /** Puts a plan on record; the one that is there under its id is given back. */
  add(plan: Omit<InspectionPlan, 'by' | 'createdAt'>, by: Actor, at: Date): Promise<InspectionPlan>;
  /** Newest first. */
  ofAuthority(authority: string, cursor?: string): Promise<{ plans: InspectionPlan[]; next?: string }>;
}

function lotOf(seed: string, classId: string): string {
  return createHash('sha256').update(`${seed} ${classId}`).digest('hex');
}

/**
 * Chooses the classes with the most reasons first, and then by lot from all that are left, with reasons or without:
 * who expects no visit may get one. The same classes, reasons and seed give the same choice.
 */
export function chooseClasses(
  classes: readonly InspectableClass[],
  risks: ReadonlyMap<string, readonly InspectionRisk[]>,
  { byRisk, byLot, seed }: Pick<PlanOrder, 'byRisk' | 'byLot' | 'seed'>,
): ChosenClass[] {
  const drawn = classes
    .map((one) => ({ one, lot: lotOf(seed, one.classId), risks: [...(risks.get(one.classId) ?? [])] }))
    .toSorted((a, b) => (a.lot < b.lot ? -1 : 1));
  // The order of the lot decides among equals, since sorting keeps it.
  const risky = drawn
    .filter((candidate) => candidate.risks.length > 0)
    .toSorted((a, b) => b.risks.length - a.risks.length)
    .slice(0, byRisk);
  const rest = drawn.filter((candidate) => !risky.includes(candidate)).slice(0, byLot);
  const chosen =
    (chosenBy: ChosenClass['chosenBy']) =>
    (candidate: (typeof drawn)[number]): ChosenClass => {
      const { classId, applicantName, content } = candidate.one;
      const { startsOn, endsOn, subject } = content;
      const about = subject === undefined ? {} : { subject };
      return { classId, applicantName, startsOn, endsOn, ...about, chosenBy, risks: candidate.risks };
    };
  return [...risky.map(chosen('risk')), ...rest.map(chosen('lot'))];
}

import type { Actor } from '../access/actor.ts';

/**
 * A department's plan for a year (年度培训预算, 四(二)): handed in at its start, and held at its end against the heads
 * and amounts that came of it.
 */
export interface DepartmentPlan {
  authority: string;
  year: number;
  document: string;
  plannedHeads: number;
  plannedFen: number;
}

/** The year-end return (年底汇总): heads and amounts of the department's claims by what became of them. */
export interface DepartmentReturn {
  authority: string;
  year: number;
  plan?: DepartmentPlan;
  /** Lines that were approved and not taken away since. */
  approved: Tally;
  /** Lines that money reached, whatever came back of it since. */
  paid: Tally;
  /** Lines of which money came back (追回), and how much: not taken off `paid`. */
  recovered: Tally;
}

export interface Tally {
  claims: number;
  heads: number;
  /** Fen. */
  fen: number;
}

export interface DepartmentPlanStore {
  find(authority: string, year: number): Promise<DepartmentPlan | undefined>;
  /** The plan of a year can be handed in anew; every version is on record. */
  save(plan: DepartmentPlan, by: Actor, at: Date): Promise<void>;
  /** What became of the department's claims that were submitted in the year. */
  outcome(authority: string, year: number): Promise<Pick<DepartmentReturn, 'approved' | 'paid' | 'recovered'>>;
}

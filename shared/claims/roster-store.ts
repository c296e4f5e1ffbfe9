import type { ClaimRecord } from './claim-record.ts';
import type { RosterEntry } from './sealed-line.ts';

/**
 * Keeps rosters, each whole under an id of its own. A roster is staged piece by piece and counts only once the claim
 * names it: a crash in mid-write leaves the roster in force as it was.
 */
export interface RosterStore {
  /** Every number ever given in this claim, by line id. */
  numbers(claim: ClaimRecord): Promise<ReadonlyMap<string, number>>;
  /** Writes a roster under a fresh id for the claim as it was read, and gives the id. */
  stage(
    claim: ClaimRecord,
    entries: readonly RosterEntry[],
    retired: readonly (readonly [lineId: string, lineNo: number])[],
  ): Promise<string>;
  /** Removes rosters that can never be named any more: staged for older versions, and never handed in. */
  discardStale(claim: ClaimRecord): Promise<void>;
  /** The roster in force, in the order of the line numbers; empty when there is none. */
  entries(claim: ClaimRecord): Promise<RosterEntry[]>;
  /** A part of it: `from` counts places from 0. */
  page(claim: ClaimRecord, from: number): Promise<{ entries: RosterEntry[]; next?: number }>;
}

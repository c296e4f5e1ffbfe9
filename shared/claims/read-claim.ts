import type { Principal } from '../access/principal.ts';
import type { FiledClasses } from './claim-context.ts';
import type { ClaimRecord } from './claim-record.ts';
import type { ClaimStore } from './claim-store.ts';
import { type ClaimView, type LineView, viewClaim, viewLine } from './claim-view.ts';
import { compareWithFiling, type FiledRoster } from './filed-roster.ts';
import { findClaim } from './find-claim.ts';
import type { LineStore } from './line-store.ts';
import type { RosterStore } from './roster-store.ts';

export interface ReadDependencies {
  claims: ClaimStore;
  rosters: RosterStore;
  lines: LineStore;
}

export interface LinePage {
  lines: LineView[];
  /** Where the next page begins. */
  next?: string;
}

async function page(deps: ReadDependencies, { role }: Principal, claim: ClaimRecord, from: number): Promise<LinePage> {
  const { entries, next } = await deps.rosters.page(claim, from);
  // Before the first hand-in there are no lines to decide, only the roster.
  const numbers = claim.submissions.length === 0 ? [] : entries.map(({ lineNo }) => lineNo);
  const stored = new Map((await deps.lines.some(claim.id, numbers)).map((line) => [line.lineNo, line]));
  const lines = entries.map((entry) => viewLine(claim, entry, stored.get(entry.lineNo), role));
  return next === undefined ? { lines } : { lines, next: String(next) };
}

/** A claim with its first lines; whoever is not its applicant sees too who of them was not filed with the class. */
export async function readClaim(
  deps: ReadDependencies & { classes: FiledClasses },
  principal: Principal,
  claimId: string,
): Promise<ClaimView & LinePage & { filedRoster?: FiledRoster | undefined }> {
  const claim = await findClaim(deps.claims, principal, 'claim.read', claimId);
  const shown = { ...viewClaim(claim), ...(await page(deps, principal, claim, 0)) };
  if (principal.role === 'applicant' || claim.classId === undefined) return shown;
  return { ...shown, filedRoster: await compareWithFiling(deps.classes, claim, await deps.rosters.entries(claim)) };
}

/** The lines of a claim from a place on, a hundred at most. */
export async function readClaimLines(
  deps: ReadDependencies,
  principal: Principal,
  claimId: string,
  from: number,
): Promise<LinePage> {
  return page(deps, principal, await findClaim(deps.claims, principal, 'claim.read', claimId), from);
}

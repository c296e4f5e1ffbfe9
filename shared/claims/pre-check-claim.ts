import type { Principal } from '../access/principal.ts';
import { businessDate } from '../clock/clock.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { ClaimSources } from './claim-context.ts';
import type { ClaimRecord } from './claim-record.ts';
import type { ClaimStore } from './claim-store.ts';
import { compareWithFiling, type FiledRoster } from './filed-roster.ts';
import { findClaim } from './find-claim.ts';
import { editionAsPublished, gatherFacts } from './gather-facts.ts';
import {
  type JudgedLine,
  type Judgement,
  type JudgingDependencies,
  judgeClaim,
  type OpenedLine,
} from './judge-claim.ts';
import { type MissingItem, missingItems } from './missing-items.ts';
import { demandInHand } from './put-roster.ts';
import type { RosterStore } from './roster-store.ts';
import { openLine } from './sealed-line.ts';

export interface PreCheckDependencies extends ClaimSources, JudgingDependencies {
  claims: ClaimStore;
  rosters: RosterStore;
}

/** The roster in force with its numbers opened. */
export async function openRoster(
  deps: Pick<PreCheckDependencies, 'rosters' | 'personal'>,
  claim: ClaimRecord,
): Promise<OpenedLine[]> {
  const place = { tenant: claim.tenant, claimId: claim.id };
  const entries = await deps.rosters.entries(claim);
  return Promise.all(entries.map(async (entry) => ({ entry, line: await openLine(deps.personal, place, entry) })));
}

/** The refusal of a claim without a roster: there is nothing to judge yet. */
export function withoutRoster(): DomainError {
  const problems = [{ path: 'roster', message: '缺少学员花名册，请先录入学员' }];
  return new DomainError('claim-incomplete', '申请还不完整，已填写和上传的内容都已保存，请补充后再提交。', problems);
}

/** Lines that a pre-check tells one by one: with all their findings they stay far below what a reply may hold. */
const mostToldLines = 500;

/** How many lines a rule stands against. */
export interface RuleCount {
  rule: string;
  outcome: 'fail' | 'refer';
  lines: number;
}

/** What a pre-check tells of the lines. */
export interface ToldLines {
  /** in the roster's order; of a longer roster those with something to mend come before those without */
  lines: JudgedLine[];
  /** lines that are only counted */
  leftOut: number;
  /** over all lines, the most frequent first */
  rules: RuleCount[];
}

/** Bounds what is told of a judgement's lines, and counts the rest. */
export function toldLines({ lines }: Judgement): ToldLines {
  const counts = new Map<string, RuleCount>();
  for (const { findings } of lines) {
    for (const { rule, outcome } of findings) {
      if (outcome === 'pass') continue;
      const count = counts.get(`${rule} ${outcome}`) ?? { rule, outcome, lines: 0 };
      counts.set(`${rule} ${outcome}`, { ...count, lines: count.lines + 1 });
    }
  }
  const isSound = (line: JudgedLine) => line.findings.every(({ outcome }) => outcome === 'pass');
  const urgentFirst = lines.toSorted((a, b) => Number(isSound(a)) - Number(isSound(b)));
  const told = urgentFirst.slice(0, mostToldLines);
  return {
    lines: told.toSorted((a, b) => a.entry.lineNo - b.entry.lineNo),
    leftOut: lines.length - told.length,
    rules: [...counts.values()].toSorted((a, b) => b.lines - a.lines || (a.rule < b.rule ? -1 : 1)),
  };
}

/**
 * 提交前体检: the same rules on the whole draft before it is handed in, as if that were today. Stores nothing.
 */
export async function preCheckClaim(
  deps: PreCheckDependencies,
  principal: Principal,
  claimId: string,
): Promise<{ judgement: Judgement; missing: MissingItem[]; filedRoster: FiledRoster | undefined }> {
  const claim = await findClaim(deps.claims, principal, 'claim.write', claimId);
  demandInHand(claim);
  const [{ facts, pending }, lines] = await Promise.all([gatherFacts(deps, claim), openRoster(deps, claim)]);
  if (lines.length === 0) throw withoutRoster();
  const submittedOn = claim.submittedOn ?? businessDate(deps.clock.now());
  const edition = await editionAsPublished(deps, claim);
  const judgement = await judgeClaim(deps, edition, claim, facts, submittedOn, lines);
  return {
    judgement,
    missing: missingItems(judgement.assessment.findings, pending),
    filedRoster: await compareWithFiling(
      deps.classes,
      claim,
      lines.map(({ entry }) => entry),
    ),
  };
}

import type { ClaimFacts } from './claim-facts.ts';
import type { Finding, FindingOutcome } from './contract.ts';
import type { RouteDefinition } from './edition.ts';
import type { LineFacts } from './line-facts.ts';

/** What one rule came to on one subject. */
export interface Verdict {
  readonly outcome: FindingOutcome;
  /** a Chinese sentence: what is wrong, by how much, and what to do; it ends with the article */
  readonly message: string;
  /** what the rule read; never an identity or card number in the clear */
  readonly facts: Readonly<Record<string, unknown>>;
  /** the verdict says nothing of one subject alone: its finding is made once, see `constant` */
  readonly once?: { finding: Finding | undefined };
}

/** What a rule is, apart from how it decides. */
interface RuleHead {
  /** `topic.question`; stable, since other programs name it */
  readonly id: string;
  /** Chinese name, as a list of rules prints it */
  readonly title: string;
  /** the articles it carries out */
  readonly article: string;
  /** the file that holds it, from this folder */
  readonly file: string;
  /** the operative words of the regulation */
  readonly words: readonly string[];
  /** † the applicant may supply what is missing */
  readonly correctable: boolean;
  /** every outcome that it can come to, under one reading of the open choices or another; the examples prove each */
  readonly outcomes: readonly FindingOutcome[];
  /** whether the rule can apply on a route at all */
  concerns(route: RouteDefinition): boolean;
}

/** A rule about the whole claim. */
export interface ClaimRule extends RuleHead {
  readonly level: 'claim';
  /** the verdict, or undefined where there is nothing to judge */
  evaluate(claim: ClaimFacts): Verdict | undefined;
}

/** A rule about one trainee line. */
export interface LineRule extends RuleHead {
  readonly level: 'line';
  /** the verdict, or undefined where there is nothing to judge */
  evaluate(line: LineFacts): Verdict | undefined;
}

export type Rule = ClaimRule | LineRule;

/** Every route: for rules that the regulation makes for all. */
export function everyRoute(): boolean {
  return true;
}

export function pass(message: string, facts: Verdict['facts']): Verdict {
  return { outcome: 'pass', message, facts };
}

export function fail(message: string, facts: Verdict['facts']): Verdict {
  return { outcome: 'fail', message, facts };
}

export function refer(message: string, facts: Verdict['facts']): Verdict {
  return { outcome: 'refer', message, facts };
}

/**
 * A verdict of one rule that is the same for every subject. Most verdicts on most lines are, and claims have thousands
 * of lines: they share one finding, which is frozen.
 */
export function constant(verdict: Verdict): Verdict {
  return { ...verdict, once: { finding: undefined } };
}

/** The verdict of a rule as the assessment reports it. */
export function findingOf(rule: Rule, verdict: Verdict): Finding {
  const { once } = verdict;
  if (once === undefined) return newFinding(rule, verdict);
  once.finding ??= Object.freeze({ ...newFinding(rule, verdict), facts: Object.freeze({ ...verdict.facts }) });
  return once.finding;
}

function newFinding(rule: Rule, verdict: Verdict): Finding {
  return {
    rule: rule.id,
    article: rule.article,
    outcome: verdict.outcome,
    correctable: rule.correctable,
    message: verdict.message,
    facts: verdict.facts,
  };
}

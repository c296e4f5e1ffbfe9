import type { ClaimFacts } from './claim-facts.ts';
import { claimFacts } from './claim-facts.ts';
import type {
  Assessment,
  AssessmentRequest,
  CertificateKind,
  ClaimOutcome,
  Finding,
  LineAssessment,
  LineOutcome,
  Programme,
  Totals,
  TraineeLine,
} from './contract.ts';
import type { Edition, RouteDefinition } from './edition.ts';
import { findEdition } from './editions/registry.ts';
import { LineFacts } from './line-facts.ts';
import { repeatSubjectOf } from './provisions/4-2-quotas.ts';
import type { ClaimRule, LineRule } from './rule.ts';
import { findingOf } from './rule.ts';
import { CLAIM_RULES, LINE_RULES, RULES } from './rules.ts';
import type { Standard } from './standard.ts';
import { apprenticeshipStandard } from './standards/apprenticeship.ts';
import { entrepreneurshipStandard } from './standards/entrepreneurship.ts';
import { masterApprenticeStandard } from './standards/master-apprentice.ts';
import { preJobStandard } from './standards/pre-job.ts';
import { projectStandard } from './standards/project.ts';
import { qualificationStandard } from './standards/qualification.ts';

/** The standard of each programme. */
export const STANDARDS: Readonly<Record<Programme, Standard>> = {
  qualification: qualificationStandard,
  project: projectStandard,
  'pre-job': preJobStandard,
  apprenticeship: apprenticeshipStandard,
  'master-apprentice': masterApprenticeStandard,
  entrepreneurship: entrepreneurshipStandard,
};

/**
 * Decides a claim: every rule that applies, one outcome, every amount, by the edition that the request names. Pure: no
 * clock, no I/O, and the same request gives the same answer, byte for byte.
 *
 * @param request a valid one, as `parseRequest` returns it
 * @throws RangeError where the request was not parsed: an unknown edition, or a route that lacks a fact it needs
 */
export function assess(request: AssessmentRequest): Assessment {
  const edition = findEdition(request.edition);
  if (edition === undefined) throw new RangeError(`There is no edition ${request.edition}`);
  return assessWith(edition, request);
}

/** As `assess`, by an edition at hand: one under other parameters, or one that is not registered. */
export function assessWith(edition: Edition, request: AssessmentRequest): Assessment {
  const claim = new ClaimInAssessment(edition, request);
  const lines: LineAssessment[] = [];
  for (let line = claim.next(); line !== undefined; line = claim.next()) lines.push(line);
  const { authority, claimId, fundAccount, outcome, payee, totals } = claim.conclusion();
  const { findings } = claim;
  return { claimId, edition: edition.id, outcome, authority, fundAccount, payee, findings, lines, totals };
}

/**
 * A claim that is assessed line by line, for those who need not have all lines at once: a claim of 5,000 trainees has
 * some seventy thousand findings.
 */
export class ClaimInAssessment {
  /** of the claim as a whole */
  readonly findings: readonly Finding[];
  readonly #claim: ClaimFacts;
  readonly #rules: RulesOfRoute;
  readonly #totals = { lines: 0, eligible: 0, ineligible: 0, referred: 0, eligibleFen: 0, referredFen: 0 };

  /** @throws RangeError as `assess` */
  constructor(edition: Edition, request: AssessmentRequest) {
    this.#claim = claimFacts(edition, request, COUNTS[request.claim.programme]);
    this.#rules = rulesOf(this.#claim.route);
    const findings: Finding[] = [];
    for (const rule of this.#rules.claim) {
      const verdict = rule.evaluate(this.#claim);
      if (verdict !== undefined) findings.push(findingOf(rule, verdict));
    }
    this.findings = findings;
  }

  /** Decides the next line; undefined once all are decided. */
  next(): LineAssessment | undefined {
    const totals = this.#totals;
    const line = this.#claim.claim.lines[totals.lines];
    if (line === undefined) return undefined;
    totals.lines += 1;
    const assessment = assessLine(this.#claim, this.#rules.line, line, totals.lines);
    totals[assessment.outcome] += 1;
    // An ineligible line earns nothing, whichever sum it is added to.
    if (assessment.outcome === 'eligible') totals.eligibleFen += assessment.amountFen;
    else totals.referredFen += assessment.amountFen;
    return assessment;
  }

  /** What the claim comes to, once its lines are decided. */
  conclusion(): Omit<Assessment, 'findings' | 'lines'> {
    const { claim, edition, jurisdiction } = this.#claim;
    return {
      claimId: claim.id,
      edition: edition.id,
      outcome: claimOutcome(this.findings, this.#totals),
      authority: jurisdiction.authority,
      fundAccount: jurisdiction.fundAccount,
      payee: jurisdiction.payee,
      totals: this.#totals,
    };
  }
}

/** Lines are decided in order: what an earlier one is granted counts against a later one of the same person. */
function assessLine(
  claim: ClaimFacts,
  rules: readonly LineRule[],
  line: TraineeLine,
  position: number,
): LineAssessment {
  const facts = new LineFacts(claim, line, position);
  const findings: Finding[] = [];
  let outcome: LineOutcome = 'eligible';
  for (const rule of rules) {
    const verdict = rule.evaluate(facts);
    if (verdict === undefined) continue;
    findings.push(findingOf(rule, verdict));
    if (verdict.outcome === 'fail') outcome = 'ineligible';
    else if (verdict.outcome === 'refer' && outcome === 'eligible') outcome = 'referred';
  }
  const counts = outcome !== 'ineligible';
  facts.record.claim(position, facts.statedPair, repeatSubjectOf(facts), counts);
  if (!counts) return { id: line.id, outcome, amountFen: 0, basis: refusalOf(findings), findings };
  const amount = STANDARDS[claim.route.programme].amountOf(facts);
  return { id: line.id, outcome, amountFen: amount.fen, basis: amount.basis, findings };
}

/** The basis of a line that earns nothing: the rules that it fails. */
function refusalOf(findings: readonly Finding[]): string {
  const reasons = findings
    .filter((finding) => finding.outcome === 'fail')
    .map((finding) => `${TITLES.get(finding.rule)}（${finding.article}）`);
  return `不符合${reasons.join('、')}，不予补贴：0元`;
}

function claimOutcome(findings: readonly Finding[], totals: Totals): ClaimOutcome {
  const failed = findings.filter((finding) => finding.outcome === 'fail');
  if (failed.some((finding) => !finding.correctable)) return 'ineligible';
  if (failed.length > 0) return 'incomplete';
  if (totals.referred > 0 || findings.some((finding) => finding.outcome === 'refer')) return 'referred';
  return totals.eligible > 0 ? 'eligible' : 'ineligible';
}

const TITLES = new Map(RULES.map((rule) => [rule.id, rule.title]));

function countsOf(standard: Standard): ReadonlySet<CertificateKind> {
  return new Set(standard.counts);
}

const COUNTS: Readonly<Record<Programme, ReadonlySet<CertificateKind>>> = {
  qualification: countsOf(qualificationStandard),
  project: countsOf(projectStandard),
  'pre-job': countsOf(preJobStandard),
  apprenticeship: countsOf(apprenticeshipStandard),
  'master-apprentice': countsOf(masterApprenticeStandard),
  entrepreneurship: countsOf(entrepreneurshipStandard),
};

interface RulesOfRoute {
  readonly claim: readonly ClaimRule[];
  readonly line: readonly LineRule[];
}

/** The rules that concern each row of a routes table, picked out once. */
const RULES_OF_ROUTE = new WeakMap<RouteDefinition, RulesOfRoute>();

function rulesOf(route: RouteDefinition): RulesOfRoute {
  let rules = RULES_OF_ROUTE.get(route);
  if (rules === undefined) {
    rules = {
      claim: CLAIM_RULES.filter((rule) => rule.concerns(route)),
      line: LINE_RULES.filter((rule) => rule.concerns(route)),
    };
    RULES_OF_ROUTE.set(route, rules);
  }
  return rules;
}

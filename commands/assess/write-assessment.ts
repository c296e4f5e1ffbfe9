import type { ClaimInAssessment } from '../../shared/regulation/assess.ts';
import type { Finding, LineAssessment } from '../../shared/regulation/contract.ts';
import type { JsonWriter } from './json-writer.ts';
import { jsonBytes } from './json-writer.ts';
import type { Summary } from './summary.ts';
import { countClaim, countFindings } from './summary.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** A sentence seen before, and what is known of the findings that say it. */
interface KnownFinding {
  /** the first one; the others differ from it in their facts, if at all */
  readonly first: Finding;
  /** the names of its facts, in order */
  readonly keys: readonly string[];
  /** all but the facts */
  readonly head: Bytes;
  /** some facts that came more than once, each with the whole finding */
  readonly common: { readonly facts: Finding['facts']; readonly whole: Bytes }[];
  /** which of them makes room next */
  oldest: number;
  /** facts that came last and are not among them */
  last: Finding['facts'] | undefined;
}

/** Common facts that are kept for a sentence: a few of one claim. */
const MOST_COMMON = 4;

/** The sentences of passes are constants, a few for each rule; the bound is there in case one is not. */
const MOST_KNOWN = 512;
const known = new Map<string, KnownFinding>();

const COMMA = jsonBytes(',');
const RULE = jsonBytes('{"rule":');
const ARTICLE = jsonBytes(',"article":');
const OUTCOME = jsonBytes(',"outcome":');
const CORRECTABLE = jsonBytes(',"correctable":');
const MESSAGE = jsonBytes(',"message":');
const FACTS = jsonBytes(',"facts":');
const LINE_ID = jsonBytes('{"id":');
const LINE_AMOUNT = jsonBytes(',"amountFen":');
const LINE_BASIS = jsonBytes(',"basis":');
const FINDINGS = jsonBytes(',"findings":[');
const LINES = jsonBytes('],"lines":[');
const TOTALS = jsonBytes('],"totals":');
const END_OF_LINE = jsonBytes(']}');
const END = jsonBytes('}');

/**
 * Assesses a claim and writes the assessment, byte for byte as `JSON.stringify` does, several times as fast, and line
 * by line: a claim of 5,000 trainees needs no more objects at a time than one of a single trainee.
 *
 * @param aside a second writer, empty before and after, since what comes first in an assessment is known last
 */
export function writeAssessment(
  claim: Pick<ClaimInAssessment, 'findings' | 'next' | 'conclusion'>,
  summary: Summary | undefined,
  writer: JsonWriter,
  aside: JsonWriter,
): void {
  if (summary !== undefined) countFindings(summary, claim.findings);
  let first = true;
  for (let line = claim.next(); line !== undefined; line = claim.next()) {
    if (!first) aside.bytes(COMMA);
    first = false;
    writeLine(line, aside);
    if (summary !== undefined) countFindings(summary, line.findings);
  }
  const { authority, claimId, edition, fundAccount, outcome, payee, totals } = claim.conclusion();
  if (summary !== undefined) countClaim(summary, outcome, totals);
  writer.json(JSON.stringify({ claimId, edition, outcome, authority, fundAccount, payee }).slice(0, -1));
  writer.bytes(FINDINGS);
  writeFindings(claim.findings, writer);
  writer.bytes(LINES);
  writer.takeOver(aside);
  writer.bytes(TOTALS);
  writer.json(JSON.stringify(totals));
  writer.bytes(END);
}

function writeLine(line: LineAssessment, writer: JsonWriter): void {
  writer.bytes(LINE_ID);
  writer.text(line.id);
  writer.bytes(OUTCOME);
  writer.text(line.outcome);
  writer.bytes(LINE_AMOUNT);
  writer.plain(line.amountFen);
  writer.bytes(LINE_BASIS);
  writer.text(line.basis);
  writer.bytes(FINDINGS);
  writeFindings(line.findings, writer);
  writer.bytes(END_OF_LINE);
}

function writeFindings(findings: readonly Finding[], writer: JsonWriter): void {
  for (let index = 0; index < findings.length; index += 1) {
    const finding = findings[index];
    if (finding === undefined) continue;
    if (index > 0) writer.bytes(COMMA);
    writeFinding(finding, writer);
  }
}

function writeFinding(finding: Finding, writer: JsonWriter): void {
  const { facts, message, outcome } = finding;
  const seen = outcome === 'pass' ? (known.get(message) ?? remember(finding)) : undefined;
  if (seen === undefined || !isSameButFacts(seen.first, finding)) {
    writeNewFinding(finding, writer);
    return;
  }
  const { common, keys } = seen;
  for (let index = 0; index < common.length; index += 1) {
    const each = common[index];
    if (each !== undefined && areSame(facts, each.facts, keys)) {
      writer.bytes(each.whole);
      return;
    }
  }
  if (seen.last !== undefined && areSame(facts, seen.last, keys)) {
    common[seen.oldest] = { facts, whole: jsonBytes(JSON.stringify(finding)) };
    seen.oldest = (seen.oldest + 1) % MOST_COMMON;
  }
  seen.last = facts;
  writer.bytes(seen.head);
  writer.object(facts);
  writer.bytes(END);
}

function isSameButFacts(one: Finding, other: Finding): boolean {
  return one.rule === other.rule && one.article === other.article && one.correctable === other.correctable;
}

/** Whether facts have these names, in this order, and the values of other facts. */
function areSame(facts: Finding['facts'], other: Finding['facts'], keys: readonly string[]): boolean {
  if (facts === other) return true;
  let index = 0;
  for (const key in facts) {
    if (key !== keys[index] || facts[key] !== other[key]) return false;
    index += 1;
  }
  return index === keys.length;
}

/** A finding whose sentence speaks of one case, or that comes after too many others. */
function writeNewFinding({ article, correctable, facts, message, outcome, rule }: Finding, writer: JsonWriter): void {
  writer.bytes(RULE);
  writer.text(rule);
  writer.bytes(ARTICLE);
  writer.text(article);
  writer.bytes(OUTCOME);
  writer.text(outcome);
  writer.bytes(CORRECTABLE);
  writer.plain(correctable);
  writer.bytes(MESSAGE);
  writer.text(message);
  writer.bytes(FACTS);
  writer.object(facts);
  writer.bytes(END);
}

function remember(finding: Finding): KnownFinding | undefined {
  if (known.size >= MOST_KNOWN) return undefined;
  const { facts, ...head } = finding;
  const seen: KnownFinding = {
    first: finding,
    keys: Object.keys(facts),
    head: jsonBytes(`${JSON.stringify(head).slice(0, -1)},"facts":`),
    common: [],
    oldest: 0,
    last: undefined,
  };
  known.set(finding.message, seen);
  return seen;
}

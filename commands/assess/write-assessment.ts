import type { Assessment, Finding, LineAssessment } from '../../shared/regulation/contract.ts';
import type { JsonWriter } from './json-writer.ts';
import { jsonBytes } from './json-writer.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** A finding seen before: the bytes of all of it but the facts, and of the whole as it was then. */
interface KnownFinding {
  readonly of: Finding;
  readonly head: Bytes;
  readonly whole: Bytes;
}

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

/** Writes an assessment byte for byte as `JSON.stringify` does, several times as fast. */
export function writeAssessment(assessment: Assessment, writer: JsonWriter): void {
  const { authority, claimId, edition, findings, fundAccount, lines, outcome, payee, totals } = assessment;
  writer.json(JSON.stringify({ claimId, edition, outcome, authority, fundAccount, payee }).slice(0, -1));
  writer.bytes(FINDINGS);
  writeFindings(findings, writer);
  writer.bytes(LINES);
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index];
    if (line === undefined) continue;
    if (index > 0) writer.bytes(COMMA);
    writeLine(line, writer);
  }
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
  if (seen === undefined || !isSameButFacts(seen.of, finding)) {
    writeNewFinding(finding, writer);
  } else if (seen.of.facts === facts) {
    writer.bytes(seen.whole);
  } else {
    writer.bytes(seen.head);
    writer.object(facts);
    writer.bytes(END);
  }
}

function isSameButFacts(one: Finding, other: Finding): boolean {
  return one.rule === other.rule && one.article === other.article && one.correctable === other.correctable;
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
  const { facts: _, ...head } = finding;
  const seen = {
    head: jsonBytes(`${JSON.stringify(head).slice(0, -1)},"facts":`),
    of: finding,
    whole: jsonBytes(JSON.stringify(finding)),
  };
  known.set(finding.message, seen);
  return seen;
}

import { readdirSync, readFileSync } from 'node:fs';
import { STANDARDS } from '../../shared/regulation/assess.ts';
import type { FindingOutcome } from '../../shared/regulation/contract.ts';
import { PROGRAMME_TERMS } from '../../shared/regulation/contract.ts';
import { RULES } from '../../shared/regulation/rules.ts';
import { readExampleFiles } from './example-files.ts';

/** The folder that holds package.json. */
export const ROOT = new URL('../../', import.meta.url);

/** What the documentation tells of one rule or standard. Paths are from the root of the repository. */
export interface Carrier {
  /** the rule's id, or the programme of a standard */
  readonly id: string;
  readonly kind: 'rule' | 'standard';
  readonly title: string;
  readonly article: string;
  readonly code: string;
  readonly outcomes: readonly FindingOutcome[];
  /** files of examples, and how many in each prove which outcome; a row of a table is a pass */
  readonly examples: readonly ExampleCount[];
  readonly tests: readonly string[];
}

export interface ExampleCount {
  readonly file: string;
  readonly counts: Readonly<Record<FindingOutcome, number>>;
}

const EXAMPLES = 'test/regulation/examples/';
const TESTS = 'test/regulation/';

/** Every rule, then every standard, with code, examples and tests as they stand on disk. */
export function readCarriers(): readonly Carrier[] {
  const files = readExampleFiles(new URL(EXAMPLES, ROOT));
  const tests = testFiles().map((path) => ({ path, text: readFileSync(new URL(path, ROOT), 'utf8') }));
  const naming = (words: readonly string[]) =>
    tests.filter(({ text }) => words.some((word) => text.includes(word))).map(({ path }) => path);
  const rules = RULES.map((rule): Carrier => {
    const counted = files.map((file) => ({
      file: `${EXAMPLES}${file.name}`,
      counts: countOf(
        file.examples.filter((example) => example.rule === rule.id).map((each) => each.findings[rule.id]),
      ),
    }));
    return {
      id: rule.id,
      kind: 'rule',
      title: rule.title,
      article: rule.article,
      code: `shared/regulation/${rule.file}`,
      outcomes: rule.outcomes,
      examples: counted.filter(({ counts }) => counts.pass + counts.fail + counts.refer > 0),
      tests: naming([`'${rule.id}'`]),
    };
  });
  const standards = Object.values(STANDARDS).map((standard): Carrier => {
    const rows = files.map((file) => ({
      file: `${EXAMPLES}${file.name}`,
      rows: file.tables
        .filter((table) => (table.base ?? file.base).startsWith(`${standard.programme}-`))
        .reduce((sum, table) => sum + table.rows.length, 0),
    }));
    return {
      id: standard.programme,
      kind: 'standard',
      title: `${PROGRAMME_TERMS[standard.programme]}补贴标准`,
      article: standard.article,
      code: `shared/regulation/${standard.file}`,
      outcomes: ['pass'],
      examples: rows
        .filter(({ rows: count }) => count > 0)
        .map(({ file, rows: count }) => ({ file, counts: { pass: count, fail: 0, refer: 0 } })),
      tests: [`${TESTS}${standard.file.replace('.ts', '.test.ts')}`],
    };
  });
  return [...rules, ...standards];
}

function countOf(findings: readonly (object | undefined)[]): Record<FindingOutcome, number> {
  const of = (outcome: FindingOutcome) => findings.filter((said) => said !== undefined && outcome in said).length;
  return { pass: of('pass'), fail: of('fail'), refer: of('refer') };
}

/** The tests of provisions and standards: those about the list of rules, or the examples, prove no rule by name. */
function testFiles(): string[] {
  return ['provisions/', 'standards/'].flatMap((folder) =>
    readdirSync(new URL(`${TESTS}${folder}`, ROOT))
      .filter((name) => name.endsWith('.test.ts'))
      .toSorted()
      .map((name) => `${TESTS}${folder}${name}`),
  );
}

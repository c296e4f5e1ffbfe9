import { describe, expect, test } from 'vitest';
import type { BaseCase, Example, ExampleFile, ExampleTable } from '../../commands/regulation-docs/example-files.ts';
import { readBaseCases, readExampleFiles } from '../../commands/regulation-docs/example-files.ts';
import { assessWith, STANDARDS } from '../../shared/regulation/assess.ts';
import type { Assessment, AssessmentRequest, Finding } from '../../shared/regulation/contract.ts';
import { courseSchema, levelSchema } from '../../shared/regulation/contract.ts';
import type { Edition } from '../../shared/regulation/edition.ts';
import { withParameters } from '../../shared/regulation/edition.ts';
import { wenzhou202058 } from '../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import { EDITION_PARAMETERS, setParameter } from '../../shared/regulation/parameters.ts';
import { parseRequest } from '../../shared/regulation/parse-request.ts';
import { RULES } from '../../shared/regulation/rules.ts';
import type { Facts } from './example-request.ts';
import { exampleRequest } from './example-request.ts';

/*
 * The examples that a lawyer signs, each held to its word; and the whole of the regulation held to its examples: every
 * rule with every outcome it declares, every cell of annex 1, every route, every open choice.
 */

const FOLDER = new URL('examples/', import.meta.url);
const FILES = readExampleFiles(FOLDER);
const BASES = readBaseCases(FOLDER);

interface Assessed {
  readonly request: AssessmentRequest;
  readonly assessment: Assessment;
  readonly edition: Edition;
}

function baseOf(key: string): BaseCase {
  const base = BASES.find((candidate) => candidate.key === key);
  if (base === undefined) throw new Error(`没有名为${key}的基准情形`);
  return base;
}

function editionOf(settings: readonly string[] = []): Edition {
  let { parameters } = wenzhou202058;
  for (const text of settings) {
    const set = setParameter(parameters, text);
    if (!set.ok) throw new Error(set.message);
    parameters = set.parameters;
  }
  return withParameters(wenzhou202058, parameters);
}

function assessed(base: BaseCase, facts: Facts, more?: readonly Facts[], parameters?: readonly string[]): Assessed {
  const parsed = parseRequest(exampleRequest(base, facts, more));
  if (!parsed.ok) throw new Error(`事实不成立：${JSON.stringify(parsed.problems)}`);
  const edition = editionOf(parameters);
  return { request: parsed.request, assessment: assessWith(edition, parsed.request), edition };
}

const runExample = (file: ExampleFile, { base, facts, more, parameters }: Example): Assessed =>
  assessed(baseOf(base ?? file.base), facts, more, parameters);

/** The facts that a row of a table sets, beside what it expects. */
function rowFacts(table: ExampleTable, row: readonly unknown[]): Facts {
  const cells = table.columns.map((column, index) => [column, row[index]] as const);
  return { ...table.facts, ...Object.fromEntries(cells.filter(([name]) => name !== 'amount' && name !== 'basis')) };
}

const cellOf = (table: ExampleTable, row: readonly unknown[], column: string): unknown =>
  row[table.columns.indexOf(column)];

const runRow = (file: ExampleFile, table: ExampleTable, row: readonly unknown[]): Assessed =>
  assessed(baseOf(table.base ?? file.base), rowFacts(table, row), [], table.parameters);

const EXAMPLES = FILES.flatMap((file) =>
  file.examples.map((example) => ({ file, example, title: `${file.name} ${example.rule}：${example.name}` })),
);
const ROWS = FILES.flatMap((file) =>
  file.tables.flatMap((table) =>
    table.rows.map((row) => ({ file, table, row, title: `${file.name} ${table.name}：${JSON.stringify(row)}` })),
  ),
);

/** Cases beside their whole title, which a test's name would otherwise cut. */
function named<Case extends { readonly title: string }>(cases: readonly Case[]): [string, Case][] {
  return cases.map((each) => [each.title, each]);
}

/** Findings as a lawyer compares them: every one that is no pass, and the passes that are asked for. */
function worthTelling(findings: readonly Finding[], asked: ReadonlySet<string>): Record<string, string> {
  const told = findings.filter((finding) => finding.outcome !== 'pass' || asked.has(finding.rule));
  return Object.fromEntries(told.map((finding) => [finding.rule, finding.outcome]));
}

describe('base cases', () => {
  test.each(BASES)('$key is paid in full, with no finding but passes', (base) => {
    const { assessment } = assessed(base, {});
    const findings = [...assessment.findings, ...assessment.lines.flatMap((line) => line.findings)];
    expect(worthTelling(findings, new Set())).toEqual({});
    expect([assessment.outcome, assessment.totals.eligibleFen]).toEqual(['eligible', Math.round(base.amount * 100)]);
    expect(assessment.lines[0]?.basis).toContain('元');
  });

  test.each(BASES)('$key names its route and article, and hands in exactly what the route asks for', (base) => {
    const { request } = assessed(base, {});
    const row = wenzhou202058.routeOf(request.claim.programme, request.claim.route);
    expect([`${request.claim.programme}-${request.claim.route}`, base.article]).toEqual([base.key, row?.article]);
    expect(request.claim.materials).toEqual(row?.materials);
  });

  test('there is one for each route', () => {
    const routes = wenzhou202058.routes.map((row) => `${row.programme}-${row.route}`);
    expect(BASES.map((base) => base.key).toSorted()).toEqual(routes.toSorted());
  });
});

describe('examples', () => {
  test.each(named(EXAMPLES))('%s', (_, { file, example }) => {
    const { assessment } = runExample(file, example);
    const line = assessment.lines[example.line - 1];
    const findings = [...assessment.findings, ...(line?.findings ?? [])];
    const asked = new Set(Object.keys(example.findings));
    const expected = Object.fromEntries(
      Object.entries(example.findings).map(([rule, said]) => [rule, Object.keys(said)[0]]),
    );
    expect(worthTelling(findings, asked)).toEqual(expected);
    for (const [rule, said] of Object.entries(example.findings)) {
      expect(findings.find((finding) => finding.rule === rule)?.message).toContain(Object.values(said)[0]);
    }
    expect(findings.find((finding) => finding.rule === example.rule)?.facts).toEqual(example.grounds);
    expect([assessment.outcome, (line?.amountFen ?? Number.NaN) / 100]).toEqual([example.outcome, example.amount]);
  });

  test.each(named(EXAMPLES))('%s: names its rule, its article and its provision', (_, { file, example }) => {
    const rule = RULES.find((candidate) => candidate.id === example.rule);
    expect(Object.keys(example.findings)).toContain(rule?.id);
    expect(rule?.file).toBe(file.file);
    const articles = (example.article ?? file.article).split(', ');
    const known = rule?.article.split(', ') ?? [];
    expect(articles.filter((article) => !known.includes(article) && file.article !== article)).toEqual([]);
  });

  test.each(named(ROWS))('%s', (_, { file, table, row }) => {
    expect(row.length).toBe(table.columns.length);
    const { assessment } = runRow(file, table, row);
    const [line] = assessment.lines;
    const findings = [...assessment.findings, ...(line?.findings ?? [])];
    expect(worthTelling(findings, new Set())).toEqual({});
    expect([assessment.outcome, (line?.amountFen ?? Number.NaN) / 100]).toEqual([
      'eligible',
      cellOf(table, row, 'amount'),
    ]);
    expect(line?.basis).toContain(table.columns.includes('basis') ? cellOf(table, row, 'basis') : '元');
  });

  test('no two of a file share a name', () => {
    for (const file of FILES) {
      const names = [...file.examples, ...file.tables].map((each) => each.name);
      expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    }
  });

  test('every file stands for a provision or standard of the registry', () => {
    const known = new Set([...RULES, ...Object.values(STANDARDS)].map((each) => each.file));
    expect(FILES.map((file) => file.file).filter((file) => !known.has(file))).toEqual([]);
  });
});

/** Everything that was assessed above, for what follows about the whole. */
function everything(): readonly Assessed[] {
  return [
    ...BASES.map((base) => assessed(base, {})),
    ...EXAMPLES.map(({ file, example }) => runExample(file, example)),
    ...ROWS.map(({ file, table, row }) => runRow(file, table, row)),
  ];
}

describe('coverage of the regulation by its examples', () => {
  const outcomes = RULES.flatMap((rule) => rule.outcomes.map((outcome) => ({ rule: rule.id, outcome })));

  test.each(outcomes)('$rule has an example that comes to $outcome', ({ rule, outcome }) => {
    const proofs = EXAMPLES.filter(({ example }) => example.rule === rule && outcome in (example.findings[rule] ?? {}));
    expect(proofs.length).toBeGreaterThan(0);
  });

  test('no rule comes to an outcome that it does not declare', () => {
    const declared = new Set(outcomes.map(({ rule, outcome }) => `${rule} ${outcome}`));
    const seen = everything().flatMap(({ assessment }) => [
      ...assessment.findings,
      ...assessment.lines.flatMap((line) => line.findings),
    ]);
    expect(seen.filter((finding) => !declared.has(`${finding.rule} ${finding.outcome}`))).toEqual([]);
  });

  test('every cell of annex 1 has an example that is paid', () => {
    const levels = levelSchema.options;
    const cells = [
      ...wenzhou202058.occupationClasses.flatMap((entry) =>
        ['national-qualification', 'skill-level'].flatMap((kind) =>
          levels.map((level) => `${kind} ${entry.name} ${level}`),
        ),
      ),
      ...wenzhou202058.abilityLists.map((list) => `special-ability ${list.level}`),
      ...courseSchema.options,
      'pre-job enterprise',
      'pre-job domestic-service',
      'apprenticeship employee',
      'apprenticeship student',
      'project plain',
      'project uplift',
      ...['special-operation', 'special-equipment'].flatMap((kind) => [`${kind} new`, `${kind} renewal`]),
    ];
    const paid = new Set(
      everything()
        .filter(({ assessment }) => assessment.outcome === 'eligible')
        .map(cellOfClaim),
    );
    expect(cells.filter((cell) => !paid.has(cell))).toEqual([]);
  });

  test('every open choice that assess reads has an example of another reading', () => {
    const settings = [...EXAMPLES.map(({ example }) => example), ...ROWS.map(({ table }) => table)]
      .flatMap(({ parameters }) => parameters ?? [])
      .map((text) => text.split('=')[0]);
    // These two are read by the notice and by the records, not by assess.
    const elsewhere = ['noticeWorkingDays', 'retentionYears'];
    const missing = Object.keys(EDITION_PARAMETERS).filter((name) => !settings.includes(name));
    expect(missing).toEqual(elsewhere);
  });
});

/** The cell of annex 1 that the first line of a claim is paid by. */
function cellOfClaim({ request, assessment, edition }: Assessed): string {
  const { claim } = request;
  const [line] = claim.lines;
  const [certificate] = line?.certificates ?? [];
  switch (claim.programme) {
    case 'qualification':
    case 'master-apprentice': {
      const level = certificate?.level ?? '';
      if (certificate?.kind === 'special-ability') return `special-ability ${level}`;
      return `${certificate?.kind} ${edition.catalogueOn(certificate?.issuedOn ?? '').classOf(certificate?.occupation ?? '')?.name} ${level}`;
    }
    case 'project':
      if (certificate?.kind !== 'training-completion')
        return `${certificate?.kind} ${certificate?.renewal === true ? 'renewal' : 'new'}`;
      return assessment.lines[0]?.basis.includes('上浮') === true ? 'project uplift' : 'project plain';
    case 'pre-job':
      return `pre-job ${claim.route}`;
    case 'apprenticeship':
      return `apprenticeship ${line?.apprentice?.kind}`;
    default:
      return claim.class?.subject ?? '';
  }
}

import { existsSync, readdirSync } from 'node:fs';
import type { FindingOutcome } from '../../shared/regulation/contract.ts';
import { PROGRAMME_TERMS, ROUTE_TERMS } from '../../shared/regulation/contract.ts';
import { wenzhou202058 } from '../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import { EDITION_PARAMETERS } from '../../shared/regulation/parameters.ts';
import type { Paragraph, Part } from './paragraphs.ts';
import type { Carrier } from './registry.ts';
import { ROOT } from './registry.ts';

/** One thing that covers a paragraph: what it is, its code, and what proves it. Cells of a table in Markdown. */
interface Cover {
  readonly what: string;
  readonly code: string;
  readonly proof: string;
}

const ROUTES_FILE = 'shared/regulation/editions/wenzhou-2020-58/routes.ts';
const OUTCOME_TERMS: Readonly<Record<FindingOutcome, string>> = { pass: '符合', fail: '不符合', refer: '转人工' };
const GENERATED = '<!-- 由 npm run -s regulation-docs 生成，请勿手改 -->';

/** The pages of docs/regulation by file name. @throws Error where a paragraph names a rule, route or choice unknown */
export function regulationPages(parts: readonly Part[], carriers: readonly Carrier[]): ReadonlyMap<string, string> {
  const pages = new Map<string, string>();
  pages.set('README.md', indexPage(parts, carriers));
  for (const part of parts) pages.set(`${part.page}.md`, partPage(part, carriers));
  return pages;
}

function partPage(part: Part, carriers: readonly Carrier[]): string {
  const paragraphs = part.paragraphs.map((paragraph) => {
    const covers = coversOf(paragraph, carriers).map(({ what, code, proof }) => `| ${what} | ${code} | ${proof} |`);
    const table = covers.length === 0 ? [] : ['| 落实 | 代码 | 例子和测试 |', '|---|---|---|', ...covers, ''];
    const human = paragraph.human === undefined ? [] : [`**不由程序判断**：${paragraph.human}。`, ''];
    return [`## <a id="${anchorOf(paragraph)}"></a>${paragraph.id}`, '', `> ${paragraph.text}`, '', ...table, ...human];
  });
  return [GENERATED, `# ${part.title}`, '', '[目录](README.md)', '', ...paragraphs.flat()].join('\n');
}

function indexPage(parts: readonly Part[], carriers: readonly Carrier[]): string {
  const paragraphs = parts.flatMap((part) => part.paragraphs.map((paragraph) => ({ page: part.page, paragraph })));
  const computed = paragraphs.filter(({ paragraph }) => coversOf(paragraph, carriers).length > 0);
  return [
    GENERATED,
    `# ${wenzhou202058.document} 逐段落实`,
    '',
    `《${wenzhou202058.title}》全文分为${paragraphs.length}段，${computed.length}段有代码落实，${
      paragraphs.length - computed.length
    }段完全不由程序判断。每段的原文、代码、例子和测试见各页；例子的写法见[说明](../../test/regulation/examples/README.md)。`,
    '',
    ...parts.map((part) => `- [${part.title}](${part.page}.md)`),
    '',
    '## 条款 → 规则 → 代码 → 例子和测试',
    '',
    '| 条款 | 落实 | 代码 | 例子和测试 |',
    '|---|---|---|---|',
    ...paragraphs.flatMap(({ page, paragraph }) => articleRows(page, paragraph, carriers)),
    '',
    '## 规则和标准 → 条款',
    '',
    '| 规则 | 名称 | 条款 | 出现的段落 | 代码 | 例子和测试 |',
    '|---|---|---|---|---|---|',
    ...carriers.map((carrier) => {
      const named = paragraphs.filter(({ paragraph }) => idsOf(paragraph, carrier.kind).includes(carrier.id));
      const links = named.map(({ page, paragraph }) => paragraphLink(page, paragraph)).join('、');
      const cells = [`\`${carrier.id}\``, carrier.title, carrier.article, links, link(carrier.code), proofOf(carrier)];
      return `| ${cells.join(' | ')} |`;
    }),
    '',
    '## 条文没有写明之处的读法',
    '',
    '`npm run -s assess -- --edition-parameter 名称=读法` 可以试算另一种读法。',
    '',
    '| 参数 | 条款 | 问题 | 默认 | 其他读法 | 理由 |',
    '|---|---|---|---|---|---|',
    ...Object.entries(EDITION_PARAMETERS).map(([name, { article, question, readings, reason }]) => {
      const [first, ...others] = Object.entries(readings).map(([code, meaning]) => `\`${code}\` ${meaning}`);
      return `| \`${name}\` | ${article} | ${question} | ${first} | ${others.join('；')} | ${reason} |`;
    }),
    '',
  ].join('\n');
}

function articleRows(page: string, paragraph: Paragraph, carriers: readonly Carrier[]): string[] {
  const name = paragraphLink(page, paragraph);
  const covers = coversOf(paragraph, carriers);
  if (covers.length === 0) return [`| ${name} | 不由程序判断 | | |`];
  return covers.map(({ what, code, proof }, row) => `| ${row === 0 ? name : ''} | ${what} | ${code} | ${proof} |`);
}

function coversOf(paragraph: Paragraph, carriers: readonly Carrier[]): Cover[] {
  const carrier = (kind: Carrier['kind'], id: string): Cover => {
    const found = carriers.find((each) => each.kind === kind && each.id === id);
    if (found === undefined) throw new Error(`${paragraph.id}: there is no ${kind} ${id}`);
    const what = kind === 'rule' ? `规则 \`${id}\` ${found.title}` : `标准 \`${id}\` ${found.title}`;
    return { what, code: link(found.code), proof: proofOf(found) };
  };
  return [
    ...paragraph.rules.map((id) => carrier('rule', id)),
    ...paragraph.standards.map((id) => carrier('standard', id)),
    ...paragraph.routes.map((name) => routeCover(paragraph, name)),
    ...paragraph.parameters.map((name) => parameterCover(paragraph, name)),
    ...paragraph.data.map((file) => dataCover(`shared/regulation/${file}`)),
    ...paragraph.does.map(({ what, code }) => ({
      what: `能力：${what}`,
      code: code.map((file) => link(`shared/${file}`)).join('、'),
      proof: capabilityTests(code),
    })),
  ];
}

function routeCover(paragraph: Paragraph, name: string): Cover {
  const row = wenzhou202058.routes.find((candidate) => `${candidate.programme}/${candidate.route}` === name);
  if (row === undefined) throw new Error(`${paragraph.id}: there is no route ${name}`);
  return {
    what: `途径 \`${name}\` ${PROGRAMME_TERMS[row.programme]}（${ROUTE_TERMS[row.route]}）`,
    code: link(ROUTES_FILE),
    proof: link(`test/regulation/examples/base/${name.replace('/', '-')}.yaml`),
  };
}

function parameterCover(paragraph: Paragraph, name: string): Cover {
  const described = Object.entries(EDITION_PARAMETERS).find(([known]) => known === name)?.[1];
  if (described === undefined) throw new Error(`${paragraph.id}: there is no parameter ${name}`);
  return {
    what: `读法 \`${name}\` ${described.question}`,
    code: link('shared/regulation/parameters.ts'),
    proof: link('test/regulation/parameters.test.ts'),
  };
}

/** A file of shared/regulation beside the test that mirrors it, or that of its folder. */
function dataCover(file: string): Cover {
  const mirrored = file.replace('shared/', 'test/').replace(/\.ts$/u, '.test.ts');
  const tests = [mirrored, file.includes('/editions/') ? 'test/regulation/editions/editions.test.ts' : ''];
  const [test] = tests.filter((path) => path !== '' && existsSync(new URL(path, ROOT)));
  const fallback = file.includes('fund-accounts')
    ? 'test/regulation/jurisdiction.test.ts'
    : 'test/regulation/assess.test.ts';
  return { what: '数据和判断', code: link(file), proof: link(test ?? fallback) };
}

/** The folders of tests that mirror the capabilities, and that of the API through which they are also tested. */
function capabilityTests(code: readonly string[]): string {
  const folders = [...new Set(code.map((file) => `test/${file.split('/')[0] ?? ''}/`))];
  return [...folders.filter(holdsTests), 'test/functions/'].map(link).join('、');
}

function holdsTests(folder: string): boolean {
  const url = new URL(folder, ROOT);
  return existsSync(url) && readdirSync(url, { recursive: true }).some((name) => String(name).endsWith('.test.ts'));
}

function proofOf({ examples, tests }: Carrier): string {
  const told = examples.map(({ file, counts }) => {
    const parts = (['pass', 'fail', 'refer'] as const).filter((outcome) => counts[outcome] > 0);
    return `${link(file)}（${parts.map((outcome) => `${OUTCOME_TERMS[outcome]}${counts[outcome]}`).join('，')}）`;
  });
  return [...told, ...tests.map(link)].join('、');
}

function idsOf(paragraph: Paragraph, kind: Carrier['kind']): readonly string[] {
  return kind === 'rule' ? paragraph.rules : paragraph.standards;
}

/** A path from the root as a link from docs/regulation, named by its last part. */
function link(path: string): string {
  const name = path.split('/').findLast((part) => part !== '') ?? path;
  return `[${path.endsWith('/') ? path : name}](../../${path})`;
}

function paragraphLink(page: string, paragraph: Paragraph): string {
  return `[${paragraph.id}](<${page}.md#${anchorOf(paragraph)}>)`;
}

function anchorOf(paragraph: Paragraph): string {
  return paragraph.id.replaceAll(' ', '-');
}

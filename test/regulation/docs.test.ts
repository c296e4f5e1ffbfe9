import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { regulationPages } from '../../commands/regulation-docs/pages.ts';
import { readParts } from '../../commands/regulation-docs/paragraphs.ts';
import { readCarriers } from '../../commands/regulation-docs/registry.ts';
import { wenzhou202058 } from '../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import { EDITION_PARAMETERS } from '../../shared/regulation/parameters.ts';

const ROOT = new URL('../../', import.meta.url);
const DOCS = new URL('docs/regulation/', ROOT);
const REGULATION = new URL('shared/regulation/editions/wenzhou-2020-58/regulation.txt', ROOT);
const plain = (text: string) => text.replaceAll(/\s/gu, '');

const parts = readParts(new URL('commands/regulation-docs/paragraphs.yaml', ROOT), REGULATION);
const paragraphs = parts.flatMap((part) => part.paragraphs);
const carriers = readCarriers();
const pages = [...regulationPages(parts, carriers)];

describe('the paragraphs', () => {
  test('are the whole regulation, in its order, with nothing left out', () => {
    expect(plain(paragraphs.map((paragraph) => paragraph.text).join(''))).toBe(plain(readFileSync(REGULATION, 'utf8')));
  });

  test.each(paragraphs)('$id is accounted for: by what carries it out, or by why nothing can', (paragraph) => {
    const { data, does, human, parameters, routes, rules, standards } = paragraph;
    const covers = [rules, standards, routes, parameters, data, does].reduce((sum, each) => sum + each.length, 0);
    expect(covers + (human === undefined ? 0 : 1)).toBeGreaterThan(0);
    // A reason is a sentence that one can weigh.
    expect(human ?? '没有不由程序判断的部分').toMatch(/^.{10,}$/u);
  });

  test('each have a name of their own', () => {
    const ids = paragraphs.map((paragraph) => paragraph.id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  test('divide into one page for each part and annex', () => {
    const names = ['0-preamble', '1-programmes', '2-review-and-payment', '3-supervision', '4-duties', '5-other'];
    expect(parts.map((part) => part.page)).toEqual([...names, 'annex-1', 'annex-2', 'annex-3', 'annex-4']);
  });

  test('name every route and every open choice', () => {
    const routes = wenzhou202058.routes.map((row) => `${row.programme}/${row.route}`);
    expect(routes.filter((route) => !paragraphs.some((paragraph) => paragraph.routes.includes(route)))).toEqual([]);
    const choices = Object.keys(EDITION_PARAMETERS);
    expect(choices.filter((name) => !paragraphs.some((each) => each.parameters.includes(name)))).toEqual([]);
  });
});

describe('the rules and standards', () => {
  test.each(carriers)('$id: every article it cites has a paragraph that names it', ({ article, id, kind }) => {
    const naming = paragraphs.filter((each) => (kind === 'rule' ? each.rules : each.standards).includes(id));
    const unnamed = article.split(', ').filter((cited) => !naming.some((each) => each.id.startsWith(cited)));
    expect(unnamed).toEqual([]);
  });

  test.each(carriers)('$id: each outcome has an example, and a test of the provision names it', (carrier) => {
    const { examples, outcomes, tests } = carrier;
    expect(outcomes.filter((outcome) => !examples.some(({ counts }) => counts[outcome] > 0))).toEqual([]);
    expect(tests.length).toBeGreaterThan(0);
  });
});

describe('the pages', () => {
  test('on disk are what the sources make of them; npm run -s regulation-docs renews them', () => {
    const onDisk = readdirSync(DOCS).map((name) => [name, readFileSync(new URL(name, DOCS), 'utf8')]);
    expect(Object.fromEntries(onDisk)).toEqual(Object.fromEntries(pages));
  });

  test.each(pages)('%s links to files and paragraphs that exist', (name, text) => {
    const targets = [...text.matchAll(/\]\((?:<([^>]+)>|([^)<]+))\)/gu)].map(
      ([, angled, bare]) => angled ?? bare ?? '',
    );
    expect(targets.length).toBeGreaterThan(0);
    const dangling = targets.filter((target) => {
      const [path = '', anchor] = target.split('#');
      const url = new URL(path, new URL(name, DOCS));
      if (!existsSync(url)) return true;
      return anchor !== undefined && !readFileSync(url, 'utf8').includes(`<a id="${anchor}">`);
    });
    expect(dangling).toEqual([]);
  });
});

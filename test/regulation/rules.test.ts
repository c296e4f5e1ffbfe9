import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { STANDARDS } from '../../shared/regulation/assess.ts';
import { CLAIM_RULES, LINE_RULES, RULES } from '../../shared/regulation/rules.ts';

const FOLDER = new URL('../../shared/regulation/', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, FOLDER), 'utf8');
/** Spaces and full or half width are the printer’s, not the law’s. */
const plain = (text: string) => text.normalize('NFKC').replaceAll(/\s/gu, '');
const REGULATION = plain(read('editions/wenzhou-2020-58/regulation.txt'));
const standards = Object.values(STANDARDS);

/** Section 4 of the rules: id, article, and † for correctable, in its order. */
const SECTION_4 = [
  ['applicant.kind', '一, 五(三)'],
  ['applicant.urban', '五(四)'],
  ['applicant.studio', '一(五)'],
  ['applicant.free-of-charge', '一(六)'],
  ['filing.accepted', '三(一)'],
  ['filing.before-start', '三(一)'],
  ['filing.cross-district', '三(二)'],
  ['class.hours', '一(三), 附件1'],
  ['class.size', '一(五), 一(六)'],
  ['class.batches', '一(五)'],
  ['class.dates', '三(一)'],
  ['evidence.materials', '一', '†'],
  ['evidence.videos', '一(二)2(1)', '†'],
  ['claim.deadline', '五(四), 一(一)2(1)'],
  ['roster.identity', '四(二)', '†'],
  ['roster.duplicate', '四(二)'],
  ['roster.card', '一(一)2(1)', '†'],
  ['age.working', '五(一)'],
  ['status.verified', '二(二)'],
  ['recipient.condition', '一, 二(二)'],
  ['certificate.required', '一'],
  ['certificate.catalogue', '附件1, 附件2'],
  ['certificate.issuer', '五(二)'],
  ['certificate.window', '一(一)2(1), 五(四)'],
  ['certificate.deadline', '一(一)2(1)'],
  ['certificate.origin', '一(一)2(1)'],
  ['certificate.code', '附件4'],
  ['hours.attended', '一(三), 一(二)1'],
  ['pre-job.contract', '一(三)1'],
  ['apprentice.figures', '一(四)'],
  ['apprentice.student-contract', '一(四)'],
  ['entrepreneurship.licence', '一(六)'],
  ['quota.annual', '四(二)'],
  ['quota.repeat', '四(二)'],
];

describe('the rules', () => {
  test('are those of section 4, in its order, with its articles and its †', () => {
    expect(RULES.map((rule) => [rule.id, rule.article, ...(rule.correctable ? ['†'] : [])])).toEqual(SECTION_4);
    expect([CLAIM_RULES.length, LINE_RULES.length]).toEqual([14, 20]);
  });

  test.each(RULES)('$id stands in the file it names, and has a Chinese title of its own', (rule) => {
    expect(read(rule.file)).toContain(`id: '${rule.id}'`);
    expect(rule.title).toMatch(/\p{Script=Han}/u);
    expect(RULES.filter((other) => other.title === rule.title)).toEqual([rule]);
  });

  test.each([...RULES, ...standards])('$file quotes the regulation word for word', ({ words }) => {
    expect(words.length).toBeGreaterThan(0);
    expect(words.filter((sentence) => !REGULATION.includes(plain(sentence)))).toEqual([]);
  });

  test.each(standards)('$file holds the standard of $programme', ({ file, programme }) => {
    expect(STANDARDS[programme].file).toBe(file);
    expect(read(file)).toContain(`programme: '${programme}'`);
  });

  test('every provision file holds a rule, or says which provision it carries out', () => {
    const files = readdirSync(new URL('provisions/', FOLDER)).map((name) => `provisions/${name}`);
    const silent = files.filter((file) => !RULES.some((rule) => rule.file === file));
    for (const file of silent) expect(read(file)).toMatch(/^\/\*\n \* [一二三四五]\([一二三四五]\) /mu);
    expect(silent).toEqual(['provisions/3-3-fund-accounts.ts', 'provisions/5-3-institutions.ts']);
  });

  test('files are named by the article they carry out, in the order of the regulation', () => {
    const digits: Readonly<Record<string, string>> = { 一: '1', 二: '2', 三: '3', 四: '4', 五: '5', 六: '6' };
    for (const { article, file } of RULES) {
      const numbers = article.split(', ').map((each) =>
        each
          .replace('附件', 'annex-')
          .replace(/[一二三四五六]/gu, (character) => digits[character] ?? '')
          .replaceAll(/[()]/gu, '-')
          .replaceAll(/-{2,}/gu, '-')
          .replace(/^(\d)(?=\d)/u, '$1-')
          .replace(/-$/u, ''),
      );
      const name = file.replace('provisions/', '');
      const fits = numbers.some((number) => name.startsWith(`${number}-`) || name.startsWith(`${number}-0-`));
      expect([file, numbers, fits]).toEqual([file, numbers, true]);
    }
  });

  test('no rule, standard or fact names an edition', () => {
    const folders = ['.', 'provisions', 'standards'];
    for (const folder of folders) {
      for (const name of readdirSync(new URL(`${folder}/`, FOLDER)).filter((each) => each.endsWith('.ts'))) {
        expect(read(`${folder}/${name}`)).not.toMatch(/wenzhou/u);
      }
    }
    expect(existsSync(new URL('editions/wenzhou-2020-58/edition.ts', FOLDER))).toBe(true);
  });
});

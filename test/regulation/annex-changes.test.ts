import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AnnexChange,
  type AnnexPublication,
  annexFaults,
  withAnnexPublications,
} from '../../shared/regulation/annex-changes.ts';
import { assessWith } from '../../shared/regulation/assess.ts';
import type { Certificate } from '../../shared/regulation/contract.ts';
import { withParameters } from '../../shared/regulation/edition.ts';
import { wenzhou202058 } from '../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import { yuan } from '../../shared/regulation/money.ts';
import { SAMPLE_CERTIFICATES, sampleRequest } from './sample-requests.ts';

const paper = (effectiveFrom: string, document: string, ...changes: AnnexChange[]): AnnexPublication => ({
  document,
  title: `关于调整补贴目录的通知（${document}）`,
  effectiveFrom,
  changes,
});
const toB: AnnexChange = { annex: 1, change: 'reclassify', occupation: '茶艺师', class: 'B' };
const ninth = paper(
  '2021-02-01',
  '温人社发〔2021〕9号',
  toB,
  { annex: 1, change: 'remove', occupation: '车工' },
  { annex: 1, change: 'add', occupation: '无人机 驾驶员', class: 'A' },
  { annex: 2, change: 'add', occupation: '直播 带货', level: 'junior', standard: yuan(700) },
  { annex: 2, change: 'add', occupation: '直播 销售', level: 'junior', standard: yuan(600) },
  { annex: 2, change: 'add', occupation: '艾灸理疗', level: 'intermediate', standard: yuan(650) },
  { annex: 2, change: 'remove', occupation: '脚穴按摩', level: 'senior' },
);
const changed = withAnnexPublications(wenzhou202058, [ninth]);

/** What a certificate comes to by an edition: outcome of the rule, amount, how it came about. */
function judged(certificate: Partial<Certificate>, edition = changed) {
  const certificates = [{ ...SAMPLE_CERTIFICATES.qualification, ...certificate }];
  const [line] = assessWith(edition, sampleRequest('qualification/college', { certificates })).lines;
  const finding = line?.findings.find(({ rule }) => rule === 'certificate.catalogue');
  return { outcome: finding?.outcome, fen: line?.amountFen, basis: line?.basis, facts: finding?.facts };
}
const days = ['2021-01-31', '2021-02-01', '2021-02-02'] as const;
const over = (certificate: Partial<Certificate>, edition = changed) =>
  days.map((issuedOn) => {
    const { outcome, fen } = judged({ ...certificate, issuedOn }, edition);
    return outcome === 'pass' ? fen : outcome;
  });
const ability = (occupation: string, level: Certificate['level']) =>
  ({ kind: 'special-ability', issuer: 'city-hr', occupation, level }) as const;

describe('a certificate is judged by the annexes of its day of issue: the day before, the day of, the day after', () => {
  test.each([
    ['an occupation in another class', { occupation: '茶艺师' }, [yuan(1500), yuan(1800), yuan(1800)]],
    ['an occupation taken out', { occupation: '车工' }, [yuan(2400), 'fail', 'fail']],
    ['one that was in no class', { occupation: '无人机驾驶员' }, [yuan(1500), yuan(2400), yuan(2400)]],
    ['one that the paper does not name', { occupation: '钳工' }, [yuan(2400), yuan(2400), yuan(2400)]],
    ['a new ability with a standard of its own', ability('直播带货', 'junior'), ['fail', yuan(700), yuan(700)]],
    ['a new ability at the standard of its level', ability('直播销售', 'junior'), ['fail', yuan(600), yuan(600)]],
    ['and those printed at that level', ability('艾灸理疗', 'junior'), [yuan(600), yuan(600), yuan(600)]],
    ['a new level', ability('艾灸理疗', 'intermediate'), ['fail', yuan(650), yuan(650)]],
    ['an ability taken out at one level', ability('脚穴按摩', 'senior'), [yuan(800), 'fail', 'fail']],
    ['and not at the other', ability('脚穴按摩', 'junior'), [yuan(600), yuan(600), yuan(600)]],
  ] as const)('%s', (_, certificate, expected) => {
    expect(over(certificate)).toEqual(expected);
  });

  test('the amount and the finding name the paper, where it changed the entry and from then on', () => {
    const [before, on] = days.map((issuedOn) => judged({ occupation: '茶艺师', issuedOn }));
    expect(before?.basis).toBe('C类 茶艺师 高级：1500元（一(一)1、附件1）');
    expect(before?.facts).not.toHaveProperty('changedBy');
    expect(on?.basis).toBe('B类 茶艺师 高级：1800元（一(一)1、附件1，按温人社发〔2021〕9号调整）');
    expect(on?.facts).toEqual({ occupation: '茶艺师', level: 'senior', class: 'B', changedBy: '温人社发〔2021〕9号' });
    expect(judged({ occupation: '钳工', issuedOn: '2021-02-01' }).basis).toBe(
      'A类 钳工 高级：2400元（一(一)1、附件1）',
    );
    expect(judged({ ...ability('直播带货', 'junior'), issuedOn: '2021-02-01' }).basis).toBe(
      '专项能力 直播带货 初级：700元（一(一)1、附件1、附件2，按温人社发〔2021〕9号调整）',
    );
    expect(judged({ occupation: '车工', issuedOn: '2021-02-01' }).facts).toMatchObject({
      changedBy: '温人社发〔2021〕9号',
    });
  });

  test('a level that annex 2 knows by the paper is told', () => {
    const message = (issuedOn: string) => {
      const certificates = [{ ...SAMPLE_CERTIFICATES.qualification, ...ability('艾灸理疗', 'technician'), issuedOn }];
      const { lines } = assessWith(changed, sampleRequest('qualification/college', { certificates }));
      return lines[0]?.findings.find(({ rule }) => rule === 'certificate.catalogue')?.message;
    };
    expect(message('2021-01-31')).toContain('只有初级和高级');
    expect(message('2021-02-01')).toContain('只有初级和高级和中级');
  });

  test('the edition as printed stays as it is, other choices keep the changes, no paper is no change', () => {
    expect(over({ occupation: '茶艺师' }, wenzhou202058)).toEqual([yuan(1500), yuan(1500), yuan(1500)]);
    const choices = withParameters(changed, { ...changed.parameters, ageOutside: 'refer' });
    expect(over({ occupation: '茶艺师' }, choices)).toEqual([yuan(1500), yuan(1800), yuan(1800)]);
    expect([wenzhou202058.catalogueVersion, changed.catalogueVersion, choices.catalogueVersion]).toEqual([0, 1, 1]);
    expect(withAnnexPublications(wenzhou202058, [])).toBe(wenzhou202058);
  });
});

describe('papers after one another', () => {
  const back = paper('2021-02-03', '温人社发〔2021〕20号', {
    annex: 1,
    change: 'add',
    occupation: '车 工',
    class: 'B',
  });
  const away = paper('2021-02-02', '温人社发〔2021〕15号', { annex: 1, change: 'remove', occupation: '茶艺师' });

  test('each counts from its day, whatever the order in which they were published', () => {
    for (const order of [
      [ninth, away, back],
      [back, ninth, away],
      [away, back, ninth],
    ]) {
      const edition = withAnnexPublications(wenzhou202058, order);
      expect(over({ occupation: '茶艺师' }, edition)).toEqual([yuan(1500), yuan(1800), 'fail']);
      expect(over({ occupation: '车工' }, edition)).toEqual([yuan(2400), 'fail', 'fail']);
      const turned = judged({ occupation: '车工', issuedOn: '2021-02-03' }, edition);
      expect([turned.outcome, turned.fen]).toEqual(['pass', yuan(1800)]);
      expect(turned.basis).toContain('温人社发〔2021〕20号');
    }
  });

  test('two from one day are one catalogue', () => {
    const same = paper('2021-02-01', '温人社发〔2021〕10号', { annex: 1, change: 'remove', occupation: '钳工' });
    const edition = withAnnexPublications(wenzhou202058, [ninth, same]);
    expect(edition.catalogues.map(({ from }) => from)).toEqual([undefined, '2021-02-01']);
    expect(over({ occupation: '钳工' }, edition)).toEqual([yuan(2400), 'fail', 'fail']);
    expect(over({ occupation: '茶艺师' }, edition)).toEqual([yuan(1500), yuan(1800), yuan(1800)]);
    expect(edition.catalogueVersion).toBe(2);
  });

  test('changes that do not fail fit together in any order of publication', () => {
    const names = ['车工', '茶艺师', '无人机驾驶员', '艾灸理疗'];
    const change: fc.Arbitrary<AnnexChange> = fc.oneof(
      fc.record({
        annex: fc.constant(1 as const),
        change: fc.constantFrom('add' as const, 'reclassify' as const),
        occupation: fc.constantFrom(...names),
        class: fc.constantFrom('A', 'B', 'C'),
      }),
      fc.record({
        annex: fc.constant(1 as const),
        change: fc.constant('remove' as const),
        occupation: fc.constantFrom(...names),
      }),
      fc.record({
        annex: fc.constant(2 as const),
        change: fc.constant('add' as const),
        occupation: fc.constantFrom(...names),
        level: fc.constantFrom('junior' as const, 'intermediate' as const),
        standard: fc.constantFrom(yuan(600), yuan(700)),
      }),
      fc.record({
        annex: fc.constant(2 as const),
        change: fc.constant('remove' as const),
        occupation: fc.constantFrom(...names),
        level: fc.constantFrom('junior' as const, 'intermediate' as const),
      }),
    );
    const one = fc.record({
      day: fc.integer({ min: 1, max: 9 }),
      changes: fc.array(change, { minLength: 1, maxLength: 3 }),
    });
    let taken = 0;
    fc.assert(
      fc.property(fc.array(one, { maxLength: 6 }), (tried) => {
        const published: AnnexPublication[] = [];
        for (const [n, { day, changes }] of tried.entries()) {
          const next = paper(`2021-02-0${day}`, `${n}号`, ...changes);
          if (annexFaults(wenzhou202058, published, next).length === 0) published.push(next);
        }
        taken += published.length;
        const edition = withAnnexPublications(wenzhou202058, published);
        const turned = withAnnexPublications(wenzhou202058, published.toReversed());
        for (const { from, catalogue } of edition.catalogues) {
          const day = from ?? '2021-01-01';
          const printed = catalogue.occupationClasses.flatMap(({ occupations }) => occupations);
          expect(new Set(printed).size).toBe(printed.length);
          expect(printed.filter((name) => catalogue.withdrawn.includes(name))).toEqual([]);
          for (const name of names) {
            expect(turned.catalogueOn(day).classOf(name)?.name).toBe(catalogue.classOf(name)?.name);
            for (const level of ['junior', 'intermediate'] as const) {
              const lists = catalogue.abilityLists.filter((l) => l.level === level && l.occupations.includes(name));
              expect(lists.length).toBeLessThan(2);
              expect(turned.catalogueOn(day).abilityOf(level, name)?.standard).toBe(lists[0]?.standard);
            }
          }
        }
      }),
      { seed: 58, numRuns: 300 },
    );
    expect(taken).toBeGreaterThan(200);
  });
});

describe('a paper that cannot join the others is refused, each change with its reason', () => {
  const faults = (next: AnnexPublication, published: AnnexPublication[] = []) =>
    annexFaults(wenzhou202058, published, next).map(({ change, message }) => `${change} ${message}`);

  test.each([
    [{ annex: 1, change: 'add', occupation: '车 工', class: 'B' }, '已列入A类'],
    [{ annex: 1, change: 'add', occupation: '新职业', class: 'D' }, '附件1没有“D”类，只有A、B、C'],
    [{ annex: 1, change: 'reclassify', occupation: '车工', class: 'A' }, '已是A类'],
    [{ annex: 1, change: 'reclassify', occupation: '新职业', class: 'A' }, '没有列入附件1的任何一类'],
    [
      { annex: 2, change: 'add', occupation: '艾灸 理疗', level: 'junior', standard: 1 },
      '“艾灸 理疗”初级在2021-02-01已在附件2内',
    ],
    [{ annex: 2, change: 'remove', occupation: '艾灸理疗', level: 'senior' }, '“艾灸理疗”高级在2021-02-01不在附件2内'],
  ] as const)('%o', (change, message) => {
    expect(faults(paper('2021-02-01', '1号', change))).toEqual([expect.stringContaining(message)]);
  });

  test('what a paper took out cannot be taken out again, and can be put back later', () => {
    const remove: AnnexChange = { annex: 1, change: 'remove', occupation: '车工' };
    const later = faults(paper('2021-02-02', '2号', remove), [ninth]);
    expect(later).toEqual([expect.stringContaining('已不在附件1内')]);
    const add: AnnexChange = { annex: 1, change: 'add', occupation: '车工', class: 'A' };
    expect(faults(paper('2021-02-02', '2号', add), [ninth])).toEqual([]);
    // An occupation of no class is taken by class C: that, too, can end.
    expect(faults(paper('2021-02-02', '2号', { ...remove, occupation: '新职业' }))).toEqual([]);
  });

  test.each([
    ['2021-01-31', true],
    ['2021-02-01', true],
    ['2021-02-02', false],
  ])('an entry changed from 2021-02-01 cannot be changed from %s: %s', (from, isRefused) => {
    const again: AnnexChange = { annex: 1, change: 'reclassify', occupation: '茶 艺师', class: 'A' };
    const found = faults(paper(from, '3号', again), [ninth]);
    expect(found.map((fault) => fault.includes('温人社发〔2021〕9号自2021-02-01起调整'))).toEqual(
      isRefused ? [true] : [],
    );
  });

  test('one entry twice in a paper, in two spellings; an ability at two levels is two entries', () => {
    expect(faults(paper('2021-02-01', '4号', toB, { ...toB, occupation: '茶 艺 师', class: 'A' }))).toEqual([
      expect.stringContaining('1 与第1项是同一条目'),
    ]);
    const add = { annex: 2, change: 'add', occupation: '新项目', standard: yuan(600) } as const;
    expect(faults(paper('2021-02-01', '4号', { ...add, level: 'junior' }, { ...add, level: 'senior' }))).toEqual([]);
  });
});

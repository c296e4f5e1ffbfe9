import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RosterLine } from '../../shared/claims/line-record.ts';
import { numberLines, rosterSchema } from '../../shared/claims/roster.ts';
import { rosterWarnings } from '../../shared/claims/roster-warnings.ts';
import { wenzhou202058 } from '../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import { certifiedLine } from '../support/claim-world.ts';
import { identityNumber } from '../support/people.ts';

const line = (id: string): RosterLine => ({ id, name: id, idNumber: '', certificates: [] });
const rosters = fc.array(
  fc.uniqueArray(
    fc.integer({ min: 0, max: 12 }).map((n) => `L${n}`),
    { minLength: 1 },
  ),
  {
    minLength: 1,
    maxLength: 12,
  },
);

describe('roster', () => {
  test('over any history of rosters a line keeps its number, and a number its line', () => {
    fc.assert(
      fc.property(rosters, (history) => {
        let known = new Map<string, number>();
        let next = 1;
        const ever = new Map<string, number>();
        for (const ids of history) {
          const roster = numberLines(ids.map(line), known, next);
          const numbers = roster.lines.map(({ lineNo }) => lineNo);
          expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
          expect(new Set(roster.lines.map((each) => each.line.id))).toEqual(new Set(ids));
          known = new Map([...roster.lines.map((each) => [each.line.id, each.lineNo] as const), ...roster.retired]);
          next = roster.nextLineNo;
          for (const [id, lineNo] of known) {
            expect(ever.get(id) ?? lineNo).toBe(lineNo);
            ever.set(id, lineNo);
          }
          expect(new Set(ever.values()).size).toBe(ever.size);
          expect(next).toBe(ever.size + 1);
        }
      }),
      { seed: 20_200_522 },
    );
  });

  test('a first roster is numbered in its order, from 1', () => {
    const { lines, nextLineNo, retired } = numberLines([line('b'), line('a')], new Map(), 1);
    expect(lines.map((each) => [each.line.id, each.lineNo])).toEqual([
      ['b', 1],
      ['a', 2],
    ]);
    expect([nextLineNo, retired]).toEqual([3, []]);
  });

  describe('what is taken in', () => {
    const schema = rosterSchema(wenzhou202058);
    const taken = (more: Partial<RosterLine>) => schema.parse({ lines: [{ ...certifiedLine(1), ...more }] }).lines[0];
    const problems = (more: Partial<RosterLine>) =>
      schema.safeParse({ lines: [{ ...certifiedLine(1), ...more }] }).error?.issues.map(({ path }) => path.join('.'));
    const certificate = (more: object) =>
      certifiedLine(1).certificates.map((each) => ({ ...each, ...more })) as RosterLine['certificates'];

    test('invisible and look-alike characters leave names, occupations and numbers as they read', () => {
      const read = taken({
        name: ' 张\u200b三\u2060\t',
        idNumber: "'330302\u200b19850312\u202c０01x ",
        certificates: certificate({ occupation: '\uF9FE\uFE00艺\u3164师', number: 'Ｓ00\u00ad1' }),
      });
      expect(read).toMatchObject({
        name: '张三',
        idNumber: '33030219850312001X',
        certificates: [{ occupation: '茶艺师', number: 'S001' }],
      });
    });

    test.each([
      '阿卜杜热西提·买买提',
      '热孜古丽•艾山',
      '古丽‧努尔',
      '买买提∙吐尔逊',
      '𬱖䶮',
      '𱁬𰻞',
      '㛃',
      '\uE863',
      "O'Neil",
    ])('the name %s stays as it is written', (name) => {
      expect(taken({ name })?.name).toBe(name);
    });

    test('nobody’s number stands in a line id, a name or an occupation', () => {
      const number = identityNumber('19850312', 7);
      expect(problems({ id: number })).toEqual(['lines.0.id']);
      expect(problems({ id: `A-${number}` })).toEqual(['lines.0.id']);
      expect(problems({ id: '13800138000' })).toEqual(['lines.0.id']);
      expect(problems({ name: `张三${number}` })).toEqual(['lines.0.name']);
      expect(problems({ certificates: certificate({ occupation: number }) })).toEqual([
        'lines.0.certificates.0.occupation',
      ]);
      expect(problems({ id: '2021-0001' })).toBeUndefined();
    });

    test.each([
      ['name', 50, (text: string) => ({ name: text })],
      ['idNumber', 40, (text: string) => ({ idNumber: text })],
      ['certificates.0.number', 64, (text: string) => ({ certificates: certificate({ number: text }) })],
      ['certificates.0.occupation', 60, (text: string) => ({ certificates: certificate({ occupation: text }) })],
    ])('%s has %i characters at most, counted as it is stored', (path, most, more) => {
      // ㍿ becomes 株式会社.
      expect(problems(more('㍿'.repeat(most / 4).padEnd(most - 3 * (most / 4), '汉')))).toBeUndefined();
      expect(problems(more('㍿'.repeat(most / 4 + 1)))).toEqual([`lines.0.${path}`]);
      expect(problems(more('汉'.repeat(most)))).toBeUndefined();
      expect(problems(more('汉'.repeat(most + 1)))).toEqual([`lines.0.${path}`]);
    });
  });

  test('warnings call the damage by its name', () => {
    const valid = identityNumber('19850312', 7);
    const broken = `${valid.slice(0, 17)}${valid.endsWith('0') ? '1' : '0'}`;
    const told = rosterWarnings([
      { ...line('a'), idNumber: valid },
      { ...line('b'), idNumber: broken },
      { ...line('c'), idNumber: '330302198513321234' },
      { ...line('d'), idNumber: 'ABCDEFGHIJKLMNOPQR' },
      { ...line('e'), idNumber: '330302850312123' },
    ]);
    expect(told.map(({ lineId, message }) => [lineId, message.slice(0, 12)])).toEqual([
      ['b', '身份证号码末位校验码不符'],
      ['c', '身份证号码中的出生日期不'],
      ['d', '身份证号码含有数字和末位'],
      ['e', '15位身份证号码已停用，'],
    ]);
  });
});

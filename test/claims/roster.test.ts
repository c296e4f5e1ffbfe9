import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RosterLine } from '../../shared/claims/line-record.ts';
import { numberLines } from '../../shared/claims/roster.ts';
import { rosterWarnings } from '../../shared/claims/roster-warnings.ts';
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

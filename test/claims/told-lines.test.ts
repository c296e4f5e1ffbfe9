import { describe, expect, test } from 'vitest';
import type { JudgedLine, Judgement } from '../../shared/claims/judge-claim.ts';
import { toldLines } from '../../shared/claims/pre-check-claim.ts';

const line = (lineNo: number, ...rules: [rule: string, outcome: 'pass' | 'fail' | 'refer'][]) =>
  ({ entry: { lineNo }, findings: rules.map(([rule, outcome]) => ({ rule, outcome })) }) as unknown as JudgedLine;
const judgement = (lines: JudgedLine[]) => ({ lines }) as Judgement;
const sound = (lineNo: number) => line(lineNo, ['age.working', 'pass']);
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

describe('what a pre-check tells of the lines', () => {
  test.each([
    [499, 0],
    [500, 0],
    [501, 1],
    [5000, 4500],
  ])('of %i lines it leaves out %i', (count, leftOut) => {
    const told = toldLines(judgement(numbers(1, count).map(sound)));
    expect([told.lines.length, told.leftOut, told.rules]).toEqual([count - leftOut, leftOut, []]);
  });

  test('of a long roster it tells those with something to mend first, and counts each rule over all', () => {
    const lines = numbers(1, 1200).map((lineNo) =>
      lineNo > 600 ? line(lineNo, ['age.working', 'fail'], ['status.verified', 'refer']) : sound(lineNo),
    );
    lines[0] = line(1, ['status.verified', 'refer']);
    const told = toldLines(judgement(lines));
    expect(told.lines.map(({ entry }) => entry.lineNo)).toEqual([1, ...numbers(601, 1099)]);
    expect(told.leftOut).toBe(700);
    expect(told.rules).toEqual([
      { rule: 'status.verified', outcome: 'refer', lines: 601 },
      { rule: 'age.working', outcome: 'fail', lines: 600 },
    ]);
  });
});

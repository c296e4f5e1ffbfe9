import { describe, expect, test } from 'vitest';
import { compileExpression } from '../../../local/observability/metric-math.ts';

const values: Record<string, number | undefined> = { e: 3, i: 60, none: undefined, zero: 0 };
const evaluate = (text: string) => compileExpression(text)((id) => values[id]);

describe('metric math', () => {
  test.each([
    ['100 * e / i', 5],
    ['e + i * 2', 123],
    ['(e + i) * 2', 126],
    ['i - e - 7', 50],
    ['-e + 1', -2],
    ['100 * e / MAX([i, 1])', 5],
    ['100 * e / MAX([zero, 1])', 300],
    ['IF(i > 50, e, 0)', 3],
    ['IF(i > 50 && e < 3, 1, 2)', 2],
    ['IF(none, 1, 2)', undefined],
    ['FILL(none, 0) + e', 3],
    ['SUM([e, none, i])', 63],
    ['AVG([e, i])', 31.5],
    ['MIN([e, i])', 3],
    ['ABS(e - i)', 57],
    ['e + none', undefined],
    ['e / zero', undefined],
    ['1.5 * 2', 3],
  ])('%s', (text, expected) => {
    expect(evaluate(text)).toBe(expected);
  });

  test.each(['ANOMALY_DETECTION_BAND(e)', 'e +', '(e', 'e ? i', 'e i', 'SEARCH("x")'])('%s is refused', (text) => {
    expect(() => evaluate(text)).toThrow(Error);
  });
});

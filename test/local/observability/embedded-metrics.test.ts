import { describe, expect, test } from 'vitest';
import { carriesMetrics, readEmbeddedMetrics } from '../../../local/observability/embedded-metrics.ts';

const at = Date.parse('2021-03-09T00:00:00Z');

function record(more: object, directive: object = {}) {
  return {
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [
        {
          Namespace: 'jipei',
          Dimensions: [['service']],
          Metrics: [{ Name: 'ClaimsAssessed', Unit: 'Count' }],
          ...directive,
        },
      ],
    },
    service: 'assess-claim',
    ClaimsAssessed: 2,
    ...more,
  };
}

function read(given: object) {
  const problems: string[] = [];
  const data = readEmbeddedMetrics(given as Record<string, unknown>, (problem) => problems.push(problem));
  return { data, problems };
}

describe('embedded metrics', () => {
  test('a metric with its dimensions', () => {
    expect(read(record({}))).toEqual({
      data: [
        {
          namespace: 'jipei',
          name: 'ClaimsAssessed',
          dimensions: { service: 'assess-claim' },
          unit: 'Count',
          at,
          values: [2],
        },
      ],
      problems: [],
    });
  });

  test('one datum per dimension set; several values at once; the unit may be missing', () => {
    const directive = { Dimensions: [['service'], ['service', 'route'], []], Metrics: [{ Name: 'ClaimsAssessed' }] };
    const { data } = read(record({ route: 'enterprise', ClaimsAssessed: [1, 2, 3] }, directive));
    expect(data.map((one) => one.dimensions)).toEqual([
      { service: 'assess-claim' },
      { service: 'assess-claim', route: 'enterprise' },
      {},
    ]);
    expect(data[0]).toMatchObject({ unit: 'None', values: [1, 2, 3] });
  });

  test.each([
    ['text for a value', record({ ClaimsAssessed: 'two' }), 'no number'],
    ['no value', record({ ClaimsAssessed: undefined }), 'no number'],
    ['100 values pass, 101 do not', record({ ClaimsAssessed: Array.from({ length: 101 }, () => 1) }), 'more than 100'],
    ['an unknown unit', record({}, { Metrics: [{ Name: 'ClaimsAssessed', Unit: 'Claims' }] }), 'unknown unit Claims'],
    ['a dimension without value', record({ service: undefined }), 'dimension without text: service'],
    [
      '31 dimensions',
      record({}, { Dimensions: [Array.from({ length: 31 }, (_n, i) => `d${i}`)] }),
      'more than 30 dimensions',
    ],
    [
      '101 metrics',
      record({}, { Metrics: Array.from({ length: 101 }, (_n, i) => ({ Name: `m${i}` })) }),
      'more than 100 metrics',
    ],
    ['no namespace', record({}, { Namespace: '' }), 'Namespace'],
  ])('%s is reported and dropped', (_name, given, problem) => {
    const { data, problems } = read(given);
    expect(data).toEqual([]);
    expect(problems[0]).toContain(problem);
  });

  test('exactly 30 dimensions and 100 values are within the limits', () => {
    const names = Array.from({ length: 30 }, (_n, i) => `d${i}`);
    const given = record(
      { ...Object.fromEntries(names.map((name) => [name, 'x'])), ClaimsAssessed: Array.from({ length: 100 }, () => 1) },
      { Dimensions: [names] },
    );
    expect(read(given)).toMatchObject({ data: [{ values: { length: 100 } }], problems: [] });
  });

  test('byte units are known with their prefixes and rates', () => {
    const data = read(record({}, { Metrics: [{ Name: 'ClaimsAssessed', Unit: 'Megabytes/Second' }] }));
    expect(data.problems).toEqual([]);
  });

  test('an ordinary line carries none', () => {
    expect(carriesMetrics({ message: 'x' })).toBe(false);
    expect(carriesMetrics(undefined)).toBe(false);
    expect(carriesMetrics(record({}))).toBe(true);
  });
});

import type { Datum } from './embedded-metrics.ts';

/** All values of one metric so far, summed up. */
export interface MetricSummary {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly unit: string;
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

/** A metric by its three names. */
export interface MetricId {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Value of a gauge at an instant; `undefined` where there is none. */
export type Gauge = (at: number) => number | undefined;

export interface MetricStore {
  add(datum: Datum): void;
  /** From `since` on, the gauge reads so, until it is set again. */
  setGauge(id: MetricId, since: number, reading: Gauge): void;
  /** Values in `[from, to)`: what was added, or what a gauge read at its changes and at the end. */
  values(id: MetricId, from: number, to: number): number[];
  summaries(): MetricSummary[];
  /** Breaches of CloudWatch's limits, newest last. */
  problems(): readonly string[];
  report(problem: string): void;
}

/** Values kept of one metric; the oldest go first, the summary stays. */
const KEPT_VALUES = 20_000;

interface Series {
  readonly id: MetricId;
  readonly unit: string;
  data: { at: number; values: readonly number[] }[];
  count: number;
  sum: number;
  min: number;
  max: number;
}

interface GaugeSeries {
  readonly id: MetricId;
  readonly readings: { since: number; reading: Gauge }[];
}

export function createMetricStore(): MetricStore {
  const series = new Map<string, Series>();
  const gauges = new Map<string, GaugeSeries>();
  const problems: string[] = [];

  return {
    add: ({ values, at, unit, ...id }) => {
      const key = keyOf(id);
      const one = series.get(key) ?? { id, unit, data: [], count: 0, sum: 0, min: Infinity, max: -Infinity };
      series.set(key, one);
      one.data.push({ at, values });
      if (one.data.length > KEPT_VALUES * 1.1) one.data = one.data.slice(-KEPT_VALUES);
      for (const value of values) {
        one.count += 1;
        one.sum += value;
        one.min = Math.min(one.min, value);
        one.max = Math.max(one.max, value);
      }
    },
    setGauge: (id, since, reading) => {
      const key = keyOf(id);
      const one = gauges.get(key) ?? { id, readings: [] };
      gauges.set(key, one);
      one.readings.push({ since, reading });
      if (one.readings.length > KEPT_VALUES) one.readings.shift();
    },
    values: (id, from, to) => {
      const added = series.get(keyOf(id))?.data ?? [];
      const inTime = added.filter(({ at }) => at >= from && at < to).flatMap(({ values }) => values);
      return [...inTime, ...gaugeValues(gauges.get(keyOf(id)), from, to)];
    },
    summaries: () => [
      ...[...series.values()].map(({ id, unit, count, sum, min, max }) => ({ ...id, unit, count, sum, min, max })),
      ...[...gauges.values()].flatMap(({ id, readings }) => {
        const last = readings.at(-1);
        const value = last?.reading(last.since);
        return value === undefined ? [] : [{ ...id, unit: 'None', count: 1, sum: value, min: value, max: value }];
      }),
    ],
    problems: () => problems,
    report: (problem) => {
      problems.push(problem);
    },
  };
}

function gaugeValues(gauge: GaugeSeries | undefined, from: number, to: number): number[] {
  if (gauge === undefined) return [];
  const { readings } = gauge;
  return readings.flatMap(({ since, reading }, index) => {
    const until = readings[index + 1]?.since ?? Number.POSITIVE_INFINITY;
    if (since >= to || until <= from) return [];
    const ends = [Math.max(since, from), Math.min(until, to) - 1];
    return ends.map(reading).filter((value) => value !== undefined);
  });
}

function keyOf({ namespace, name, dimensions }: MetricId): string {
  return JSON.stringify([
    namespace,
    name,
    Object.entries(dimensions).toSorted(([one], [other]) => (one < other ? -1 : 1)),
  ]);
}

import { expect, test } from 'vitest';
import { countedBy } from '../../cdk/functions/counted-metrics.ts';
import { functionList } from '../../cdk/functions/function-list.ts';
import { metricUnits } from '../../shared/lambda/metrics.ts';

test('dashboards and alarms name only metrics that there are', () => {
  expect(Object.keys(countedBy).filter((name) => !(name in metricUnits))).toEqual([]);
});

test('and only functions that are deployed', () => {
  const names = new Set(functionList.map(({ name }) => name));
  const counting = Object.values(countedBy).flat();
  expect(counting.filter((name) => !names.has(name))).toEqual([]);
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bundles, bundleFunctions } from '../../cdk/bundle.ts';
import { countedBy } from '../../cdk/functions/counted-metrics.ts';
import { functionList } from '../../cdk/functions/function-list.ts';
import { metricUnits } from '../../shared/lambda/metrics.ts';

let bundles: Bundles;
beforeAll(async () => {
  bundles = await bundleFunctions(functionList.map(({ name }) => name));
}, 60_000);
afterAll(() => bundles.remove());

test('dashboards and alarms name only metrics that there are', () => {
  expect(Object.keys(countedBy).filter((name) => !(name in metricUnits))).toEqual([]);
});

test('and only of functions that count them: an alarm on what nobody counts is none', () => {
  const uncounted = Object.entries(countedBy).flatMap(([metric, services]) =>
    services
      // In a minified bundle the list of all metrics has bare keys; a quoted name is a place that counts.
      .filter((name) => !readFileSync(join(bundles.folderOf(name), 'index.mjs'), 'utf8').includes(`"${metric}"`))
      .map((name) => `${metric} by ${name}`),
  );
  expect(uncounted).toEqual([]);
});

import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { benchRequest } from './bench-requests.ts';

/*
 * The law alone, in one process on one thread. Every run decides 5,000 trainee lines with full findings, so lines a
 * second are 5,000 times the runs a second; the cost of a line must not depend on the size of its claim.
 */

// Loaded by Node itself: the test runner reaches every import through a getter, which costs more than the law.
const load = createRequire(import.meta.url);
const { assess }: typeof import('../../shared/regulation/assess.ts') = load('../../shared/regulation/assess.ts');
const { parseRequest }: typeof import('../../shared/regulation/parse-request.ts') = load(
  '../../shared/regulation/parse-request.ts',
);

const LINES = 5000;

function claims(size: number, route: 'qualification/agency' | 'project/enterprise') {
  return Array.from({ length: LINES / size }, (_, index) => benchRequest(route, size, index * size));
}

test('5,000 lines by the size of their claims', { timeout: 300_000 }, async ({ bench }) => {
  const runs = ([1, 100, 5000] as const).map((size) => {
    const requests = claims(size, 'qualification/agency');
    return bench(`claims of ${size}`, () => {
      for (const request of requests) assess(request);
    });
  });
  const result = await bench.compare(...runs);
  expect(result).toBeDefined();
});

test('5,000 lines in claims of 100, and what goes before', { timeout: 300_000 }, async ({ bench }) => {
  const project = claims(100, 'project/enterprise');
  const agency = claims(100, 'qualification/agency');
  const texts = agency.map((request) => JSON.stringify(request));
  const result = await bench.compare(
    bench('assess, project', () => {
      for (const request of project) assess(request);
    }),
    bench('assess, qualification', () => {
      for (const request of agency) assess(request);
    }),
    bench('JSON.parse', () => {
      for (const text of texts) JSON.parse(text);
    }),
    bench('parseRequest', () => {
      for (const request of agency) parseRequest(request);
    }),
  );
  expect(result).toBeDefined();
});

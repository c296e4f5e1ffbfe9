import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { wenzhou202058 } from '../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import { checkOf } from '../../shared/regulation/schema-check.ts';
import { anyRequest, SEED } from './random-requests.ts';
import { ROUTE_NAMES, sampleRequest } from './sample-requests.ts';

vi.setConfig({ testTimeout: 60_000 });

const { request } = wenzhou202058.schemas;
const isRequest = checkOf(request);

/** The check says what zod says. */
function agrees(value: unknown): boolean {
  return isRequest(value) === request.safeParse(value).success;
}

/** Every place in a JSON value, as a path of keys. */
function pathsOf(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return [[]];
  return [[], ...Object.entries(value).flatMap(([key, item]) => pathsOf(item).map((path) => [key, ...path]))];
}

/** A copy of a JSON value with another value, or none, in one place. */
function changedAt(value: unknown, path: readonly string[], change: (holder: object, key: string) => void): unknown {
  const copy: unknown = structuredClone({ root: value });
  let holder = copy;
  for (const key of ['root', ...path].slice(0, -1)) {
    if (typeof holder === 'object' && holder !== null) holder = Reflect.get(holder, key);
  }
  if (typeof holder === 'object' && holder !== null) change(holder, ['root', ...path].at(-1) ?? 'root');
  return typeof copy === 'object' && copy !== null ? Reflect.get(copy, 'root') : undefined;
}

const INSTEAD = [
  undefined,
  null,
  '',
  ' ',
  'x',
  0,
  -1,
  1.5,
  2 ** 53,
  true,
  [],
  {},
  '2020-02-30',
  '2020-02-29',
  'city',
  'SYB',
  [1],
];

describe('the check of the request schema agrees with zod', () => {
  test.each(ROUTE_NAMES)('%s: with every part exchanged, left out, or joined by another', (route) => {
    const sample: unknown = JSON.parse(JSON.stringify(sampleRequest(route)));
    expect(agrees(sample)).toBe(true);
    for (const path of pathsOf(sample)) {
      for (const value of INSTEAD) {
        expect(agrees(changedAt(sample, path, (holder, key) => Reflect.set(holder, key, value)))).toBe(true);
      }
      expect(agrees(changedAt(sample, path, (holder, key) => Reflect.deleteProperty(holder, key)))).toBe(true);
      expect(agrees(changedAt(sample, path, (holder) => Reflect.set(holder, 'extra', 1)))).toBe(true);
      expect(agrees(changedAt(sample, path, (holder) => Reflect.set(holder, 'constructor', undefined)))).toBe(true);
    }
  });

  test('on random requests, and on anything', () => {
    fc.assert(
      fc.property(anyRequest, (valid) => {
        expect(agrees(valid)).toBe(true);
      }),
      { seed: SEED, numRuns: 200 },
    );
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(agrees(value)).toBe(true);
      }),
      { seed: SEED, numRuns: 1000 },
    );
    expect(isRequest(sampleRequest('project/enterprise'))).toBe(true);
  });

  test('on lines too few and too many', () => {
    const [line] = sampleRequest('project/enterprise').claim.lines;
    for (const total of [0, 1, 5000, 5001]) {
      const lines = Array.from({ length: total }, () => line);
      expect(agrees(sampleRequest('project/enterprise', { claim: { lines: lines as never } }))).toBe(true);
    }
  });

  test('what it accepts, zod returns unchanged', () => {
    for (const route of ROUTE_NAMES) {
      const sample: unknown = JSON.parse(JSON.stringify(sampleRequest(route)));
      expect(request.parse(sample)).toEqual(sample);
    }
  });
});

describe('a check knows what it can check', () => {
  test('bounds, inclusive or not, and several refinements', () => {
    const more = checkOf(z.int().gt(3));
    expect([3, 4].map(more)).toEqual([false, true]);
    const text = checkOf(
      z
        .string()
        .min(2)
        .refine((value) => value.startsWith('a')),
    );
    expect(['a', 'ab', 'ba', 1].map(text)).toEqual([false, true, false, false]);
    const list = checkOf(z.array(z.boolean()).refine((value) => value.length === 2));
    expect([[true], [true, false], [true, 1], 'x'].map(list)).toEqual([false, true, false, false]);
  });

  test.each([
    ['an object that takes unknown keys', z.object({}), 'unknown keys'],
    ['an object that takes some', z.object({}).catchall(z.string()), 'unknown keys'],
    ['a number of any kind', z.number(), 'format undefined'],
    ['a number of another format', z.int32(), 'format int32'],
    ['a union', z.union([z.string(), z.boolean()]), 'type union'],
    ['a transformation', z.string().transform(Number), 'type pipe'],
    ['a check of another kind', z.string().max(3), 'max_length'],
    ['a nullable', z.strictObject({ a: z.string().nullable() }), 'type nullable'],
  ])('and refuses %s', (_, schema, message) => {
    expect(() => checkOf(schema)).toThrow(message);
  });
});

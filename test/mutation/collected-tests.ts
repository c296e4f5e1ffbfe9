import { expect } from 'vitest';

/*
 * Stands in for `vitest` when mutants are tested: `describe` and `test` only write down what there is to run, and
 * `expect` is the real one. Knows what the tests of the regulation use of Vitest, and no more.
 */

/** A test as it was written: the names around it and its own, and what to run. */
export interface CollectedTest {
  readonly name: string;
  run(): unknown;
}

type Body = (...values: unknown[]) => unknown;

let collected: CollectedTest[] = [];
let names: readonly string[] = [];

/** What was collected since the last call. */
export function takeCollected(): readonly CollectedTest[] {
  const taken = collected;
  collected = [];
  return taken;
}

function collectTest(name: string, body: Body): void {
  collected.push({ name: [...names, name].join(' > '), run: body });
}

function collectSuite(name: string, body: Body): void {
  const outside = names;
  names = [...names, name];
  body();
  names = outside;
}

/** `test.each` and `describe.each`: one for each case, named after it; a case that is an array is spread. */
function each(collect: (name: string, body: Body) => void) {
  return (cases: readonly unknown[]) =>
    (name: string, body: Body): void => {
      for (const one of cases) {
        const values: readonly unknown[] = Array.isArray(one) ? one : [one];
        collect(name.replace('%s', String(values[0])), () => body(...values));
      }
    };
}

export { expect };
export const test = Object.assign(collectTest, { each: each(collectTest) });
export const describe = Object.assign(collectSuite, { each: each(collectSuite) });
/** Timeouts are the mutation tester's own. */
export const vi = { setConfig: (): void => undefined };

import { globSync, readFileSync, statSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { basename, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { MutantCoverage } from '@stryker-mutator/api/core';
import { INSTRUMENTER_CONSTANTS } from '@stryker-mutator/api/core';
import { declareFactoryPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import type {
  DryRunResult,
  MutantRunOptions,
  MutantRunResult,
  TestResult,
  TestRunner,
} from '@stryker-mutator/api/test-runner';
import {
  DryRunStatus,
  determineHitLimitReached,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import fc from 'fast-check';
import type { CollectedTest } from './collected-tests.ts';

/*
 * Runs the tests of the regulation against mutants in one process. Starting a Vitest worker for each mutant costs
 * several times what its tests do; here the modules of the project are evaluated anew for each run, so that nothing is
 * carried over from mutant to mutant, and everything else stays loaded.
 */

const TESTS = 'test/regulation/**/*.test.ts';
/** They read the source as text, which a mutated source is not, or cost more than all the others. */
const LEFT_OUT = ['rules.test.ts', 'docs.test.ts', 'properties.test.ts'];
/** They try thousands of cases, which cost seconds: asked of the mutants of the file beside them only. */
const SLOW = ['schema-check.test.ts', 'annex-changes.test.ts'];
/** These two files, of which there is one for all runs. */
const HERE = new URL('.', import.meta.url).href;
const COLLECTED_TESTS = new URL('collected-tests.ts', import.meta.url).href;

/** How the instrumented code begins to count. */
const COUNTER = 'function stryCov_9fa48() {';

/** What the instrumented code reads and writes. */
interface MutantState {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
  mutantCoverage?: MutantCoverage;
}

class InProcessTestRunner implements TestRunner {
  readonly #root = pathToFileURL(`${process.cwd()}/`).href;
  readonly #sources = new Map<string, string>();
  #generation = 0;
  #isCounting = false;

  capabilities() {
    return { reloadEnvironment: true };
  }

  init(): Promise<void> {
    // Shrinking finds the smallest counter-example, which nobody reads here.
    fc.configureGlobal({ endOnFailure: true });
    registerHooks({
      resolve: (specifier, context, next) => {
        if (specifier === 'vitest' && context.parentURL !== COLLECTED_TESTS) {
          return { url: COLLECTED_TESTS, shortCircuit: true };
        }
        const resolved = next(specifier, context);
        return this.#isReloaded(resolved.url) ? { ...resolved, url: `${resolved.url}?${this.#generation}` } : resolved;
      },
      load: (url, context, next) => {
        const [file = url] = url.split('?');
        if (!this.#isReloaded(file)) return next(url, context);
        return { format: 'module', source: this.#sourceOf(file), shortCircuit: true };
      },
    });
    return Promise.resolve();
  }

  async dryRun(): Promise<DryRunResult> {
    const state = mutantState();
    state.activeMutant = undefined;
    this.#isCounting = true;
    const tests: TestResult[] = [];
    for (const file of testFiles()) {
      for (const test of await this.#load(file)) {
        state.currentTestId = test.id;
        tests.push(await resultOf(file, test));
        state.currentTestId = undefined;
      }
    }
    this.#isCounting = false;
    this.#sources.clear();
    const { mutantCoverage } = state;
    return { status: DryRunStatus.Complete, tests, ...(mutantCoverage === undefined ? {} : { mutantCoverage }) };
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const { activeMutant, disableBail, hitLimit, mutantActivation, sandboxFileName, testFilter } = options;
    const state = mutantState();
    state.hitCount = hitLimit === undefined ? undefined : 0;
    state.hitLimit = hitLimit;
    const wanted = new Set(testFilter);
    // The test beside the mutated file is run whole: coverage knows only the first of several tests that read a cache.
    const isAsked = (file: string, id?: string) =>
      testFilter === undefined || isBeside(file, sandboxFileName) || (id === undefined ? covers(file) : wanted.has(id));
    const covers = (file: string) =>
      !SLOW.includes(basename(file)) && testFilter?.some((id) => id.startsWith(`${file}#`)) === true;
    const tests: TestResult[] = [];
    const isDone = () => !disableBail && tests.at(-1)?.status === TestStatus.Failed;
    for (const file of testFiles(sandboxFileName)) {
      if (!isAsked(file)) continue;
      state.activeMutant = mutantActivation === 'static' ? activeMutant.id : undefined;
      const loaded = await this.#load(file);
      state.activeMutant = activeMutant.id;
      for (const test of loaded) {
        if (!isAsked(file, test.id)) continue;
        tests.push(await resultOf(file, test));
        if (isDone()) break;
      }
      state.activeMutant = undefined;
      if (isDone()) break;
    }
    const timeout = determineHitLimitReached(state.hitCount, hitLimit);
    return toMutantRunResult(timeout ?? { status: DryRunStatus.Complete, tests });
  }

  /** The tests of a file, with every module of the project evaluated anew. */
  async #load(file: string): Promise<readonly IdentifiedTest[]> {
    this.#generation += 1;
    await import(pathToFileURL(resolve(file)).href);
    const { takeCollected } = (await import(COLLECTED_TESTS)) as typeof import('./collected-tests.ts');
    const times = new Map<string, number>();
    return takeCollected().map((test) => {
      const before = times.get(test.name) ?? 0;
      times.set(test.name, before + 1);
      const name = before === 0 ? test.name : `${test.name} [${before}]`;
      return { ...test, name, id: `${file}#${name}` };
    });
  }

  #isReloaded(url: string): boolean {
    return (
      url.startsWith(this.#root) && url.endsWith('.ts') && !url.includes('/node_modules/') && !url.startsWith(HERE)
    );
  }

  #sourceOf(url: string): string {
    let source = this.#sources.get(url);
    if (source === undefined) {
      source = stripTypeScriptTypes(readFileSync(fileURLToPath(url), 'utf8'));
      // Counting which mutants a test reaches takes longer than the tests; only the first run asks for it.
      if (!this.#isCounting) source = source.replace(COUNTER, `${COUNTER} return;`);
      this.#sources.set(url, source);
    }
    return source;
  }
}

interface IdentifiedTest extends CollectedTest {
  readonly id: string;
}

async function resultOf(file: string, test: IdentifiedTest): Promise<TestResult> {
  const start = performance.now();
  const about = () => ({
    id: test.id,
    name: test.name,
    fileName: resolve(file),
    timeSpentMs: performance.now() - start,
  });
  try {
    await test.run();
    return { ...about(), status: TestStatus.Success };
  } catch (error) {
    return { ...about(), status: TestStatus.Failed, failureMessage: String(error) };
  }
}

/** Whether a file of tests is the one of a source, by its name: tests mirror the tree. */
function isBeside(testFile: string, source: string): boolean {
  return basename(testFile) === `${basename(source, '.ts')}.test.ts`;
}

/**
 * The files of tests. A mutant is done with once a test fails, so those that know the mutated file best go first: the
 * test beside it, then the examples, then the rest, short ones before long ones.
 */
function testFiles(mutated = ''): readonly string[] {
  const rank = (file: string): number => {
    if (isBeside(file, mutated)) return 0;
    return basename(file) === 'examples.test.ts' ? 1 : 2;
  };
  return globSync(TESTS)
    .filter((file) => !LEFT_OUT.includes(basename(file)))
    .toSorted((one, other) => rank(one) - rank(other) || statSync(one).size - statSync(other).size);
}

function mutantState(): MutantState {
  const global = globalThis as { [INSTRUMENTER_CONSTANTS.NAMESPACE]?: MutantState };
  const state = global[INSTRUMENTER_CONSTANTS.NAMESPACE] ?? {};
  global[INSTRUMENTER_CONSTANTS.NAMESPACE] = state;
  return state;
}

export const strykerPlugins = [
  declareFactoryPlugin(PluginKind.TestRunner, 'in-process', () => new InProcessTestRunner()),
];

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { bundleFunctions } from '../../cdk/bundle.ts';
import { functionList } from '../../cdk/functions/function-list.ts';

const starts = 11;
const largestKB = 900;

// Whatever a function may ask of its environment, so that its start goes as far as it would on Lambda.
const environment = {
  PATH: process.env['PATH'],
  AWS_REGION: 'cn-north-1',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
  POWERTOOLS_SERVICE_NAME: 'bench',
  POWERTOOLS_METRICS_NAMESPACE: 'bench',
  TABLE_NAME: 'table',
  INCOMING_BUCKET: 'incoming',
  EVIDENCE_BUCKET: 'evidence',
  NOTICES_BUCKET: 'notices',
  VERIFY_QUEUE_URL: 'https://queue.invalid/verify',
  ASSESS_QUEUE_URL: 'https://queue.invalid/assess',
  VERIFY_DEAD_LETTERS_URL: 'https://queue.invalid/verify-dead',
  ASSESS_DEAD_LETTERS_URL: 'https://queue.invalid/assess-dead',
  KEY_ID: 'key',
  PUBLIC_BASE_URL: 'https://public.invalid',
  RETENTION_YEARS: '5',
  STAGE: 'bench',
};

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Milliseconds until a new process has imported the bundle, with nothing compiled before. */
function coldImport(file: string): number {
  const program = `const started = performance.now(); await import(${JSON.stringify(file)}); console.log(performance.now() - started);`;
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
    env: environment,
  });
  return Number(output.trim().split('\n').at(-1));
}

test('bundles: size and cold import of every function', async () => {
  const bundles = await bundleFunctions(functionList.map(({ name }) => name));
  try {
    const rows = functionList.map(({ name }) => {
      const file = join(bundles.folderOf(name), 'index.mjs');
      const bytes = readFileSync(file);
      const times = Array.from({ length: starts }, () => coldImport(file));
      return {
        function: name,
        KB: Math.round(bytes.length / 1024),
        'KB gzip': Math.round(gzipSync(bytes).length / 1024),
        'import ms (median)': Math.round(median(times)),
        'import ms (worst)': Math.round(Math.max(...times)),
      };
    });
    console.table(rows);
    expect(rows.filter(({ KB }) => KB > largestKB)).toEqual([]);
  } finally {
    bundles.remove();
  }
}, 600_000);

test('synthesis: bare, as the local cloud runs it, and with every check', () => {
  const timed = (command: string, args: (outdir: string) => string[]) => {
    const outdir = mkdtempSync(join(tmpdir(), 'jipei-synth-'));
    const started = performance.now();
    execFileSync(command, args(outdir), { env: { ...process.env, CDK_OUTDIR: outdir }, stdio: 'ignore' });
    const took = performance.now() - started;
    expect(existsSync(join(outdir, 'manifest.json'))).toBe(true);
    rmSync(outdir, { recursive: true, force: true });
    return took;
  };
  const seconds = (run: () => number) => (median([run(), run(), run()]) / 1000).toFixed(1);
  console.table([
    { synthesis: 'node cdk/app.ts', 's (median of 3)': seconds(() => timed(process.execPath, () => ['cdk/app.ts'])) },
    {
      synthesis: 'npm run synth',
      's (median of 3)': seconds(() => timed('npm', (outdir) => ['run', '-s', 'synth', '--', '--output', outdir])),
    },
  ]);
}, 600_000);

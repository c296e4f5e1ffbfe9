import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

export interface Synthesis {
  readonly assembly: string;
  /** Nothing had changed since the last time. */
  readonly skipped: boolean;
  readonly milliseconds: number;
}

/** Folders and files that decide what is synthesized. */
const inputs = ['cdk', 'functions', 'shared', 'web', 'cdk.json', 'package-lock.json', 'tsconfig.json'];

/**
 * Synthesizes the stage `local` into `cdk.out`, with this very Node and without the CDK's command.
 * @param root folder of the project.
 * @throws Error with what the CDK app said when it fails.
 */
export async function synthesize(root: string): Promise<Synthesis> {
  const began = performance.now();
  const assembly = join(root, 'cdk.out');
  const stamp = join(assembly, 'local-synthesis.sha256');
  const before = hashOf(root, inputs);
  const skipped = existsSync(stamp) && readFileSync(stamp, 'utf8') === stampOf(assembly, before);
  if (!skipped) {
    await runApp(root, assembly);
    writeFileSync(stamp, stampOf(assembly, before));
  }
  return { assembly, skipped, milliseconds: Math.round(performance.now() - began) };
}

/** The manifest is part of it: somebody may have synthesized another stage in between. */
function stampOf(assembly: string, inputHash: string): string {
  return `${inputHash} ${hashOf(assembly, ['manifest.json'])}`;
}

function hashOf(root: string, names: readonly string[]): string {
  const hash = createHash('sha256');
  for (const name of names) addToHash(hash, root, name);
  return hash.digest('hex');
}

function addToHash(hash: ReturnType<typeof createHash>, root: string, name: string): void {
  const path = join(root, name);
  if (!existsSync(path)) return;
  const entries = readdirSafely(path);
  if (entries === undefined) {
    const content = readFileSync(path);
    hash.update(`${name}\0${content.length}\0`).update(content);
    return;
  }
  for (const entry of entries.toSorted((one, other) => (one < other ? -1 : 1)))
    addToHash(hash, root, `${name}/${entry}`);
}

function readdirSafely(path: string): string[] | undefined {
  try {
    return readdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw error;
  }
}

async function runApp(root: string, assembly: string): Promise<void> {
  const app = spawn(process.execPath, ['cdk/app.ts'], {
    cwd: root,
    env: { ...process.env, CDK_OUTDIR: assembly },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = new Promise<number | null>((resolve, reject) => {
    app.once('error', reject);
    app.once('exit', resolve);
  });
  const [output, errors, code] = await Promise.all([text(app.stdout), text(app.stderr), exit]);
  if (code !== 0) throw new Error(`synthesis failed (node cdk/app.ts, exit code ${code}):\n${output}${errors}`);
}

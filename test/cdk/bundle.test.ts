import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bundleFunctions } from '../../cdk/bundle.ts';

const name = 'relay-events';

async function filesOf(): Promise<Record<string, string>> {
  const bundles = await bundleFunctions([name]);
  const folder = bundles.folderOf(name);
  const files = readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')] as const);
  bundles.remove();
  return Object.fromEntries(files);
}

test('a bundle is one module with its source map, the same on every machine and every time', async () => {
  const [first, second] = [await filesOf(), await filesOf()];
  expect(Object.keys(first).toSorted()).toEqual(['index.mjs', 'index.mjs.map']);
  expect(first).toEqual(second);
  const { sources, sourcesContent } = JSON.parse(first['index.mjs.map'] ?? '');
  expect(sources).toContain(`../../../functions/${name}/index.ts`);
  expect(sources.filter((source: string) => source.startsWith('/'))).toEqual([]);
  expect(sourcesContent).toBeUndefined();
});

test('nothing stays behind once a bundle is removed', async () => {
  const bundles = await bundleFunctions([name]);
  bundles.remove();
  expect(() => readdirSync(bundles.folderOf(name))).toThrow('ENOENT');
});

test('a function without an entry is named', async () => {
  await expect(bundleFunctions([name, 'no-such-function'])).rejects.toThrow('functions/no-such-function/index.ts');
});

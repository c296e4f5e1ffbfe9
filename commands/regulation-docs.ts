// npm run -s regulation-docs: writes docs/regulation, the regulation paragraph by paragraph with what carries it out.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { regulationPages } from './regulation-docs/pages.ts';
import { readParts } from './regulation-docs/paragraphs.ts';
import { ROOT, readCarriers } from './regulation-docs/registry.ts';

const folder = new URL('docs/regulation/', ROOT);
const parts = readParts(
  new URL('commands/regulation-docs/paragraphs.yaml', ROOT),
  new URL('shared/regulation/editions/wenzhou-2020-58/regulation.txt', ROOT),
);
const pages = regulationPages(parts, readCarriers());
mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) if (!pages.has(name)) rmSync(new URL(name, folder));
for (const [name, text] of pages) writeFileSync(new URL(name, folder), text);
process.stdout.write(`docs/regulation: ${pages.size} pages\n`);

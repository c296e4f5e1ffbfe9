import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemActor } from '../../shared/access/actor.ts';
import { chainRecord, chainStart } from '../../shared/supervision/audit-chain.ts';
import type { AuditExport } from '../../shared/supervision/audit-export.ts';

const folder = mkdtempSync(join(tmpdir(), 'verify-audit-'));

function trail(chain: string): AuditExport {
  const content = { chain, entity: 'META', version: 1, action: 'made', by: systemActor('test') };
  const record = chainRecord({
    ...content,
    at: '2021-03-01T00:00:00.000Z',
    from: '',
    to: 'made',
    previous: chainStart,
  });
  return { chain, heads: [{ entity: 'META', version: 1, auditHead: record.hash }], records: [record] };
}

const good = JSON.stringify(trail('C1'));
const edited = good.replace('"name":"test"', '"name":"none"');
/** Somebody slipped in for whom it was done: no value that was there has changed. */
const added = good.replace('"role":"system"', '"role":"system","onBehalfOf":"他人"');

function verify(content: string | undefined): Promise<{ status: number; holds: boolean[]; errors: string }> {
  const path = join(folder, 'trail.ndjson');
  if (content !== undefined) writeFileSync(path, content);
  const file = content === undefined ? join(folder, 'nowhere') : path;
  return new Promise((done) => {
    execFile(process.execPath, ['commands/verify-audit.ts', file], (error, stdout, stderr) => {
      const lines = stdout.split('\n').filter((line) => line !== '');
      const status = typeof error?.code === 'number' ? error.code : 0;
      done({ status, holds: lines.map((line) => JSON.parse(line).holds), errors: stderr });
    });
  });
}

test.each([
  ['a trail', good, 0, [true]],
  ['several, one a line', `${good}\n\n${JSON.stringify(trail('C2'))}\n`, 0, [true, true]],
  ['an edited one among them', `${good}\n${edited}\n`, 1, [true, false]],
  ['a key added inside an actor', added, 1, [false]],
  ['a trail under the name of another', good.replace('"chain":"C1"', '"chain":"C2"'), 1, [false]],
  ['a line that is no trail', `${edited}\n{}\n`, 2, [false]],
  ['an empty file', '\n', 2, []],
  ['no file', undefined, 2, []],
])('%s', async (_, content, status, holds) => {
  const told = await verify(content);
  expect([told.status, told.holds]).toEqual([status, holds]);
  expect(told.errors === '').toBe(status < 2);
});

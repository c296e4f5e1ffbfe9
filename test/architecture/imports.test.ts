import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

interface Report {
  summary: { violations: { from: string; to: string; rule: { name: string } }[] };
  modules: { source: string }[];
}

test('every import points the way DESIGN says, and the checker really saw the tree', () => {
  const options = ['--config', '.dependency-cruiser.json', '--output-type', 'json', '.'];
  const report: Report = JSON.parse(
    execFileSync('node_modules/.bin/depcruise', options, { encoding: 'utf8', maxBuffer: 1e8 }),
  );
  expect(report.summary.violations.map(({ from, to, rule }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
  const ours = report.modules.filter(({ source }) => source.endsWith('.ts') && !source.includes('node_modules'));
  // Without its parser the checker sees no module and still says "no violations".
  for (const folder of ['cdk', 'functions', 'shared/regulation', 'shared/aws', 'local', 'commands', 'test']) {
    expect(ours.filter(({ source }) => source.startsWith(`${folder}/`)).length).toBeGreaterThan(3);
  }
});

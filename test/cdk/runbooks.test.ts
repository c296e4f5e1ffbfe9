import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { runbookIds } from '../../cdk/constructs/runbooks.ts';

const runbooks = readdirSync('docs/runbooks')
  .filter((file) => file !== 'README.md')
  .map((file) => file.replace(/\.md$/, ''));

test('there is a runbook for every kind of alarm, and no other', () => {
  expect(runbooks.toSorted()).toEqual(Object.keys(runbookIds).toSorted());
});

test('no two share an id', () => {
  expect(new Set(Object.values(runbookIds)).size).toBe(Object.keys(runbookIds).length);
});

test('the list of runbooks names them all', () => {
  const list = readFileSync('docs/runbooks/README.md', 'utf8');
  const named = [...list.matchAll(/^\| (RB-\w+) \| \[([a-z-]+)\]\(\2\.md\) \|/gm)].map(([, id, name]) => [name, id]);
  expect(Object.fromEntries(named)).toEqual(runbookIds);
});

describe.each(Object.entries(runbookIds))('%s', (name, id) => {
  const lines = readFileSync(`docs/runbooks/${name}.md`, 'utf8').split('\n');

  test('has its title and a summary in Chinese', () => {
    expect(lines[0]).toMatch(new RegExp(`^# ${id} ${name}: .`));
    expect(lines[2]).toMatch(/^> .*\p{Script=Han}{8}/u);
  });

  test('says what it means, how to look, how to fix and how to know that it is over', () => {
    const headings = lines.filter((line) => line.startsWith('## '));
    expect(headings).toEqual(['## What it means', '## How to look', '## How to fix', '## How to know that it is over']);
    for (const heading of headings) {
      const next = lines[lines.indexOf(heading) + 2] ?? '';
      expect(next.length).toBeGreaterThan(20);
    }
  });
});

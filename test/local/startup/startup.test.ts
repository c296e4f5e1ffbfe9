import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readCommand, UsageError } from '../../../local/startup/command-line.ts';
import { chooseJourney, journeyStart } from '../../../local/startup/journey-choice.ts';
import { openPlayedJourneys } from '../../../local/startup/played-journeys.ts';
import { synthesize } from '../../../local/startup/synthesis.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'startup-'));
});
afterEach(() => rmSync(root, { recursive: true }));

describe('command line', () => {
  test('nothing said', () => {
    expect(readCommand([])).toEqual({
      dataDirectory: undefined,
      port: undefined,
      startAt: undefined,
      once: false,
      json: false,
      journey: undefined,
    });
  });

  test('everything said', () => {
    const args = [
      '--data',
      'd',
      '--port',
      '0',
      '--clock',
      '2021-03-09T08:00:00+08:00',
      '--once',
      '--json',
      '--journey',
      'all',
    ];
    const startAt = new Date('2021-03-09T00:00:00Z');
    expect(readCommand(args)).toEqual({ dataDirectory: 'd', port: 0, startAt, once: true, json: true, journey: 'all' });
    expect(readCommand(['--help'])).toBe('help');
  });

  test.each([
    [['--port', '65536'], '--port 65536'],
    [['--port', '-1'], '--port'],
    [['--port', '1e3'], '--port 1e3'],
    [['--clock', '2021-03-09'], '--clock 2021-03-09'],
    [['--clock', '2021-03-09T08:00:00'], 'give date, time and zone'],
    [['--clock', '2021-13-09T08:00:00Z'], '--clock 2021-13-09T08:00:00Z'],
    [['--nonsense'], '--nonsense'],
    [['word'], 'word'],
  ])('%j is refused', (args, message) => {
    expect(() => readCommand(args)).toThrow(UsageError);
    expect(() => readCommand(args)).toThrow(message);
  });
});

describe('npm start', () => {
  const main = new URL('../../../local/main.ts', import.meta.url).pathname;
  const start = (...args: string[]) => spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });

  test('answers a wrong argument in one line with the usage, and ends with 2', () => {
    const { status, stderr } = start('--port', 'abc');
    expect([status, stderr.split('\n')[0]]).toEqual([2, '--port abc: a port is a number from 0 to 65535']);
    expect(stderr).toContain('--journey NAME');
  });

  test('tells its options', () => {
    expect(start('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--once') });
  });
});

describe('which journey is played', () => {
  const now = journeyStart.getTime();
  const choose = (more: object) => chooseJourney({ journey: undefined, once: false, played: [], now, ...more });

  test('the main one, or the one asked for', () => {
    expect(choose({})).toEqual({ play: 'main' });
    expect(choose({ journey: 'all', played: ['main'] })).toEqual({ play: 'all' });
  });

  test('none of a name that is unknown: nothing is played in its place', () => {
    expect(() => choose({ journey: 'al' })).toThrow('there is none of that name; choose main or all');
  });

  test('none on data that it was played on, and none in another year', () => {
    expect(choose({ played: ['main'] })).toEqual({ skip: expect.stringContaining('was played on these data before') });
    expect(choose({ now: now + 3_600_001 })).toEqual({ skip: expect.stringContaining('the clock is past that') });
    expect(choose({ now: now + 3_600_000 })).toEqual({ play: 'main' });
  });

  test.each([[{ once: true }], [{ journey: 'main' }]])('asked for with %j that is an error', (asked) => {
    expect(() => choose({ ...asked, played: ['main'] })).toThrow('cannot play the journey main');
  });

  test('what was played is remembered in the data directory, and nowhere without one', () => {
    openPlayedJourneys(root).add('main');
    openPlayedJourneys(root).add('all');
    expect(openPlayedJourneys(root).names()).toEqual(['main', 'all']);
    const none = openPlayedJourneys(undefined);
    none.add('main');
    expect(none.names()).toEqual([]);
  });
});

describe('synthesis', () => {
  /** A project whose app counts how often it ran. */
  function project(app: string): void {
    mkdirSync(join(root, 'cdk'));
    mkdirSync(join(root, 'functions/one'), { recursive: true });
    writeFileSync(join(root, 'functions/one/index.ts'), '1');
    writeFileSync(join(root, 'cdk/app.ts'), app);
  }
  const counting = `
    import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
    const out: string = process.env.CDK_OUTDIR ?? '';
    mkdirSync(out, { recursive: true });
    writeFileSync(out + '/manifest.json', '{}');
    appendFileSync('runs', 'x');`;
  const runs = (): number => readFileSync(join(root, 'runs'), 'utf8').length;

  test('runs the app once, and again only when something changed', async () => {
    project(counting);
    expect(await synthesize(root)).toMatchObject({ assembly: join(root, 'cdk.out'), skipped: false });
    expect(await synthesize(root)).toMatchObject({ skipped: true });
    expect(runs()).toBe(1);
    writeFileSync(join(root, 'functions/one/index.ts'), '2');
    expect(await synthesize(root)).toMatchObject({ skipped: false });
    writeFileSync(join(root, 'functions/one/new.ts'), '');
    await synthesize(root);
    expect(runs()).toBe(3);
  });

  test('runs it again when somebody synthesized something else in between', async () => {
    project(counting);
    await synthesize(root);
    writeFileSync(join(root, 'cdk.out/manifest.json'), '{"another":"stage"}');
    expect(await synthesize(root)).toMatchObject({ skipped: false });
  });

  test('tells what the app said when it fails', async () => {
    project("console.error('no such stage'); process.exit(3);");
    await expect(synthesize(root)).rejects.toThrow(/exit code 3.*no such stage/s);
  });
});

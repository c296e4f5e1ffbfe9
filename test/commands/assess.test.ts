import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import { assess } from '../../shared/regulation/assess.ts';
import { EDITION_PARAMETERS } from '../../shared/regulation/parameters.ts';
import { idNumber, ROUTE_NAMES, sampleRequest } from '../regulation/sample-requests.ts';

// Each starts the command itself, which may take its time where the machine is busy.
vi.setConfig({ testTimeout: 60_000 });

const COMMAND = fileURLToPath(new URL('../../commands/assess.ts', import.meta.url));

function start(args: readonly string[]) {
  return spawn(process.execPath, [COMMAND, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
}

interface Run {
  readonly code: number | null;
  readonly lines: string[];
  readonly stderr: string;
}

/** Runs the command on an input to its end. */
async function run(input: string | Buffer, ...args: string[]): Promise<Run> {
  const child = start(args);
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  // A command that refuses its arguments does not read its input.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  const text = Buffer.concat(output).toString();
  expect(text === '' || text.endsWith('\n')).toBe(true);
  return { code, lines: text.split('\n').slice(0, -1), stderr: Buffer.concat(errors).toString() };
}

const SAMPLES = ROUTE_NAMES.map((name) => sampleRequest(name));
const GOOD = JSON.stringify(SAMPLES[0]);
const parsed = (line: string | undefined): Record<string, Record<string, unknown>> => JSON.parse(line ?? '');

describe('npm run -s assess', () => {
  test('answers every route with what assess says, in order', async () => {
    const { code, lines, stderr } = await run(SAMPLES.map((sample) => `${JSON.stringify(sample)}\n`).join(''));
    expect(lines).toEqual(SAMPLES.map((sample) => JSON.stringify(assess(sample))));
    expect([code, stderr]).toEqual([0, '']);
  });

  test('keeps the order over many megabytes, good and bad mixed', async () => {
    const many = Array.from({ length: 6000 }, (_, index) => {
      const line = { idNumber: idNumber('1990-05-20', 'male', index % 500) };
      const request = sampleRequest(ROUTE_NAMES[index % 13] ?? 'project/enterprise', {
        line,
        claim: { id: `claim-${index}` },
      });
      return index % 7 === 3 ? { ...request, edition: 'x' } : request;
    });
    const { code, lines } = await run(many.map((request) => `${JSON.stringify(request)}\n`).join(''), '--summary');
    expect(code).toBe(0);
    expect(lines).toHaveLength(6000);
    const wrong = many.filter((request, index) => {
      const expected =
        index % 7 === 3
          ? JSON.stringify({
              error: {
                claimId: `claim-${index}`,
                problems: [{ path: 'edition', message: '办法版本不存在，可用：wenzhou-2020-58' }],
              },
            })
          : JSON.stringify(assess(request));
      return lines[index] !== expected;
    });
    expect(wrong.map((request) => request.claim.id)).toEqual([]);
  });

  test('skips blank lines, takes CRLF, a byte order mark and a last line without an end', async () => {
    const { code, lines } = await run(`\u{feff}${GOOD}\r\n\n  \t\r\n\n${GOOD}`);
    expect(lines).toEqual(
      [1, 2].map(() => JSON.stringify(assess(SAMPLES[0] ?? sampleRequest('qualification/agency')))),
    );
    expect(code).toBe(0);
  });

  test('says nothing to no input', async () => {
    expect(await run('')).toEqual({ code: 0, lines: [], stderr: '' });
    expect(await run('\n\n')).toEqual({ code: 0, lines: [], stderr: '' });
  });

  test('answers what is no request with an error on its line, and exits 0', async () => {
    const secret = '330302199001011234';
    const { code, lines, stderr } = await run(`{"claim":{"id":"c"}}\n${secret}x\n[]\n"x"\nnull\n{"claim":"\n${GOOD}\n`);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(lines).toHaveLength(7);
    expect(parsed(lines[0])['error']?.['claimId']).toBe('c');
    for (const line of lines.slice(1, 6)) {
      expect(Object.keys(parsed(line))).toEqual(['error']);
      expect(Object.keys(parsed(line)['error'] ?? {})).toEqual(['problems']);
      expect(line).not.toContain(secret);
    }
    for (const line of [lines[1], lines[5]]) {
      expect(parsed(line)['error']?.['problems']).toEqual([
        { path: '', message: expect.stringContaining('不是合法的JSON') },
      ]);
    }
    expect(parsed(lines[6])['claimId']).toBe('claim-1');
  });

  test('tells a file in another encoding', async () => {
    const gbk = Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xce, 0xc2, 0xd6, 0xdd]), Buffer.from('"}\n')]);
    const { lines } = await run(Buffer.concat([gbk, Buffer.from(`${GOOD}\n`)]));
    expect(parsed(lines[0])['error']?.['problems']).toEqual([
      { path: '', message: '不是UTF-8编码的文字，请转换编码后重新提交' },
    ]);
    expect(parsed(lines[1])['claimId']).toBe('claim-1');
  });

  test('drops a line that is too long, and goes on', async () => {
    const long = Buffer.alloc(2 ** 26 + 10, 'x');
    const { code, lines } = await run(Buffer.concat([Buffer.from(`${GOOD}\n`), long, Buffer.from(`\n${GOOD}\n`)]));
    expect(code).toBe(0);
    expect(lines).toHaveLength(3);
    expect(lines[1]).toBe(
      '{"error":{"problems":[{"path":"","message":"一行超过64MiB，请将申领拆分，每次至多5000名学员"}]}}',
    );
    expect(lines[2]).toBe(lines[0]);
  });

  test('answers before its input ends', async () => {
    const child = start([]);
    for (const id of ['first', 'second']) {
      const request = sampleRequest('project/enterprise', { claim: { id } });
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const [chunk] = await once(child.stdout, 'data');
      expect(String(chunk)).toBe(`${JSON.stringify(assess(request))}\n`);
    }
    child.stdin.end();
    const [code] = await once(child, 'close');
    expect(code).toBe(0);
  });

  test('stops quietly where nobody reads on', async () => {
    const child = start([]);
    const errors: Buffer[] = [];
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    child.stdin.on('error', () => undefined);
    child.stdin.write(`${GOOD}\n`.repeat(2000));
    await once(child.stdout, 'data');
    child.stdout.destroy();
    child.stdin.end(`${GOOD}\n`.repeat(2000));
    const [code] = await once(child, 'close');
    expect([code, Buffer.concat(errors).toString()]).toEqual([0, '']);
  });
});

describe('--summary', () => {
  test('counts requests, claims, lines and findings', async () => {
    const failing = sampleRequest('project/enterprise', { line: { attendedHours: 0 } });
    const { lines, stderr } = await run(
      `${JSON.stringify(failing)}\nx\n${JSON.stringify(sampleRequest('project/college'))}\n`,
      '--summary',
    );
    expect(lines).toHaveLength(3);
    expect(JSON.parse(stderr)).toMatchObject({
      requests: 3,
      badRequests: 1,
      claims: { eligible: 1, ineligible: 1, referred: 0, incomplete: 0 },
      lines: { eligible: 1, ineligible: 1, referred: 0 },
      eligibleFen: 150_000,
      referredFen: 0,
      rules: {
        'hours.attended': { pass: 1, fail: 1, refer: 0 },
        'evidence.videos': { pass: 2, fail: 0, refer: 0 },
      },
    });
  });

  test('adds up what several threads counted', async () => {
    const total = 3000;
    const { stderr } = await run(`${GOOD}\nx\n`.repeat(total), '--summary');
    expect(JSON.parse(stderr)).toMatchObject({
      requests: 2 * total,
      badRequests: total,
      claims: { eligible: total },
      lines: { eligible: total },
      rules: { 'roster.card': { pass: total } },
    });
  });
});

describe('--edition-parameter', () => {
  const request = sampleRequest('project/enterprise', {
    class: { hours: 90, filedOn: '2020-09-01' },
    applicant: { traits: ['trade-friction'] },
  });
  const input = `${JSON.stringify(request)}\n`;
  const amountOf = ({ lines }: Run) => parsed(lines[0])['totals']?.['eligibleFen'];

  test('decides by another reading, and by several', async () => {
    expect(amountOf(await run(input))).toBe(260_000);
    expect(amountOf(await run(input, '--edition-parameter', 'projectUplift=before-cap'))).toBe(200_000);
    const both = await run(
      input,
      '--edition-parameter=projectUplift=before-cap',
      '--edition-parameter',
      'filingLeadDays=9-calendar-days',
    );
    expect(parsed(both.lines[0])['totals']?.['eligibleFen']).toBe(200_000);
    expect(parsed(both.lines[0])['outcome']).toBe('referred');
  });

  test.each([['projectUplift=sideways'], ['nothing=1'], ['projectUplift']])('%s is refused', async (text) => {
    const { code, lines, stderr } = await run(input, '--edition-parameter', text);
    expect([code, lines]).toEqual([2, []]);
    expect(stderr).toMatch(/^assess: .*projectUplift.*\n$/u);
  });
});

test('an unknown option is refused, with the way to help', async () => {
  const { code, lines, stderr } = await run('', '--fast');
  expect([code, lines]).toEqual([2, []]);
  expect(stderr).toMatch(/^assess: 不认识的命令行.*--fast.*--help显示用法\n$/u);
  expect((await run('', 'file.ndjson')).code).toBe(2);
});

test('--help names every parameter', async () => {
  const { code, lines } = await run('', '--help');
  expect(code).toBe(0);
  for (const name of Object.keys(EDITION_PARAMETERS)) expect(lines.join('\n')).toContain(`  ${name}=`);
});

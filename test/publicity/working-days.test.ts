import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CALENDAR_VERSION, dayAfter, isWorkingDay } from '../../shared/publicity/working-days.ts';

/** The State Council's papers 2019–2026: [days off as runs], [weekend days worked]. Taken from the papers, not from the library. */
const papers: readonly [off: readonly string[], worked: readonly string[]][] = [
  [
    [
      '2018-12-30/2019-01-01',
      '2019-02-04/2019-02-10',
      '2019-04-05',
      '2019-05-01/2019-05-04',
      '2019-06-07',
      '2019-09-13',
      '2019-10-01/2019-10-07',
    ],
    ['2018-12-29', '2019-02-02', '2019-02-03', '2019-04-28', '2019-05-05', '2019-09-29', '2019-10-12'],
  ],
  [
    [
      '2020-01-01',
      '2020-01-24/2020-02-02',
      '2020-04-04/2020-04-06',
      '2020-05-01/2020-05-05',
      '2020-06-25/2020-06-27',
      '2020-10-01/2020-10-08',
    ],
    ['2020-01-19', '2020-02-03', '2020-04-26', '2020-05-09', '2020-06-28', '2020-09-27', '2020-10-10'],
  ],
  [
    [
      '2021-01-01/2021-01-03',
      '2021-02-11/2021-02-17',
      '2021-04-03/2021-04-05',
      '2021-05-01/2021-05-05',
      '2021-06-12/2021-06-14',
      '2021-09-19/2021-09-21',
      '2021-10-01/2021-10-07',
    ],
    ['2021-02-07', '2021-02-20', '2021-04-25', '2021-05-08', '2021-09-18', '2021-09-26', '2021-10-09'],
  ],
  [
    [
      '2022-01-01/2022-01-03',
      '2022-01-31/2022-02-06',
      '2022-04-03/2022-04-05',
      '2022-04-30/2022-05-04',
      '2022-06-03/2022-06-05',
      '2022-09-10/2022-09-12',
      '2022-10-01/2022-10-07',
    ],
    ['2022-01-29', '2022-01-30', '2022-04-02', '2022-04-24', '2022-05-07', '2022-10-08', '2022-10-09'],
  ],
  [
    [
      '2022-12-31/2023-01-02',
      '2023-01-21/2023-01-27',
      '2023-04-05',
      '2023-04-29/2023-05-03',
      '2023-06-22/2023-06-24',
      '2023-09-29/2023-10-06',
    ],
    ['2023-01-28', '2023-01-29', '2023-04-23', '2023-05-06', '2023-06-25', '2023-10-07', '2023-10-08'],
  ],
  [
    [
      '2024-01-01',
      '2024-02-10/2024-02-17',
      '2024-04-04/2024-04-06',
      '2024-05-01/2024-05-05',
      '2024-06-10',
      '2024-09-15/2024-09-17',
      '2024-10-01/2024-10-07',
    ],
    ['2024-02-04', '2024-02-18', '2024-04-07', '2024-04-28', '2024-05-11', '2024-09-14', '2024-09-29', '2024-10-12'],
  ],
  [
    [
      '2025-01-01',
      '2025-01-28/2025-02-04',
      '2025-04-04/2025-04-06',
      '2025-05-01/2025-05-05',
      '2025-05-31/2025-06-02',
      '2025-10-01/2025-10-08',
    ],
    ['2025-01-26', '2025-02-08', '2025-04-27', '2025-09-28', '2025-10-11'],
  ],
  [
    [
      '2026-01-01/2026-01-03',
      '2026-02-15/2026-02-23',
      '2026-04-04/2026-04-06',
      '2026-05-01/2026-05-05',
      '2026-06-19/2026-06-21',
      '2026-09-25/2026-09-27',
      '2026-10-01/2026-10-07',
    ],
    ['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'],
  ],
];

function daysOf(run: string): string[] {
  const [from, to = from] = run.split('/') as [string, string?];
  const days = [];
  for (let date = from; date <= to; date = dayAfter(date)) days.push(date);
  return days;
}

const off = new Set(papers.flatMap(([runs]) => runs.flatMap(daysOf)));
const worked = new Set(papers.flatMap(([, days]) => days));

describe('working days', () => {
  test('every day of 2019 to 2026 is as the papers say', () => {
    const wrong = daysOf('2019-01-01/2026-12-31').filter((date) => {
      const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
      const expected = worked.has(date) || (weekday >= 1 && weekday <= 5 && !off.has(date));
      return isWorkingDay(date) !== expected;
    });
    expect(wrong).toEqual([]);
  });

  test('a paper reaches into the year before its own', () => {
    expect(isWorkingDay('2018-12-29')).toBe(true);
    expect(isWorkingDay('2018-12-31')).toBe(false);
  });

  test.each(['2003-12-31', '2027-01-01', '2027-10-01', '2031-05-04'])('%s has no paper: no answer', (date) => {
    expect(() => isWorkingDay(date)).toThrow(
      expect.objectContaining({ code: 'temporarily-unavailable', message: expect.stringContaining(date.slice(0, 4)) }),
    );
  });

  test.each(['2004-01-02', '2026-12-31'])('%s is the edge of what is known', (date) => {
    expect(isWorkingDay(date)).toBe(true);
  });

  test('something else than a date is refused', () => {
    expect(() => isWorkingDay('2021-1-1')).toThrow(RangeError);
  });

  test('the version names the calendar that is installed', () => {
    const manifest = JSON.parse(readFileSync('node_modules/chinese-days/package.json', 'utf8')) as { version: string };
    expect(CALENDAR_VERSION).toBe(`chinese-days/${manifest.version}`);
  });

  test.each(['America/Los_Angeles', 'Pacific/Kiritimati'])('a machine in %s gives the same answers', (TZ) => {
    const dates = ['2021-09-13', '2021-09-18', '2021-09-19', '2021-09-22', '2021-10-08', '2021-10-09', '2021-10-10'];
    const script = `import { isWorkingDay } from './shared/publicity/working-days.ts';
      process.stdout.write(JSON.stringify(${JSON.stringify(dates)}.filter(isWorkingDay)));`;
    const answer = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      env: { ...process.env, TZ },
    });
    expect(JSON.parse(answer)).toEqual(['2021-09-13', '2021-09-18', '2021-09-22', '2021-10-08', '2021-10-09']);
  });
});

import { describe, expect, test } from 'vitest';
import { addDays } from '../../../shared/regulation/calendar-date.ts';
import type { Certificate, Level, ShortageEntry } from '../../../shared/regulation/contract.ts';
import { LEVEL_TERMS } from '../../../shared/regulation/contract.ts';
import type { Edition } from '../../../shared/regulation/edition.ts';
import type { Changes, RouteName } from '../sample-requests.ts';
import { SAMPLE_CERTIFICATES, SAMPLE_DATES, sampleRequest } from '../sample-requests.ts';
import { assessed } from '../verdicts.ts';

const LEVELS = Object.keys(LEVEL_TERMS) as Level[];

function paid(route: RouteName, changes: Changes = {}, edition?: Edition) {
  const line = assessed(sampleRequest(route, changes), edition).lines[0];
  return { yuan: (line?.amountFen ?? 0) / 100, basis: line?.basis, outcome: line?.outcome };
}

describe('一(一)1 qualification and 一(五) master-apprentice', () => {
  /** Annex 1 in yuan, typed from the rules: an occupation of each class, and one of no list. */
  const ANNEX_1: Readonly<Record<string, readonly number[]>> = {
    车工: [1200, 1600, 2400, 3500, 4500],
    制冷空调系统安装维修工: [1200, 1600, 2400, 3500, 4500],
    美发师: [1000, 1200, 1800, 2800, 3800],
    眼镜定配工: [1000, 1200, 1800, 2800, 3800],
    育婴员: [800, 1000, 1500, 2500, 3500],
    无人机驾驶员: [800, 1000, 1500, 2500, 3500],
  };
  const cells = Object.entries(ANNEX_1).flatMap(([occupation, amounts]) =>
    LEVELS.map((level, index) => ({ occupation, level, amount: amounts[index] ?? 0 })),
  );

  test.each(cells)('annex 1: $occupation $level is $amount yuan', ({ occupation, level, amount }) => {
    const shortage = [{ occupation, from: '2020-01-01' }];
    for (const route of ['qualification/college', 'master-apprentice/studio'] as const) {
      const certificate = { occupation, level };
      expect(paid(route, { certificate }).yuan).toBe(amount);
      expect(paid(route, { certificate, shortage }).yuan).toBe(amount * 1.5);
    }
  });

  test('annex 1: white space in the occupation does not change its class', () => {
    expect(paid('qualification/college', { certificate: { occupation: ' 车 工', level: 'junior' } }).yuan).toBe(1200);
  });

  test('annex 2: special abilities are 600 and 800 yuan, and never uplifted', () => {
    const ability = (occupation: string, level: Level) => ({
      certificate: { kind: 'special-ability', occupation, level } as Partial<Certificate>,
      shortage: [{ occupation, from: '2020-01-01' }],
    });
    expect(paid('qualification/college', ability('皮鞋制板', 'junior')).yuan).toBe(600);
    expect(paid('qualification/college', ability('皮鞋制板', 'senior')).yuan).toBe(800);
    expect(paid('master-apprentice/studio', ability('皮鞋制板', 'senior'))).toEqual({
      yuan: 800,
      outcome: 'eligible',
      basis: '专项能力 皮鞋制板 高级：800元（一(五)、附件1、附件2）',
    });
  });

  describe('shortage list', () => {
    const { issuedOn } = SAMPLE_DATES;
    const listed = (...entries: ShortageEntry[]) => paid('qualification/college', { shortage: entries }).yuan;
    const entry = (from: string, to?: string): ShortageEntry => ({ occupation: '车工', from, to });

    test('the first and last day on the list count, by the day of issue', () => {
      expect([-1, 0, 1].map((days) => listed(entry(addDays(issuedOn, days))))).toEqual([3600, 3600, 2400]);
      expect([-1, 0, 1].map((days) => listed(entry('2020-01-01', addDays(issuedOn, days))))).toEqual([
        2400, 3600, 3600,
      ]);
    });

    test('any entry of the occupation is enough; others do nothing', () => {
      expect(listed(entry('2019-01-01', '2019-12-31'), entry('2020-10-01', '2020-10-31'))).toBe(3600);
      expect(listed(entry('2019-01-01', '2019-12-31'), entry('2021-01-01'))).toBe(2400);
      expect(listed({ occupation: '铣工', from: '2020-01-01' }, { occupation: ' ', from: '2020-01-01' })).toBe(2400);
      expect(listed({ occupation: '车　工', from: '2020-01-01' })).toBe(3600);
    });

    test('the sentence', () => {
      expect(paid('qualification/college', { shortage: [entry('2020-01-01')] }).basis).toBe(
        'A类 车工 高级 2400元，紧缺上浮50%：3600元（一(一)1、附件1）',
      );
      expect(paid('qualification/college').basis).toBe('A类 车工 高级：2400元（一(一)1、附件1）');
    });
  });

  test('the first qualification certificate is paid', () => {
    const { completion, qualification } = SAMPLE_CERTIFICATES;
    const certificates = [completion, { ...qualification, level: 'junior' as const }, qualification];
    expect(paid('qualification/college', { certificates }).yuan).toBe(1200);
  });
});

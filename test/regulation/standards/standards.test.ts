import { describe, expect, test } from 'vitest';
import { addDays } from '../../../shared/regulation/calendar-date.ts';
import type { Apprentice, Certificate, Level, ShortageEntry } from '../../../shared/regulation/contract.ts';
import { LEVEL_TERMS } from '../../../shared/regulation/contract.ts';
import type { Edition } from '../../../shared/regulation/edition.ts';
import { wenzhou202058 } from '../../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import type { Changes, RouteName } from '../sample-requests.ts';
import { SAMPLE_CERTIFICATES, SAMPLE_DATES, sampleRequest } from '../sample-requests.ts';
import { assessed, reading } from '../verdicts.ts';

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

describe('一(二)1 project', () => {
  const { cap, perHour } = wenzhou202058.figures.project;
  const full = cap / perHour;

  test.each([
    [1, 25],
    [60, 1500],
    [full - 1, 1975],
    [full, 2000],
    [full + 1, 2000],
    [500, 2000],
  ])('%i class hours are %i yuan', (hours, yuan) => {
    expect(paid('project/enterprise', { class: { hours } }).yuan).toBe(yuan);
    expect(paid('project/college', { class: { hours } }).yuan).toBe(yuan);
  });

  test.each([
    [undefined, 1500],
    [1, 25],
    [59, 1475],
    [60, 1500],
    [61, 1500],
  ])('%s hours attended of 60 are %i yuan', (attendedHours, yuan) => {
    expect(paid('project/college', { line: { attendedHours } }).yuan).toBe(yuan);
  });

  test('the sentence', () => {
    expect(paid('project/college', { line: { attendedHours: 50 } }).basis).toBe(
      '25元×实际参训50课时：1250元（一(二)1、附件1）',
    );
    const uplifted = { class: { hours: 90 }, applicant: { traits: ['trade-friction' as const] } };
    expect(paid('project/enterprise', { class: { hours: 90 } }).basis).toBe(
      '25元×90课时为2250元，按每人不超过2000元：2000元（一(二)1、附件1）',
    );
    expect(paid('project/enterprise', uplifted).basis).toBe(
      '25元×90课时为2250元，按每人不超过2000元为2000元，上浮30%：2600元（一(二)1、附件1）',
    );
    expect(paid('project/enterprise', uplifted, reading({ projectUplift: 'before-cap' })).basis).toBe(
      '25元×90课时为2250元，上浮30%为2925元，按每人不超过2000元：2000元（一(二)1、附件1）',
    );
  });

  test.each([
    [['above-scale'], 1500],
    [['key-industry'], 1500],
    [['trade-friction'], 1950],
    [['strategic-emerging'], 1950],
    [['above-scale', 'strategic-emerging'], 1950],
    [['trade-friction', 'strategic-emerging'], 1950],
  ] as const)('an enterprise with %o earns %i yuan for 60 hours', (traits, yuan) => {
    expect(paid('project/enterprise', { applicant: { traits: [...traits] } }).yuan).toBe(yuan);
  });

  test('only the enterprise route is uplifted', () => {
    const applicant = { traits: ['trade-friction' as const] };
    const certificates = [SAMPLE_CERTIFICATES.completion];
    expect(paid('project/college', { applicant }).yuan).toBe(1500);
    expect(paid('project/contractor', { applicant, certificates }).yuan).toBe(1500);
  });

  test.each([
    [full - 1, 2567.5, 2000],
    [full, 2600, 2000],
    [full + 1, 2600, 2000],
    [61, 1982.5, 1982.5],
    [62, 2015, 2000],
  ])('%i hours uplifted: after the cap %f, before the cap %f', (hours, after, before) => {
    const changes = { class: { hours }, applicant: { traits: ['strategic-emerging' as const] } };
    expect(paid('project/enterprise', changes).yuan).toBe(after);
    expect(paid('project/enterprise', changes, reading({ projectUplift: 'before-cap' })).yuan).toBe(before);
  });

  test.each(['special-operation', 'special-equipment'] as const)('%s is 500 new and 100 renewed', (kind) => {
    const certificate = (renewal: boolean | undefined): Certificate[] => [
      { ...SAMPLE_CERTIFICATES.completion, kind, number: 'T1', renewal },
    ];
    const applicant = { traits: ['trade-friction' as const] };
    expect(paid('project/college', { certificates: certificate(undefined) }).yuan).toBe(500);
    expect(paid('project/college', { certificates: certificate(false) }).yuan).toBe(500);
    expect(paid('project/college', { certificates: certificate(true) }).yuan).toBe(100);
    expect(paid('project/enterprise', { applicant, certificates: certificate(false) }).yuan).toBe(500);
    const uplift = reading({ specialOperationUplift: true });
    expect(paid('project/enterprise', { applicant, certificates: certificate(false) }, uplift).yuan).toBe(650);
    expect(paid('project/enterprise', { applicant, certificates: certificate(true) }, uplift).yuan).toBe(130);
    expect(paid('project/enterprise', { certificates: certificate(true) }, uplift).yuan).toBe(100);
    expect(paid('project/college', { applicant, certificates: certificate(true) }, uplift).yuan).toBe(100);
  });

  test('special certificates: the sentence', () => {
    expect(paid('project/contractor').basis).toBe('特种设备作业人员证书新证：500元（一(二)1、附件1）');
    expect(paid('project/contractor', { certificate: { renewal: true } }).basis).toContain('复审：100元');
  });

  test('renewal of a completion certificate does not change its hours', () => {
    expect(paid('project/college', { certificate: { renewal: true } }).yuan).toBe(1500);
  });
});

describe('一(三) pre-job', () => {
  test.each([
    ['pre-job/enterprise', '一(三)1'],
    ['pre-job/domestic-service', '一(三)2'],
  ] as const)('%s is 200 yuan a person', (route, article) => {
    expect(paid(route)).toEqual({
      yuan: 200,
      outcome: 'eligible',
      basis: `岗前技能培训每人：200元（${article}、附件1）`,
    });
  });
});

describe('一(四) apprenticeship', () => {
  const ROUTE = 'apprenticeship/enterprise';
  const cost = (actualCostFen: number): Changes => ({ apprentice: { kind: 'employee', actualCostFen } });
  const fen = (changes: Changes) => assessed(sampleRequest(ROUTE, changes)).lines[0]?.amountFen;
  const completionOnly = (actualCostFen: number): Changes => ({
    ...cost(actualCostFen),
    certificates: [SAMPLE_CERTIFICATES.completion],
  });

  test.each([
    [0, 0, 0],
    [1, 1, 1],
    [2, 2, 1],
    [3, 3, 2],
    [399_999, 399_999, 200_000],
    [400_000, 400_000, 200_000],
    [400_001, 400_000, 200_000],
    [666_666, 400_000, 200_000],
    [666_667, 400_000, 200_000],
    [666_668, 400_001, 200_000],
    [666_669, 400_001, 200_001],
    [666_670, 400_002, 200_001],
    [800_000, 480_000, 240_000],
    [999_999, 599_999, 300_000],
    [1_000_000, 600_000, 300_000],
    [1_000_001, 600_000, 300_000],
    [Number.MAX_SAFE_INTEGER, 600_000, 300_000],
  ])('an employee who cost %i fen earns %i fen, and %i with a completion certificate alone', (actual, full, half) => {
    expect(fen(cost(actual))).toBe(full);
    expect(fen(completionOnly(actual))).toBe(half);
  });

  test.each([
    ['accepted and in the term', {}, 480_000],
    ['of another issuer', { issuer: 'other' }, 240_000],
    ['issued before the term', { issuedOn: '2020-04-30' }, 240_000],
    ['issued on the first day', { issuedOn: '2020-05-01' }, 480_000],
    ['issued on the last day', { issuedOn: '2021-12-31' }, 480_000],
    ['issued after the term', { issuedOn: '2022-01-01' }, 240_000],
    // The catalogue is not one of the two tests.
    ['without an occupation', { occupation: undefined }, 480_000],
    ['of skill level, registered', { kind: 'skill-level', issuer: 'local-assessor', registered: true }, 480_000],
    ['of skill level, unregistered', { kind: 'skill-level', issuer: 'local-assessor' }, 240_000],
    ['of a special ability', { kind: 'special-ability' }, 480_000],
  ] as const)('a qualification certificate %s earns %i fen', (_, qualification, expected) => {
    const certificates = [
      SAMPLE_CERTIFICATES.completion,
      { ...SAMPLE_CERTIFICATES.qualification, ...qualification },
      SAMPLE_CERTIFICATES.qualification,
    ];
    expect(fen({ ...cost(800_000), certificates })).toBe(expected);
  });

  test.each([
    [0, 0],
    [299_999, 299_999],
    [300_000, 300_000],
    [300_001, 300_000],
  ])('a student with an allowance of %i fen earns %i fen', (allowanceFen, expected) => {
    const apprentice: Apprentice = { kind: 'student', allowanceFen, contractMonths: 12, socialInsured: true };
    expect(fen({ apprentice, certificates: [] })).toBe(expected);
  });

  test('the sentences', () => {
    expect(paid(ROUTE, cost(350_000)).basis).toBe(
      '职工学徒年度实际培训费为3500元，按实补贴为3500元，取得培训合格证书和职业资格证书，按标准支付：3500元（一(四)）',
    );
    expect(paid(ROUTE, completionOnly(1_200_000)).basis).toBe(
      '职工学徒年度实际培训费为12000元，60%为7200元，与4000元比较就高为7200元，最高不超过6000元为6000元，未取得符合规定的职业资格证书，按50%支付：3000元（一(四)）',
    );
    expect(paid(ROUTE, cost(500_000)).basis).toContain('60%为3000元，与4000元比较就高为4000元，取得');
    const apprentice: Apprentice = { kind: 'student', allowanceFen: 350_000, contractMonths: 12, socialInsured: true };
    expect(paid(ROUTE, { apprentice }).basis).toBe(
      '学生学徒年度实习津贴为3500元，按每人每年不高于3000元：3000元（一(四)）',
    );
  });
});

describe('一(六) entrepreneurship', () => {
  test.each([
    ['SYB', 1000],
    ['IYB', 1000],
    ['online', 1500],
    ['internet-plus', 1500],
    ['simulated-company', 1500],
  ])('%s is %i yuan a person', (subject, yuan) => {
    const changes = { class: { subject, hours: 168 }, status: { businessLicence: true } };
    expect(paid('entrepreneurship/provider', changes).yuan).toBe(yuan);
  });

  test('the sentence', () => {
    expect(paid('entrepreneurship/provider').basis).toBe('SYB（创办你的企业）培训每人：1000元（一(六)、附件1）');
  });
});

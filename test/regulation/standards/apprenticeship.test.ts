import { describe, expect, test } from 'vitest';
import type { Apprentice } from '../../../shared/regulation/contract.ts';
import type { Edition } from '../../../shared/regulation/edition.ts';
import type { Changes, RouteName } from '../sample-requests.ts';
import { SAMPLE_CERTIFICATES, sampleRequest } from '../sample-requests.ts';
import { assessed } from '../verdicts.ts';

function paid(route: RouteName, changes: Changes = {}, edition?: Edition) {
  const line = assessed(sampleRequest(route, changes), edition).lines[0];
  return { yuan: (line?.amountFen ?? 0) / 100, basis: line?.basis, outcome: line?.outcome };
}

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
    const student = (allowanceFen: number | undefined): Changes => ({
      apprentice: { kind: 'student', allowanceFen, contractMonths: 12, socialInsured: true },
    });
    expect(paid(ROUTE, student(350_000)).basis).toBe(
      '学生学徒年度实习津贴为3500元，按每人每年不高于3000元：3000元（一(四)）',
    );
    expect(paid(ROUTE, student(300_000)).basis).toBe('学生学徒年度实习津贴：3000元（一(四)）');
    expect(paid(ROUTE, student(undefined)).basis).toBe('缺少学生学徒的年度实习津贴，补充后计算：0元（一(四)）');
    expect(paid(ROUTE, { apprentice: { kind: 'employee' } }).basis).toBe(
      '缺少职工学徒的年度实际培训费，补充后计算：0元（一(四)）',
    );
  });
});

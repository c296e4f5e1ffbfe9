import { describe, expect, test } from 'vitest';
import type { Apprentice } from '../../../shared/regulation/contract.ts';
import { wenzhou202058 } from '../../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import { ROUTE_NAMES, sampleRequest } from '../sample-requests.ts';
import { assessed, findingOn, outcomeOn } from '../verdicts.ts';

const ROUTE = 'apprenticeship/enterprise';
const MONTHS = wenzhou202058.figures.apprenticeship.studentContractMonths;
const on = (apprentice: Apprentice | undefined) => sampleRequest(ROUTE, { line: { apprentice } });

describe('apprentice.figures', () => {
  test.each([
    [{ kind: 'employee', actualCostFen: 0 }, 'pass'],
    [{ kind: 'employee' }, 'refer'],
    [{ kind: 'employee', allowanceFen: 1 }, 'refer'],
    [{ kind: 'student', allowanceFen: 0 }, 'pass'],
    [{ kind: 'student' }, 'refer'],
    [{ kind: 'student', actualCostFen: 1 }, 'refer'],
    [undefined, 'refer'],
  ] as const)('apprentice.figures: %o is a %s', (apprentice, outcome) => {
    expect(outcomeOn(on(apprentice), 'apprentice.figures')).toBe(outcome);
  });

  test('apprentice.figures: a referred line without figures earns nothing yet', () => {
    for (const apprentice of [undefined, { kind: 'employee' } as const]) {
      expect(assessed(on(apprentice)).lines[0]).toMatchObject({
        outcome: 'referred',
        amountFen: 0,
        basis: '缺少职工学徒的年度实际培训费，补充后计算：0元（一(四)）',
      });
    }
    const student = on({ kind: 'student', contractMonths: 12, socialInsured: true });
    expect(assessed(student).lines[0]).toMatchObject({ outcome: 'referred', amountFen: 0 });
  });

  test.each(ROUTE_NAMES)('apprentice.figures, apprentice.student-contract: %s', (route) => {
    const request = sampleRequest(route, { apprentice: { kind: 'student', contractMonths: 0 } });
    const applies = route === ROUTE;
    expect(outcomeOn(request, 'apprentice.figures')).toBe(applies ? 'refer' : 'not applicable');
    expect(outcomeOn(request, 'apprentice.student-contract')).toBe(applies ? 'fail' : 'not applicable');
  });
});

describe('apprentice.student-contract', () => {
  test.each([
    [MONTHS - 1, true, 'fail'],
    [MONTHS, true, 'pass'],
    [MONTHS + 1, true, 'pass'],
    [MONTHS, false, 'fail'],
    [MONTHS - 1, undefined, 'fail'],
    [MONTHS, undefined, 'refer'],
    [undefined, true, 'refer'],
    [undefined, false, 'fail'],
    [undefined, undefined, 'refer'],
  ] as const)(
    'apprentice.student-contract: %s months, insured %s is a %s',
    (contractMonths, socialInsured, outcome) => {
      const request = on({ kind: 'student', allowanceFen: 1, contractMonths, socialInsured });
      expect(outcomeOn(request, 'apprentice.student-contract')).toBe(outcome);
    },
  );

  test('apprentice.student-contract: not asked of employees', () => {
    const request = on({ kind: 'employee', actualCostFen: 1, contractMonths: 0, socialInsured: false });
    expect(outcomeOn(request, 'apprentice.student-contract')).toBe('not applicable');
    expect(outcomeOn(on(undefined), 'apprentice.student-contract')).toBe('not applicable');
  });

  test('apprentice.student-contract: says what is lacking', () => {
    const message = (changes: Partial<Apprentice>) =>
      findingOn(on({ kind: 'student', allowanceFen: 1, ...changes }), 'apprentice.student-contract')?.message;
    expect(message({ contractMonths: 9 })).toContain('劳动合同为9个月，少于12个月，差3个月');
    expect(message({ contractMonths: 12, socialInsured: false })).toContain('未为学生学徒缴纳社会保险费');
    expect(message({ contractMonths: 12 })).toBe(
      '未提供学生学徒的社会保险缴纳情况，请补充证明，由受理部门核实（一(四)）',
    );
    expect(message({ socialInsured: true })).toContain('未提供学生学徒的劳动合同期限，');
    expect(message({})).toContain('劳动合同期限、社会保险缴纳情况');
  });
});

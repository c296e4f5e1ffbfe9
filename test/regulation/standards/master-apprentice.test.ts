import { describe, expect, test } from 'vitest';
import type { Certificate } from '../../../shared/regulation/contract.ts';
import { sampleRequest } from '../sample-requests.ts';
import { assessed } from '../verdicts.ts';

const paid = (certificate: Partial<Certificate>, listed = false) => {
  const shortage = listed ? [{ occupation: '车工', from: '2020-01-01' }] : [];
  return assessed(sampleRequest('master-apprentice/studio', { certificate, shortage })).lines[0];
};

describe('一(五) master-apprentice', () => {
  test('pays by the catalogue, and says so by its own article', () => {
    expect(paid({})).toMatchObject({ amountFen: 240_000, basis: 'A类 车工 高级：2400元（一(五)、附件1）' });
    expect(paid({ occupation: '美发师', level: 'technician' })).toMatchObject({ amountFen: 280_000 });
  });

  test('uplifts shortage occupations, special abilities never', () => {
    expect(paid({}, true)).toMatchObject({
      amountFen: 360_000,
      basis: 'A类 车工 高级 2400元，紧缺上浮50%：3600元（一(五)、附件1）',
    });
    expect(paid({ kind: 'special-ability', occupation: '皮鞋制板', level: 'junior' }, true)).toMatchObject({
      amountFen: 60_000,
      basis: '专项能力 皮鞋制板 初级：600元（一(五)、附件1、附件2）',
    });
  });
});

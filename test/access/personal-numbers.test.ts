import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countPersonalNumbers, showsIdentityNumber } from '../../shared/access/personal-numbers.ts';
import { identityNumber } from '../support/people.ts';

const valid = '11010519491231002X';
const none = { identity: 0, card: 0, mobile: 0 };

describe('personal numbers in a text', () => {
  test.each([valid, valid.toLowerCase(), `身份证${valid}，`])('%s is one', (text) => {
    expect(countPersonalNumbers(text)).toEqual({ ...none, identity: 1 });
  });

  test.each([
    ['full-width digits', '１１０１０５１９４９１２３１００２Ｘ'],
    ['blanks inside', '110105 1949 1231 002X'],
    ['zero-width blanks', '110105\u200b19491231\u200d002X'],
    ['glued to other digits', `99${valid}`],
    ['glued to letters', `ID${valid}号`],
    ['split over cells of a line', `张三\t${valid}`],
    ['hyphens inside', '110105-19491231-002X'],
    ['dashes inside', '110105–1949—1231 – 002X'],
    ['dots inside', '110105.1949·1231‐002x'],
  ])('%s do not hide one', (_, text) => {
    expect(showsIdentityNumber(text)).toBe(true);
  });

  test.each([
    ['a wrong check digit', '110105194912310021'],
    ['a date that does not exist', '110105194902300024'],
    ['a date that is no birth', '110105188012310029'],
    ['a masked number', '110*************2X'],
    ['dates with hyphens in a row', '2021-10-11—2021-10-22，2021.10.11-2021.10.22'],
    ['document numbers', '温人社发〔2020〕58-2021-12-13-001号，2021-330302-0001-0002'],
    ['dates and sums', '2021-12-13 2021年12月20日 1,400,000 36.35万元'],
    ['a hash', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ])('%s is none', (_, text) => {
    expect(countPersonalNumbers(text).identity).toBe(0);
  });

  test('bank cards and mobile numbers are told apart from other digits', () => {
    expect(countPersonalNumbers('卡号 6222021234567890128')).toEqual({ ...none, card: 1 });
    expect(countPersonalNumbers('卡号 6222021234567890129')).toEqual(none);
    expect(countPersonalNumbers('电话13812345678。')).toEqual({ ...none, mobile: 1 });
    expect(countPersonalNumbers('0577-12333，邮编325000，编号20211213001')).toEqual(none);
    for (const mobile of ['138-1234-5678', '138 1234–5678', '138.1234.5678', '１３８－１２３４－５６７８'])
      expect([mobile, countPersonalNumbers(`联系${mobile}`)]).toEqual([mobile, { ...none, mobile: 1 }]);
    expect(countPersonalNumbers('卡号6222-0212-3456-7890-128')).toEqual({ ...none, card: 1 });
  });

  test.each([
    '2021-12-13至2021-12-20',
    '2021-12-13—2021-12-20',
    '2021.12.13-2021.12.20',
    '13-8-2021',
    '2021-12-13 18.30-20.30',
    '1380.50-2021.12',
    '0577-8812-3456',
    '浙公网安备 33030202000123号',
    '1,380,000.00元、1.38-1.39万元',
    '58-2020-1381-2345',
    'GB/T 19001-2016',
  ])('%s is no number of a person', (text) => {
    expect(countPersonalNumbers(text)).toEqual(none);
  });

  test('every citizen number is found wherever it stands in a Chinese text', () => {
    const births = fc.date({ min: new Date('1930-01-01'), max: new Date('2010-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(
        births,
        fc.integer({ min: 0, max: 999 }),
        fc.constantFrom('', '张三', '（', '"', '>'),
        (birth, serial, before) => {
          const number = identityNumber(birth.toISOString().slice(0, 10).replaceAll('-', ''), serial);
          expect(showsIdentityNumber(`${before}${number}人`)).toBe(true);
        },
      ),
      { seed: 58, numRuns: 500 },
    );
  });

  test('a long run of digits is searched in a moment', () => {
    expect(showsIdentityNumber('1'.repeat(200_000) + valid)).toBe(true);
  });
});

import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DomainError } from '../../shared/errors/domain-error.ts';
import { bankFile, yuanText } from '../../shared/payments/bank-file.ts';
import { mostReceipts, readReceipts } from '../../shared/payments/receipts-file.ts';
import { transferReference } from '../../shared/payments/transfer.ts';
import { identityNumber } from '../support/people.ts';

const reference = transferReference('C1', 1, 1);
const header = '转账编号,结果,银行流水号,原因';

function failureOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('bank file', () => {
  test.each([
    [0, '0.00'],
    [1, '0.01'],
    [10, '0.10'],
    [99, '0.99'],
    [100, '1.00'],
    [123_456, '1234.56'],
  ])('%i fen are %s yuan', (fen, text) => {
    expect(yuanText(fen)).toBe(text);
  });

  test('yuan read back are the fen that went in', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000_000), (fen) => {
        const [yuan = '', rest = ''] = yuanText(fen).split('.');
        expect(BigInt(yuan) * 100n + BigInt(rest)).toBe(BigInt(fen));
        expect(rest).toHaveLength(2);
      }),
      { seed: 58 },
    );
  });

  test('the same rows in any order give the same bytes, and every cell comes back', () => {
    const row = fc.record({
      reference: fc.integer({ min: 1, max: 99_999 }).map((n) => transferReference('C', n, 1)),
      holder: fc.string(),
      bank: fc.string({ maxLength: 20 }),
      account: fc.stringMatching(/^\d{8,19}$/),
      fen: fc.nat(1e9),
      purpose: fc.constant('补贴'),
    });
    fc.assert(
      fc.property(fc.uniqueArray(row, { selector: ({ reference: r }) => r, maxLength: 8 }), (rows) => {
        const file = bankFile(rows);
        expect(bankFile(rows.toReversed())).toBe(file);
        const [, ...cells]: string[][] = parse(file, { bom: true });
        expect(cells.map(([, ref]) => ref)).toEqual(rows.map(({ reference: r }) => r).toSorted());
        for (const [, ref, holder = '', , account] of cells) {
          const original = rows.find((candidate) => candidate.reference === ref);
          expect(account).toBe(original?.account);
          expect([original?.holder, `'${original?.holder}`]).toContain(holder);
          expect(holder).not.toMatch(/^[=+\-@\t\r]/);
        }
      }),
      { seed: 58 },
    );
  });
});

describe('receipts file', () => {
  test("a payee's number in the bank's reason does not go on record; the row counts all the same", () => {
    const file = `${header}\n${reference},退回,S-01,账号6228480402564890018已注销\n`;
    const { receipts, problems } = readReceipts(file);
    expect(problems).toEqual([]);
    expect(receipts).toMatchObject([{ reference, word: 'bounced', reason: expect.stringContaining('回执原件') }]);
    expect(JSON.stringify(receipts)).not.toContain('6228480402564890018');
  });

  test('columns in any order, with a byte-order mark and blank lines', () => {
    const file = `\uFEFF结果,转账编号,原因,银行流水号\r\n\r\n成功,${reference},,S-01\r\n`;
    expect(readReceipts(file)).toEqual({
      receipts: [{ row: 3, reference, word: 'paid', bankSerial: 'S-01', reason: '' }],
      problems: [],
    });
  });

  test('bad rows are named by their row, good ones are kept', () => {
    const rows = [
      `${reference},成功,S-01,`,
      'JP1,成功,S-02,',
      `${reference},成功,S-03,`,
      `${transferReference('C1', 2, 1)},也许,,`,
      `${transferReference('C1', 3, 1)},成功,,`,
    ];
    const { receipts, problems } = readReceipts([header, ...rows].join('\n'));
    expect(receipts.map(({ row }) => row)).toEqual([2]);
    expect(problems.map(({ path }) => path)).toEqual(['file.row[3]', 'file.row[4]', 'file.row[5]', 'file.row[6]']);
  });

  test.each([
    [['退回', '成功']],
    [['成功', '退回', '退回']],
    [['未知', '成功']],
    [['退回', '也许']],
    [['也许', '退回']],
  ])('rows that say %j of one transfer all wait for the bank, and all are named', (results) => {
    const other = transferReference('C1', 9, 1);
    const rows = results.map((result, index) => `${reference},${result},S-0${index},`);
    const { receipts, problems } = readReceipts([header, `${other},成功,S-99,`, ...rows].join('\n'));
    expect(receipts.map(({ row }) => row)).toEqual([2]);
    expect(problems.map(({ path }) => path)).toEqual(results.map((_, index) => `file.row[${index + 3}]`));
  });

  test('a contradiction of which one row is incomplete is one all the same', () => {
    const file = [header, `${reference},退回,,`, `${reference},成功,,`].join('\n');
    expect(readReceipts(file)).toMatchObject({
      receipts: [],
      problems: [{ path: 'file.row[2]' }, { path: 'file.row[3]' }],
    });
  });

  test.each(['\n', '\r\n'])('blank lines and broken cells count as a spreadsheet counts them: %j', (end) => {
    const good = (lineNo: number, reason = '') => `${transferReference('C1', lineNo, 1)},退回,,${reason}`;
    const lines = [header, '', '', good(1, `"户名${end}不符"`), '', 'JP1,成功,S-02,', good(2), ''];
    const { receipts, problems } = readReceipts(lines.join(end));
    expect(receipts.map(({ row }) => row)).toEqual([4, 7]);
    expect(problems.map(({ path }) => path)).toEqual(['file.row[6]']);
  });

  test.each(['constructor', 'toString', '__proto__', ''])('"%s" is no word of the bank', (result) => {
    const { receipts, problems } = readReceipts(`${header}\n${reference},${result},S-01,`);
    expect([receipts, problems.map(({ path }) => path)]).toEqual([[], ['file.row[2]']]);
  });

  test.each([
    ['S-1', 0],
    ['S-01', 1],
    ['A'.repeat(64), 1],
    ['A'.repeat(65), 0],
    ['流水号01', 0],
    ['S 0001', 0],
    [identityNumber('19900101', 11), 0],
    // Digits that pass the check of a card may be a serial number all the same.
    ['6228480402564890018', 1],
    ['20210401000123', 1],
  ])('serial number %s: %i row counts', (serial, count) => {
    const { receipts, problems } = readReceipts(`${header}\n${reference},成功,${serial},`);
    expect([receipts.length, problems.length]).toEqual([count, 1 - count]);
  });

  test.each([
    ['nothing but a header', header],
    ['another file', 'a,b\n1,2'],
    ['a broken quote', `${header}\n"${reference},成功`],
    [
      'more rows than one call takes',
      [header, ...Array.from({ length: mostReceipts + 1 }, (_, n) => `${transferReference('C', n, 1)},未知,,`)].join(
        '\n',
      ),
    ],
  ])('%s is refused as a whole', (_, file) => {
    expect(() => readReceipts(file)).toThrow(DomainError);
  });

  test('no text makes it throw anything but a refusal', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 40 }).map((text) => `${header}\n${text}`),
        (text) => {
          const failure = failureOf(() => readReceipts(text));
          expect(failure === undefined || failure instanceof DomainError).toBe(true);
        },
      ),
      { seed: 58, numRuns: 200 },
    );
  });
});

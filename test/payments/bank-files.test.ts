import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DomainError } from '../../shared/errors/domain-error.ts';
import { bankFile, yuanText } from '../../shared/payments/bank-file.ts';
import { mostReceipts, readReceipts } from '../../shared/payments/receipts-file.ts';
import { transferReference } from '../../shared/payments/transfer.ts';

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
    const file = `${header}\n${reference},退回,S1,账号6228480402564890018已注销\n`;
    const { receipts, problems } = readReceipts(file);
    expect(problems).toEqual([]);
    expect(receipts).toMatchObject([{ reference, word: 'bounced', reason: expect.stringContaining('回执原件') }]);
    expect(JSON.stringify(receipts)).not.toContain('6228480402564890018');
  });

  test('columns in any order, with a byte-order mark and blank lines', () => {
    const file = `\uFEFF结果,转账编号,原因,银行流水号\r\n\r\n成功,${reference},,S-1\r\n`;
    expect(readReceipts(file)).toEqual({
      receipts: [{ row: 2, reference, word: 'paid', bankSerial: 'S-1', reason: '' }],
      problems: [],
    });
  });

  test('bad rows are named by their row, good ones are kept', () => {
    const rows = [
      `${reference},成功,S-1,`,
      'JP1,成功,S-2,',
      `${reference},退回,,`,
      `${transferReference('C1', 2, 1)},也许,,`,
      `${transferReference('C1', 3, 1)},成功,,`,
    ];
    const { receipts, problems } = readReceipts([header, ...rows].join('\n'));
    expect(receipts.map(({ row }) => row)).toEqual([2]);
    expect(problems.map(({ path }) => path)).toEqual(['file.row[3]', 'file.row[4]', 'file.row[5]', 'file.row[6]']);
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

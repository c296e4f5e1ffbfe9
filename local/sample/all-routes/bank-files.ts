import type { Json } from '../sample-api.ts';
import { expectSame } from '../step.ts';

const columns = '序号,转账编号,收款人,开户行,账号,金额（元）,用途';

/**
 * The bank file (代发文件) holds each transfer of its batch once, in yuan with two decimals, to the fen.
 * @param file as text, which is without its byte-order mark
 */
export function expectBankFile(file: string, transfers: readonly Json[]): void {
  const [head, ...rows] = file.trimEnd().split('\r\n');
  expectSame('columns of the bank file', head, columns);
  const inOrder = transfers.toSorted((a, b) => (a.reference < b.reference ? -1 : 1));
  expectSame(
    'rows of the bank file',
    rows.map((row) => {
      const [no, reference, holder = '', , account = '', yuan] = row.split(',');
      return [no, reference, holder.length > 1, /^\d{12,}$/.test(account), yuan];
    }),
    inOrder.map(({ reference, fen }, index) => [
      String(index + 1),
      reference,
      true,
      true,
      `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`,
    ]),
  );
}

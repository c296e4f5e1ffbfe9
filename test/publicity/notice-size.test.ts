import { describe, expect, test } from 'vitest';
import type { NoticeRow } from '../../shared/publicity/notice-row.ts';
import { cutIntoNotices, maxLinesOfNotice, maxRowsOfNotice } from '../../shared/publicity/notice-size.ts';
import { unit } from '../support/published-document.ts';

const withItems = (items: number): { row: NoticeRow } => ({
  row: unit({
    items: Array.from({ length: items }, (_, index) => ({ heads: 1, standardFen: index, amountFen: index })),
  }),
});
const rows = (count: number, items = 1) => Array.from({ length: count }, () => withItems(items));
const sizes = (all: { row: NoticeRow }[]) => cutIntoNotices(all).map(({ length }) => length);

describe('how many rows a notice holds', () => {
  test.each([
    [0, []],
    [1, [1]],
    [maxRowsOfNotice - 1, [999]],
    [maxRowsOfNotice, [1000]],
    [maxRowsOfNotice + 1, [1000, 1]],
    [2 * maxRowsOfNotice + 1, [1000, 1000, 1]],
  ])('%i rows of one line', (count, expected) => {
    expect(sizes(rows(count))).toEqual(expected);
  });

  test.each([
    [maxLinesOfNotice - 1, [2]],
    [maxLinesOfNotice, [2]],
    [maxLinesOfNotice + 1, [1, 1]],
  ])('two rows of %i lines together', (lines, expected) => {
    expect(sizes([withItems(lines - 4000), withItems(4000)])).toEqual(expected);
  });

  test('a row without items takes a line; one that is too long stands alone; the order stays', () => {
    const long = withItems(maxLinesOfNotice + 1);
    const all = [...rows(3, 0), long, ...rows(2, 0)];
    expect(sizes(all)).toEqual([3, 1, 2]);
    expect(cutIntoNotices(all).flat()).toEqual(all);
    expect(sizes(rows(maxRowsOfNotice, 10))).toEqual([1000]);
    expect(sizes(rows(maxRowsOfNotice, 20))).toEqual([500, 500]);
  });
});

import { describe, expect, it } from 'vitest';
import { BudgetExhausted, DEFAULT_BUDGETS } from '../../../shared/evidence/video/budgets.ts';
import { RangeReader } from '../../../shared/evidence/video/range-reader.ts';

const bytes = Uint8Array.from({ length: 200_000 }, (_, at) => at % 251);

function reading(budgets = DEFAULT_BUDGETS) {
  const asked: [number, number][] = [];
  const source = {
    size: bytes.length,
    read: async (start: number, end: number) => {
      asked.push([start, end]);
      return bytes.slice(start, end);
    },
  };
  return { asked, reader: new RangeReader(source, budgets, () => 0) };
}

describe('a range reader', () => {
  it('gives the bytes asked for', async () => {
    const { reader, asked } = reading();
    expect(await reader.read(10, 20)).toEqual(bytes.slice(10, 20));
    expect(await reader.read(20, 20)).toHaveLength(0);
    expect(asked).toEqual([[10, 20]]);
    expect(reader).toMatchObject({ requests: 1, bytesRead: 10 });
  });

  it('fetches ahead, never beyond the object, and then fetches nothing', async () => {
    const { reader, asked } = reading();
    await reader.read(199_000, 199_010, 300_000);
    expect(await reader.read(199_500, 200_000)).toEqual(bytes.slice(199_500, 200_000));
    expect(asked).toEqual([[199_000, 200_000]]);
    expect(reader.holds(199_000, 200_000)).toBe(true);
    expect(reader.holds(198_999, 199_001)).toBe(false);
  });

  it('fetches only what is missing behind what it holds', async () => {
    const { reader, asked } = reading();
    await reader.read(0, 100, 1000);
    expect(await reader.read(500, 5000)).toEqual(bytes.slice(500, 5000));
    expect(asked).toEqual([
      [0, 1000],
      [1000, 5000],
    ]);
  });

  it('joins what lies close together, and fetches the rest apart', async () => {
    const { reader, asked } = reading();
    const ranges = [
      { start: 5000, end: 5100 },
      { start: 0, end: 100 },
      { start: 150, end: 200 },
      { start: 5150, end: 5300 },
    ];
    await reader.prefetch(ranges, 100);
    expect(asked.toSorted((a, b) => a[0] - b[0])).toEqual([
      [0, 200],
      [5000, 5300],
    ]);
    expect(await reader.read(5150, 5300)).toEqual(bytes.slice(5150, 5300));
    expect(reader.requests).toBe(2);
  });

  it('refuses to read beyond the object', async () => {
    const { reader } = reading();
    await expect(reader.read(0, 200_001)).rejects.toThrow(RangeError);
    await expect(reader.read(-1, 5)).rejects.toThrow(RangeError);
  });

  it('stops at its budgets before it asks', async () => {
    const { reader, asked } = reading({ ...DEFAULT_BUDGETS, bytes: 100 });
    await reader.read(0, 100);
    await expect(reader.read(100, 101)).rejects.toThrow(BudgetExhausted);
    expect(asked).toHaveLength(1);
  });
});

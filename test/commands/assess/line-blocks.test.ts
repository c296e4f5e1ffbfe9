import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Block } from '../../../commands/assess/line-blocks.ts';
import { LineBlocks } from '../../../commands/assess/line-blocks.ts';

const LONGEST = 12;

/** What was cut, as text: lines in the clear, `<too long>` for one that was dropped. */
function told(blocks: readonly Block[]): string[] {
  return blocks.map((block) => (block.kind === 'lines' ? block.bytes.toString() : '<too long>'));
}

function cut(chunks: readonly string[], size: number): string[] {
  const blocks = new LineBlocks(size, LONGEST);
  return told([...chunks.flatMap((chunk) => blocks.push(Buffer.from(chunk))), ...blocks.end()]);
}

describe('blocks of whole lines', () => {
  test('are cut where they are full, at a line’s end', () => {
    expect(cut(['ab\ncd\n', 'ef\ngh'], 6)).toEqual(['ab\ncd\n', 'ef\ngh']);
    expect(cut(['ab\ncd', '\nef\n'], 7)).toEqual(['ab\ncd\nef\n']);
    expect(cut(['a', 'b', '\n', 'c'], 1)).toEqual(['ab\n', 'c']);
    expect(cut([], 1)).toEqual([]);
    expect(cut([''], 1)).toEqual([]);
  });

  test('flush gives the whole lines that wait, and keeps the open one', () => {
    const blocks = new LineBlocks(100, LONGEST);
    expect(blocks.push(Buffer.from('ab\ncd'))).toEqual([]);
    expect(told(blocks.flush())).toEqual(['ab\n']);
    expect(blocks.flush()).toEqual([]);
    expect(blocks.push(Buffer.from('ef\n'))).toEqual([]);
    expect(told(blocks.end())).toEqual(['cdef\n']);
  });

  test('a line over the limit is dropped, those around it are not', () => {
    const long = 'x'.repeat(LONGEST);
    expect(cut([`a\n${long}\nb\n`], 100)).toEqual([`a\n${long}\nb\n`]);
    expect(cut([`a\n${long}`, 'x', '\nb\n'], 100)).toEqual(['a\n', '<too long>', 'b\n']);
    expect(cut([`${long}x`, long, long], 100)).toEqual(['<too long>']);
    expect(cut(['a\nb', `${long}\nc\n`], 100)).toEqual(['a\n', '<too long>', 'c\n']);
    expect(cut([`${long}x`, `${long}\n`, `${long}y`, '\n', 'c'], 100)).toEqual(['<too long>', '<too long>', 'c']);
  });

  test('blocks own their memory', () => {
    const blocks = new LineBlocks(1, LONGEST);
    const [first] = blocks.push(Buffer.from('ab\ncd'));
    const [second] = blocks.push(Buffer.from('\n'));
    const memory = [first, second].map((block) => (block?.kind === 'lines' ? block.bytes.buffer : undefined));
    expect(memory[0]?.byteLength).toBe(3);
    expect(memory[1]?.byteLength).toBe(3);
    expect(memory[0]).not.toBe(memory[1]);
  });

  test('however the input is cut into chunks, the lines are the same', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 60 });
    fc.assert(
      fc.property(text, fc.array(fc.nat({ max: 60 })), fc.integer({ min: 1, max: 30 }), (input, cuts, size) => {
        const places = [0, ...cuts.toSorted((a, b) => a - b), input.length];
        const chunks = places.slice(1).map((place, index) => input.slice(places[index], place));
        const lines = input.split('\n');
        fc.pre(lines.every((line) => line.length <= LONGEST));
        expect(cut(chunks, size).join('')).toBe(input);
        expect(cut(chunks, size).every((block) => block !== '')).toBe(true);
      }),
      { seed: 20_200_058, numRuns: 500 },
    );
  });
});

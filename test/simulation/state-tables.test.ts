import { describe, expect, test } from 'vitest';
import { claimMoves, lineMoves } from '../../shared/claims/claim-states.ts';
import { classMoves } from '../../shared/classes/class-states.ts';
import { evidenceMoves } from '../../shared/evidence/evidence-states.ts';
import { applicationMoves } from '../../shared/payments/fund-application.ts';
import { batchMoves, transferMoves } from '../../shared/payments/transfer.ts';
import { noticeMoves, objectionMoves } from '../../shared/publicity/notice-states.ts';
import { declaredSteps } from './declared-moves.ts';

type Moves = Readonly<Record<string, { from: readonly string[]; to?: string }>>;

const fromWords = Object.entries(transferMoves).map(
  ([word, from]) => [`transfer-${word}`, { from, to: word }] as const,
);

/** The product's tables, each beside the keys of an item whose steps were written down a second time. */
const tables: readonly [name: string, moves: Moves, pk: string, sk: string][] = [
  ['claims', claimMoves, 'CLAIM#1', 'META'],
  ['lines', lineMoves, 'CLAIM#1', 'LINE#0001'],
  ['evidence', evidenceMoves, 'CLAIM#1', 'EVIDENCE#1'],
  ['notices', noticeMoves, 'NOTICE#1', 'META'],
  ['objections', objectionMoves, 'NOTICE#1', 'OBJECTION#1'],
  ['filings', classMoves, 'CLASS#1', 'META'],
  ['batches', batchMoves, 'BATCH#1', 'META'],
  ['transfers', Object.fromEntries(fromWords), 'BATCH#1', 'TRANSFER#1'],
  ['fund applications', applicationMoves, 'FUNDAPPLICATION#1', 'META'],
];

describe('the tables of moves say what was written down beside them', () => {
  const inOrder = (steps: Iterable<string>): string[] => [...new Set(steps)].toSorted();

  test.each(tables)('of %s: no move starts elsewhere, leads elsewhere, or is missing', (_, moves, pk, sk) => {
    const declared = declaredSteps(pk, sk) ?? {};
    for (const [action, { from, to }] of Object.entries(moves)) {
      const steps = declared[action]?.split(' ') ?? [];
      // Where a table does not say where a move leads, its beginnings are held against each other.
      const [said, wanted] =
        to === undefined
          ? [from, steps.map((step) => step.split('>')[0] ?? '')]
          : [from.map((state) => `${state}>${to === 'unchanged' ? state : to}`), steps];
      expect([action, inOrder(said)]).toEqual([action, inOrder(wanted)]);
    }
    // What no table holds begins an entity, or leaves its state as it is.
    const others = Object.entries(declared).filter(([action]) => moves[action] === undefined);
    for (const [action, steps] of others) {
      const moving = steps.split(' ').filter((step) => {
        const [from, to] = step.split('>');
        return from !== '' && from !== to;
      });
      expect([action, moving]).toEqual([action, []]);
    }
  });
});

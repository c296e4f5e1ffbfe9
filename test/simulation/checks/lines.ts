import { count, keyOf, part, type Raw, type Snapshot, text } from '../snapshot.ts';

/** States in which a line counts towards its person's year and holds its locks; a bounced one will be paid yet. */
const live = ['reserved', 'publicised', 'held', 'cleared', 'paying', 'paid', 'bounced'];

export function linesOf(snapshot: Snapshot): readonly Raw[] {
  return snapshot.under('CLAIM#', 'LINE#');
}

export function isLive(line: Raw): boolean {
  return live.includes(text(line, 'st'));
}

/** A line's part of its claim's money, fen: approved where that was said, else granted by an officer, else assessed. */
export function fenOf(line: Raw): number {
  const decision = part(line, 'decision');
  const granted = decision?.['fen'] === undefined ? part(line, 'assessed') : decision;
  const amount = part(line, 'approved') ?? granted;
  return amount === undefined ? 0 : count(amount, 'fen');
}

/** How quotas and locks name a line. */
export function nameOf(line: Raw): string {
  return `${text(line, 'claimId')}#${String(count(line, 'lineNo')).padStart(4, '0')}`;
}

/** A line as messages name it. */
export function placeOf(line: Raw): string {
  return `${keyOf(line)} (${text(line, 'st')})`;
}

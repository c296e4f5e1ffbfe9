/** An amount of money in fen (分), a whole number. 100 fen are one yuan (元). */
export type Fen = number;

/** One yuan (元) in fen (分). */
export const FEN_PER_YUAN = 100;

/** Whole yuan as fen: `yuan(25)` is 2500. */
export function yuan(amount: number): Fen {
  return amount * FEN_PER_YUAN;
}

/**
 * A fraction of a fen, rounded half up (四舍五入) to a whole fen.
 * Both arguments are whole and not negative, the denominator is at least 1, and twice the numerator is a safe integer.
 */
export function roundHalfUp(numerator: number, denominator: number): Fen {
  return denominator === 1 ? numerator : Math.floor((2 * numerator + denominator) / (2 * denominator));
}

/** An amount as a reader writes it: 240000 fen are `2400元`, 123450 fen are `1234.50元`. */
export function formatYuan(amount: Fen): string {
  const fen = amount % FEN_PER_YUAN;
  if (fen === 0) return `${amount / FEN_PER_YUAN}元`;
  return `${(amount - fen) / FEN_PER_YUAN}.${fen < 10 ? '0' : ''}${fen}元`;
}

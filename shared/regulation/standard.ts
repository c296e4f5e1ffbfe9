import type { CertificateKind, Programme } from './contract.ts';
import type { LineFacts } from './line-facts.ts';
import type { Fen } from './money.ts';
import { formatYuan } from './money.ts';

/** What a line earns, and how that came about: a Chinese sentence with its article. */
export interface Amount {
  readonly fen: Fen;
  readonly basis: string;
}

/** The subsidy standard (补贴标准) of one programme. */
export interface Standard {
  readonly programme: Programme;
  readonly article: string;
  /** the file that holds it, from this folder */
  readonly file: string;
  /** the operative words of the regulation */
  readonly words: readonly string[];
  /** the kinds of certificate that count: the first one of a line is judged */
  readonly counts: readonly CertificateKind[];
  /**
   * The amount of a line. Asked of eligible and referred lines only, so that what the rules demand is there; a line
   * without it earns 0 fen.
   */
  amountOf(line: LineFacts): Amount;
}

/** A computation told step by step: each step is what was done and the amount it led to. */
export class Steps {
  #told = '';
  #last: string;
  #fen: Fen;

  constructor(step: string, fen: Fen) {
    this.#last = step;
    this.#fen = fen;
  }

  next(step: string, fen: Fen): this {
    this.#told += `${this.#last}为${formatYuan(this.#fen)}，`;
    this.#last = step;
    this.#fen = fen;
    return this;
  }

  /** The last amount, and all steps in one sentence that ends with it and the article. */
  amount(article: string): Amount {
    return { fen: this.#fen, basis: `${this.#told}${this.#last}：${formatYuan(this.#fen)}（${article}）` };
  }
}

import { type Buffer, isUtf8 } from 'node:buffer';
import { ClaimInAssessment } from '../../shared/regulation/assess.ts';
import type { Problem } from '../../shared/regulation/contract.ts';
import type { EditionRegistry } from '../../shared/regulation/editions/registry.ts';
import { parseRequest } from '../../shared/regulation/parse-request.ts';
import { JsonWriter, jsonBytes } from './json-writer.ts';
import type { Summary } from './summary.ts';
import { emptySummary } from './summary.ts';
import { writeAssessment } from './write-assessment.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const NEWLINE = 10;
const LINE_END = jsonBytes('\n');
/** Some editors put one at the start of a file. */
const BYTE_ORDER_MARK = /^\ufeff/u;
/** Chunks of output kept for use again: what a few blocks of requests fill. */
const MOST_FREE = 32;

/** What came of a block of requests. */
export interface Answers {
  readonly output: Bytes[];
  /** what was counted, where that was asked for */
  readonly summary: Summary | undefined;
}

/** Answers requests, one a line, in order, with one line each. */
export class Answerer {
  readonly #registry: EditionRegistry;
  readonly #summarise: boolean;
  readonly #free: Bytes[] = [];
  readonly #writer = new JsonWriter(this.#free);
  readonly #aside = new JsonWriter(this.#free);
  #summary: Summary | undefined;

  constructor(registry: EditionRegistry, summarise: boolean) {
    this.#registry = registry;
    this.#summarise = summarise;
  }

  /** The answers to a block of whole lines. */
  answer(block: Buffer): Answers {
    return this.#answers(() => {
      let start = 0;
      while (start < block.length) {
        const newline = block.indexOf(NEWLINE, start);
        const end = newline < 0 ? block.length : newline;
        this.#answerLine(block.subarray(start, end));
        start = end + 1;
      }
    });
  }

  /** The answer to a line that could not even be read. */
  refuse(message: string): Answers {
    return this.#answers(() => this.#refuse(undefined, [{ path: '', message }]));
  }

  /** Takes back memory of output that was written out. */
  reuse(chunks: readonly Bytes[]): void {
    this.#free.push(...chunks.slice(0, Math.max(0, MOST_FREE - this.#free.length)));
  }

  #answers(write: () => void): Answers {
    this.#summary = this.#summarise ? emptySummary() : undefined;
    write();
    return { output: this.#writer.take(), summary: this.#summary };
  }

  /** Nothing for a blank line; otherwise the assessment, or what is wrong with the request. */
  #answerLine(line: Buffer): void {
    const text = line.toString('utf8').replace(BYTE_ORDER_MARK, '');
    if (text.trim() === '') return;
    const read = isUtf8(line) ? readJson(text) : { problem: '不是UTF-8编码的文字，请转换编码后重新提交' };
    if (read.problem !== undefined) {
      this.#refuse(undefined, [{ path: '', message: read.problem }]);
      return;
    }
    const reading = parseRequest(read.value, this.#registry);
    if (!reading.ok) {
      this.#refuse(reading.claimId, reading.problems);
      return;
    }
    if (this.#summary !== undefined) this.#summary.requests += 1;
    const claim = new ClaimInAssessment(reading.edition, reading.request);
    writeAssessment(claim, this.#summary, this.#writer, this.#aside);
    this.#writer.bytes(LINE_END);
  }

  #refuse(claimId: string | undefined, problems: readonly Problem[]): void {
    if (this.#summary !== undefined) {
      this.#summary.requests += 1;
      this.#summary.badRequests += 1;
    }
    this.#writer.json(JSON.stringify({ error: { claimId, problems } }));
    this.#writer.bytes(LINE_END);
  }
}

/** The value of a JSON text, or where it stops being one. What the text holds is not repeated. */
function readJson(text: string): { value?: unknown; problem?: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    const position = error instanceof Error ? /position (\d+)/u.exec(error.message)?.[1] : undefined;
    const where = position === undefined ? '' : `，第${Number(position) + 1}个字符处有误`;
    return { problem: `不是合法的JSON${where}` };
  }
}

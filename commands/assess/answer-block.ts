import { type Buffer, isUtf8 } from 'node:buffer';
import { assessWith } from '../../shared/regulation/assess.ts';
import type { Problem } from '../../shared/regulation/contract.ts';
import type { EditionRegistry } from '../../shared/regulation/editions/registry.ts';
import { parseRequest } from '../../shared/regulation/parse-request.ts';
import type { JsonWriter } from './json-writer.ts';
import { jsonBytes } from './json-writer.ts';
import type { Summary } from './summary.ts';
import { count } from './summary.ts';
import { writeAssessment } from './write-assessment.ts';

const NEWLINE = 10;
/** Some editors put one at the start of a file. */
const BYTE_ORDER_MARK = /^\ufeff/u;
const LINE_END = jsonBytes('\n');

/** Writes the answers to a block of whole input lines, in order, one on a line; counts them where there is a summary. */
export function answerBlock(
  block: Buffer,
  registry: EditionRegistry,
  summary: Summary | undefined,
  writer: JsonWriter,
): void {
  let start = 0;
  while (start < block.length) {
    const newline = block.indexOf(NEWLINE, start);
    const end = newline < 0 ? block.length : newline;
    answerLine(block.subarray(start, end), registry, summary, writer);
    start = end + 1;
  }
}

/** Writes the answer to a line that cannot be read as a request at all. */
export function refuseLine(message: string, summary: Summary | undefined, writer: JsonWriter): void {
  if (summary !== undefined) summary.requests += 1;
  refuse(undefined, [{ path: '', message }], summary, writer);
}

/** Nothing for a blank line; otherwise the assessment, or what is wrong with the request. */
function answerLine(line: Buffer, registry: EditionRegistry, summary: Summary | undefined, writer: JsonWriter): void {
  const text = line.toString('utf8').replace(BYTE_ORDER_MARK, '');
  if (text.trim() === '') return;
  const read = isUtf8(line) ? readJson(text) : { problem: '不是UTF-8编码的文字，请转换编码后重新提交' };
  if (read.problem !== undefined) {
    refuseLine(read.problem, summary, writer);
    return;
  }
  if (summary !== undefined) summary.requests += 1;
  const reading = parseRequest(read.value, registry);
  if (!reading.ok) {
    refuse(reading.claimId, reading.problems, summary, writer);
    return;
  }
  const assessment = assessWith(reading.edition, reading.request);
  if (summary !== undefined) count(summary, assessment);
  writeAssessment(assessment, writer);
  writer.bytes(LINE_END);
}

function refuse(
  claimId: string | undefined,
  problems: readonly Problem[],
  summary: Summary | undefined,
  writer: JsonWriter,
): void {
  if (summary !== undefined) summary.badRequests += 1;
  writer.json(JSON.stringify({ error: { claimId, problems } }));
  writer.bytes(LINE_END);
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

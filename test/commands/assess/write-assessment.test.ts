import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JsonWriter } from '../../../commands/assess/json-writer.ts';
import { writeAssessment } from '../../../commands/assess/write-assessment.ts';
import type { Assessment, Finding } from '../../../shared/regulation/contract.ts';
import { anyRequest, SEED } from '../../regulation/random-requests.ts';
import { sampleRequest } from '../../regulation/sample-requests.ts';
import { assessed } from '../../regulation/verdicts.ts';

function written(assessment: Assessment): string {
  const writer = new JsonWriter([]);
  writeAssessment(assessment, writer);
  return Buffer.concat(writer.take()).toString();
}

function madeBy(write: (writer: JsonWriter) => void): string {
  const writer = new JsonWriter([]);
  write(writer);
  return Buffer.concat(writer.take()).toString();
}

const sample = assessed(sampleRequest('project/enterprise'));
const withFinding = (finding: Partial<Finding>): Assessment => ({
  ...sample,
  findings: sample.findings.map((each) => ({ ...each, ...finding })),
});

describe('an assessment is written as JSON.stringify writes it', () => {
  test('whatever is assessed', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const assessment = assessed(request);
        expect(written(assessment)).toBe(JSON.stringify(assessment));
      }),
      { seed: SEED, numRuns: 200 },
    );
  }, 60_000);

  test('whatever stands in it', () => {
    const finding = fc.record({
      rule: fc.string(),
      article: fc.string({ unit: 'grapheme' }),
      outcome: fc.constantFrom('pass' as const, 'fail' as const, 'refer' as const),
      correctable: fc.boolean(),
      message: fc.string({ unit: 'grapheme' }),
      facts: fc.dictionary(
        fc.stringMatching(/^[a-z][A-Za-z]*$/u),
        fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.boolean(), fc.jsonValue(), fc.constant(undefined)),
      ),
    });
    fc.assert(
      fc.property(fc.array(finding), fc.string(), fc.nat(), (findings, id, amountFen) => {
        const line = { id, outcome: 'referred' as const, amountFen, basis: id, findings };
        const assessment = { ...sample, claimId: id, findings, lines: [line, line] };
        expect(written(assessment)).toBe(JSON.stringify(assessment));
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  test('a sentence seen before with other facts, or with the same', () => {
    const facts = { a: '甲', b: 1 };
    const once = { message: '同一句话', outcome: 'pass', facts } as const;
    for (const finding of [once, { ...once, facts: { a: '乙', b: 2 } }, once, { ...once, facts: {} }]) {
      const assessment = withFinding(finding);
      expect(written(assessment)).toBe(JSON.stringify(assessment));
    }
  });

  test('more sentences than are remembered', () => {
    for (let index = 0; index < 700; index += 1) {
      const assessment = withFinding({ message: `第${index}句`, facts: { index } });
      expect(written(assessment)).toBe(JSON.stringify(assessment));
    }
  });
});

describe('JSON is written into chunks', () => {
  const long = '长'.repeat(200_000);
  const texts = [
    '',
    'plain',
    'quo"te',
    'back\\slash',
    '\u0000\u001f',
    '\u007f',
    '温州',
    '\ud800',
    '\u{1f600}',
    long,
    'x'.repeat(500_000),
  ];

  test('any text', () => {
    for (const text of texts)
      expect(madeBy((writer) => writer.text(text))).toBe(Buffer.from(JSON.stringify(text)).toString());
  });

  test('more different texts than are remembered', () => {
    for (let index = 0; index < 5000; index += 1) {
      const text = `第${index}行`;
      expect(madeBy((writer) => writer.text(text))).toBe(JSON.stringify(text));
    }
  });

  test('numbers, truth values and objects', () => {
    expect(madeBy((writer) => writer.plain(0))).toBe('0');
    expect(madeBy((writer) => writer.plain(480_000))).toBe('480000');
    expect(madeBy((writer) => writer.plain(false))).toBe('false');
    expect(madeBy((writer) => writer.object({}))).toBe('{}');
    expect(madeBy((writer) => writer.object({ a: undefined }))).toBe('{}');
    const value = { a: undefined, b: '甲', c: 1, d: true, e: null, f: [1, '二'], g: { h: 'i' } };
    expect(madeBy((writer) => writer.object(value))).toBe(JSON.stringify(value));
  });

  test('many pieces run over the ends of chunks without a loss', () => {
    const expected: string[] = [];
    const made = madeBy((writer) => {
      for (let index = 0; index < 60_000; index += 1) {
        const text = index % 3 === 0 ? `第${index % 100}行` : `line-${index}`;
        writer.text(text);
        writer.plain(index);
        expected.push(JSON.stringify(text), String(index));
      }
    });
    expect(made === expected.join('')).toBe(true);
  });

  test('chunks are used again', () => {
    const first = new JsonWriter([]);
    first.text('甲');
    const [used] = first.take();
    if (used === undefined) throw new Error('a chunk');
    const free = [new Uint8Array(used.buffer), new Uint8Array(3)];
    const second = new JsonWriter(free);
    second.text('乙');
    const [again] = second.take();
    expect(again?.buffer).toBe(used.buffer);
    expect(free).toEqual([]);
    expect(Buffer.from(again ?? []).toString()).toBe('"乙"');
  });
});

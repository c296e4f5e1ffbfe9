import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JsonWriter } from '../../../commands/assess/json-writer.ts';
import { emptySummary, type Summary } from '../../../commands/assess/summary.ts';
import { writeAssessment } from '../../../commands/assess/write-assessment.ts';
import { ClaimInAssessment } from '../../../shared/regulation/assess.ts';
import type { Assessment, Finding } from '../../../shared/regulation/contract.ts';
import { wenzhou202058 } from '../../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import { anyRequest, SEED } from '../../regulation/random-requests.ts';
import { sampleRequest } from '../../regulation/sample-requests.ts';
import { assessed } from '../../regulation/verdicts.ts';

/** Written through one pair of writers, as claims are that follow one another. */
const writer = new JsonWriter([]);
const aside = new JsonWriter([]);

function written({ findings, lines, ...conclusion }: Assessment, summary?: Summary): string {
  const waiting = lines.values();
  const claim = { findings, next: () => waiting.next().value, conclusion: () => conclusion };
  writeAssessment(claim, summary, writer, aside);
  return Buffer.concat(writer.take()).toString();
}

function madeBy(write: (writer: JsonWriter) => void): string {
  const made = new JsonWriter([]);
  write(made);
  return Buffer.concat(made.take()).toString();
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

  test('whatever the command assesses, one claim after another', () => {
    for (const request of fc.sample(anyRequest, { seed: SEED, numRuns: 100 })) {
      const summary = emptySummary();
      writeAssessment(new ClaimInAssessment(wenzhou202058, request), summary, writer, aside);
      const assessment = assessed(request);
      expect(Buffer.concat(writer.take()).toString()).toBe(JSON.stringify(assessment));
      const { eligible, eligibleFen, ineligible, referred, referredFen } = assessment.totals;
      expect(summary).toMatchObject({ lines: { eligible, ineligible, referred }, eligibleFen, referredFen });
      expect(summary.claims[assessment.outcome]).toBe(1);
      const failures = [...assessment.findings, ...assessment.lines.flatMap((line) => line.findings)].filter(
        (finding) => finding.outcome === 'fail',
      );
      const counted = Object.values(summary.rules).reduce((sum, counts) => sum + counts.fail, 0);
      expect(counted).toBe(failures.length);
    }
  }, 60_000);

  test('facts that come again and again, with others between', () => {
    const facts = [
      { a: 1, b: '甲' },
      { a: 1, b: '甲' },
      { a: 1, b: '甲' },
      { a: 2, b: '甲' },
      { a: 1, b: '甲' },
      { a: 1 },
    ];
    const others = [{ b: '甲', a: 1 }, { a: 1, b: '甲', c: true }, { a: 1, b: undefined }, { a: 1, b: '甲' }, {}];
    for (const each of [...facts, ...others, ...facts, ...others]) {
      const assessment = withFinding({ message: '会重复的一句', facts: each });
      expect(written(assessment)).toBe(JSON.stringify(assessment));
    }
  });

  test('a claim that fills many chunks, between small ones', () => {
    const small = sample;
    const [line] = sample.lines;
    if (line === undefined) throw new Error('a sample has a line');
    const large = { ...sample, lines: Array.from({ length: 2000 }, (_, index) => ({ ...line, id: `line-${index}` })) };
    for (const assessment of [small, large, small, large, large, small]) {
      expect(written(assessment) === JSON.stringify(assessment)).toBe(true);
    }
  });

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
      expect(madeBy((into) => into.text(text))).toBe(Buffer.from(JSON.stringify(text)).toString());
  });

  test('more different texts than are remembered', () => {
    for (let index = 0; index < 5000; index += 1) {
      const text = `第${index}行`;
      expect(madeBy((into) => into.text(text))).toBe(JSON.stringify(text));
    }
  });

  test('numbers, truth values and objects', () => {
    expect(madeBy((into) => into.plain(0))).toBe('0');
    expect(madeBy((into) => into.plain(480_000))).toBe('480000');
    expect(madeBy((into) => into.plain(false))).toBe('false');
    expect(madeBy((into) => into.object({}))).toBe('{}');
    expect(madeBy((into) => into.object({ a: undefined }))).toBe('{}');
    const value = { a: undefined, b: '甲', c: 1, d: true, e: null, f: [1, '二'], g: { h: 'i' } };
    expect(madeBy((into) => into.object(value))).toBe(JSON.stringify(value));
  });

  test('many pieces run over the ends of chunks without a loss', () => {
    const expected: string[] = [];
    const made = madeBy((into) => {
      for (let index = 0; index < 60_000; index += 1) {
        const text = index % 3 === 0 ? `第${index % 100}行` : `line-${index}`;
        into.text(text);
        into.plain(index);
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

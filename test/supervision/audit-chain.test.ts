import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { systemActor } from '../../shared/access/actor.ts';
import { type AuditRecord, chainRecord, chainStart, verifyChain } from '../../shared/supervision/audit-chain.ts';
import { canonicalJson } from '../../shared/supervision/canonical-json.ts';

function chain(length: number): AuditRecord[] {
  const records: AuditRecord[] = [];
  for (let version = 1; version <= length; version += 1) {
    const previous = records.at(-1)?.hash ?? chainStart;
    const content = {
      entity: 'META',
      version,
      action: `step-${version}`,
      by: systemActor('test'),
      at: '2021-03-01T00:00:00.000Z',
    };
    records.push(chainRecord({ ...content, from: `s${version - 1}`, to: `s${version}`, previous }));
  }
  return records;
}

const headOf = (records: readonly AuditRecord[]) => ({
  version: records.length,
  auditHead: records.at(-1)?.hash ?? chainStart,
});

describe('audit chain', () => {
  test('an untouched chain holds', () => {
    const records = chain(5);
    expect(verifyChain('META', records, headOf(records))).toEqual([]);
  });

  test('any edit, removal, swap or foreign record shows', () => {
    const edits = fc.record({
      length: fc.integer({ min: 2, max: 12 }),
      at: fc.nat(),
      kind: fc.constantFrom('edit', 'remove', 'swap', 'repeat', 'rehash'),
    });
    fc.assert(
      fc.property(edits, ({ length, at, kind }) => {
        const records = chain(length);
        const head = headOf(records);
        const index = at % length;
        const victim = records[index] as AuditRecord;
        if (kind === 'edit') records[index] = { ...victim, to: 'forged' };
        if (kind === 'rehash') {
          const { hash: _, ...content } = { ...victim, to: 'forged' };
          records[index] = chainRecord(content);
        }
        if (kind === 'remove') records.splice(index, 1);
        if (kind === 'repeat') records.splice(index, 0, victim);
        if (kind === 'swap') records.reverse();
        expect(verifyChain('META', records, head)).not.toEqual([]);
      }),
      { seed: 58, numRuns: 500 },
    );
  });

  test('a chain moved to another entity shows', () => {
    const records = chain(2);
    expect(verifyChain('LINE#0001', records, headOf(records)).map(({ fault }) => fault)).toContain('edited');
  });
});

describe('canonical JSON', () => {
  test('the order of keys and absent values make no difference, everything else does', () => {
    expect(canonicalJson({ b: 1, a: [undefined, null, 'x'], c: undefined })).toBe('{"a":[null,null,"x"],"b":1}');
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(JSON.parse(canonicalJson(a))).toEqual(JSON.parse(JSON.stringify(a)));
        expect(canonicalJson(a) === canonicalJson(b)).toBe(
          isDeepStrictEqual(JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b))),
        );
      }),
      { seed: 58 },
    );
  });
});

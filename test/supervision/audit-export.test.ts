import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AuditRecord, chainRecord, chainStart, systemActor } from '../../shared/supervision/audit-chain.ts';
import { type AuditExport, verifyAudit } from '../../shared/supervision/audit-export.ts';

function trail(lengths: readonly number[]): AuditExport {
  const records: AuditRecord[] = [];
  const heads = lengths.map((length, at) => {
    const entity = `LINE#${String(at + 1).padStart(4, '0')}`;
    let previous = chainStart;
    for (let version = 1; version <= length; version += 1) {
      const content = {
        entity,
        version,
        action: 'step',
        by: systemActor('test'),
        at: '2021-03-01T00:00:00.000Z',
        from: '',
        to: 's',
      };
      const record = chainRecord({ ...content, facts: { fen: version }, previous });
      records.push(record);
      previous = record.hash;
    }
    return { entity, version: length, auditHead: previous };
  });
  return { chain: 'C1', heads, records } as AuditExport;
}

test('an untouched trail holds', () => {
  expect(verifyAudit(trail([3, 1, 5]))).toEqual({ chain: 'C1', holds: true, entities: 3, records: 9, faults: [] });
});

test('every one of 2,000 edits, removals, reorderings, forgeries and lost heads show', () => {
  const kinds = ['edit', 'rehash', 'remove', 'swap', 'copy', 'drop-head', 'move'] as const;
  const edits = fc.record({
    lengths: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 4 }),
    at: fc.nat(),
    kind: fc.constantFrom(...kinds),
  });
  let caught = 0;
  fc.assert(
    fc.property(edits, ({ lengths, at, kind }) => {
      const { chain, heads, ...made } = trail(lengths);
      const records = made.records as AuditRecord[];
      const index = at % records.length;
      const victim = records[index] as AuditRecord;
      const { hash: _, ...content } = { ...victim, facts: { fen: 999_999 } };
      const other = heads.find(({ entity }) => entity !== victim.entity)?.entity ?? '';
      if (kind === 'edit') records[index] = { ...victim, facts: { fen: 999_999 } };
      if (kind === 'rehash') records[index] = chainRecord(content);
      if (kind === 'remove') records.splice(index, 1);
      if (kind === 'copy') records.splice(index, 0, victim);
      if (kind === 'move') records[index] = { ...victim, entity: other };
      if (kind === 'swap') {
        const mate = records.findIndex(({ entity, version }) => entity === victim.entity && version !== victim.version);
        fc.pre(mate >= 0);
        [records[index], records[mate]] = [records[mate] as AuditRecord, victim];
      }
      if (kind === 'drop-head') heads.splice(at % heads.length, 1);
      expect(verifyAudit({ chain, heads, records: records as AuditExport['records'] }).holds).toBe(false);
      caught += 1;
    }),
    { seed: 58, numRuns: 2000 },
  );
  expect(caught).toBe(2000);
});

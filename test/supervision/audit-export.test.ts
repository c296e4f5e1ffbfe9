import fc from 'fast-check';
import { expect, test } from 'vitest';
import { systemActor } from '../../shared/access/actor.ts';
import { type AuditRecord, chainRecord, chainStart } from '../../shared/supervision/audit-chain.ts';
import { type AuditExport, readAuditExport, verifyAudit } from '../../shared/supervision/audit-export.ts';
import { digestOfHeads, type LineHead } from '../../shared/supervision/line-digest.ts';

const by = systemActor('test');

/** Lines with so many records each, and a claim that was approved when they stood so. */
function trail(lengths: readonly number[]): AuditExport {
  const records: AuditRecord[] = [];
  const told: LineHead[] = [];
  const heads = lengths.map((length, at) => {
    const entity = `LINE#${String(at + 1).padStart(4, '0')}`;
    let previous = chainStart;
    for (let version = 1; version <= length; version += 1) {
      const content = {
        chain: 'C1',
        entity,
        version,
        action: 'step',
        by,
        at: '2021-03-01T00:00:00.000Z',
        from: '',
        to: 's',
      };
      const record = chainRecord({ ...content, facts: { fen: version }, previous });
      records.push(record);
      previous = record.hash;
    }
    told.push({ lineNo: at + 1, version: length, auditHead: previous });
    return { entity, version: length, auditHead: previous };
  });
  const claim = {
    chain: 'C1',
    entity: 'META',
    version: 1,
    action: 'claim-approved',
    by,
    at: '2021-03-02T00:00:00.000Z',
  };
  const approved = chainRecord({
    ...claim,
    from: '',
    to: 'approved',
    facts: { lines: digestOfHeads(told) },
    previous: chainStart,
  });
  heads.push({ entity: 'META', version: 1, auditHead: approved.hash });
  return { chain: 'C1', heads, records: [...records, approved] };
}

test('an untouched trail holds', () => {
  expect(verifyAudit(trail([3, 1, 5]))).toEqual({ chain: 'C1', holds: true, entities: 4, records: 10, faults: [] });
});

test('every one of 2,000 edits, removals, reorderings, forgeries and lost heads show', () => {
  const kinds = ['edit', 'rehash', 'remove', 'swap', 'copy', 'drop-head', 'move', 'add-inside', 'drop-entity'] as const;
  const edits = fc.record({
    lengths: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 4 }),
    at: fc.nat(),
    kind: fc.constantFrom(...kinds),
  });
  let caught = 0;
  fc.assert(
    fc.property(edits, ({ lengths, at, kind }) => {
      const { chain, heads, ...made } = trail(lengths);
      let records = made.records;
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
      if (kind === 'add-inside') records[index] = { ...victim, by: { ...victim.by, onBehalfOf: '他人' } as typeof by };
      if (kind === 'drop-entity') {
        records = records.filter(({ entity }) => entity !== victim.entity);
        heads.splice(
          heads.findIndex(({ entity }) => entity === victim.entity),
          1,
        );
      }
      expect(verifyAudit({ chain, heads, records: records }).holds).toBe(false);
      caught += 1;
    }),
    { seed: 58, numRuns: 2000 },
  );
  expect(caught).toBe(2000);
});

/** A claim whose line 1 moved on after the claim was assessed, endorsed and approved. */
function lifeOf(moves: readonly { entity: string; to: string; at: string; facts?: Record<string, unknown> }[]) {
  const heads = new Map<string, { entity: string; version: number; auditHead: string }>();
  const records = moves.map(({ facts, ...move }) => {
    const head = heads.get(move.entity);
    const content = { ...move, version: (head?.version ?? 0) + 1, previous: head?.auditHead ?? chainStart };
    const record = chainRecord({ ...content, action: 'step', by, from: '', ...(facts === undefined ? {} : { facts }) });
    heads.set(move.entity, { entity: move.entity, version: content.version, auditHead: record.hash });
    return record;
  });
  return { records, heads: [...heads.values()] };
}

test.each([
  ['later by a millisecond', '2021-03-02T00:00:00.001Z'],
  ['in the same millisecond', '2021-03-02T00:00:00.000Z'],
])('what a line did after the decision, %s, does not disturb what the decision names', (_, publicisedAt) => {
  const decided = [
    { entity: 'LINE#0001', to: 'reserved', at: '2021-03-02T00:00:00.000Z' },
    { entity: 'LINE#0002', to: 'released', at: '2021-03-01T00:00:00.000Z' },
  ];
  const { heads } = lifeOf(decided);
  const [first] = heads;
  const lines = digestOfHeads([{ lineNo: 1, version: 1, auditHead: first?.auditHead ?? '' }]);
  const told = lifeOf([
    ...decided,
    { entity: 'META', to: 'approved', at: '2021-03-02T00:00:00.000Z', facts: { lines } },
    { entity: 'LINE#0001', to: 'publicised', at: publicisedAt },
  ]);
  expect(verifyAudit({ chain: 'C1', ...told }).faults).toEqual([]);
});

test('lines without a claim, and the records of another claim, show', () => {
  const lines = trail([1]);
  const isLine = ({ entity }: { entity: string }) => entity !== 'META';
  const orphans = { ...lines, heads: lines.heads.filter(isLine), records: lines.records.filter(isLine) };
  expect(verifyAudit(orphans).faults).toEqual([{ entity: 'META', version: 0, fault: 'missing' }]);
  expect(verifyAudit({ ...lines, chain: 'C2' }).faults.map(({ fault }) => fault)).toEqual(['foreign', 'foreign']);
});

test('a record that lost what every record has is a fault, and hides nothing', () => {
  const { records, ...rest } = trail([2, 1]);
  const spoiled = structuredClone(records);
  for (const name of ['entity', 'action', 'by', 'hash', 'version'])
    delete (spoiled[0] as unknown as Record<string, unknown>)[name];
  const verdict = verifyAudit(readAuditExport(JSON.parse(JSON.stringify({ ...rest, records: spoiled }))));
  expect(verdict.holds).toBe(false);
  expect(new Set(verdict.faults.map(({ entity }) => entity))).toContain('LINE#0001');
});

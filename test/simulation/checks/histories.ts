import { createHash } from 'node:crypto';
import { declaredSteps } from '../declared-moves.ts';
import { count, idOf, keyOf, type Raw, type Snapshot, text } from '../snapshot.ts';

/** JSON with sorted keys, as every record's hash is taken over. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const pairs = Object.entries(value).map(([name, one]) => [JSON.stringify(name), canonical(one)] as const);
  return `{${Object.entries(value).length === 0 ? '' : sorted(pairs)}}`;
}

function sorted(pairs: (readonly [string, string])[]): string {
  const byName = (a: readonly [string, string], b: readonly [string, string]) =>
    JSON.parse(a[0]) < JSON.parse(b[0]) ? -1 : 1;
  return pairs
    .toSorted(byName)
    .map(([name, one]) => `${name}:${one}`)
    .join(',');
}

/** In whose partition the records of an entity lie. */
function chainOf(entity: Raw): string {
  const pk = text(entity, 'pk');
  if (/^(FUND|DOWNLOADS|INSURANCE)#/.test(pk) || !pk.includes('#')) return pk;
  return pk.startsWith('CATALOGUE#') ? 'CATALOGUE' : idOf(entity);
}

function* checkEntity(entity: Raw, records: readonly Raw[]): Generator<string> {
  const steps = declaredSteps(text(entity, 'pk'), text(entity, 'sk'));
  if (steps === undefined) yield `I7 ${keyOf(entity)} is no entity whose steps are declared`;
  let [from, head] = ['', '0'.repeat(64)];
  for (const [index, record] of records.entries()) {
    const { pk: _pk, sk, type: _type, hash, ...content } = record;
    const place = `${keyOf(entity)} step ${index + 1}`;
    const version = count(record, 'version');
    if (version !== index + 1) yield `I7 ${place} is of version ${version}`;
    if (sk !== `${text(entity, 'sk')}#${String(version).padStart(8, '0')}`) yield `I8 ${place} lies at ${String(sk)}`;
    const step = `${text(record, 'from')}>${text(record, 'to')}`;
    if (text(record, 'from') !== from) yield `I7 ${place} starts from ${text(record, 'from')}, not from ${from}`;
    const declared = steps?.[text(record, 'action')]?.split(' ') ?? [];
    if (!declared.includes(step)) yield `I7 ${place}: ${text(record, 'action')} may not be ${step}`;
    if (record['previous'] !== head) yield `I8 ${place} does not follow the record before it`;
    if (createHash('sha256').update(canonical(content)).digest('hex') !== hash) yield `I8 ${place} was edited`;
    [from, head] = [text(record, 'to'), String(hash)];
  }
  if (count(entity, 'version') !== records.length)
    yield `I8 ${keyOf(entity)} is of version ${String(entity['version'])}, with ${records.length} records`;
  if (entity['auditHead'] !== head) yield `I8 ${keyOf(entity)} does not name its last record`;
  if (entity['st'] !== from) yield `I7 ${keyOf(entity)} is ${String(entity['st'])}, by its records ${from}`;
}

/** I7 declared steps only, versions one by one; I8 one audit record for each, in an unbroken chain. */
export function* checkHistories(snapshot: Snapshot): Generator<string> {
  const records = Map.groupBy(snapshot.under('AUDIT#', ''), (record) => `${idOf(record)} ${text(record, 'entity')}`);
  for (const entity of snapshot.items) {
    if (text(entity, 'pk').startsWith('AUDIT#') || entity['auditHead'] === undefined) continue;
    const name = `${chainOf(entity)} ${text(entity, 'sk')}`;
    const own = (records.get(name) ?? []).toSorted((a, b) => count(a, 'version') - count(b, 'version'));
    records.delete(name);
    yield* checkEntity(entity, own);
  }
  for (const name of records.keys()) yield `I8 records of ${name} belong to nothing`;
}

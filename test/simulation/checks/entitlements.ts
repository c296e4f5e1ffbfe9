import { keyOf, part, type Raw, type Snapshot, text } from '../snapshot.ts';
import { isLive, linesOf, nameOf, placeOf } from './lines.ts';

const mostOfAYear = 3;

/** The years that live lines count towards, by the quota's partition key. */
function countedYears(lines: readonly Raw[]): Map<string, Set<string>> {
  const years = new Map<string, Set<string>>();
  for (const line of lines) {
    const year = part(line, 'holds')?.['quotaYear'];
    const pk = `PERSON#${text(line, 'personHash')}#${String(year)}`;
    years.set(pk, (years.get(pk) ?? new Set()).add(nameOf(line)));
  }
  return years;
}

/** I2: a person's year holds its live lines and nothing else, three at most. */
function* checkQuotas(snapshot: Snapshot, lines: readonly Raw[]): Generator<string> {
  const wanted = countedYears(lines);
  const quotas = snapshot.under('PERSON#', 'QUOTA');
  for (const quota of quotas) {
    const names = [...((quota['lines'] as Set<string> | undefined) ?? [])];
    const ours = new Set(names.filter((name) => !name.startsWith('insurance#')));
    const should = wanted.get(text(quota, 'pk')) ?? new Set();
    for (const name of ours) if (!should.has(name)) yield `I2 ${keyOf(quota)} counts ${name}, which is not live`;
    for (const name of should) if (!ours.has(name)) yield `I2 ${keyOf(quota)} does not count ${name}`;
    // What the insurance paid may make more than three by itself; a simulation imports it before any claim is opened,
    // so that nothing of ours may have followed.
    if (ours.size > 0 && names.length > mostOfAYear)
      yield `I2 ${keyOf(quota)} counts ${names.length} subsidies of one year`;
  }
  const counted = new Set(quotas.map((quota) => text(quota, 'pk')));
  for (const [pk, names] of wanted) if (!counted.has(pk)) yield `I2 ${pk} is absent, but ${[...names].join(', ')} live`;
}

/** The living lines by each lock that they hold. */
function holdersOf(lines: readonly Raw[], locksOf: (line: Raw) => readonly string[]): Map<string, Raw[]> {
  const holders = new Map<string, Raw[]>();
  for (const line of lines) for (const pk of locksOf(line)) holders.set(pk, [...(holders.get(pk) ?? []), line]);
  return holders;
}

/** Where a lock lies is one line's alone, and every live line's locks lie there. */
function* checkLocks(
  invariant: string,
  locks: readonly Raw[],
  lines: readonly Raw[],
  locksOf: (line: Raw) => readonly string[],
): Generator<string> {
  const holders = holdersOf(lines, locksOf);
  for (const [pk, those] of holders) {
    if (those.length > 1) yield `${invariant} ${pk} is held by ${those.map(nameOf).join(' and ')}`;
  }
  const lying = new Map(locks.map((lock) => [text(lock, 'pk'), text(lock, 'line')]));
  for (const [pk, name] of lying) {
    if (!holders.get(pk)?.some((line) => nameOf(line) === name))
      yield `${invariant} ${pk} names ${name}, which does not hold it`;
  }
  for (const [pk, [line]] of holders)
    if (!lying.has(pk) && line !== undefined) yield `${invariant} ${pk} is absent, but ${placeOf(line)} holds it`;
}

/** A person's place in a class belongs to the lines of one claim: all that live, and no others. */
function* checkClasses(snapshot: Snapshot, lines: readonly Raw[]): Generator<string> {
  const holders = holdersOf(lines, (line) => {
    const holds = part(line, 'holds');
    if (holds?.['classLock'] === undefined) return [];
    return [`PERSON#${text(line, 'personHash')}/CLASS#${text(holds, 'classLock')}`];
  });
  for (const lock of snapshot.under('PERSON#', 'CLASS#')) {
    const names = [...((lock['lines'] as Set<string> | undefined) ?? [])];
    const should = new Set(holders.get(keyOf(lock))?.map(nameOf));
    for (const name of names) if (!should.has(name)) yield `I3 ${keyOf(lock)} names ${name}, which does not hold it`;
    for (const name of should) if (!names.includes(name)) yield `I3 ${keyOf(lock)} does not name ${name}`;
    const claims = new Set(names.map((name) => name.slice(0, name.indexOf('#'))));
    if (claims.size > 1) yield `I3 ${keyOf(lock)} is held by ${[...claims].join(' and ')}`;
    if (names.length > 0 && !claims.has(text(lock, 'claimId'))) yield `I3 ${keyOf(lock)} is of another claim`;
    holders.delete(keyOf(lock));
  }
  for (const [key, [line]] of holders)
    if (line !== undefined) yield `I3 ${key} is absent, but ${placeOf(line)} holds it`;
}

function occupationLocksOf(line: Raw): string[] {
  const lock = part(part(line, 'holds'), 'occupationLock');
  if (lock === undefined) return [];
  return [`PERSON#${text(line, 'personHash')}#${text(lock, 'occupation')}#${text(lock, 'level')}`];
}

function certificateLocksOf(line: Raw): string[] {
  const hashes = (part(line, 'holds')?.['certificateHashes'] as string[] | undefined) ?? [];
  return hashes.map((hash) => `CERTIFICATE#${hash}`);
}

/** I2 three a year, I3 an occupation and level once, a class once, I4 a certificate once: what is held, and what lies in the table for it. */
export function* checkEntitlements(snapshot: Snapshot): Generator<string> {
  const lines = linesOf(snapshot);
  for (const line of lines) {
    const holds = line['holds'] !== undefined;
    if (isLive(line) !== holds) yield `I2 ${placeOf(line)} ${holds ? 'still holds something' : 'holds nothing'}`;
  }
  const living = lines.filter(isLive);
  yield* checkQuotas(snapshot, living);
  yield* checkLocks('I3', snapshot.under('PERSON#', 'LOCK'), living, occupationLocksOf);
  yield* checkClasses(snapshot, living);
  yield* checkLocks('I4', snapshot.under('CERTIFICATE#', 'LOCK'), living, certificateLocksOf);
}

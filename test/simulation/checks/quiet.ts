import { keyOf, type Snapshot, text } from '../snapshot.ts';
import { linesOf, placeOf } from './lines.ts';

/** Money on its way is with the bank, or came back and waits for its payee; what can be paid is in a claim that can. */
function* checkStranded(snapshot: Snapshot): Generator<string> {
  const lines = Map.groupBy(linesOf(snapshot), (line) => String(line['claimId']));
  for (const claim of snapshot.under('CLAIM#', 'META')) {
    const states = new Set((lines.get(String(claim['id'])) ?? []).map(({ st }) => st));
    const isIdle = claim['st'] === 'paying' && !states.has('paying') && !states.has('bounced');
    const isBehind = claim['st'] === 'paid' && states.has('cleared');
    if (isIdle || isBehind) yield `I12 ${keyOf(claim)} is ${text(claim, 'st')} and stranded: ${[...states].join()}`;
  }
}

/** I12: nothing is left that only a machine could carry on. */
export function* checkQuiet(snapshot: Snapshot): Generator<string> {
  for (const claim of snapshot.under('CLAIM#', 'META')) {
    if (claim['st'] === 'submitted') yield `I12 ${keyOf(claim)} was never assessed`;
    if (claim['lineWork'] !== undefined) yield `I12 ${keyOf(claim)} still has lines to ${text(claim, 'lineWork')}`;
  }
  const states = new Map(snapshot.under('CLAIM#', 'META').map((claim) => [claim['id'], text(claim, 'st')]));
  for (const line of linesOf(snapshot)) {
    const claim = states.get(line['claimId']) ?? '';
    if (line['st'] === 'pending' && !['returned', 'withdrawn', 'draft'].includes(claim))
      yield `I12 ${placeOf(line)} of a claim that is ${claim} was never decided`;
    if (line['st'] === 'paying' && claim !== 'paying') yield `I12 ${placeOf(line)} of a claim that is ${claim}`;
  }
  yield* checkStranded(snapshot);
  for (const batch of snapshot.under('BATCH#', 'META'))
    if (batch['st'] === 'collecting') yield `I12 ${keyOf(batch)} was never closed`;
  // What is paid may still wait for its evidence to be locked longer: that is the schedule's, and no money's.
  for (const member of snapshot.under('BATCH#', 'CLAIM#'))
    if (member['wpk'] === 'W#payment#settle#0') yield `I12 ${keyOf(member)} was never settled`;
  for (const objection of snapshot.under('NOTICE#', 'OBJECTION#'))
    if (objection['st'] === 'deciding') yield `I12 ${keyOf(objection)} was decided and not carried out`;
}

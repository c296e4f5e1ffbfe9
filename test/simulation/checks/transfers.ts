import { count, keyOf, part, type Raw, type Snapshot, text } from '../snapshot.ts';
import { fenOf, linesOf, placeOf } from './lines.ts';
import { entriesOf } from './money.ts';

/** Attempts to pay one payee: the next begins when the one before has bounced for good, and none twice. */
function* checkAttempts(transfers: readonly Raw[]): Generator<string> {
  const references = Map.groupBy(transfers, (transfer) => text(transfer, 'reference'));
  for (const [reference, those] of references)
    if (those.length > 1) yield `I5 ${reference} is used by ${those.map(keyOf).join(' and ')}`;
  const payees = Map.groupBy(transfers, ({ claimId, lineNo }) => `${String(claimId)} ${String(lineNo)}`);
  for (const [payee, attempts] of payees) {
    const effective = attempts.filter(({ st }) => st !== 'bounced');
    if (effective.length > 1) yield `I5 ${payee} has ${effective.length} transfers under way`;
    const inOrder = attempts.toSorted((a, b) => count(a, 'attempt') - count(b, 'attempt'));
    for (const [index, transfer] of inOrder.slice(0, -1).entries()) {
      const next = inOrder[index + 1];
      if (next?.['attempt'] === transfer['attempt']) yield `I5 ${payee} has two transfers of one attempt`;
      if (transfer['st'] !== 'bounced') yield `I5 ${keyOf(transfer)} has not bounced, but another attempt was made`;
    }
  }
}

/** A transfer pays what its lines are owed, and its lines say so before anybody can read the bank file. */
function* checkPayees(snapshot: Snapshot, transfers: readonly Raw[]): Generator<string> {
  const lines = Map.groupBy(linesOf(snapshot), (line) => String(part(line, 'payment')?.['reference']));
  for (const transfer of transfers) {
    const batch = snapshot.at(text(transfer, 'pk'), 'META');
    if (batch === undefined) yield `I5 ${keyOf(transfer)} is of no batch`;
    if (transfer['st'] === 'bounced' || batch?.['st'] === 'collecting') continue;
    const own = lines.get(text(transfer, 'reference')) ?? [];
    const owed = own.reduce((all, line) => all + fenOf(line), 0);
    if (owed !== count(transfer, 'fen'))
      yield `I5 ${keyOf(transfer)} pays ${String(transfer['fen'])}, its lines are owed ${owed}`;
    for (const line of own) {
      if (!['paying', 'paid', 'recovered'].includes(text(line, 'st'))) yield `I5 ${placeOf(line)} is under transfer`;
      if (line['claimId'] !== transfer['claimId']) yield `I5 ${placeOf(line)} is paid by another claim's transfer`;
    }
  }
}

/** Every word of the bank that moved money has its entry, once. */
function* checkEntries(snapshot: Snapshot, transfers: readonly Raw[]): Generator<string> {
  const booked = Map.groupBy(
    entriesOf(snapshot).filter(({ kind }) => kind === 'paid' || kind === 'payment-reversed'),
    ({ reference }) => String(reference),
  );
  for (const transfer of transfers) {
    const own = booked.get(text(transfer, 'reference')) ?? [];
    booked.delete(text(transfer, 'reference'));
    if (own.some((entry) => entry['fen'] !== transfer['fen'])) yield `I5 ${keyOf(transfer)} is booked with another sum`;
    const net = own.reduce((all, entry) => all + (entry['kind'] === 'paid' ? 1 : -1) * count(entry, 'fen'), 0);
    const should = transfer['st'] === 'paid' ? count(transfer, 'fen') : 0;
    if (net !== should) yield `I5 ${keyOf(transfer)} is ${text(transfer, 'st')}, but ${net} are booked as paid`;
  }
  for (const reference of booked.keys()) yield `I5 ${reference} is booked, but was never prepared`;
}

/** At the end the bank's word and the lines agree: what was transferred is paid, what was paid was transferred. */
function* checkOutcome(snapshot: Snapshot, transfers: readonly Raw[]): Generator<string> {
  const states = new Map(transfers.map((transfer) => [text(transfer, 'reference'), text(transfer, 'st')]));
  for (const line of linesOf(snapshot)) {
    const payment = part(line, 'payment');
    const word = payment === undefined ? undefined : states.get(text(payment, 'reference'));
    const st = text(line, 'st');
    if ((st === 'paid' || st === 'recovered') !== (word === 'paid'))
      yield `I5 ${placeOf(line)}, its transfer is ${String(word)}`;
    if ((st === 'bounced') !== (word === 'bounced')) yield `I5 ${placeOf(line)}, its transfer is ${String(word)}`;
    if (st === 'paying' && word !== 'prepared' && word !== 'unknown')
      yield `I5 ${placeOf(line)} waits for a transfer that is ${String(word)}`;
  }
}

/** I5: nobody is sent money twice, and nobody without a durable `paying` of the same sum before it. */
export function* checkTransfers(snapshot: Snapshot, isQuiet: boolean): Generator<string> {
  const transfers = snapshot.under('BATCH#', 'TRANSFER#');
  yield* checkAttempts(transfers);
  yield* checkPayees(snapshot, transfers);
  yield* checkEntries(snapshot, transfers);
  if (isQuiet) yield* checkOutcome(snapshot, transfers);
}

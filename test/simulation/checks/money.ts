import { count, idOf, keyOf, part, type Raw, type Snapshot, text } from '../snapshot.ts';
import { fenOf, isLive, linesOf, placeOf } from './lines.ts';

const pots = ['available', 'escrow', 'paid', 'recovered'] as const;
type Pot = (typeof pots)[number];

/** The only ways by which money moves between the pots of an account (专账), by the entry's kind. */
const ways: Readonly<Record<string, readonly [debit: Pot, credit: Pot]>> = {
  escrowed: ['available', 'escrow'],
  released: ['escrow', 'available'],
  paid: ['escrow', 'paid'],
  'payment-reversed': ['paid', 'escrow'],
  recovered: ['recovered', 'available'],
};

const sum = (items: readonly Raw[], name = 'fen'): number => items.reduce((all, item) => all + count(item, name), 0);

export function entriesOf(snapshot: Snapshot): readonly Raw[] {
  return snapshot.under('CLAIM#', 'ENTRY#');
}

function* checkEntries(entries: readonly Raw[]): Generator<string> {
  for (const entry of entries) {
    const kind = text(entry, 'kind');
    const way = ways[kind];
    if (count(entry, 'fen') < 0 || !Number.isSafeInteger(entry['fen'])) yield `I1 ${keyOf(entry)} is of no sum in fen`;
    const { debit, credit } = entry;
    const moved = debit !== undefined || credit !== undefined;
    if (moved && (way?.[0] !== debit || way?.[1] !== credit))
      yield `I1 ${keyOf(entry)} moves money from ${String(debit)} to ${String(credit)}`;
    if (!moved && !['reserved', 'released', 'advanced'].includes(kind)) yield `I1 ${keyOf(entry)} moves no money`;
  }
}

/** The balance of an account is what its allotments and entries add up to, in each pot and in all. */
function* checkAccount(snapshot: Snapshot, balance: Raw, entries: readonly Raw[]): Generator<string> {
  const account = text(balance, 'account');
  const held = Object.fromEntries(pots.map((pot) => [pot, count(balance, pot)])) as Record<Pot, number>;
  const allotted = count(balance, 'allotted');
  for (const pot of pots) if (held[pot] < 0) yield `I1 ${account}: ${pot} is ${held[pot]}`;
  const total = held.available + held.escrow + held.paid - held.recovered;
  if (total !== allotted) yield `I1 ${account}: available + escrow + paid − recovered = ${total}, allotted ${allotted}`;
  const papers = sum(snapshot.under(text(balance, 'pk'), 'ALLOTMENT#'));
  if (papers !== allotted) yield `I1 ${account}: allotted ${allotted}, by its papers ${papers}`;
  const booked: Record<Pot, number> = { available: papers, escrow: 0, paid: 0, recovered: 0 };
  for (const entry of entries.filter((each) => each['account'] === account)) {
    const way = ways[text(entry, 'kind')];
    if (way === undefined) continue;
    const [debit, credit] = way;
    booked[credit] += count(entry, 'fen');
    booked[debit] += debit === 'recovered' ? count(entry, 'fen') : -count(entry, 'fen');
  }
  for (const pot of pots)
    if (booked[pot] !== held[pot]) yield `I1 ${account}: ${pot} ${held[pot]}, by the entries ${booked[pot]}`;
  const open = sum(
    snapshot.under('CLAIM#', 'ESCROW').filter((escrow) => escrow['account'] === account),
    'openFen',
  );
  if (open !== held.escrow) yield `I1 ${account}: escrow ${held.escrow}, by the claims ${open}`;
  const waiting = snapshot
    .under('CLAIM#', 'META')
    .filter((claim) => claim['st'] === 'waiting-for-funds' && claim['fundAccount'] === account).length;
  if (waiting !== count(balance, 'waiting'))
    yield `I1 ${account}: ${String(balance['waiting'])} wait, in truth ${waiting}`;
}

/** What a claim has set aside is what its lines still have to get. */
function* checkEscrow(claim: Raw, escrow: Raw | undefined, lines: readonly Raw[], transfers: readonly Raw[]) {
  if ((claim['escrowed'] === true) !== (escrow !== undefined)) {
    yield `I1 ${keyOf(claim)}: escrowed is ${String(claim['escrowed'])}, its escrow ${escrow === undefined ? 'absent' : 'there'}`;
  }
  if (escrow === undefined) return;
  if (escrow['account'] !== claim['fundAccount']) yield `I1 ${keyOf(escrow)} is of another account`;
  if (escrow['fen'] !== claim['approvedFen']) yield `I1 ${keyOf(escrow)} is not of the approved sum`;
  const owed = lines
    .filter((line) => isLive(line) || line['st'] === 'recovered')
    .reduce((all, line) => all + fenOf(line), 0);
  const sent = sum(transfers.filter(({ st }) => st === 'paid'));
  const open = count(escrow, 'openFen');
  if (open < 0 || open !== owed - sent)
    yield `I1 ${keyOf(escrow)} holds ${open}, but ${owed} are owed and ${sent} sent`;
}

/** Every grant, payment and return of a line has its one entry. */
function* checkLine(line: Raw, entries: readonly Raw[], recovered: number): Generator<string> {
  const of = (kind: string) => entries.filter((entry) => entry['kind'] === kind);
  const granted = of('reserved').length - of('released').length;
  const held = isLive(line) || line['st'] === 'recovered' ? 1 : 0;
  if (granted !== held) yield `I1 ${placeOf(line)} was granted ${granted} times more than released`;
  const paid = part(line, 'paid');
  const isPaid = line['st'] === 'paid' || line['st'] === 'recovered';
  if (isPaid !== (paid !== undefined)) yield `I1 ${placeOf(line)} has ${paid === undefined ? 'no' : 'a'} paid amount`;
  if (paid !== undefined && count(paid, 'fen') !== fenOf(line)) yield `I1 ${placeOf(line)} was paid another sum`;
  const back = line['recoveredFen'] === undefined ? 0 : count(line, 'recoveredFen');
  if (back !== sum(of('recovered')) || back !== recovered)
    yield `I1 ${placeOf(line)}: ${back} came back, by its entries ${sum(of('recovered'))}, by its recoveries ${recovered}`;
  if (back > fenOf(line)) yield `I1 ${placeOf(line)}: more came back than was paid`;
  if ((line['st'] === 'recovered') !== (isPaid && back === fenOf(line)))
    yield `I1 ${placeOf(line)}: ${back} of ${fenOf(line)} came back`;
}

const linesOfRecoveries = (snapshot: Snapshot) => snapshot.under('CLAIM#', 'RECOVERYLINE#');

/** Money that came back: what the demands count, and each sum of the bank once. */
function recoveredByLine(snapshot: Snapshot): Map<string, number> {
  const received = new Map<string, number>();
  for (const line of linesOfRecoveries(snapshot)) {
    const name = `${text(line, 'pk').slice('CLAIM#'.length)} ${count(line, 'lineNo')}`;
    received.set(name, (received.get(name) ?? 0) + count(line, 'receivedFen'));
  }
  return received;
}

function* checkRecoveries(snapshot: Snapshot): Generator<string> {
  for (const recovery of snapshot.under('CLAIM#', 'RECOVERY#')) {
    const [pk, id] = [text(recovery, 'pk'), text(recovery, 'id')];
    const lines = snapshot.under(pk, `RECOVERYLINE#${id}#`);
    const receipts = snapshot.under('RECOVERYRECEIPT#', 'RECEIPT').filter((one) => one['recoveryId'] === id);
    const of = (name: string) => lines.reduce((all, line) => all + count(line, name), 0);
    const received = of('receivedFen');
    if (sum(receipts) !== received || count(recovery, 'receivedFen') !== received)
      yield `I1 ${keyOf(recovery)} counts ${received}, by its receipts ${sum(receipts)}`;
    if (recovery['st'] === 'demanding') continue;
    if (count(recovery, 'demandedFen') !== of('demandedFen')) yield `I1 ${keyOf(recovery)} asks for another sum`;
    for (const line of lines) {
      const rest = count(line, 'demandedFen') - count(line, 'receivedFen');
      if (rest < 0) yield `I1 ${keyOf(line)} took more than it demanded`;
      if (recovery['st'] === 'settled' && rest !== 0) yield `I1 ${keyOf(recovery)} is settled with ${rest} open`;
      const asks = snapshot.at(pk, `LINE#${String(line['lineNo']).padStart(4, '0')}`)?.['demandedBy'];
      if ((asks === id) !== (recovery['st'] === 'demanded' && rest > 0))
        yield `I1 ${keyOf(line)} is asked for by ${String(asks)}`;
    }
    if (recovery['st'] === 'demanded' && received === of('demandedFen'))
      yield `I1 ${keyOf(recovery)} is demanded with nothing open`;
  }
}

/** I1: money is neither made nor lost, in any account, claim or line. */
export function* checkMoney(snapshot: Snapshot): Generator<string> {
  const entries = entriesOf(snapshot);
  yield* checkEntries(entries);
  const balances = snapshot.under('FUND#', 'BALANCE');
  for (const balance of balances) yield* checkAccount(snapshot, balance, entries);
  const accounts = new Set(balances.map((balance) => text(balance, 'account')));
  for (const entry of entries) {
    if (entry['account'] !== undefined && !accounts.has(text(entry, 'account')))
      yield `I1 ${keyOf(entry)} is of an account that is not there`;
  }
  const byClaim = <T extends Raw>(items: readonly T[]) => Map.groupBy(items, (item) => String(item['claimId']));
  const linesByClaim = byClaim(linesOf(snapshot));
  const transfers = byClaim(snapshot.under('BATCH#', 'TRANSFER#'));
  for (const claim of snapshot.under('CLAIM#', 'META')) {
    const id = idOf(claim);
    const escrow = snapshot.at(text(claim, 'pk'), 'ESCROW');
    yield* checkEscrow(claim, escrow, linesByClaim.get(id) ?? [], transfers.get(id) ?? []);
  }
  const byLine = Map.groupBy(entries, (entry) => `${text(entry, 'claimId')} ${count(entry, 'lineNo')}`);
  const recovered = recoveredByLine(snapshot);
  for (const line of linesOf(snapshot)) {
    const name = `${text(line, 'claimId')} ${count(line, 'lineNo')}`;
    yield* checkLine(line, byLine.get(name) ?? [], recovered.get(name) ?? 0);
  }
  yield* checkRecoveries(snapshot);
}

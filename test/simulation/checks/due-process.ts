import { count, idOf, keyOf, part, type Raw, type Snapshot, text } from '../snapshot.ts';
import { linesOf } from './lines.ts';

const beyondNotice = ['cleared', 'paying', 'paid'];
const approved = ['approved', 'waiting-for-funds', 'publicised', ...beyondNotice];
const paidStates = ['paying', 'paid', 'bounced', 'recovered'];

/** The claims that objections stand against, with how many of them are open. */
function openObjections(snapshot: Snapshot): Map<string, number> {
  const open = new Map<string, number>();
  for (const objection of snapshot.under('NOTICE#', 'OBJECTION#')) {
    if (objection['st'] !== 'open' && objection['st'] !== 'deciding') continue;
    const claimId = text(objection, 'claimId');
    open.set(claimId, (open.get(claimId) ?? 0) + 1);
  }
  return open;
}

function* checkNotice(snapshot: Snapshot, claim: Raw, records: readonly Raw[]): Generator<string> {
  const notice = snapshot.at(`NOTICE#${String(claim['noticeId'])}`, 'META');
  if (notice === undefined) {
    yield `I10 ${keyOf(claim)} is ${text(claim, 'st')} without a notice`;
    return;
  }
  if (notice['st'] !== 'closed' && notice['st'] !== 'archived')
    yield `I10 ${keyOf(claim)}: its notice is ${text(notice, 'st')}`;
  // 24:00 of the last day in Shanghai.
  const ends = Date.parse(`${text(part(notice, 'period') ?? {}, 'lastDay')}T24:00:00+08:00`);
  const cleared = records.filter(({ action }) => action === 'claim-cleared').at(-1);
  if (cleared === undefined || Date.parse(text(cleared, 'at')) < ends)
    yield `I10 ${keyOf(claim)} was cleared before its notice ended`;
}

function* checkPeople(claim: Raw, records: readonly Raw[], lines: readonly Raw[]): Generator<string> {
  const who = (action: string) => {
    const record = records.filter((each) => each['action'] === action).at(-1);
    return part(record, 'by')?.['subject'];
  };
  const approver = part(claim, 'approvedBy')?.['subject'];
  const endorser = part(claim, 'endorsedBy')?.['subject'];
  if (approver === undefined || endorser === undefined || approver === endorser)
    yield `I10 ${keyOf(claim)} was endorsed by ${String(endorser)} and approved by ${String(approver)}`;
  if (who('claim-endorsed') !== endorser) yield `I10 ${keyOf(claim)}: its records name another endorser`;
  if ((who('claim-approved') ?? who('claim-left-waiting-for-funds')) !== approver)
    yield `I10 ${keyOf(claim)}: its records name another approver`;
  for (const line of lines) {
    if (part(part(line, 'decision'), 'by')?.['subject'] === approver && line['decision'] !== undefined)
      yield `I10 ${keyOf(line)} was decided by the approver of its claim`;
  }
}

/** I10: nothing is paid before its notice ended, under an open objection, or on the word of one person. */
export function* checkDueProcess(snapshot: Snapshot): Generator<string> {
  const open = openObjections(snapshot);
  const lines = Map.groupBy(linesOf(snapshot), (line) => text(line, 'claimId'));
  const audits = Map.groupBy(snapshot.under('AUDIT#', 'META#'), idOf);
  for (const claim of snapshot.under('CLAIM#', 'META')) {
    const id = idOf(claim);
    const counted = count(claim, 'openObjections');
    if (counted !== (open.get(id) ?? 0))
      yield `I10 ${keyOf(claim)} counts ${counted} open objections, in truth ${open.get(id) ?? 0}`;
    const own = lines.get(id) ?? [];
    const isBeyond = beyondNotice.includes(text(claim, 'st'));
    const late = own.filter((line) => paidStates.includes(text(line, 'st')));
    if (!isBeyond && late.length > 0)
      yield `I10 ${keyOf(claim)} is ${text(claim, 'st')}, but lines of it are being paid`;
    if (approved.includes(text(claim, 'st'))) yield* checkPeople(claim, audits.get(id) ?? [], own);
    if (!isBeyond) continue;
    if (counted > 0) yield `I10 ${keyOf(claim)} is ${text(claim, 'st')} under an open objection`;
    yield* checkNotice(snapshot, claim, audits.get(id) ?? []);
  }
}

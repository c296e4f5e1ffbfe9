import { systemActor } from '../../shared/access/actor.ts';
import { claimIndexKeys, claimStateKeys, lineIndexKeys } from '../../shared/aws/claim-items.ts';
import { readClaim } from '../../shared/aws/claim-table.ts';
import { readLines } from '../../shared/aws/line-writes.ts';
import type { Table } from '../../shared/aws/table.ts';
import { creation, writeAllOrThrow } from '../../shared/aws/transition.ts';
import type { ClaimRecord } from '../../shared/claims/claim-record.ts';
import type { LineRecord } from '../../shared/claims/line-record.ts';
import { idFromCause } from '../../shared/clock/ids.ts';

const by = systemActor('test');
const at = '2021-05-10T01:00:00.000Z';

/** Puts a claim into the table in any state, with nothing behind it but its first audit record. */
export async function putClaim(table: Table, name: string, more: Partial<ClaimRecord> = {}): Promise<ClaimRecord> {
  const id = idFromCause('stored-claim', name);
  const st = more.st ?? 'draft';
  const authority = 'hr-bureau/lucheng';
  const item = {
    ...claimIndexKeys({ id, tenant: 'ent-aoke', createdAt: at }),
    ...claimStateKeys({ id, authority, submittedOn: '2021-05-10' }, st, { attentionAt: at, now: at }).set,
    type: 'claim',
    id,
    tenant: 'ent-aoke',
    applicantName: '奥科',
    authority,
    fundAccount: 'lucheng',
    payee: 'applicant',
    programme: 'qualification',
    route: 'enterprise',
    edition: 'wenzhou-2020-58',
    declaration: {},
    createdBy: by,
    lineCount: 0,
    nextLineNo: 1,
    round: 1,
    submissions: [],
    openObjections: 0,
    reservedLines: 0,
    referredLines: 0,
    refusedLines: 0,
    reservedFen: 0,
    reviewCount: 0,
    escrowed: false,
    submittedOn: '2021-05-10',
    ...more,
    st,
  };
  const { reviewers: _reviewers, ...stored } = item as typeof item & { reviewers?: string[] };
  await writeAllOrThrow(table, creation(table, id, stored, { action: 'claim-stored', by, at }));
  const claim = await readClaim(table, id);
  if (claim === undefined) throw new Error('claim was not stored');
  return claim;
}

/** Puts a line into the table in any state. */
export async function putLine(
  table: Table,
  claimId: string,
  lineNo: number,
  more: Partial<LineRecord> = {},
): Promise<LineRecord> {
  const personHash = more.personHash ?? `person-${claimId}-${lineNo}`;
  const item = {
    ...lineIndexKeys({ claimId, lineNo, personHash }),
    type: 'line',
    claimId,
    lineNo,
    lineId: `L${lineNo}`,
    name: `学员${lineNo}`,
    idMasked: '330*************12',
    findings: [],
    basis: '',
    round: 1,
    rosterId: 'r',
    declared: { id: `L${lineNo}`, name: `学员${lineNo}`, statusVerified: false, certificates: [] },
    sealed: { idNumber: 'v1.x', certificates: [] },
    assessed: { fen: 100, by, at, why: '核算' },
    ...more,
    personHash,
    st: more.st ?? 'pending',
  };
  await writeAllOrThrow(table, creation(table, claimId, item, { action: 'line-stored', by, at }));
  const line = (await readLines(table, claimId)).find((each) => each.lineNo === lineNo);
  if (line === undefined) throw new Error('line was not stored');
  return line;
}

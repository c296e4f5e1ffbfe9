import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { systemActor } from '../../shared/access/actor.ts';
import type { PersonalData } from '../../shared/access/personal-data.ts';
import { claimIndexKeys, claimStateKeys, lineIndexKeys } from '../../shared/aws/claim-items.ts';
import { balanceKey, escrowKey, occupationLockKey } from '../../shared/aws/entitlement-keys.ts';
import { quotaKey } from '../../shared/aws/person-table.ts';
import type { Table } from '../../shared/aws/table.ts';
import { creation, writeAllOrThrow } from '../../shared/aws/transition.ts';
import type { ClaimRecord } from '../../shared/claims/claim-record.ts';
import { lineReference } from '../../shared/claims/entitlement-store.ts';

const at = '2021-03-31T01:00:00.000Z';
const by = systemActor('test');
const person = (subject: string) => ({ subject, tenant: 'hr-bureau/lucheng', role: 'officer', name: subject });

/** What a test wants of the claim; the rest is an ordinary cleared claim of project training. */
export interface ClearedClaim {
  id: string;
  tenant?: string;
  account?: string;
  authority?: string;
  payee?: ClaimRecord['payee'];
  /** Fen of each line. */
  fens: readonly number[];
  /** Lines (by number) without a card. */
  withoutCard?: readonly number[];
  openObjections?: number;
  approvedBy?: string;
  applicationId?: string;
}

async function seedLine(table: Table, personal: PersonalData, claim: ClearedClaim, lineNo: number, fen: number) {
  const { id: claimId, tenant = 'ent-aoke' } = claim;
  const personHash = `person-${claimId}-${lineNo}`;
  const field = `LINE#${String(lineNo).padStart(4, '0')}`;
  const hasCard = !claim.withoutCard?.includes(lineNo);
  const card = hasCard
    ? { card: await personal.seal(`62284800000000${lineNo}`, { tenant, record: claimId, field: `${field}.card` }) }
    : {};
  const amount = { fen, by, at, why: '核准' };
  const item = {
    ...lineIndexKeys({ claimId, lineNo, personHash }),
    type: 'line',
    st: 'cleared',
    claimId,
    lineNo,
    lineId: `L${lineNo}`,
    name: `学员${lineNo}`,
    personHash,
    idMasked: '330*************1X',
    findings: [],
    basis: '',
    assessed: amount,
    approved: amount,
    round: 1,
    rosterId: 'r',
    declared: { id: `L${lineNo}`, name: `学员${lineNo}`, statusVerified: true, certificates: [] },
    sealed: { idNumber: 'v1.x', certificates: [], ...card },
    holds: { quotaYear: 2021, occupationLock: { occupation: '数控车床操作', level: '-' } },
  };
  await writeAllOrThrow(table, creation(table, claimId, item, { action: 'line-seeded', by, at }));
  const reference = lineReference(claimId, lineNo);
  const put = async (Item: Record<string, unknown>) =>
    table.client.send(new PutCommand({ TableName: table.name, Item }));
  await put({ ...quotaKey(personHash, 2021), lines: new Set([reference]) });
  await put({ ...occupationLockKey(personHash, '数控车床操作', '-'), line: reference });
}

/** Puts a claim into the table as it is after its notice: cleared, its money escrowed, its lines holding their locks. */
export async function seedClearedClaim(table: Table, personal: PersonalData, claim: ClearedClaim): Promise<void> {
  const { id, fens, tenant = 'ent-aoke', authority = 'hr-bureau/lucheng', account = 'lucheng' } = claim;
  const total = fens.reduce((sum, fen) => sum + fen, 0);
  const keys = claimStateKeys({ id, authority, submittedOn: '2021-03-22' }, 'cleared', { attentionAt: at, now: at });
  const item = {
    ...claimIndexKeys({ id, tenant, createdAt: at }),
    ...keys.set,
    type: 'claim',
    st: 'cleared',
    id,
    tenant,
    applicantName: '温州奥科阀门有限公司',
    authority,
    fundAccount: account,
    payee: claim.payee ?? 'trainee',
    programme: 'project',
    route: 'enterprise',
    edition: 'wenzhou-2020-58',
    lineCount: fens.length,
    submittedOn: '2021-03-22',
    createdBy: by,
    endorsedBy: person('lin'),
    approvedBy: person(claim.approvedBy ?? 'zhou'),
    subject: '数控车床操作',
    approvedFen: total,
    approvedLines: fens.length,
    openObjections: claim.openObjections ?? 0,
    noticeId: 'N1',
    declaration: {},
    nextLineNo: fens.length + 1,
    round: 1,
    submissions: [],
    reservedLines: fens.length,
    referredLines: 0,
    refusedLines: 0,
    reservedFen: total,
    reviewCount: 0,
    escrowed: true,
    applicationId: claim.applicationId,
  };
  await writeAllOrThrow(table, creation(table, id, item, { action: 'claim-seeded', by, at }));
  const put = async (Item: Record<string, unknown>) =>
    table.client.send(new PutCommand({ TableName: table.name, Item }));
  await put({ ...escrowKey(id), type: 'escrow', account, fen: total, openFen: total });
  for (const [index, fen] of fens.entries()) await seedLine(table, personal, claim, index + 1, fen);
}

/** An account with `escrow` fen committed to claims and `available` fen free. */
export async function seedAccount(table: Table, account: string, available: number, escrow: number): Promise<void> {
  const Item = {
    ...balanceKey(account),
    type: 'fund',
    account,
    allotted: available + escrow,
    available,
    escrow,
    paid: 0,
    recovered: 0,
  };
  await table.client.send(new PutCommand({ TableName: table.name, Item }));
}

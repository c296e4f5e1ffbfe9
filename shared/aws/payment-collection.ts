import { authorityKind } from '../access/authority.ts';
import type { PersonalData } from '../access/personal-data.ts';
import type { ClaimRecord } from '../claims/claim-record.ts';
import type { LineRecord } from '../claims/line-record.ts';
import { openCard } from '../claims/sealed-line.ts';
import type { OrganisationStore } from '../organisations/organisation-store.ts';
import {
  accountContext,
  type CollectProblem,
  type PaymentBatch,
  type Transfer,
  transferReference,
} from '../payments/transfer.ts';
import type { Actor } from '../supervision/audit-chain.ts';
import { readClaimItem } from './claim-items.ts';
import { moveClaim } from './claim-writes.ts';
import { claimKey } from './entitlement-keys.ts';
import { lineFen, moveLine, packWrites, readLines } from './line-writes.ts';
import { batchClaimKey, transferKey } from './payment-items.ts';
import { query, readMany } from './read.ts';
import type { Table } from './table.ts';
import { creation, type WriteItem, writeAll, writeAllOrThrow } from './transition.ts';

type NewTransfer = Omit<Transfer, 'version' | 'auditHead' | 'st'>;

export interface Collection {
  table: Table;
  personal: PersonalData;
  organisations: Pick<OrganisationStore, 'find'>;
  batch: PaymentBatch;
  by: Actor;
  at: Date;
}

/** Claims that may be paid from the batch's account, as they are now, oldest first. */
export async function* payableClaims({ table, batch }: Collection): AsyncGenerator<ClaimRecord> {
  const found = query(table, {
    IndexName: 'worklist',
    KeyConditionExpression: 'wpk = :w',
    ExpressionAttributeValues: { ':w': 'W#claim#cleared#0' },
  });
  for await (const key of found) {
    const [item] = await readMany(table, [{ pk: String(key['pk']), sk: String(key['sk']) }]);
    if (item === undefined) continue;
    const claim = readClaimItem(item);
    const isOurs = claim.fundAccount === batch.account && claim.payee === batch.payee;
    const isDue = claim.st === 'cleared' && claim.openObjections === 0;
    if (isOurs && isDue && isOnItsWay(claim, batch)) yield claim;
  }
}

// What a department received goes through its fund application, also before it has applied (二(四)): never straight.
function isOnItsWay(claim: ClaimRecord, batch: PaymentBatch): boolean {
  if (batch.applicationId !== undefined) return claim.applicationId === batch.applicationId;
  return claim.applicationId === undefined && authorityKind(claim.authority) === 'hr-bureau';
}

function transferItem(batch: PaymentBatch, transfer: NewTransfer) {
  return { ...transferKey(batch.id, transfer.reference), type: 'transfer', st: 'prepared', ...transfer };
}

/** Why a claim cannot be paid as it stands, before it is taken; nothing of it moves. */
export async function obstacle({ organisations }: Collection, claim: ClaimRecord): Promise<CollectProblem | undefined> {
  if (claim.payee === 'trainee') return undefined;
  if ((await organisations.find(claim.tenant))?.bankAccount !== undefined) return undefined;
  const message = '该单位没有登记基本账户，本次未拨付；请在单位登记中补录账户后再拨付。';
  return { claimId: claim.id, lineNo: 0, message };
}

/** Takes a claim into the batch: it is `paying` for this batch, whoever else may try (I10 is in the condition). */
export async function takeClaim(collection: Collection, claim: ClaimRecord): Promise<boolean> {
  const { table, batch, by, at } = collection;
  const attempt = (claim.payment?.attempt ?? 0) + 1;
  const now = at.toISOString();
  const writes = moveClaim(table, claim, 'claim-payment-started', {
    audit: { by, at: now, facts: { batchId: batch.id, attempt } },
    set: { payment: { batchId: batch.id, attempt } },
    condition: {
      expression: 'openObjections = :none AND endorsedBy.#subject <> approvedBy.#subject',
      names: { '#subject': 'subject' },
      values: { ':none': 0 },
    },
  });
  const member: WriteItem = {
    Put: {
      TableName: table.name,
      Item: { ...batchClaimKey(batch.id, claim.id), type: 'batch-claim', claimId: claim.id, attempt },
    },
  };
  return (await writeAll(table, [...writes, member])).kind === 'done';
}

async function account(collection: Collection, claim: ClaimRecord, line?: LineRecord) {
  const { personal, organisations } = collection;
  if (line === undefined) return (await organisations.find(claim.tenant))?.bankAccount;
  const number = await openCard(personal, { tenant: claim.tenant, claimId: claim.id }, line);
  return number === undefined ? undefined : { holder: line.name, bank: '社会保障·市民卡', number };
}

async function transferFor(
  collection: Collection,
  claim: ClaimRecord,
  fen: number,
  line?: LineRecord,
): Promise<NewTransfer | undefined> {
  const { batch, personal } = collection;
  const target = await account(collection, claim, line);
  if (target === undefined) return undefined;
  const attempt = claim.payment?.attempt ?? 1;
  const lineNo = line?.lineNo ?? 0;
  const reference = transferReference(claim.id, lineNo, attempt);
  const sealedAccount = await personal.seal(target.number, accountContext(batch.id, reference));
  const { holder, bank } = target;
  return { reference, batchId: batch.id, claimId: claim.id, lineNo, attempt, fen, holder, bank, sealedAccount };
}

function startLine({ table, batch, by, at }: Collection, line: LineRecord, reference: string): WriteItem[] {
  const audit = { by, at: at.toISOString(), facts: { batchId: batch.id, reference } };
  return moveLine(table, line, 'line-payment-started', { audit, set: { payment: { batchId: batch.id, reference } } });
}

function createTransfer({ table, batch, by, at }: Collection, transfer: NewTransfer): WriteItem[] {
  const { claimId, lineNo, fen } = transfer;
  const audit = { action: 'transfer-prepared', by, at: at.toISOString(), facts: { claimId, lineNo, fen } };
  return creation(table, batch.id, transferItem(batch, transfer), audit);
}

export async function writeProblems({ table, batch }: Collection, problems: readonly CollectProblem[]): Promise<void> {
  for (const problem of problems) {
    const key = {
      pk: `BATCH#${batch.id}`,
      sk: `PROBLEM#${problem.claimId}#${String(problem.lineNo).padStart(4, '0')}`,
    };
    await writeAllOrThrow(table, [{ Put: { TableName: table.name, Item: { ...key, type: 'problem', ...problem } } }]);
  }
}

/** One transfer per line, to the trainee's card; the line and its transfer come about in one transaction. */
async function startCards(collection: Collection, claim: ClaimRecord, lines: readonly LineRecord[]): Promise<void> {
  const units: WriteItem[][] = [];
  const problems: CollectProblem[] = [];
  for (const line of lines) {
    const transfer = await transferFor(collection, claim, lineFen(line), line);
    if (transfer === undefined) {
      const message = '学员没有可用的社会保障·市民卡账号，本次未拨付；请补录卡号后再拨付。';
      problems.push({ claimId: claim.id, lineNo: line.lineNo, message });
    } else units.push([...startLine(collection, line, transfer.reference), ...createTransfer(collection, transfer)]);
  }
  for (const pack of packWrites(units)) await writeAllOrThrow(collection.table, pack.flat());
  await writeProblems(collection, problems);
}

/** One transfer for the whole claim, to the unit's account: written first, its sum being that of the lines to follow. */
async function startUnit(
  collection: Collection,
  claim: ClaimRecord,
  cleared: readonly LineRecord[],
  started: readonly LineRecord[],
): Promise<void> {
  const fen = [...cleared, ...started].reduce((sum, line) => sum + lineFen(line), 0);
  const transfer = await transferFor(collection, claim, fen);
  if (transfer === undefined) throw new Error('the account of a unit vanished while its claim was taken');
  // Refused means that an earlier try wrote it: the payee and the sum that are on record stand.
  await writeAll(collection.table, createTransfer(collection, transfer));
  const units = cleared.map((line) => startLine(collection, line, transfer.reference));
  for (const pack of packWrites(units)) await writeAllOrThrow(collection.table, pack.flat());
}

/** Brings the lines of a taken claim to `paying` with their transfers; a repetition does what is left. */
export async function startLines(collection: Collection, claimId: string): Promise<void> {
  const [item] = await readMany(collection.table, [claimKey(claimId)]);
  if (item === undefined) throw new Error('claim of a batch vanished');
  const claim = readClaimItem(item);
  if (claim.st !== 'paying' || claim.payment?.batchId !== collection.batch.id) return;
  const lines = await readLines(collection.table, claimId);
  const cleared = lines.filter(({ st }) => st === 'cleared');
  const started = lines.filter(({ st, payment }) => st === 'paying' && payment?.batchId === collection.batch.id);
  if (cleared.length === 0) return;
  if (claim.payee === 'trainee') await startCards(collection, claim, cleared);
  else await startUnit(collection, claim, cleared, started);
}

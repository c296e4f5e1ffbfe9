import type { ClaimRecord } from '../claims/claim-record.ts';
import type { LineRecord } from '../claims/line-record.ts';
import { openCard } from '../claims/sealed-line.ts';
import { DomainError } from '../errors/domain-error.ts';
import {
  accountContext,
  type CollectProblem,
  type PaymentBatch,
  type Transfer,
  transferReference,
} from '../payments/transfer.ts';
import { readClaimItem } from './claim-items.ts';
import { claimKey } from './entitlement-keys.ts';
import { conditionCheck } from './line-guards.ts';
import { lineFen, moveLine, packWrites, readLines } from './line-writes.ts';
import { type Collection, withoutAccount, writeProblems } from './payment-collection.ts';
import { awaitsSettlement, type BatchMember, batchClaimKey, memberSchema, transferKey } from './payment-items.ts';
import { readItem, readMany } from './read.ts';
import type { Key } from './table.ts';
import { creation, type WriteItem, writeAll } from './transition.ts';

/*
 * How the claims of a batch are set on their way to the bank.
 */

type NewTransfer = Omit<Transfer, 'version' | 'auditHead' | 'st'>;

function transferItem(batch: PaymentBatch, transfer: NewTransfer) {
  return { ...transferKey(batch.id, transfer.reference), type: 'transfer', st: 'prepared', ...transfer };
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

/** The member as long as it is not marked `started`, which everything that starts it must be sure of. */
function whileStarting({ table, batch }: Collection, { claimId, attempt }: BatchMember): WriteItem {
  const expression = 'attempt = :attempt AND attribute_not_exists(started)';
  return conditionCheck(table, batchClaimKey(batch.id, claimId), expression, {}, { ':attempt': attempt });
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

/** Writes what starts a member; false when somebody was faster with any of it. */
async function writeStart(
  collection: Collection,
  member: BatchMember,
  units: readonly (readonly WriteItem[])[],
): Promise<boolean> {
  const guard = whileStarting(collection, member);
  let isWhole = true;
  for (const pack of packWrites(units, 99)) {
    const result = await writeAll(collection.table, [...pack.flat(), guard]);
    if (result.kind === 'refused') isWhole = false;
  }
  return isWhole;
}

/** What came of one try to start a member: whether all of it is on its way but for the problems it names. */
interface Start {
  isWhole: boolean;
  problems: CollectProblem[];
  /** Transfers that must not exist if what the problems say is still true. */
  absent: Key[];
}

/** One transfer per line, to the trainee's card; the line and its transfer come about in one transaction. */
async function startCards(
  collection: Collection,
  member: BatchMember,
  claim: ClaimRecord,
  lines: readonly LineRecord[],
): Promise<Start> {
  const units: WriteItem[][] = [];
  const problems: CollectProblem[] = [];
  for (const line of lines.filter(({ st }) => st === 'cleared')) {
    const transfer = await transferFor(collection, claim, lineFen(line), line);
    if (transfer === undefined) {
      const message = '学员没有可用的社会保障·市民卡账号，本次未拨付；请补录卡号后再拨付。';
      problems.push({ claimId: claim.id, lineNo: line.lineNo, message });
    } else units.push([...startLine(collection, line, transfer.reference), ...createTransfer(collection, transfer)]);
  }
  return { isWhole: await writeStart(collection, member, units), problems, absent: [] };
}

/** One transfer for the whole claim, to the unit's account: written first, its sum being that of the lines to follow. */
async function startUnit(
  collection: Collection,
  member: BatchMember,
  claim: ClaimRecord,
  lines: readonly LineRecord[],
): Promise<Start> {
  const { table, batch } = collection;
  const reference = transferReference(claim.id, 0, member.attempt);
  const key = transferKey(batch.id, reference);
  const cleared = lines.filter(({ st }) => st === 'cleared');
  // Where an earlier try wrote it, the payee and the sum that are on record stand.
  if ((await readMany(table, [key])).length === 0) {
    const started = lines.filter(({ payment }) => payment?.reference === reference);
    const fen = [...cleared, ...started].reduce((sum, line) => sum + lineFen(line), 0);
    const transfer = await transferFor(collection, claim, fen);
    if (transfer === undefined) return { isWhole: true, problems: [withoutAccount(claim)], absent: [key] };
    if (!(await writeStart(collection, member, [createTransfer(collection, transfer)])))
      return { isWhole: false, problems: [], absent: [] };
  }
  const units = cleared.map((line) => startLine(collection, line, reference));
  return { isWhole: await writeStart(collection, member, units), problems: [], absent: [] };
}

/**
 * Marks that nothing more of a member will start. With problems its claim waits for its lines to be looked at, which
 * opens it again.
 */
async function markStarted(collection: Collection, member: BatchMember, { problems, absent }: Start): Promise<boolean> {
  const { table, batch, at } = collection;
  const waits = problems.length === 0 ? '' : ', wpk = :w, wsk = :now ADD verdicts :one';
  const mark: WriteItem = {
    Update: {
      TableName: table.name,
      Key: batchClaimKey(batch.id, member.claimId),
      UpdateExpression: `SET started = :true${waits}`,
      ConditionExpression: 'attempt = :attempt AND attribute_not_exists(started)',
      ExpressionAttributeValues: {
        ':true': true,
        ':attempt': member.attempt,
        ...(problems.length === 0 ? {} : { ':w': awaitsSettlement, ':now': at.toISOString(), ':one': 1 }),
      },
    },
  };
  const checks = absent.map((key) => conditionCheck(table, key, 'attribute_not_exists(pk)'));
  return (await writeAll(table, [mark, ...checks])).kind === 'done';
}

/** The refusal of a collection in which others keep being faster. */
export function collectedByOthers(): DomainError {
  return new DomainError('changed-meanwhile', '该批次正被他人同时归集，请稍后刷新查看。');
}

/** How often others may be faster with a part of one member before it is left to the next run. */
const mostTries = 5;

/**
 * Brings the lines of a taken claim to `paying` with their transfers, and marks it started; a repetition does what is
 * left, and where several do it at once each write counts once.
 * @returns whether something of it could not be started, which reopens the claim once it is looked at
 * @throws DomainError `changed-meanwhile` when others keep being faster.
 */
export async function startMember(collection: Collection, claimId: string): Promise<boolean> {
  const { table, batch } = collection;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const member = await readItem(table, batchClaimKey(batch.id, claimId), memberSchema);
    const [claimItem] = await readMany(table, [claimKey(claimId)]);
    if (member === undefined || claimItem === undefined) throw new Error('claim of a batch vanished');
    if (member.started) return false;
    const claim = readClaimItem(claimItem);
    const lines = await readLines(table, claim.id);
    const start = await (claim.payee === 'trainee' ? startCards : startUnit)(collection, member, claim, lines);
    if (!start.isWhole) continue;
    await writeProblems(collection, start.problems);
    if (await markStarted(collection, member, start)) return start.problems.length > 0;
  }
  throw collectedByOthers();
}

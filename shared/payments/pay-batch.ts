import { createHash } from 'node:crypto';
import { type Actor, actorOf } from '../access/actor.ts';
import type { PersonalData } from '../access/personal-data.ts';
import { demand } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import type { Clock } from '../clock/clock.ts';
import { DomainError, type Problem } from '../errors/domain-error.ts';
import { bankFile } from './bank-file.ts';
import type { FundApplicationStore } from './fund-application.ts';
import type { BatchRoom, PaymentStore } from './payment-store.ts';
import { readReceipts } from './receipts-file.ts';
import { accountContext, type PaymentBatch, type Transfer } from './transfer.ts';

export interface PaymentDependencies {
  payments: PaymentStore;
  applications: FundApplicationStore;
  personal: PersonalData;
  clock: Clock;
}

/**
 * Opening a batch is one request, and so is reading its receipts: each must end within half a minute. More is left for
 * the next batch.
 */
const mostTransfers = 2000;
const mostLines = 3000;
const takingMs = 15_000;

function roomOf(clock: Clock): BatchRoom {
  const until = clock.now().getTime() + takingMs;
  return { transfers: mostTransfers, lines: mostLines, hasTime: () => clock.now().getTime() < until };
}

/** A batch is seen by whoever pays it: finance, or the department that pays on. */
function mine(principal: Principal, batch: PaymentBatch | undefined): PaymentBatch {
  demand(principal, 'payment.make', batch === undefined ? undefined : { authority: batch.payer });
  return batch as PaymentBatch;
}

/**
 * Opens a batch and collects what is payable (二(四)): claims whose notice ended without open objection. Finance pays
 * bureaus' claims from an account; a department pays on what the bureau transferred on its application.
 */
export async function openBatch(
  deps: PaymentDependencies,
  principal: Principal,
  id: string,
  order: {
    account?: string | undefined;
    payee?: PaymentBatch['payee'] | undefined;
    applicationId?: string | undefined;
  },
): Promise<PaymentBatch> {
  const by = actorOf(principal);
  const at = deps.clock.now();
  const target = await targetOf(deps, principal, order);
  const batch = await deps.payments.openBatch({ id, payer: principal.tenant, ...target }, by, at);
  return deps.payments.collect(batch, roomOf(deps.clock), by, at);
}

async function targetOf(
  deps: PaymentDependencies,
  principal: Principal,
  { account, payee, applicationId }: Parameters<typeof openBatch>[3],
) {
  if (principal.role === 'department') {
    if (applicationId === undefined) {
      throw new DomainError('validation-failed', '行业主管部门须先申请并收到专账拨款，再凭资金申请转拨（二(四)）。', [
        { path: 'body.applicationId', message: '请填写已到账的资金申请编号' },
      ]);
    }
    const application = demand(principal, 'payment.make', await deps.applications.find(applicationId));
    if (application.st !== 'funded') {
      throw new DomainError('state-not-permitted', '该资金申请尚未到账，不能转拨；请等人力社保部门拨款后再办理。');
    }
    return { account: application.account, payee: 'applicant' as const, applicationId };
  }
  if (account === undefined || payee === undefined || applicationId !== undefined) {
    throw new DomainError('validation-failed', '请写明由哪个专账、向学员还是向单位拨付。', [
      {
        path: account === undefined ? 'body.account' : 'body.payee',
        message: '必填；applicationId 仅供行业主管部门使用',
      },
    ]);
  }
  return { account, payee };
}

export async function readBatch(deps: PaymentDependencies, principal: Principal, batchId: string) {
  const batch = mine(principal, await deps.payments.findBatch(batchId));
  const [transfers, problems] = await Promise.all([
    deps.payments.transfersOf(batchId),
    deps.payments.problemsOf(batchId),
  ]);
  return { batch, transfers, problems };
}

async function rowOf(deps: PaymentDependencies, batch: PaymentBatch, transfer: Transfer) {
  const { reference, holder, bank, fen, sealedAccount } = transfer;
  const account = await deps.personal.open(sealedAccount, accountContext(batch.id, reference));
  return { reference, holder, bank, account, fen, purpose: '职业技能提升行动培训补贴' };
}

/**
 * The bank file of a batch; who took it and what it hashes to is on record. A batch that is still collecting has none:
 * every line in a file is durably `paying` before the file exists.
 */
export async function exportBankFile(
  deps: PaymentDependencies,
  principal: Principal,
  batchId: string,
): Promise<string> {
  const batch = mine(principal, await deps.payments.findBatch(batchId));
  if (batch.st === 'collecting') throw new DomainError('state-not-permitted', '批次仍在归集，请稍后再导出代发文件。');
  const transfers = await deps.payments.transfersOf(batchId);
  const rows: Awaited<ReturnType<typeof rowOf>>[] = [];
  for (const transfer of transfers) rows.push(await rowOf(deps, batch, transfer));
  const file = bankFile(rows);
  const hash = createHash('sha256').update(file).digest('hex');
  await deps.payments.recordExport(batch, hash, actorOf(principal), deps.clock.now());
  return file;
}

/** The references whose fate the bank has not told: asked about as they are, never sent again under others. */
export async function openReferences(
  deps: PaymentDependencies,
  principal: Principal,
  batchId: string,
): Promise<Transfer[]> {
  mine(principal, await deps.payments.findBatch(batchId));
  return (await deps.payments.transfersOf(batchId)).filter(({ st }) => st === 'prepared' || st === 'unknown');
}

const sayings = {
  'unknown-reference': '本批次没有这个转账编号，请核对是否选错批次或文件',
  contradicts: '与已登记的结果矛盾（例如已退汇的转账不能再改为成功），请与银行核实',
  'not-covered': '专账或该申请的在途资金不足以登记这笔结果，尚未登记；请先核对专账流水，再重新导入回执',
} as const;

export interface ReceiptsResult {
  batch: PaymentBatch;
  applied: number;
  /** Rows that say what was known already: reading a file twice changes nothing. */
  known: number;
  problems: Problem[];
  paidFen: number;
  paid: number;
  bounced: number;
}

/** Reads a receipts file back: each good row counts once, each bad one is named; lines and claims follow. */
export async function recordReceipts(
  deps: PaymentDependencies,
  principal: Principal,
  batchId: string,
  file: string,
): Promise<ReceiptsResult> {
  const batch = mine(principal, await deps.payments.findBatch(batchId));
  if (batch.st === 'collecting')
    throw new DomainError('state-not-permitted', '批次仍在归集，还没有代发文件，不能登记回执。');
  const { receipts, problems } = readReceipts(file);
  const by = actorOf(principal);
  const at = deps.clock.now();
  const outcomes = await deps.payments.apply(batch, receipts, by, at);
  const applied = receipts.filter((_, index) => outcomes[index] === 'applied');
  outcomes.forEach((outcome, index) => {
    if (outcome === 'applied' || outcome === 'known') return;
    const row = receipts[index]?.row ?? 0;
    problems.push({ path: `file.row[${row}]`, message: `第${row}行：${sayings[outcome]}` });
  });
  // Closed before its lines have followed: after a crash they are found again, and the batch with them.
  const closed = await deps.payments.closeBatch((await deps.payments.findBatch(batchId)) ?? batch, by, at);
  for (const claimId of await deps.payments.claimsDue(batchId))
    await deps.payments.settleClaim(batchId, claimId, by, at);
  const fenOf = new Map((await deps.payments.transfersOf(batchId)).map(({ reference, fen }) => [reference, fen]));
  const paid = applied.filter(({ word }) => word === 'paid');
  return {
    batch: closed,
    applied: applied.length,
    known: outcomes.filter((outcome) => outcome === 'known').length,
    problems: problems.toSorted((a, b) => rowNumber(a) - rowNumber(b)),
    paidFen: paid.reduce((sum, { reference }) => sum + (fenOf.get(reference) ?? 0), 0),
    paid: paid.length,
    bounced: applied.filter(({ word }) => word === 'bounced').length,
  };
}

function rowNumber({ path }: Problem): number {
  return Number(/\[(\d+)\]/.exec(path)?.[1] ?? 0);
}

/** What came of going on with payments: how many were left half done, and which still are, with the reason. */
export interface FinishedPayments {
  count: number;
  failures: { batchId: string; claimId?: string; error: unknown }[];
}

/** The schedule's part: goes on with batches and claims that a crash left half done. */
export async function finishPayments(
  deps: Pick<PaymentDependencies, 'payments' | 'clock'>,
  by: Actor,
): Promise<FinishedPayments> {
  const at = deps.clock.now();
  const left = await deps.payments.unfinished(at);
  const failures: FinishedPayments['failures'] = [];
  for (const [batchId, parts] of Map.groupBy(left, (one) => one.batchId)) {
    const claims = parts.flatMap(({ claimId }) => (claimId === undefined ? [] : [claimId]));
    // One claim that somebody is moving right now must not keep the others waiting; the next run finds it again.
    const tried = async (claimId: string | undefined, work: () => Promise<unknown>): Promise<void> => {
      try {
        await work();
      } catch (error) {
        failures.push({ batchId, ...(claimId === undefined ? {} : { claimId }), error });
      }
    };
    await tried(undefined, () => finishBatch(deps, batchId, by, at));
    for (const claimId of claims) await tried(claimId, () => deps.payments.settleClaim(batchId, claimId, by, at));
  }
  return { count: left.length, failures };
}

async function finishBatch(
  deps: Pick<PaymentDependencies, 'payments' | 'clock'>,
  batchId: string,
  by: Actor,
  at: Date,
): Promise<void> {
  const batch = await deps.payments.findBatch(batchId);
  if (batch?.st === 'collecting') await deps.payments.collect(batch, roomOf(deps.clock), by, at);
  else if (batch !== undefined) await deps.payments.closeBatch(batch, by, at);
}

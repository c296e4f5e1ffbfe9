import * as z from 'zod';
import { reasonText } from '../../shared/access/reason-text.ts';
import { defineRoute, type HttpRoute } from '../../shared/lambda/http-route.ts';
import type { MetricRecorder } from '../../shared/lambda/metrics.ts';
import {
  applyForFunds,
  listFundApplications,
  readFundApplication,
  transferFunds,
} from '../../shared/payments/apply-for-funds.ts';
import type { FundApplication } from '../../shared/payments/fund-application.ts';
import {
  exportBankFile,
  openBatch,
  openReferences,
  type PaymentDependencies,
  readBatch,
  recordReceipts,
} from '../../shared/payments/pay-batch.ts';
import { type ReapplicationStore, reapply, replaceCard } from '../../shared/payments/reapply.ts';
import {
  demandRecovery,
  listRecoveries,
  type Recovery,
  type RecoveryStore,
  readRecovery,
  receiveRecovery,
  recoveryStates,
  withdrawRecovery,
} from '../../shared/payments/recovery.ts';
import { type PaymentBatch, type Transfer, transferStates } from '../../shared/payments/transfer.ts';
import { calendarDateSchema } from '../../shared/regulation/contract.ts';

export interface PaymentRouteDependencies extends PaymentDependencies {
  recoveries: RecoveryStore;
  reapplications: ReapplicationStore;
  metrics: Pick<MetricRecorder, 'add'>;
}

const id = z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/);
const batchPath = z.strictObject({ batchId: id });
const applicationPath = z.strictObject({ applicationId: id });
const claimPath = z.strictObject({ claimId: id });
const recoveryPath = claimPath.extend({ recoveryId: id });
const lineId = z.string().min(1).max(100);
const serial = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9-]{4,64}$/, '银行流水号应为4至64位字母、数字或短横线');
const cursor = z.string().max(2000).optional();
const fen = z.int().min(1, '金额须为正的整数分').max(10_000_000_000);

const shownBatch = z.object({
  id: z.string(),
  state: z.enum(['collecting', 'ready', 'settled']),
  account: z.string(),
  payee: z.enum(['trainee', 'applicant']),
  applicationId: z.string().optional(),
  count: z.int(),
  totalFen: z.int(),
  fileSha256: z.string().optional(),
  createdAt: z.string(),
});

const shownTransfer = z.object({
  reference: z.string(),
  state: z.enum(transferStates),
  claimId: z.string(),
  lineNo: z.int(),
  attempt: z.int(),
  fen: z.int(),
  bankSerial: z.string().optional(),
  reason: z.string().optional(),
});

const shownApplication = z.object({
  id: z.string(),
  state: z.enum(['applied', 'funded']),
  authority: z.string(),
  account: z.string(),
  receiptNumber: z.string(),
  count: z.int().describe('claims, each a row'),
  totalFen: z.int(),
  bankSerial: z.string().optional(),
  createdAt: z.string(),
});

const shownRow = z.object({
  claimId: z.string(),
  applicantName: z.string(),
  subject: z.string(),
  heads: z.int(),
  fen: z.int(),
  noticeId: z.string(),
});

const shownRecovery = z.object({
  id: z.string(),
  claimId: z.string(),
  state: z.enum(recoveryStates),
  document: z.string(),
  reason: z.string(),
  lineCount: z.int(),
  demandedFen: z.int(),
  receivedFen: z.int(),
  blockUntil: z.string().optional(),
  createdAt: z.string(),
});

const shownRecoveredLine = z.object({ lineId: z.string(), demandedFen: z.int(), receivedFen: z.int() });

function showBatch(batch: PaymentBatch): z.infer<typeof shownBatch> {
  const { st, account, payee, applicationId, count, totalFen, fileSha256, createdAt } = batch;
  return { id: batch.id, state: st, account, payee, applicationId, count, totalFen, fileSha256, createdAt };
}

// Holder and account are in the bank file only.
function showTransfer(transfer: Transfer): z.infer<typeof shownTransfer> {
  const { reference, st, claimId, lineNo, attempt, bankSerial, reason } = transfer;
  return { reference, state: st, claimId, lineNo, attempt, fen: transfer.fen, bankSerial, reason };
}

function showApplication(application: FundApplication): z.infer<typeof shownApplication> {
  const { st, authority, account, receiptNumber, count, totalFen, bankSerial, createdAt } = application;
  const sums = { count, totalFen };
  return { id: application.id, state: st, authority, account, receiptNumber, ...sums, bankSerial, createdAt };
}

function showRecovery(recovery: Recovery): z.infer<typeof shownRecovery> {
  const { claimId, st, document, reason, lineCount, demandedFen, receivedFen, blockUntil, createdAt } = recovery;
  const sums = { lineCount, demandedFen, receivedFen };
  return { id: recovery.id, claimId, state: st, document, reason, ...sums, blockUntil, createdAt };
}

/** Payment (补贴拨付) 二(四), the department's two steps, and recovery (追回) 四(三). */
export const paymentRoutes: readonly HttpRoute<PaymentRouteDependencies>[] = [
  defineRoute({
    key: 'POST /payment-batches',
    summary: 'Collect what is payable from an account into a batch; a department names its funded application',
    action: 'payment.make',
    body: z.strictObject({
      account: z.string().min(1).max(40).optional(),
      payee: z.enum(['trainee', 'applicant']).optional(),
      applicationId: id.optional(),
    }),
    replies: { 201: shownBatch },
    serve: async (deps, { principal, creationId, body }) => ({
      status: 201,
      body: showBatch(await openBatch(deps, principal, creationId, body)),
    }),
  }),
  defineRoute({
    key: 'GET /payment-batches',
    summary: "The payer's own batches, newest first",
    action: 'payment.make',
    query: z.strictObject({ cursor: z.string().max(2000).optional() }),
    replies: { 200: z.object({ batches: z.array(shownBatch), next: z.string().optional() }) },
    serve: async (deps, { principal, query }) => {
      const { batches, next } = await deps.payments.listBatches(principal.tenant, query.cursor);
      return { status: 200, body: { batches: batches.map(showBatch), next } };
    },
  }),
  defineRoute({
    key: 'GET /payment-batches/{batchId}',
    summary: 'A batch with its transfers and what was left out',
    action: 'payment.make',
    path: batchPath,
    replies: {
      200: shownBatch.extend({
        transfers: z.array(shownTransfer),
        problems: z.array(z.object({ claimId: z.string(), lineNo: z.int(), message: z.string() })),
      }),
    },
    serve: async (deps, { principal, path }) => {
      const { batch, transfers, problems } = await readBatch(deps, principal, path.batchId);
      return { status: 200, body: { ...showBatch(batch), transfers: transfers.map(showTransfer), problems } };
    },
  }),
  defineRoute({
    key: 'GET /payment-batches/{batchId}/bank-file',
    summary: 'The file for the bank (CSV); taking it is on record',
    action: 'payment.make',
    disclosesPersonalData: true,
    path: batchPath,
    replies: { 200: z.string() },
    serve: async (deps, { principal, path }) => ({
      status: 200,
      body: await exportBankFile(deps, principal, path.batchId),
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="bank-file-${path.batchId}.csv"`,
      },
    }),
  }),
  defineRoute({
    key: 'GET /payment-batches/{batchId}/open-references',
    summary: 'References whose fate the bank has not told, to ask about as they are',
    action: 'payment.make',
    path: batchPath,
    replies: { 200: z.object({ transfers: z.array(shownTransfer) }) },
    serve: async (deps, { principal, path }) => {
      const transfers = await openReferences(deps, principal, path.batchId);
      return { status: 200, body: { transfers: transfers.map(showTransfer) } };
    },
  }),
  defineRoute({
    key: 'POST /payment-batches/{batchId}/receipts',
    summary: "Read the bank's receipts (CSV text) back; every good row counts once",
    action: 'payment.make',
    path: batchPath,
    body: z.strictObject({ file: z.string().min(1, '回执文件是空的').max(2_000_000, '回执文件过大，请分批上传') }),
    replies: {
      200: z.object({
        batch: shownBatch,
        applied: z.int(),
        known: z.int(),
        problems: z.array(z.object({ path: z.string(), message: z.string() })),
      }),
    },
    serve: async (deps, { principal, path, body }) => {
      const result = await recordReceipts(deps, principal, path.batchId, body.file);
      deps.metrics.add('PaidFen', result.paidFen);
      deps.metrics.add('TransfersPaid', result.paid);
      deps.metrics.add('TransfersBounced', result.bounced);
      const { batch, applied, known, problems } = result;
      return { status: 200, body: { batch: showBatch(batch), applied, known, problems } };
    },
  }),
  defineRoute({
    key: 'POST /fund-applications',
    summary: 'A department applies for the money of the claims it received and publicised',
    action: 'fund-application.make',
    body: z.strictObject({ receiptNumber: z.string().trim().min(2, '请填写收款收据号').max(60) }),
    replies: { 201: shownApplication },
    serve: async (deps, { principal, creationId, body }) => ({
      status: 201,
      body: showApplication(await applyForFunds(deps, principal, creationId, body.receiptNumber)),
    }),
  }),
  defineRoute({
    key: 'GET /fund-applications',
    summary: "A department's own fund applications, or those to an account; newest first",
    action: 'fund-application.read',
    query: z.strictObject({ account: z.string().min(1).max(40).optional(), cursor }),
    replies: { 200: z.object({ applications: z.array(shownApplication), next: z.string().optional() }) },
    serve: async (deps, { principal, query }) => {
      const { applications, next } = await listFundApplications(deps, principal, query);
      return { status: 200, body: { applications: applications.map(showApplication), next } };
    },
  }),
  defineRoute({
    key: 'GET /fund-applications/{applicationId}',
    summary: 'A fund application with its rows, 500 at a time',
    action: 'fund-application.read',
    path: applicationPath,
    query: z.strictObject({ cursor }),
    replies: { 200: shownApplication.extend({ rows: z.array(shownRow), next: z.string().optional() }) },
    serve: async (deps, { principal, path, query }) => {
      const { application, ...rest } = await readFundApplication(deps, principal, path.applicationId, query.cursor);
      return { status: 200, body: { ...showApplication(application), ...rest } };
    },
  }),
  defineRoute({
    key: 'POST /fund-applications/{applicationId}/transfer',
    summary: "Book the bureau's transfer to the department",
    action: 'fund-application.fund',
    path: applicationPath,
    body: z.strictObject({ bankSerial: serial, totalFen: fen.describe('what was transferred: the sum of the rows') }),
    replies: { 200: shownApplication },
    serve: async (deps, { principal, path, body }) => ({
      status: 200,
      body: showApplication(await transferFunds(deps, principal, path.applicationId, body)),
    }),
  }),
  defineRoute({
    key: 'PUT /claims/{claimId}/lines/{lineId}/card',
    summary: 'Give another card for a line whose transfer bounced, or that had none',
    action: 'claim.write',
    path: claimPath.extend({ lineId: z.string().min(1).max(100) }),
    body: z.strictObject({ number: z.string().regex(/^\s*(\d\s*){16,19}$/, '市民卡金融账号应为16至19位数字，请核对') }),
    replies: { 204: z.undefined() },
    serve: async (deps, { principal, path, body }) => {
      await replaceCard(deps, principal, path.claimId, path.lineId, body.number);
      return { status: 204 };
    },
  }),
  defineRoute({
    key: 'POST /claims/{claimId}/payment-reapplication',
    summary: "Apply again after a unit's transfer bounced and its account was corrected",
    action: 'claim.write',
    path: claimPath,
    replies: { 200: z.object({ lines: z.int() }) },
    serve: async (deps, { principal, path }) => ({ status: 200, body: await reapply(deps, principal, path.claimId) }),
  }),
  defineRoute({
    key: 'POST /claims/{claimId}/recoveries',
    summary: 'Demand paid money back, in full or in part, and block the applicant when asked',
    action: 'recovery.demand',
    path: claimPath,
    body: z.strictObject({
      document: z.string().trim().min(2, '请填写责令退回的文书号').max(100),
      reason: reasonText({ missing: '请写明追回理由' }),
      lines: z
        .array(z.strictObject({ lineId, fen: fen.optional() }))
        .min(1)
        .max(5000)
        .optional(),
      blockUntil: calendarDateSchema.optional(),
    }),
    replies: { 201: shownRecovery },
    serve: async (deps, { principal, path, creationId, body }) => ({
      status: 201,
      body: showRecovery(await demandRecovery(deps, principal, path.claimId, creationId, body)),
    }),
  }),
  defineRoute({
    key: 'POST /claims/{claimId}/recoveries/{recoveryId}/receipts',
    summary: 'Book what came back in one transfer, for one line or many; each serial number of the bank counts once',
    action: 'recovery.receive',
    path: recoveryPath,
    body: z.strictObject({
      bankSerial: serial,
      lines: z.array(z.strictObject({ lineId, fen })).min(1, '请写明退回的是哪些明细').max(5000),
    }),
    replies: { 200: shownRecovery },
    serve: async (deps, { principal, path, body }) => ({
      status: 200,
      body: showRecovery(await receiveRecovery(deps, principal, path.claimId, path.recoveryId, body)),
    }),
  }),
  defineRoute({
    key: 'POST /claims/{claimId}/recoveries/{recoveryId}/withdrawal',
    summary: 'Withdraw a demand with a reason; its lines are free again, what came back stays booked',
    action: 'recovery.demand',
    path: recoveryPath,
    body: z.strictObject({ reason: reasonText({ missing: '请写明撤销追回的理由' }) }),
    replies: { 200: shownRecovery },
    serve: async (deps, { principal, path, body }) => ({
      status: 200,
      body: showRecovery(await withdrawRecovery(deps, principal, path.claimId, path.recoveryId, body.reason)),
    }),
  }),
  defineRoute({
    key: 'GET /claims/{claimId}/recoveries',
    summary: 'What was demanded back of a claim, oldest first',
    action: 'claim.read',
    path: claimPath,
    replies: { 200: z.object({ recoveries: z.array(shownRecovery) }) },
    serve: async (deps, { principal, path }) => ({
      status: 200,
      body: { recoveries: (await listRecoveries(deps, principal, path.claimId)).map(showRecovery) },
    }),
  }),
  defineRoute({
    key: 'GET /claims/{claimId}/recoveries/{recoveryId}',
    summary: 'A recovery with its lines, 500 at a time',
    action: 'claim.read',
    path: recoveryPath,
    query: z.strictObject({ cursor }),
    replies: { 200: shownRecovery.extend({ lines: z.array(shownRecoveredLine), next: z.string().optional() }) },
    serve: async (deps, { principal, path, query }) => {
      const { recovery, lines, next } = await readRecovery(
        deps,
        principal,
        path.claimId,
        path.recoveryId,
        query.cursor,
      );
      const shown = lines.map((line) => {
        return { lineId: line.lineId, demandedFen: line.demandedFen, receivedFen: line.receivedFen };
      });
      return { status: 200, body: { ...showRecovery(recovery), lines: shown, next } };
    },
  }),
];

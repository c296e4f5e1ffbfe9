import * as z from 'zod';
import { reasonText } from '../../shared/access/reason-text.ts';
import {
  allotFunds,
  correctAllotment,
  type FundDependencies,
  fundAccounts,
  readFundAccount,
} from '../../shared/claims/allot-funds.ts';
import type { Allotment } from '../../shared/claims/fund-account.ts';
import { defineRoute, type HttpRoute } from '../../shared/lambda/http-route.ts';

const accountPath = z.strictObject({ account: z.string().regex(/^[a-z]{2,20}$/) });
const fen = z.int().describe('fen (分)');

const accountView = z.object({
  account: z.string(),
  allotted: fen,
  available: fen,
  escrow: fen.describe('approved, not yet paid'),
  paid: fen,
  recovered: fen,
  waiting: z.int().describe('approved claims that wait because the account is too low'),
});

const allotmentView = z.object({
  reference: z.string(),
  fen: fen.describe('fen (分); negative for a correction'),
  reason: z.string(),
  by: z.string(),
  at: z.string(),
  corrects: z.string().optional().describe('reference of the allotment that this corrects'),
  correctedFen: fen.optional().describe('how much of it corrections took back'),
});

const reference = z.string().trim().max(100);

const allotmentBody = z.strictObject({
  fen: z.int().min(1, '拨入金额须为正的整数分').max(1_000_000_000_000),
  reference: reference
    .min(2, '请填写拨款文号或银行流水号')
    .describe('number of the paper or transfer; the same one counts once'),
  reason: reasonText({ missing: '请写明拨入事由' }),
});

const correctionBody = z.strictObject({
  corrects: reference.min(2, '请填写被冲正的拨款文号或银行流水号'),
  fen: z.int().min(1, '冲正金额须为正的整数分').max(1_000_000_000_000).describe('what is taken back'),
  reference: reference.min(2, '请填写冲正的文号或银行流水号').describe('of the correction itself; counts once'),
  reason: reasonText({ missing: '请写明冲正事由' }),
});

function shown({ reference: number, fen: amount, reason, by, at, corrects, correctedFen }: Allotment) {
  return { reference: number, fen: amount, reason, by: by.name, at, corrects, correctedFen };
}

/** The special accounts (专账): what was put in, and what has become of it, 三(三) and 四(一). */
export const fundRoutes: readonly HttpRoute<FundDependencies>[] = [
  defineRoute({
    key: 'GET /funds',
    summary: 'Every special account with its balance',
    action: 'fund.read',
    replies: { 200: z.object({ accounts: z.array(accountView) }) },
    serve: async (deps) => ({
      status: 200,
      body: { accounts: await deps.funds.balances(fundAccounts(deps.edition)) },
    }),
  }),
  defineRoute({
    key: 'GET /funds/{account}',
    summary: 'One special account with its allotments',
    action: 'fund.read',
    path: accountPath,
    replies: { 200: accountView.extend({ allotments: z.array(allotmentView) }) },
    serve: async (deps, { path }) => {
      const balance = await readFundAccount(deps, path.account);
      const allotments = await deps.funds.allotments(path.account);
      return { status: 200, body: { ...balance, allotments: allotments.map(shown) } };
    },
  }),
  defineRoute({
    key: 'POST /funds/{account}/allotments',
    summary: 'Put money into a special account; claims that wait for it go on in the order of their approval',
    action: 'fund.allot',
    path: accountPath,
    body: allotmentBody,
    replies: {
      201: z.object({
        allotment: allotmentView,
        account: accountView,
        resumed: z.int().describe('claims that went on'),
      }),
    },
    serve: async (deps, { principal, path, body }) => {
      const { allotment, balance, resumed } = await allotFunds(deps, principal, path.account, body);
      return { status: 201, body: { allotment: shown(allotment), account: balance, resumed } };
    },
  }),
  defineRoute({
    key: 'POST /funds/{account}/corrections',
    summary: 'Take back what an allotment put in too much or into the wrong account, as far as it is available',
    action: 'fund.allot',
    path: accountPath,
    body: correctionBody,
    replies: { 201: z.object({ correction: allotmentView, account: accountView }) },
    serve: async (deps, { principal, path, body }) => {
      const { correction, balance } = await correctAllotment(deps, principal, path.account, body);
      return { status: 201, body: { correction: shown(correction), account: balance } };
    },
  }),
];

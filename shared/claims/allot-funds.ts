import { actorOf } from '../access/actor.ts';
import type { Principal } from '../access/principal.ts';
import type { Clock } from '../clock/clock.ts';
import { DomainError, notFound } from '../errors/domain-error.ts';
import type { Edition } from '../regulation/edition.ts';
import type { EditionRegistry } from '../regulation/editions/registry.ts';
import type { ApprovalStore } from './approval-store.ts';
import type { Allotment, FundAccount, FundStore } from './fund-account.ts';
import { resumeWaitingClaims } from './resume-waiting-claims.ts';

export interface FundDependencies {
  funds: FundStore;
  approvals: ApprovalStore;
  /** Whose districts have accounts. */
  edition: Edition;
  clock: Clock;
}

/** The accounts that pay: every urban district, but those whose subsidies another one pays (三(三)). */
export function fundAccounts({ districts, fundedBy }: Edition): string[] {
  return districts.filter(({ code, urban }) => urban && fundedBy[code] === undefined).map(({ code }) => code);
}

/** The special accounts of all editions together, each once. */
export function everyFundAccount({ editions }: EditionRegistry): string[] {
  return [...new Set(editions.flatMap(fundAccounts))];
}

/** @throws DomainError `not-found` when no such account exists */
export async function readFundAccount(deps: FundDependencies, account: string): Promise<FundAccount> {
  if (!fundAccounts(deps.edition).includes(account)) throw notFound();
  const [balance] = await deps.funds.balances([account]);
  if (balance === undefined) throw notFound();
  return balance;
}

/**
 * Puts money into a special account, and lets the claims that wait for it go on. The same reference counts once: a
 * double click changes nothing.
 * @throws DomainError `already-exists` when the reference stands for another amount
 */
export async function allotFunds(
  deps: FundDependencies,
  principal: Principal,
  account: string,
  order: { fen: number; reference: string; reason: string },
): Promise<{ allotment: Allotment; balance: FundAccount; resumed: number }> {
  await readFundAccount(deps, account);
  const by = actorOf(principal);
  const { recorded } = await deps.funds.allot({ account, ...order, by, at: deps.clock.now().toISOString() });
  if (recorded.fen !== order.fen) {
    const problems = [{ path: 'body.reference', message: '该文号（流水号）已登记过另一笔金额，请核对后使用新的编号' }];
    throw new DomainError('already-exists', '该文号（流水号）已登记过另一笔金额。', problems);
  }
  const resumed = await resumeWaitingClaims(deps, account);
  return { allotment: recorded, balance: await readFundAccount(deps, account), resumed };
}

interface CorrectionOrder {
  /** The reference of the allotment that was wrong. */
  corrects: string;
  /** How much of it is taken back, fen. */
  fen: number;
  reference: string;
  reason: string;
}

/** @throws DomainError where the allotment does not bear the correction */
async function demandCorrectable(deps: FundDependencies, account: string, order: CorrectionOrder): Promise<void> {
  const allotment = await deps.funds.allotment(account, order.corrects);
  const refuse = (path: string, message: string) =>
    new DomainError('validation-failed', '冲正内容有误，请按提示更正。', [{ path: `body.${path}`, message }]);
  if (allotment === undefined || allotment.corrects !== undefined)
    throw refuse('corrects', '本专账没有该文号（流水号）的拨入记录，请核对专账和编号');
  const left = allotment.fen - (allotment.correctedFen ?? 0);
  if (order.fen > left) throw refuse('fen', `该笔拨入尚可冲正${(left / 100).toFixed(2)}元，请更正金额`);
}

/**
 * Takes back what an allotment put in too much or into the wrong account (冲正): with a paper and a reason of its own,
 * and only as far as the money is still available. The allotment itself stays as it was booked.
 * @throws DomainError `funds-insufficient` when the money is committed or paid already
 */
export async function correctAllotment(
  deps: FundDependencies,
  principal: Principal,
  account: string,
  order: CorrectionOrder,
): Promise<{ correction: Allotment; balance: FundAccount }> {
  await readFundAccount(deps, account);
  const known = await deps.funds.allotment(account, order.reference);
  if (known === undefined) {
    await demandCorrectable(deps, account, order);
    const by = actorOf(principal);
    const result = await deps.funds.correct({ account, ...order, by, at: deps.clock.now().toISOString() });
    if (result === 'too-low') {
      throw new DomainError('funds-insufficient', '专账可用余额不足，该笔资金已核准或已拨付，不能冲正。', [
        { path: 'body.fen', message: '请按可用余额冲正，或先追加拨入' },
      ]);
    }
  }
  const correction = await deps.funds.allotment(account, order.reference);
  if (correction === undefined)
    throw new DomainError('changed-meanwhile', '该笔拨入刚刚已被他人冲正，请刷新后按最新内容办理。');
  if (correction.corrects !== order.corrects || correction.fen !== -order.fen) {
    const problems = [{ path: 'body.reference', message: '该文号（流水号）已登记过另一笔资金，请使用冲正本身的编号' }];
    throw new DomainError('already-exists', '该文号（流水号）已登记过另一笔资金。', problems);
  }
  return { correction, balance: await readFundAccount(deps, account) };
}

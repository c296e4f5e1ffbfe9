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

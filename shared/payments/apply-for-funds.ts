import { actorOf } from '../access/actor.ts';
import { demand } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import type { Clock } from '../clock/clock.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { DepartmentTransfer, FundApplication, FundApplicationStore } from './fund-application.ts';

interface Dependencies {
  applications: FundApplicationStore;
  clock: Clock;
}

/** A department applies for the money of the claims that it received and publicised (二(四)). */
export async function applyForFunds(
  deps: Dependencies,
  principal: Principal,
  id: string,
  receiptNumber: string,
): Promise<FundApplication> {
  const order = { id, authority: principal.tenant, receiptNumber };
  const application = await deps.applications.apply(order, actorOf(principal), deps.clock.now());
  if (application === undefined) {
    throw new DomainError('not-eligible', '本部门目前没有公示期满、尚未申请资金的补贴申请。');
  }
  return application;
}

/** An application with some hundred of its rows; `cursor` leads to the next ones. */
export async function readFundApplication(
  deps: Pick<Dependencies, 'applications'>,
  principal: Principal,
  id: string,
  cursor?: string,
) {
  const application = demand(principal, 'fund-application.read', await deps.applications.find(id));
  return { application, ...(await deps.applications.rowsOf(id, cursor)) };
}

/** A department sees its own applications; who transfers to departments, or audits, those to an account. */
export async function listFundApplications(
  deps: Pick<Dependencies, 'applications'>,
  principal: Principal,
  { account, cursor }: { account?: string | undefined; cursor?: string | undefined },
) {
  if (principal.role === 'department') return deps.applications.list({ authority: principal.tenant }, cursor);
  if (account === undefined) {
    throw new DomainError('validation-failed', '请写明查询哪个专账的资金申请。', [
      { path: 'query.account', message: '请填写专账，例如 lucheng' },
    ]);
  }
  return deps.applications.list({ account }, cursor);
}

/**
 * The bureau transfers to the department; its bank's serial number and sum prove it.
 * @throws DomainError `changed-meanwhile` when the application is of another sum
 */
export async function transferFunds(
  deps: Dependencies,
  principal: Principal,
  id: string,
  transfer: DepartmentTransfer,
): Promise<FundApplication> {
  const application = demand(principal, 'fund-application.fund', await deps.applications.find(id));
  if (application.st === 'applied' && application.totalFen !== transfer.totalFen) {
    const sum = (application.totalFen / 100).toFixed(2);
    throw new DomainError('changed-meanwhile', '拨款金额与资金申请的合计不一致，未登记。', [
      { path: 'body.totalFen', message: `该申请现有${application.count}笔，合计${sum}元，请核对后按合计拨付` },
    ]);
  }
  return deps.applications.fund(application, transfer, actorOf(principal), deps.clock.now());
}

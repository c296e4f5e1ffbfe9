import { actorOf } from '../access/actor.ts';
import { demand } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import type { Clock } from '../clock/clock.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { FundApplication, FundApplicationStore } from './fund-application.ts';

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

export async function readFundApplication(
  deps: Dependencies,
  principal: Principal,
  id: string,
): Promise<FundApplication> {
  return demand(principal, 'fund-application.read', await deps.applications.find(id));
}

/** The bureau transfers to the department; its bank's serial number proves it. */
export async function transferFunds(
  deps: Dependencies,
  principal: Principal,
  id: string,
  bankSerial: string,
): Promise<FundApplication> {
  const application = demand(principal, 'fund-application.fund', await deps.applications.find(id));
  return deps.applications.fund(application, bankSerial, actorOf(principal), deps.clock.now());
}

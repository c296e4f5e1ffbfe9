import { type Action, demandClass } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import type { ClassRecord } from './class-filing.ts';
import type { ClassStore } from './class-store.ts';

/**
 * The class, for somebody who may do this to it. A filing that was never filed is its applicant's alone.
 * @throws DomainError `not-found`, the same for absent, foreign and never filed
 */
export async function findClass(
  classes: Pick<ClassStore, 'find'>,
  principal: Principal,
  action: Action,
  classId: string,
): Promise<ClassRecord> {
  return demandClass(principal, action, await classes.find(classId));
}

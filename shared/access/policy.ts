import { DomainError, notFound } from '../errors/domain-error.ts';
import type { Duty, Principal, Role } from './principal.ts';

/** Whose item it is: `own` the applicant's tenant, `authority` the bureau or department that handles it, `any` everybody's. */
type Scope = 'own' | 'authority' | 'any';

interface Grant {
  scope: Scope;
  duty?: Duty;
}

/** What an action touches: the applicant it belongs to and the authority that handles it. */
export interface ProtectedItem {
  tenant?: string;
  authority?: string;
}

/**
 * The whole of who may do what. A role that is not named may not; a scope that does not match sees a 404.
 * Departments review what they commissioned as bureaus review the rest (二(一), 三(三)).
 */
export const policy = {
  'class.file': { applicant: { scope: 'own' } },
  'class.read': {
    applicant: { scope: 'own' },
    officer: { scope: 'authority' },
    department: { scope: 'authority' },
    auditor: { scope: 'any' },
  },
  'class.judge': { officer: { scope: 'authority' }, department: { scope: 'authority' } },
  'claim.write': { applicant: { scope: 'own' } },
  'claim.read': {
    applicant: { scope: 'own' },
    officer: { scope: 'authority' },
    department: { scope: 'authority' },
    finance: { scope: 'any' },
    auditor: { scope: 'any' },
  },
  'claim.review': {
    officer: { scope: 'authority', duty: 'preparer' },
    department: { scope: 'authority', duty: 'preparer' },
  },
  'claim.return': { officer: { scope: 'authority' }, department: { scope: 'authority' } },
  'claim.endorse': {
    officer: { scope: 'authority', duty: 'preparer' },
    department: { scope: 'authority', duty: 'preparer' },
  },
  'claim.approve': {
    officer: { scope: 'authority', duty: 'approver' },
    department: { scope: 'authority', duty: 'approver' },
  },
  'worklist.read': { officer: { scope: 'authority' }, department: { scope: 'authority' } },
  'evidence.write': { applicant: { scope: 'own' } },
  'evidence.read': {
    applicant: { scope: 'own' },
    officer: { scope: 'authority' },
    department: { scope: 'authority' },
    auditor: { scope: 'any' },
  },
  'organisation.register': { officer: { scope: 'any' }, admin: { scope: 'any' } },
  // Whoever blocked an applicant (四(三)) may let it claim again.
  'organisation.unblock': {
    officer: { scope: 'authority', duty: 'approver' },
    department: { scope: 'authority', duty: 'approver' },
  },
  'organisation.read': {
    applicant: { scope: 'own' },
    officer: { scope: 'any' },
    department: { scope: 'any' },
    auditor: { scope: 'any' },
    admin: { scope: 'any' },
  },
  'shared-records.import': { officer: { scope: 'any' }, admin: { scope: 'any' } },
  'catalogue.publish': { admin: { scope: 'any' } },
  'catalogue.read': {
    applicant: { scope: 'any' },
    officer: { scope: 'any' },
    department: { scope: 'any' },
    finance: { scope: 'any' },
    auditor: { scope: 'any' },
    admin: { scope: 'any' },
  },
  'objection.read': { officer: { scope: 'authority' }, department: { scope: 'authority' }, auditor: { scope: 'any' } },
  'objection.decide': { officer: { scope: 'authority' }, department: { scope: 'authority' } },
  'objection.unmask': { officer: { scope: 'authority' }, department: { scope: 'authority' } },
  'notice.configure': { officer: { scope: 'authority' }, department: { scope: 'authority' } },
  'notice.correct': { officer: { scope: 'authority' }, department: { scope: 'authority' } },
  'fund.allot': { finance: { scope: 'any' } },
  'fund.read': { finance: { scope: 'any' }, officer: { scope: 'any' }, auditor: { scope: 'any' } },
  'payment.make': { finance: { scope: 'any' }, department: { scope: 'authority' } },
  'fund-application.make': { department: { scope: 'authority', duty: 'preparer' } },
  'fund-application.read': { department: { scope: 'authority' }, finance: { scope: 'any' }, auditor: { scope: 'any' } },
  'fund-application.fund': { finance: { scope: 'any' } },
  'recovery.demand': {
    officer: { scope: 'authority', duty: 'approver' },
    department: { scope: 'authority', duty: 'approver' },
  },
  'recovery.receive': { finance: { scope: 'any' } },
  'certificate.issue': { officer: { scope: 'authority' }, department: { scope: 'authority' } },
  'settings.change': { admin: { scope: 'any' } },
  'audit.read': { officer: { scope: 'authority' }, department: { scope: 'authority' }, auditor: { scope: 'any' } },
  'dossier.read': {
    applicant: { scope: 'own' },
    officer: { scope: 'authority' },
    department: { scope: 'authority' },
    auditor: { scope: 'any' },
  },
  'ledger.read': { finance: { scope: 'any' }, auditor: { scope: 'any' } },
  'department-plan.make': { department: { scope: 'authority' } },
  'department-plan.read': {
    department: { scope: 'authority' },
    officer: { scope: 'any' },
    finance: { scope: 'any' },
    auditor: { scope: 'any' },
  },
  'inspection.plan': { officer: { scope: 'authority' }, department: { scope: 'authority' } },
  'inspection-plan.read': {
    officer: { scope: 'authority' },
    department: { scope: 'authority' },
    auditor: { scope: 'any' },
  },
  'inspection.record': { officer: { scope: 'authority' }, department: { scope: 'authority' } },
  'inspection.read': {
    applicant: { scope: 'own' },
    officer: { scope: 'authority' },
    department: { scope: 'authority' },
    auditor: { scope: 'any' },
  },
  'operations.read': { admin: { scope: 'any' }, auditor: { scope: 'any' } },
  'operations.redrive': { admin: { scope: 'any' } },
} as const satisfies Record<string, Partial<Record<Role, Grant>>>;

export type Action = keyof typeof policy;

function grantOf(principal: Principal, action: Action): Grant | undefined {
  const grants: Partial<Record<Role, Grant>> = policy[action];
  const grant = grants[principal.role];
  if (grant?.duty !== undefined && !principal.duties.includes(grant.duty)) return undefined;
  return grant;
}

/** Whether this role may attempt the action at all, before any item is known. */
export function mayAttempt(principal: Principal, action: Action): boolean {
  return grantOf(principal, action) !== undefined;
}

/** Whether this person may do this to this item. */
export function may(principal: Principal, action: Action, item: ProtectedItem): boolean {
  const grant = grantOf(principal, action);
  if (grant === undefined) return false;
  if (grant.scope === 'any') return true;
  return grant.scope === 'own' ? item.tenant === principal.tenant : item.authority === principal.tenant;
}

/** @throws DomainError `forbidden` when the role may never do this. */
export function demandAttempt(principal: Principal, action: Action): void {
  if (!mayAttempt(principal, action)) {
    throw new DomainError('forbidden', '您的账号没有办理此事项的权限，请改用有权限的账号，或联系本单位管理员。');
  }
}

/**
 * Gives the item back when this person may act on it.
 * @throws DomainError `not-found`, the same for an absent and a foreign item.
 */
export function demand<T extends ProtectedItem>(principal: Principal, action: Action, item: T | undefined): T {
  if (item === undefined || !may(principal, action, item)) throw notFound();
  return item;
}

/**
 * Gives a claim, or what is known of it, back when this person may act on it. A claim that was never handed in
 * (`submittedOn` is the day of the first time) is its applicant's alone, with everything that belongs to it.
 * @throws DomainError `not-found`, the same for absent, foreign and not yet handed in.
 */
export function demandClaim<T extends ProtectedItem & { submittedOn?: string }>(
  principal: Principal,
  action: Action,
  claim: T | undefined,
): T {
  const found = demand(principal, action, claim);
  if (found.submittedOn === undefined && principal.role !== 'applicant') throw notFound();
  return found;
}

/**
 * The class, where the principal may do this to it. A filing that was never filed is its applicant's alone.
 * @throws DomainError `forbidden`, `not-found`
 */
export function demandClass<T extends ProtectedItem & { filedOn?: string | undefined }>(
  principal: Principal,
  action: Action,
  record: T | undefined,
): T {
  const found = demand(principal, action, record);
  if (found.filedOn === undefined && principal.role !== 'applicant') throw notFound();
  return found;
}

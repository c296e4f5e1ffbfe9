import type { Principal } from '../../shared/access/principal.ts';
import { checkCharacter } from '../../shared/regulation/identity-number.ts';

/** People of the tests, as their tokens would make them. */
export const enterprise: Principal = {
  subject: 'u-chen',
  tenant: 'ent-aoke',
  role: 'applicant',
  duties: [],
  name: '陈经办',
};
export const rivalEnterprise: Principal = {
  subject: 'u-wu',
  tenant: 'ent-bohai',
  role: 'applicant',
  duties: [],
  name: '吴经办',
};
export const officerLin: Principal = {
  subject: 'o-lin',
  tenant: 'hr-bureau/lucheng',
  role: 'officer',
  duties: ['preparer', 'approver'],
  name: '林科员',
};
export const officerZhou: Principal = { ...officerLin, subject: 'o-zhou', name: '周科长' };
export const officerOfOuhai: Principal = { ...officerLin, subject: 'o-pan', tenant: 'hr-bureau/ouhai', name: '潘科员' };
export const finance: Principal = { subject: 'f-xu', tenant: 'finance', role: 'finance', duties: [], name: '徐会计' };
export const auditor: Principal = { subject: 'a-jin', tenant: 'audit', role: 'auditor', duties: [], name: '金审计' };
export const admin: Principal = { subject: 'm-ye', tenant: 'admin', role: 'admin', duties: [], name: '叶管理' };

/** A resident identity number that checks: born on `birth` (YYYYMMDD); odd `serial` for a man, even for a woman. */
export function identityNumber(birth: string, serial: number): string {
  const first = `330302${birth}${String(serial).padStart(3, '0')}`;
  return first + checkCharacter(first);
}

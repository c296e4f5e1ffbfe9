import type { SamplePerson } from './sample-api.ts';

/** The enterprise of the main job. */
export const enterprise: SamplePerson = {
  sub: 'chen',
  tenant: 'ent-aoke',
  role: 'applicant',
  duties: [],
  name: '陈经办',
};
/** Another enterprise, which must see nothing of it. */
export const otherEnterprise: SamplePerson = { ...enterprise, sub: 'wu', tenant: 'ent-bohai', name: '吴经办' };
const bureau = { tenant: 'hr-bureau/lucheng', role: 'officer', duties: ['preparer', 'approver'] };
export const firstOfficer: SamplePerson = { ...bureau, sub: 'lin', name: '林科员' };
export const secondOfficer: SamplePerson = { ...bureau, sub: 'zhou', name: '周科长' };
export const administrator: SamplePerson = { sub: 'ye', tenant: 'admin', role: 'admin', duties: [], name: '叶管理' };
export const finance: SamplePerson = { sub: 'xu', tenant: 'finance', role: 'finance', duties: [], name: '徐会计' };

import type { ClassContent } from '../../shared/classes/class-filing.ts';

/** A class of project training that an enterprise of Lucheng teaches its own employees (项目制培训, 企业申领). */
export const classContent: ClassContent = {
  programme: 'project',
  route: 'enterprise',
  district: 'lucheng',
  startsOn: '2021-04-12',
  endsOn: '2021-04-30',
  hours: 40,
  subject: '阀门装配',
  place: '厂区',
  contact: '陈',
  sessions: [],
};

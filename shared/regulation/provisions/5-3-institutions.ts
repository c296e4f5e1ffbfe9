import type { Applicant } from '../contract.ts';
import type { RouteDefinition } from '../edition.ts';

/*
 * 五(三) 职业培训机构是指经人力社保部门审批或备案的高等院校、中职院校、技工学校、职业技能培训机构。项目制培训承办机构
 * 包括：职业培训机构、……专业性人力资源服务机构、……其他培训机构。
 */

/** Whether the applicant is a training institution (职业培训机构) on a route: a college with an approval may count as one. */
export function countsAsInstitution(applicant: Pick<Applicant, 'kind' | 'approval'>, route: RouteDefinition): boolean {
  return (
    applicant.kind === 'training-institution' ||
    (applicant.kind === 'college' && applicant.approval !== undefined && route.collegeAsInstitution)
  );
}

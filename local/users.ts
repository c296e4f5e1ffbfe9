/** Somebody who can log in to the local cloud. Claims go into the token as they stand here. */
export interface SampleUser {
  /** Short name for `cloud.token`, the log-in page and the command line. */
  readonly userName: string;
  /** Shown on the log-in page. */
  readonly label: string;
  readonly claims: UserClaims;
}

export interface UserClaims {
  readonly sub: string;
  readonly tenant: string;
  readonly role: 'applicant' | 'officer' | 'department' | 'finance' | 'auditor' | 'admin';
  readonly name: string;
  readonly duties?: readonly ('preparer' | 'approver')[];
}

/**
 * All people and organisations here are made up. Those of the sample journey (奥科阀门, its bureau, finance) are among
 * them: whoever logs in as one of them finds the sample claim.
 */
export const sampleUsers: readonly SampleUser[] = [
  // 企业
  applicant('aoke', 'chen', 'ent-aoke', '陈经办', '温州奥科阀门有限公司（鹿城）'),
  applicant('bohai', 'wu', 'ent-bohai', '吴经办', '温州博海电气有限公司（瓯海）'),
  applicant('feiyun', 'wang', 'ent-feiyun', '王经办', '瑞安飞云机械有限公司'),
  // 院校、培训机构、大师工作室
  applicant('dongou', 'chen-teacher', 'college-dongou', '陈老师', '东瓯职业技术学院'),
  applicant('wuma', 'zhou-teacher', 'institution-wuma', '周老师', '五马职业培训学校'),
  applicant('studio', 'master-lin', 'studio-oujiang', '林大师', '瓯江技能大师工作室'),
  // 个人
  applicant('lin-xiao', 'person-lin', 'person-lin', '林晓', '个人'),
  applicant('wu-tong', 'person-wu', 'person-wu', '吴桐', '个人'),
  // 人力社保局：各两名经办，均可初核与审批；同一笔须由不同的人办理
  officer('city-officer-1', 'zhao', 'hr-bureau/city', '赵科员', '市人力社保局'),
  officer('city-officer-2', 'qian', 'hr-bureau/city', '钱科长', '市人力社保局'),
  officer('lucheng-officer-1', 'lin', 'hr-bureau/lucheng', '林科员', '鹿城区人力社保局'),
  officer('lucheng-officer-2', 'zhou', 'hr-bureau/lucheng', '周科长', '鹿城区人力社保局'),
  officer('ouhai-officer-1', 'chu', 'hr-bureau/ouhai', '褚科员', '瓯海区人力社保局'),
  officer('ouhai-officer-2', 'wei', 'hr-bureau/ouhai', '卫科长', '瓯海区人力社保局'),
  // 行业主管部门
  departmentOfficer('commerce-officer-1', 'jiang', '蒋科员', '市商务局'),
  departmentOfficer('commerce-officer-2', 'shen', '沈科长', '市商务局'),
  user('finance', '财务', { sub: 'xu', tenant: 'finance', role: 'finance', name: '徐会计' }),
  user('auditor', '审计', { sub: 'yang', tenant: 'audit', role: 'auditor', name: '杨审计' }),
  user('admin', '系统管理', { sub: 'zhu', tenant: 'platform', role: 'admin', name: '朱管理员' }),
];

function user(userName: string, place: string, claims: UserClaims): SampleUser {
  return { userName, label: `${place} · ${claims.name}`, claims };
}

function applicant(userName: string, sub: string, tenant: string, name: string, place: string): SampleUser {
  return user(userName, place, { sub, tenant, role: 'applicant', name });
}

function officer(userName: string, sub: string, tenant: string, name: string, place: string): SampleUser {
  return user(userName, place, { sub, tenant, role: 'officer', name, duties: ['preparer', 'approver'] });
}

function departmentOfficer(userName: string, sub: string, name: string, place: string): SampleUser {
  const tenant = 'industry-department/city/city/commerce';
  return user(userName, place, { sub, tenant, role: 'department', name, duties: ['preparer', 'approver'] });
}

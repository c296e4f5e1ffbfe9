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

/** All people and organisations here are made up. */
export const sampleUsers: readonly SampleUser[] = [
  // 企业
  applicant('ou-electric', 'enterprise-ou-electric', '瓯江电气有限公司 · 张经办', '张经办'),
  applicant('lucheng-shoes', 'enterprise-lucheng-shoes', '鹿城鞋业有限公司 · 李经办', '李经办'),
  applicant('feiyun-machines', 'enterprise-feiyun-machines', '飞云机械有限公司 · 王经办', '王经办'),
  // 院校、培训机构、大师工作室
  applicant('dongou-college', 'college-dongou', '东瓯职业技术学院 · 陈老师', '陈老师'),
  applicant('wuma-training', 'institution-wuma', '五马职业培训学校 · 周老师', '周老师'),
  applicant('ojiang-studio', 'studio-ojiang', '瓯江技能大师工作室 · 林大师', '林大师'),
  // 个人
  applicant('person-lin', 'person-lin', '林晓（个人）', '林晓'),
  applicant('person-wu', 'person-wu', '吴桐（个人）', '吴桐'),
  // 人力社保局：市、鹿城、瓯海各两名经办，均可初核与审批，但同一笔须由不同的人办理
  officer('city-officer-1', 'hr-bureau/city', '市人力社保局 · 赵科员', '赵科员'),
  officer('city-officer-2', 'hr-bureau/city', '市人力社保局 · 钱科长', '钱科长'),
  officer('lucheng-officer-1', 'hr-bureau/lucheng', '鹿城区人力社保局 · 孙科员', '孙科员'),
  officer('lucheng-officer-2', 'hr-bureau/lucheng', '鹿城区人力社保局 · 冯科长', '冯科长'),
  officer('ouhai-officer-1', 'hr-bureau/ouhai', '瓯海区人力社保局 · 褚科员', '褚科员'),
  officer('ouhai-officer-2', 'hr-bureau/ouhai', '瓯海区人力社保局 · 卫科长', '卫科长'),
  // 行业主管部门
  departmentOfficer('commerce-officer-1', '市商务局 · 蒋科员', '蒋科员'),
  departmentOfficer('commerce-officer-2', '市商务局 · 沈科长', '沈科长'),
  user('finance', '财务 · 韩会计', { sub: 'user-finance', tenant: 'hr-bureau/city', role: 'finance', name: '韩会计' }),
  user('auditor', '审计 · 杨审计', { sub: 'user-auditor', tenant: 'hr-bureau/city', role: 'auditor', name: '杨审计' }),
  user('admin', '系统管理 · 朱管理员', {
    sub: 'user-admin',
    tenant: 'hr-bureau/city',
    role: 'admin',
    name: '朱管理员',
  }),
];

function user(userName: string, label: string, claims: UserClaims): SampleUser {
  return { userName, label, claims };
}

function applicant(userName: string, tenant: string, label: string, name: string): SampleUser {
  return user(userName, label, { sub: `user-${userName}`, tenant, role: 'applicant', name });
}

function officer(userName: string, tenant: string, label: string, name: string): SampleUser {
  const duties = ['preparer', 'approver'] as const;
  return user(userName, label, { sub: `user-${userName}`, tenant, role: 'officer', name, duties });
}

function departmentOfficer(userName: string, label: string, name: string): SampleUser {
  const tenant = 'industry-department/city/city/commerce';
  const duties = ['preparer', 'approver'] as const;
  return user(userName, label, { sub: `user-${userName}`, tenant, role: 'department', name, duties });
}

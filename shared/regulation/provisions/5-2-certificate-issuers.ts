import { CERTIFICATE_KIND_TERMS, ISSUER_TERMS } from '../contract.ts';
import type { QualificationCertificate } from '../line-facts.ts';
import type { LineRule, Verdict } from '../rule.ts';
import { fail, pass } from '../rule.ts';

/** 五(二): whether a qualification certificate was issued by whom the regulation accepts for its kind. */
export function isAcceptedIssuer({ issuer, kind, registered }: QualificationCertificate): boolean {
  if (kind === 'skill-level') return issuer === 'local-assessor' && registered === true;
  return issuer === 'city-hr' || (issuer === 'province-hr' && kind === 'national-qualification');
}

const ACCEPTED = {
  'national-qualification': '由本市或省级人力社保部门核发',
  'skill-level': '由本市评价机构核发并经省、市人力社保部门备案',
  'special-ability': '由本市人力社保部门核发',
} as const;

export const certificateIssuer: LineRule = {
  level: 'line',
  id: 'certificate.issuer',
  title: '证书核发机构',
  article: '五(二)',
  file: 'provisions/5-2-certificate-issuers.ts',
  words: [
    '本办法所称补贴目录内职业资格证书是指《温州市职业技能提升行动补贴标准目录》职业项目（工种）内我市人力社保部门核发的职业资格证书，浙江省级人力社保部门核发的技能人员国家职业资格证书，我市企业、院校及其他第三方社会评价机构核发并经浙江省、温州市人力社保部门备案的职业技能等级证书。',
  ],
  correctable: false,
  outcomes: ['pass', 'fail'],
  concerns: ({ programme }) => programme === 'qualification' || programme === 'master-apprentice',
  evaluate({ qualification }) {
    return qualification === undefined ? undefined : judge(qualification);
  },
};

function judge(certificate: QualificationCertificate): Verdict {
  const { issuer, kind, registered } = certificate;
  const facts = { kind, issuer, registered };
  if (isAcceptedIssuer(certificate)) return pass('证书由规定的机构核发（五(二)）', facts);
  const accepted = ACCEPTED[kind];
  const term = CERTIFICATE_KIND_TERMS[kind];
  if (kind === 'skill-level' && issuer === 'local-assessor') {
    return fail(`${term}未见省、市人力社保部门备案，须${accepted}，请由评价机构补办备案（五(二)）`, facts);
  }
  return fail(`${term}由${ISSUER_TERMS[issuer]}核发，须${accepted}，不能作为补贴依据（五(二)）`, facts);
}

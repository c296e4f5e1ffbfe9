import type { CertificateKind } from '../contract.ts';
import { CERTIFICATE_KIND_TERMS } from '../contract.ts';
import type { LineRule, Verdict } from '../rule.ts';
import { constant, everyRoute, fail, pass } from '../rule.ts';

/** 一: each programme pays for a certificate of certain kinds (以……证书为主要补贴依据); a student apprentice needs none. */
export const certificateRequired: LineRule = {
  level: 'line',
  id: 'certificate.required',
  title: '补贴依据的证书',
  article: '一',
  file: 'provisions/1-0-certificates.ts',
  words: [
    '职业资格培训是指以获取职业资格证书（技能人员国家职业资格证书、职业技能等级证书、专项能力证书，下同）为主要补贴依据的培训。',
    '项目制培训是指以培训合格证书、特种作业操作证书或者特种设备作业人员证书等为主要补贴依据的培训。',
    '取得培训合格证书的按上述补贴标准的50%支付',
  ],
  correctable: false,
  outcomes: ['pass', 'fail'],
  concerns: everyRoute,
  evaluate({ apprentice, claim, counting }) {
    if (apprentice === 'student') return undefined;
    if (counting !== undefined) return HELD[counting.kind];
    const accepted = [...claim.counts];
    const names = accepted.map((kind) => CERTIFICATE_KIND_TERMS[kind]).join('、');
    return fail(`未提供可作为补贴依据的证书，须取得以下证书之一：${names}（一）`, { accepted });
  },
};

function held(kind: CertificateKind): Verdict {
  return constant(pass(`已取得可作为补贴依据的${CERTIFICATE_KIND_TERMS[kind]}（一）`, { kind }));
}

const HELD: Readonly<Record<CertificateKind, Verdict>> = {
  'national-qualification': held('national-qualification'),
  'skill-level': held('skill-level'),
  'special-ability': held('special-ability'),
  'training-completion': held('training-completion'),
  'special-operation': held('special-operation'),
  'special-equipment': held('special-equipment'),
  'entrepreneurship-completion': held('entrepreneurship-completion'),
};

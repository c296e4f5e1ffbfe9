import { addYears, daysBetween, isPastYears } from '../calendar-date.ts';
import type { Certificate, CertificateOrigin } from '../contract.ts';
import { ORIGIN_TERMS } from '../contract.ts';
import type { Edition } from '../edition.ts';
import type { LineRule } from '../rule.ts';
import { constant, everyRoute, fail, pass, refer } from '../rule.ts';
import { isInTerm } from './5-4-urban-and-term.ts';

const FILE = 'provisions/1-1-2-1-personal-claims.ts';

/** 一(一)2(1): the card (社会保障·市民卡) that the money goes to, financial function activated. */
export const rosterCard: LineRule = {
  level: 'line',
  id: 'roster.card',
  title: '社会保障·市民卡',
  article: '一(一)2(1)',
  file: FILE,
  words: ['温州市社会保障·市民卡信息（已激活金融借记功能，可共享获取，下同）'],
  correctable: true,
  outcomes: ['pass', 'refer'],
  concerns: (route) => route.payee === 'trainee',
  evaluate({ line }) {
    if (line.card === undefined) return NO_CARD;
    return line.card.activated ? ACTIVATED : NOT_ACTIVATED;
  },
};

const ACTIVATED = constant(pass('社会保障·市民卡已激活金融借记功能（一(一)2(1)）', { card: true, activated: true }));
const NO_CARD = constant(
  refer('未提供社会保障·市民卡信息，请补充卡信息，补贴将发放至该卡金融账户（一(一)2(1)）', {
    card: false,
  }),
);
const NOT_ACTIVATED = constant(
  refer('社会保障·市民卡未激活金融借记功能，请到发卡银行激活后再领取（一(一)2(1)）', {
    card: true,
    activated: false,
  }),
);

/** 一(一)2(1), 五(四): the certificate that counts was issued in the term of the edition. */
export function isIssuedInTerm(certificate: Certificate, edition: Edition): boolean {
  return isInTerm(certificate.issuedOn, edition);
}

export const certificateWindow: LineRule = {
  level: 'line',
  id: 'certificate.window',
  title: '证书核发期间',
  article: '一(一)2(1), 五(四)',
  file: FILE,
  words: ['个人申领补贴时提供的职业资格证书应是 2020 年 5 月 1 日至 2021 年 12 月 31 日期间核发'],
  correctable: false,
  outcomes: ['pass', 'fail'],
  concerns: everyRoute,
  evaluate({ claim, counting }) {
    if (counting === undefined) return undefined;
    const { issuedOn } = counting;
    const { appliesFrom, appliesTo } = claim.edition;
    const facts = { issuedOn, from: appliesFrom, to: appliesTo };
    const outside = (side: string) =>
      fail(`证书核发日期${issuedOn}${side}，不在补贴期间内，不予补贴（一(一)2(1)、五(四)）`, facts);
    if (issuedOn < appliesFrom) return outside(`早于${appliesFrom}`);
    if (issuedOn > appliesTo) return outside(`晚于${appliesTo}`);
    return pass('证书在补贴期间内核发（一(一)2(1)、五(四)）', facts);
  },
};

export const certificateDeadline: LineRule = {
  level: 'line',
  id: 'certificate.deadline',
  title: '证书申领期限',
  article: '一(一)2(1)',
  file: FILE,
  words: ['同时应在证书核发之日起一年内且须在 2021 年 12 月 31 日前申领。'],
  correctable: false,
  outcomes: ['pass', 'fail'],
  concerns: (route) => route.payee === 'trainee',
  evaluate({ claim, qualification }) {
    if (qualification === undefined) return undefined;
    const { issuedOn } = qualification;
    const { submittedOn } = claim.claim;
    const years = claim.edition.figures.claimWithinYears;
    const facts = { issuedOn, submittedOn, years };
    if (submittedOn < issuedOn) {
      return fail(
        `申领日期${submittedOn}早于证书核发日期${issuedOn}，请取得证书后申领，或更正日期（一(一)2(1)）`,
        facts,
      );
    }
    if (!isPastYears(submittedOn, issuedOn, years)) return pass('在证书核发之日起规定期限内申领（一(一)2(1)）', facts);
    const last = addYears(issuedOn, years);
    return fail(
      `证书${issuedOn}核发，须在${last}前申领，申领日期${submittedOn}逾期${daysBetween(last, submittedOn)}日，不予补贴（一(一)2(1)）`,
      facts,
    );
  },
};

/** Ways of which the unit was or will be paid, so that the person cannot be (不能作为个人申领补贴依据). */
function isPaidToUnits(origin: CertificateOrigin): boolean {
  return (
    origin === 'enterprise-evaluation' ||
    origin === 'enterprise-pilot' ||
    origin === 'apprenticeship' ||
    origin === 'master-apprentice'
  );
}

export const certificateOrigin: LineRule = {
  level: 'line',
  id: 'certificate.origin',
  title: '证书取得途径',
  article: '一(一)2(1)',
  file: FILE,
  words: [
    '通过企业(或行业协会)技能人才自主评价、企业职业技能等级试点和企业新型学徒制培训、以师带徒培训取得的职业资格证书不能作为个人申领补贴依据。',
  ],
  correctable: false,
  outcomes: ['pass', 'fail', 'refer'],
  concerns: (route) => route.certificateOrigin !== undefined,
  evaluate({ claim, qualification }) {
    const expected = claim.route.certificateOrigin;
    if (qualification === undefined || expected === undefined) return undefined;
    const { obtainedVia } = qualification;
    const facts = { obtainedVia, expected };
    if (obtainedVia === expected) return pass('证书的取得途径与申领途径一致（一(一)2(1)）', facts);
    if (obtainedVia === undefined) {
      return refer(
        `未说明证书的取得途径，本途径的证书应通过${ORIGIN_TERMS[expected]}取得，请补充说明，由受理部门核实（一(一)2(1)）`,
        facts,
      );
    }
    if (isPaidToUnits(obtainedVia)) {
      return fail(
        `证书通过${ORIGIN_TERMS[obtainedVia]}取得，不能作为个人申领补贴的依据，应由单位按相应项目申领（一(一)2(1)）`,
        facts,
      );
    }
    return refer(
      `证书通过${ORIGIN_TERMS[obtainedVia]}取得，而本途径的证书应通过${ORIGIN_TERMS[expected]}取得，请核对申领途径，由受理部门核定（一(一)2(1)）`,
      facts,
    );
  },
};

import type { CalendarDate } from '../calendar-date.ts';
import { daysBetween } from '../calendar-date.ts';
import type { Edition } from '../edition.ts';
import type { ClaimRule } from '../rule.ts';
import { everyRoute, fail, pass, refer } from '../rule.ts';

/** 五(四): whether a date lies in the term (有效期) of an edition, first and last day included. */
export function isInTerm(date: CalendarDate, edition: Edition): boolean {
  return edition.appliesFrom <= date && date <= edition.appliesTo;
}

/** 五(四): the edition is made for the urban districts; counties follow in editions of their own. */
export const applicantUrban: ClaimRule = {
  level: 'claim',
  id: 'applicant.urban',
  title: '市区范围',
  article: '五(四)',
  file: 'provisions/5-4-urban-and-term.ts',
  words: ['温州市区按本办法开展职业技能提升行动培训补贴管理工作，各县（市）及洞头区可参照执行。'],
  correctable: false,
  outcomes: ['pass', 'fail'],
  concerns: everyRoute,
  evaluate({ edition, jurisdiction, route }) {
    const { district } = jurisdiction;
    const facts = { district, decidedBy: route.decidedBy };
    if (edition.isUrban(district)) return pass('受理地属于本办法适用的市区范围（五(四)）', facts);
    return fail(
      `受理地为${edition.nameOf(district)}，不属于本办法适用的市区，请按当地办法向当地人力社保部门申领（五(四)）`,
      facts,
    );
  },
};

/** 五(四), 一(一)2(1): claims of persons end with the term; for those of units the text leaves the last day to officers. */
export const claimDeadline: ClaimRule = {
  level: 'claim',
  id: 'claim.deadline',
  title: '申领期限',
  article: '五(四), 一(一)2(1)',
  file: 'provisions/5-4-urban-and-term.ts',
  words: [
    '有效期至2021年12月31日止，本办法适用于2020年5月1日至2021年12月31日的补贴对象',
    '同时应在证书核发之日起一年内且须在 2021 年 12 月 31 日前申领',
  ],
  correctable: false,
  outcomes: ['pass', 'fail', 'refer'],
  concerns: everyRoute,
  evaluate({ claim, edition, route }) {
    const { submittedOn } = claim;
    const { appliesFrom, appliesTo } = edition;
    const facts = { submittedOn, from: appliesFrom, to: appliesTo };
    if (submittedOn < appliesFrom) {
      return fail(`申领日期${submittedOn}早于${appliesFrom}，本办法尚未适用，请按此前的规定办理（五(四)）`, facts);
    }
    if (submittedOn <= appliesTo) return pass('申领日期在本办法有效期内（五(四)）', facts);
    const late = `申领日期${submittedOn}晚于申领截止日${appliesTo}，超过${daysBetween(appliesTo, submittedOn)}日`;
    if (route.payee === 'trainee') return fail(`${late}，个人补贴不再受理（一(一)2(1)、五(四)）`, facts);
    return refer(`${late}，请说明原因，由受理部门核定是否受理（五(四)）`, facts);
  },
};

import { daysBetween } from '../calendar-date.ts';
import type { ClaimFacts } from '../claim-facts.ts';
import { taughtClass } from '../claim-facts.ts';
import type { ClaimRule, Verdict } from '../rule.ts';
import { fail, pass, refer } from '../rule.ts';
import { workingDaysBetween } from '../working-days.ts';

const FILE = 'provisions/3-1-filing.ts';

/** 三(一): 先备案、后开班. A class that was not filed, or whose filing was not accepted, earns nothing. */
export const filingAccepted: ClaimRule = {
  level: 'claim',
  id: 'filing.accepted',
  title: '开班备案',
  article: '三(一)',
  file: FILE,
  words: ['培训实行“先备案、后开班”制度', '未备案的，不予安排职业资格鉴定或考核，不得享受培训补贴。'],
  correctable: false,
  outcomes: ['pass', 'fail'],
  concerns: (route) => route.hasClass,
  evaluate(claim) {
    const { filedOn, filingAccepted: accepted } = taughtClass(claim);
    const facts = { filedOn, filingAccepted: accepted };
    if (filedOn === undefined) {
      return fail('培训班没有开班备案，未备案的培训不得享受补贴，请今后先备案、后开班（三(一)）', facts);
    }
    if (accepted !== true) {
      return fail('开班备案未获受理，未经备案的培训不得享受补贴，请先向备案部门查询备案结果（三(一)）', facts);
    }
    return pass('培训班已备案且备案已受理（三(一)）', facts);
  },
};

/** 三(一): filed days ahead; 一般 leaves a shorter lead to an officer, and domestic service is filed flexibly. */
export const filingBeforeStart: ClaimRule = {
  level: 'claim',
  id: 'filing.before-start',
  title: '提前备案',
  article: '三(一)',
  file: FILE,
  words: [
    '培训主体一般在培训班开班前5日（家政服务人员岗前培训可灵活备案）将《温州市职业技能培训开班备案表》、课程安排、学员名册，通过浙江省职业能力一体化平台上报所在地人社保部门或相关行业主管部门备案。',
  ],
  correctable: false,
  outcomes: ['pass', 'fail', 'refer'],
  concerns: (route) => route.hasClass,
  evaluate(claim) {
    const { filedOn, startsOn } = taughtClass(claim);
    if (filedOn === undefined) return undefined;
    return claim.route.flexibleFiling ? flexible(filedOn, startsOn) : daysAhead(claim, filedOn, startsOn);
  },
};

function flexible(filedOn: string, startsOn: string): Verdict {
  const facts = { filedOn, startsOn };
  if (filedOn <= startsOn) return pass('家政服务人员岗前培训在开班前灵活备案（三(一)）', facts);
  return refer(
    `备案日期${filedOn}晚于开班日期${startsOn}，晚${daysBetween(startsOn, filedOn)}日，请说明灵活备案的原因，由备案部门核定（三(一)）`,
    facts,
  );
}

function daysAhead({ edition }: ClaimFacts, filedOn: string, startsOn: string): Verdict {
  const { days: required, unit } = edition.parameters.filingLeadDays;
  const term = unit === 'calendar' ? '日' : '个工作日';
  if (filedOn >= startsOn) {
    return fail(`备案日期${filedOn}不早于开班日期${startsOn}，不符合先备案、后开班，不予补贴（三(一)）`, {
      filedOn,
      startsOn,
      required,
      unit,
    });
  }
  const days =
    unit === 'calendar'
      ? daysBetween(filedOn, startsOn)
      : workingDaysBetween(filedOn, startsOn, edition.workingCalendar);
  const facts = { filedOn, startsOn, days, required, unit };
  if (days === undefined) {
    return refer(
      `${filedOn}至${startsOn}没有已公布的放假安排，无法计算工作日，请备案部门核定提前天数（三(一)）`,
      facts,
    );
  }
  if (days >= required) return pass('备案早于开班的天数符合规定（三(一)）', facts);
  return refer(
    `开班前${days}${term}备案，少于一般要求的${required}${term}，差${required - days}${term}，请说明原因，由备案部门核定（三(一)）`,
    facts,
  );
}

/** 三(一): a class begins, ends, and is then claimed for. */
export const classDates: ClaimRule = {
  level: 'claim',
  id: 'class.dates',
  title: '培训起止日期',
  article: '三(一)',
  file: FILE,
  words: ['培训主体应严格按照备案的培训计划、课程安排组织培训，认真执行考勤签到制度，规范办班管理，保证培训质量。'],
  correctable: false,
  outcomes: ['pass', 'fail'],
  concerns: (route) => route.hasClass,
  evaluate(claim) {
    const { startsOn, endsOn } = taughtClass(claim);
    const { submittedOn } = claim.claim;
    const facts = { startsOn, endsOn, submittedOn };
    if (startsOn > endsOn) {
      return fail(`培训班开班日期${startsOn}晚于结束日期${endsOn}，请更正培训起止日期（三(一)）`, facts);
    }
    if (endsOn > submittedOn) {
      return fail(
        `培训班${endsOn}才结束，申领日期${submittedOn}早${daysBetween(submittedOn, endsOn)}日，请在培训结束后申领（三(一)）`,
        facts,
      );
    }
    return pass('培训班起止日期和申领日期先后相符（三(一)）', facts);
  },
};

import type { CalendarDate } from '../calendar-date.ts';
import { completedYears, isPastYears } from '../calendar-date.ts';
import type { Edition } from '../edition.ts';
import type { LineFacts } from '../line-facts.ts';
import type { LineRule, Verdict } from '../rule.ts';
import { everyRoute, fail, pass, refer } from '../rule.ts';
import { rosterFault } from './4-2-real-names.ts';

/*
 * Findings name ages, never birth dates: with the digits that a masked number still shows, a birth date would give the
 * whole number away.
 */

/** The upper limit in completed years (周岁): of men, of women, and of women in domestic service. */
function upperLimit({ claim, identity, status }: LineFacts): number {
  const { age } = claim.edition.figures;
  if (identity.valid && identity.sex === 'male') return age.upperMale;
  const domestic = status.domesticServiceWorker === true || claim.route.route === 'domestic-service';
  return domestic ? age.upperFemaleDomestic : age.upperFemale;
}

/** Whether somebody of an age, who was born on a day, is past the upper limit on a date. */
function isPastLimit(
  date: CalendarDate,
  age: number,
  birthDate: CalendarDate,
  limit: number,
  edition: Edition,
): boolean {
  if (age < limit) return false;
  if (age > limit) return true;
  // 29 February birthdays fall on 28 February in other years.
  return edition.parameters.ageUpperBound === 'birthday' && isPastYears(date, birthDate, limit);
}

/** 五(一): trainees are of working age (法定劳动年龄段), with two exceptions. */
export const ageWorking: LineRule = {
  level: 'line',
  id: 'age.working',
  title: '法定劳动年龄',
  article: '五(一)',
  file: 'provisions/5-1-age.ts',
  words: [
    '本办法中的培训对象原则上应在法定劳动年龄段（男性16-60周岁，女性16-50周岁）内，家庭服务从业人员女性年龄可放宽至55周岁，其他参加项目制培训的政府公益性岗位从业人员确需放宽年龄的，由市行业主管部门商市人力社保部门另行确定。',
  ],
  correctable: false,
  outcomes: ['pass', 'fail', 'refer'],
  concerns: everyRoute,
  evaluate(line) {
    const { claim, identity, referenceDate } = line;
    if (!identity.valid || rosterFault(line) !== undefined) return undefined;
    const { edition } = claim;
    const { birthDate, sex } = identity;
    const { lower } = edition.figures.age;
    const upper = upperLimit(line);
    let date = referenceDate;
    let age = completedYears(birthDate, date);
    let isOlder = isPastLimit(date, age, birthDate, upper, edition);
    if (age >= lower && !isOlder && edition.parameters.ageReference === 'reference-date-and-submission') {
      date = claim.claim.submittedOn;
      age = completedYears(birthDate, date);
      isOlder = isPastLimit(date, age, birthDate, upper, edition);
    }
    const facts = { sex, age, on: date, lower, upper };
    if (age < lower) return outside(edition, `学员在${date}为${age}周岁，未满${lower}周岁`, facts);
    if (!isOlder) return pass('学员在法定劳动年龄段内（五(一)）', facts);
    if (line.status.publicWelfarePost === true && claim.route.programme === 'project') {
      return welfarePost(line.status.ageWaiver === true, `学员在${date}为${age}周岁，超过${upper}周岁`, facts);
    }
    const limit = `${sex === 'male' ? '男性' : '女性'}上限${upper}周岁`;
    return outside(edition, `学员在${date}为${age}周岁，已过${limit}`, facts);
  },
};

/** 确需放宽年龄的，由市行业主管部门商市人力社保部门另行确定 */
function welfarePost(waived: boolean, age: string, facts: Record<string, unknown>): Verdict {
  if (waived) return pass('政府公益性岗位从业人员的年龄已经另行确定放宽（五(一)）', facts);
  return refer(
    `${age}，属于政府公益性岗位从业人员，须由市行业主管部门商市人力社保部门确定放宽年龄，请补充文件（五(一)）`,
    facts,
  );
}

function outside(edition: Edition, age: string, facts: Record<string, unknown>): Verdict {
  return edition.parameters.ageOutside === 'fail'
    ? fail(`${age}，不在法定劳动年龄段内，不予补贴（五(一)）`, facts)
    : refer(`${age}，原则上不在法定劳动年龄段内，由受理部门核定（五(一)）`, facts);
}

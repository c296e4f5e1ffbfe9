import { type AuthorityRef, authorityId } from '../access/authority.ts';
import { DomainError, type Problem } from '../errors/domain-error.ts';
import { daysBetween } from '../regulation/calendar-date.ts';
import { COURSE_TERMS } from '../regulation/contract.ts';
import type { Edition, RouteDefinition } from '../regulation/edition.ts';
import type { ClassContent } from './class-filing.ts';

/** How a filing stands to "5 days before the class begins" (三(一)); the assessment judges it again, by the same days. */
export interface LeadTime {
  days: number;
  message: string;
}

const fewestDays = 5;

export function leadTime(filedOn: string, startsOn: string, route: RouteDefinition): LeadTime {
  const days = daysBetween(filedOn, startsOn);
  if (route.flexibleFiling) return { days, message: '家政服务人员岗前培训可灵活备案（三(一)）。' };
  if (days >= fewestDays) return { days, message: `开班前${days}日备案，符合提前5日的要求（三(一)）。` };
  if (days >= 1)
    return { days, message: `开班前仅${days}日备案，不足5日，将由经办人员认定；如可调整，请推迟开班日期（三(一)）。` };
  return { days, message: '备案日期不早于开班日期，不符合“先备案、后开班”，不能享受补贴；请推迟开班日期（三(一)）。' };
}

/**
 * The edition by which a class is filed: the one that applies on its first day.
 * @throws DomainError `not-eligible` where none does
 */
export function editionOfClass(
  { editionInForce }: { editionInForce: (date: string) => Edition | undefined },
  { startsOn }: Pick<ClassContent, 'startsOn'>,
): Edition {
  const edition = editionInForce(startsOn);
  if (edition !== undefined) return edition;
  throw new DomainError('not-eligible', `开班日期${startsOn}不在任何补贴办法的有效期内，请核对开班日期（五(四)）。`);
}

function unknownRoute(): DomainError {
  return new DomainError('validation-failed', '补贴项目与申领途径不匹配，或该途径无须开班备案。', [
    { path: 'body.route', message: '请选择该补贴项目下需要开班备案的申领途径（一）' },
  ]);
}

/**
 * The route of a class, and which authority takes its filing: the department that entrusted it, the bureau where an
 * enterprise is insured, else the bureau of the class (三(一), part 一).
 * @throws DomainError `validation-failed` for a route without classes or a missing department or district.
 */
export function authorityOfClass(
  edition: Edition,
  content: ClassContent,
  insuredDistrict: string | undefined,
): { route: RouteDefinition; authority: string } {
  const route = edition.routeOf(content.programme, content.route);
  if (route === undefined || !route.hasClass) throw unknownRoute();
  const ref = authorityRef(route, content, insuredDistrict);
  const known = edition.districts.some(({ code }) => code === ref.district);
  if (!known) {
    throw new DomainError('validation-failed', '培训所在地、参保地或委托部门所在地不是本办法所列的区划。', [
      { path: 'body.district', message: `请从本办法的区划代码中选择，没有“${ref.district}”` },
    ]);
  }
  return { route, authority: authorityId(ref) };
}

function authorityRef(
  route: RouteDefinition,
  content: ClassContent,
  insuredDistrict: string | undefined,
): AuthorityRef {
  if (route.decidedBy === 'department') {
    if (content.entrustedBy === undefined) {
      throw new DomainError('validation-failed', '承办机构备案须写明委托的行业主管部门。', [
        { path: 'body.entrustedBy', message: '请填写委托部门的名称、级别和所在区划（一(二)2(2)）' },
      ]);
    }
    return { kind: 'industry-department', ...content.entrustedBy };
  }
  if (route.decidedBy === 'insurance') {
    if (insuredDistrict === undefined) {
      throw new DomainError(
        'not-eligible',
        '本单位尚未登记失业保险缴费地，无法确定受理部门。请联系人力社保部门补充登记。',
      );
    }
    return { kind: 'hr-bureau', district: insuredDistrict };
  }
  return { kind: 'hr-bureau', district: content.district };
}

/** Where the class is and who entrusted it, as a claim for it will need them (一, 三(三)). */
function placeProblems({ district, entrustedBy }: ClassContent, route: RouteDefinition, edition: Edition): Problem[] {
  const problems: Problem[] = [];
  const say = (path: string, message: string) => problems.push({ path: `body.${path}`, message });
  const isKnown = (code: string) => edition.districts.some((each) => each.code === code);
  if (!isKnown(district)) say('district', `培训所在地请从本办法的区划代码中选择，没有“${district}”`);
  if (entrustedBy === undefined) return problems;
  if (route.decidedBy !== 'department') say('entrustedBy', '本申领途径没有委托部门，请删去（一(二)2(2)）');
  if (!isKnown(entrustedBy.district))
    say('entrustedBy.district', `委托部门所在地请从本办法的区划代码中选择，没有“${entrustedBy.district}”`);
  if ((entrustedBy.level === 'city') !== (entrustedBy.district === 'city'))
    say('entrustedBy.district', '市级部门的所在地应为 city（市本级），区级部门应为所在区，请更正');
  return problems;
}

/** What keeps a filing from being filed, all at once; drafts may be incomplete, filings not (三(一)). */
export function filingProblems(
  filing: ClassContent,
  enrolled: number,
  route: RouteDefinition,
  edition: Edition,
): Problem[] {
  const problems: Problem[] = placeProblems(filing, route, edition);
  const say = (path: string, message: string) => problems.push({ path: `body.${path}`, message });
  if (filing.startsOn > filing.endsOn) say('endsOn', `结束日期${filing.endsOn}早于开班日期${filing.startsOn}，请更正`);
  if (enrolled === 0) say('trainees', '备案须附学员名册，请至少录入1名学员');
  if (filing.sessions.length === 0) say('sessions', '备案须附课程安排，请录入每次课的日期、时间、课时、内容和教师');
  filing.sessions.forEach((session, index) => {
    if (session.date < filing.startsOn || session.date > filing.endsOn) {
      say(
        `sessions[${index}].date`,
        `第${index + 1}次课在${session.date}，不在培训期间${filing.startsOn}至${filing.endsOn}内`,
      );
    }
    if (session.endsAt <= session.startsAt)
      say(`sessions[${index}].endsAt`, `第${index + 1}次课的结束时间须晚于开始时间`);
  });
  const planned = filing.sessions.reduce((sum, session) => sum + session.hours, 0);
  if (filing.sessions.length > 0 && planned !== filing.hours) {
    say('hours', `课程安排合计${planned}课时，与填报的总课时${filing.hours}不一致，请更正`);
  }
  if (filing.programme === 'entrepreneurship' && !Object.hasOwn(COURSE_TERMS, filing.subject ?? '')) {
    say('subject', `创业培训须从以下课程中选择：${Object.keys(COURSE_TERMS).join('、')}`);
  }
  if (filing.programme === 'project' && (filing.subject ?? '') === '') say('subject', '项目制培训须填写项目名称');
  return problems;
}

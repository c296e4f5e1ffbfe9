import { actorOf } from '../access/actor.ts';
import { demand } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import { businessDate } from '../clock/clock.ts';
import { DomainError, type Problem } from '../errors/domain-error.ts';
import { addDays, type CalendarDate, daysBetween } from '../regulation/calendar-date.ts';
import type { ClassContent, ClassRecord } from './class-filing.ts';
import { type ClassDependencies, registeredBody } from './file-class.ts';
import { authorityOfClass, editionOfClass } from './judge-filing.ts';

/** The same class so many whole days later: its dates move, everything else stays as it was. */
function movedTo(startsOn: CalendarDate, content: ClassContent): ClassContent {
  const days = daysBetween(content.startsOn, startsOn);
  return {
    ...content,
    startsOn,
    endsOn: addDays(content.endsOn, days),
    sessions: content.sessions.map((session) => ({ ...session, date: addDays(session.date, days) })),
  };
}

/** A draft that is copied may have dates before its own first day; a copy has none that lie in the past. */
function pastDates({ startsOn, endsOn, sessions }: ClassContent, today: CalendarDate): Problem[] {
  if (startsOn < today)
    return [{ path: 'body.startsOn', message: `开班日期${startsOn}已过，请填写今天（${today}）或以后的日期` }];
  const problems: Problem[] = [];
  if (endsOn < today)
    problems.push({ path: 'body.startsOn', message: `按此日期顺延，结束日期${endsOn}已过；请先更正原班级的结束日期` });
  sessions.forEach(({ date }, index) => {
    if (date >= today) return;
    const message = `按此日期顺延，第${index + 1}次课在${date}，已过；请推迟开班日期，或先更正原班级的课程安排`;
    problems.push({ path: 'body.startsOn', message });
  });
  return problems;
}

/**
 * Starts a filing from an own earlier class (照上期开班, 三(一)): programme, place, timetable and teachers of the version in
 * force, moved by whole days to a new first day. It is a draft like any other: no roster, no decision; how many days
 * ahead it is filed is judged when it is filed.
 * @throws DomainError `not-found` for a foreign or absent class, `validation-failed` for a date that has passed
 */
export async function copyClass(
  deps: ClassDependencies,
  principal: Principal,
  id: string,
  copy: { from: string; startsOn: CalendarDate },
): Promise<ClassRecord> {
  const source = demand(principal, 'class.file', await deps.classes.find(copy.from));
  const organisation = await registeredBody(deps, principal);
  const content = movedTo(copy.startsOn, source.accepted?.content ?? source.content);
  const problems = pastDates(content, businessDate(deps.clock.now()));
  if (problems.length > 0)
    throw new DomainError('validation-failed', '不能照此日期复制班级，请按下列提示更正开班日期。', problems);
  const edition = editionOfClass(deps, content);
  const { authority } = authorityOfClass(edition, content, organisation.insuredDistrict);
  const draft = {
    id,
    tenant: principal.tenant,
    applicantName: organisation.name,
    authority,
    content,
    copiedFrom: source.id,
  };
  return deps.classes.create(draft, [], actorOf(principal), deps.clock.now());
}

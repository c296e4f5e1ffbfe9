import type { ClassContent } from '../classes/class-filing.ts';

/** An accepted class that may be inspected. */
export interface InspectableClass {
  classId: string;
  tenant: string;
  applicantName: string;
  content: Pick<ClassContent, 'startsOn' | 'endsOn' | 'sessions' | 'subject'>;
}

/** What is known of a training body from before. */
export interface BodyHistory {
  /** Inspections that found something, and stand. */
  irregular: number;
  /** Verified videos of its latest claims that a reviewer was told to look at. */
  flagged: number;
}

/**
 * irregular-before 此前检查发现过问题 · evidence-flagged 授课视频有疑点 · teacher-twice 同一教师同一时间在两个班 ·
 * long-days 一天超过8课时. None proves anything; each is a reason to go and see.
 */
export const inspectionRisks = ['irregular-before', 'evidence-flagged', 'teacher-twice', 'long-days'] as const;
export type InspectionRisk = (typeof inspectionRisks)[number];

type Session = ClassContent['sessions'][number];

const longestDay = 8;

function hasLongDay(sessions: readonly Session[]): boolean {
  const days = Map.groupBy(sessions, ({ date }) => date);
  return [...days.values()].some((ofDay) => ofDay.reduce((sum, { hours }) => sum + hours, 0) > longestDay);
}

function overlap(a: Session, b: Session): boolean {
  return a.startsAt < b.endsAt && b.startsAt < a.endsAt;
}

/** Classes in which a teacher stands at a time at which the timetable of another class has the same one. */
function withTeacherTwice(classes: readonly InspectableClass[]): Set<string> {
  const taught = classes.flatMap(({ classId, content }) => content.sessions.map((session) => ({ classId, session })));
  const byTeacherAndDay = Map.groupBy(taught, ({ session }) => `${session.teacher} ${session.date}`);
  const found = new Set<string>();
  for (const ofDay of byTeacherAndDay.values()) {
    for (const one of ofDay) {
      const isTwice = ofDay.some((other) => other.classId !== one.classId && overlap(one.session, other.session));
      if (isTwice) found.add(one.classId);
    }
  }
  return found;
}

/** The reasons to look at each class, in the order of `inspectionRisks`. */
export function risksOf(
  classes: readonly InspectableClass[],
  histories: ReadonlyMap<string, BodyHistory>,
): Map<string, InspectionRisk[]> {
  const twice = withTeacherTwice(classes);
  return new Map(
    classes.map(({ classId, tenant, content }) => {
      const { irregular, flagged } = histories.get(tenant) ?? { irregular: 0, flagged: 0 };
      const holds: Readonly<Record<InspectionRisk, boolean>> = {
        'irregular-before': irregular > 0,
        'evidence-flagged': flagged > 0,
        'teacher-twice': twice.has(classId),
        'long-days': hasLongDay(content.sessions),
      };
      return [classId, inspectionRisks.filter((risk) => holds[risk])];
    }),
  );
}

import { actorOf } from '../access/actor.ts';
import { demandClass } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import type { ClassRecord } from '../classes/class-filing.ts';
import type { ClassStore } from '../classes/class-store.ts';
import { businessDate, type Clock } from '../clock/clock.ts';
import { DomainError, type Problem } from '../errors/domain-error.ts';
import type { Inspection, InspectionBody, InspectionStore } from './inspection.ts';

export interface InspectionDependencies {
  inspections: InspectionStore;
  classes: Pick<ClassStore, 'find'>;
  clock: Clock;
}

type Held = NonNullable<ClassRecord['accepted']>;

/** What is wrong with the time of an inspection; trainees may be called after the class, but not looked at. */
function timeProblems({ heldAt, means }: InspectionBody, { content }: Held, now: Date): Problem[] {
  const instant = new Date(heldAt);
  const date = businessDate(instant);
  const say = (message: string) => [{ path: 'body.heldAt', message }];
  if (instant > now) return say('检查时间不能晚于现在，请在检查之后再登记');
  if (date < content.startsOn) return say(`检查日期早于开班日期${content.startsOn}，请核对`);
  if (means !== 'phone' && date > content.endsOn) {
    return say(`班级已于${content.endsOn}结束，现场或视频检查只能在培训期间进行；结束后可登记电话回访`);
  }
  return [];
}

function correctionProblems({ corrects }: InspectionBody, earlier: readonly Inspection[]): Problem[] {
  if (corrects === undefined || earlier.some(({ id }) => id === corrects)) return [];
  return [{ path: 'body.corrects', message: '该班级没有这条检查记录，请核对编号' }];
}

/** Puts an inspection of an accepted class on record, by its own authority (四(三)). */
export async function recordInspection(
  deps: InspectionDependencies,
  principal: Principal,
  classId: string,
  id: string,
  body: InspectionBody,
): Promise<Inspection> {
  const record = demandClass(principal, 'inspection.record', await deps.classes.find(classId));
  const { accepted, tenant, authority } = record;
  if (accepted === undefined) {
    throw new DomainError('state-not-permitted', '该班级尚未受理，不能登记检查；请先办理开班备案受理。');
  }
  const now = deps.clock.now();
  const earlier = await deps.inspections.ofClass(classId);
  const problems = [...timeProblems(body, accepted, now), ...correctionProblems(body, earlier)];
  if (problems.length > 0) throw new DomainError('validation-failed', '检查记录有误，请按提示更正。', problems);
  const { reason, corrects, ...rest } = body;
  const inspection = {
    ...rest,
    id,
    classId,
    tenant,
    authority,
    enrolled: accepted.enrolled,
    ...(reason === undefined ? {} : { reason }),
    ...(corrects === undefined ? {} : { corrects }),
  };
  return deps.inspections.add(inspection, actorOf(principal), now);
}

export async function readInspections(
  deps: InspectionDependencies,
  principal: Principal,
  classId: string,
): Promise<Inspection[]> {
  demandClass(principal, 'inspection.read', await deps.classes.find(classId));
  return deps.inspections.ofClass(classId);
}

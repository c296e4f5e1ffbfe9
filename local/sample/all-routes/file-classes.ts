import { expectSame } from '../step.ts';
import { applicantOf, preparerAt } from './cast.ts';
import { type RouteStory, storyName } from './route-story.ts';
import type { Stage } from './stage.ts';

const firstDay = 15;
const hoursOfDay = 8;

/** Days of eight hours from 15 March 2021 on, six days after the filing (三(一)). */
function timetable(hours: number, content: string) {
  return Array.from({ length: hours / hoursOfDay }, (_, index) => ({
    date: `2021-03-${firstDay + index}`,
    startsAt: '08:30',
    endsAt: '17:30',
    hours: hoursOfDay,
    content,
    teacher: '李工',
  }));
}

/** The class as its applicant files it; nothing where the route has none. */
export function filingOf({ programme, route, training, lines }: RouteStory) {
  if (training === undefined) return undefined;
  const sessions = timetable(training.hours, training.subject ?? '培训');
  return {
    programme,
    route,
    ...training,
    startsOn: sessions[0]?.date,
    endsOn: sessions.at(-1)?.date,
    place: '温州市职业技能实训基地',
    contact: '陈经办 0577-88001234',
    sessions,
    trainees: lines.map(({ line }) => ({ name: line.name, idNumber: line.idNumber })),
  };
}

/** The applicant files the class (开班备案), its authority accepts it. Gives the class id. */
export async function fileClass({ api }: Stage, story: RouteStory): Promise<string | undefined> {
  const filing = filingOf(story);
  if (filing === undefined) return undefined;
  const draft = await api.good(applicantOf(story), 'POST /classes', filing);
  const { version } = await api.good(applicantOf(story), `POST /classes/${draft.id}/filing`);
  const word = { version, reason: '材料齐全，同意开班' };
  const accepted = await api.good(preparerAt(story.authority), `POST /classes/${draft.id}/acceptance`, word);
  expectSame(`class of ${storyName(story)}`, accepted.state, 'accepted');
  return draft.id;
}

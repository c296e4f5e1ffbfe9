import { administrator } from '../people.ts';
import type { Json } from '../sample-api.ts';
import { StepFailure } from '../step.ts';
import { preparerAt } from './cast.ts';
import { completion } from './certificates.ts';
import type { RouteStory, StoryLine } from './route-story.ts';
import type { Stage } from './stage.ts';

/** The letters of the places where classes of the stories end with a completion certificate (附件4). */
const letters: Readonly<Record<string, string>> = {
  city: 'A',
  lucheng: 'B',
  longwan: 'C',
  ouhai: 'D',
  jingkai: 'E',
  oujiangkou: 'F',
};

const certificatesOf = ({ line }: StoryLine) => (line['certificates'] ?? []) as Json[];
const isCertified = (line: StoryLine) => certificatesOf(line).includes(completion);

/** The city sets the letters of its places, once for all. */
export async function setLetters({ api }: Stage): Promise<void> {
  for (const [district, letter] of Object.entries(letters))
    await api.good(administrator, 'POST /settings/certificate-letters', { district, letter });
}

/** The authority of a class numbers the certificates of all who passed (统一编码); gives the story with the numbers. */
export async function issueCertificates({ api }: Stage, story: RouteStory, classId: string): Promise<RouteStory> {
  const trainees = story.lines.filter(isCertified).map(({ line: { name, idNumber } }) => ({ name, idNumber }));
  if (trainees.length === 0) return story;
  const { certificates } = await api.good(preparerAt(story.authority), `POST /classes/${classId}/certificates`, {
    trainees,
  });
  const numbers = new Map<string, string>(certificates.map(({ name, number }: Json) => [name, number]));
  const lines = story.lines.map((told) => {
    if (!isCertified(told)) return told;
    const number = numbers.get(told.line.name);
    if (number === undefined) throw new StepFailure(`${told.line.name} got no certificate`);
    const numbered = certificatesOf(told).map((each) => (each === completion ? { ...each, number } : each));
    return { ...told, line: { ...told.line, certificates: numbered } };
  });
  return { ...story, lines };
}

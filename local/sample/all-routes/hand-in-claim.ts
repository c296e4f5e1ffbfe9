import { readFile } from 'node:fs/promises';
import { samplePdf } from '../documents.ts';
import { expectSame, StepFailure } from '../step.ts';
import { handIn, type SampleFile } from '../upload.ts';
import { until } from '../waiting.ts';
import { applicantOf } from './cast.ts';
import { type Carried, type RouteStory, storyName } from './route-story.ts';
import type { Stage } from './stage.ts';

const clips = ['index-first.mp4', 'index-last.mp4', 'fragmented.mp4'];

async function filesOf(story: RouteStory, claimId: string): Promise<SampleFile[]> {
  const papers = story.papers.map((kind) => ({
    kind,
    fileName: `${kind}.pdf`,
    contentType: 'application/pdf',
    bytes: samplePdf(`${kind} of claim ${claimId}`),
  }));
  if (story.videos === undefined) return papers;
  const videos = clips.map(async (fileName) => ({
    kind: 'teaching-video',
    fileName,
    contentType: 'video/mp4',
    bytes: await readFile(new URL(`../clips/${fileName}`, import.meta.url)),
  }));
  return [...papers, ...(await Promise.all(videos))];
}

/** Opens the claim and puts its roster in; it is held against where the story says it belongs. */
export async function openClaim({ api }: Stage, story: RouteStory, classId: string | undefined): Promise<Carried> {
  const { programme, route, declaration = {} } = story;
  const claim = await api.good(applicantOf(story), 'POST /claims', {
    programme,
    route,
    ...(classId === undefined ? {} : { classId }),
    ...declaration,
  });
  const { authority, fundAccount: account, payee } = claim;
  const said = { authority: story.authority, account: story.account, payee: story.payee };
  expectSame(`whose claim ${storyName(story)} is`, { authority, account, payee }, said);
  const roster = { lines: story.lines.map(({ line }) => line) };
  await api.good(applicantOf(story), `PUT /claims/${claim.id}/roster`, roster);
  return { story, claimId: claim.id, ...(classId === undefined ? {} : { classId }) };
}

/** Uploads every paper and clip that the route asks for, and waits until each is proved. */
export async function handInEvidence(stage: Stage, { story, claimId }: Carried): Promise<void> {
  const person = applicantOf(story);
  const ids: string[] = [];
  for (const file of await filesOf(story, claimId)) ids.push(await handIn(stage.api, person, claimId, file));
  for (const id of ids) {
    const decided = await until(stage.cloud, `the verdict on evidence of ${storyName(story)}`, async () => {
      const evidence = await stage.api.good(person, `GET /claims/${claimId}/evidence/${id}`);
      return ['verified', 'rejected'].includes(evidence.state) ? evidence : undefined;
    });
    if (decided.state === 'rejected') {
      throw new StepFailure(`${decided.fileName} of ${storyName(story)} was refused: ${decided.message}`);
    }
  }
}

export async function submit({ api }: Stage, { story, claimId }: Carried): Promise<void> {
  await api.good(applicantOf(story), `POST /claims/${claimId}/submission`);
}

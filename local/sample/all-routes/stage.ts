import type { SampleCloud } from '../cloud.ts';
import { type Json, openSampleApi, type SampleApi, type SamplePerson } from '../sample-api.ts';
import { StepFailure } from '../step.ts';
import { until } from '../waiting.ts';
import { applicantOf } from './cast.ts';
import type { Carried } from './route-story.ts';

/** Where the journey plays: the cloud, and its API over HTTP. */
export interface Stage {
  cloud: SampleCloud;
  api: SampleApi;
}

export function openStage(cloud: SampleCloud): Stage {
  return { cloud, api: openSampleApi(cloud.apiUrl, (person: SamplePerson) => cloud.token({ ...person })) };
}

export async function readClaim({ api }: Stage, { story, claimId }: Carried): Promise<Json> {
  return api.good(applicantOf(story), `GET /claims/${claimId}`);
}

/** The claim as soon as it is in this state. */
export async function claimIn(stage: Stage, carried: Carried, state: string): Promise<Json> {
  const { programme, route } = carried.story;
  let last = '';
  try {
    return await until(stage.cloud, state, async () => {
      const claim = await readClaim(stage, carried);
      last = JSON.stringify({ state: claim.state, review: claim.review, findings: openFindings(claim) });
      return claim.state === state ? claim : undefined;
    });
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    throw new StepFailure(`${programme}/${route} did not become ${state}: ${last}`);
  }
}

/** The findings of a claim and its lines that are no passes, for a message that says why. */
export function openFindings(claim: Json): string[] {
  const all: Json[] = [...(claim.assessment?.findings ?? []), ...claim.lines.flatMap(({ findings }: Json) => findings)];
  return all.filter(({ outcome }) => outcome !== 'pass').map(({ rule, message }) => `${rule}: ${message}`);
}

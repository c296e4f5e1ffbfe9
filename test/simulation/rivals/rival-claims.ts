import { randomUUID } from 'node:crypto';
import type { LocalCloud } from '../../../local/cloud.ts';
import { samplePdf } from '../../../local/sample/documents.ts';
import { firstOfficer } from '../../../local/sample/people.ts';
import { type Json, openSampleApi, type SampleApi, type SamplePerson } from '../../../local/sample/sample-api.ts';
import { handIn } from '../../../local/sample/upload.ts';
import { type Seeded, seeded } from '../seeded.ts';
import { insuranceSubsidies, type Rival, rivalNo, rosterOf } from './crowd.ts';

const rivals = 10;

/**
 * How large a contest is: `claims`x`people`. What every run has time for is smaller than what the design asks,
 * 50 claims of 200 people; that is what `npm run contest` plays.
 */
export function contestSize(said = '20x40'): { claims: number; people: number } {
  const [, claims, people] = /^(\d+)x(\d+)$/.exec(said) ?? [];
  if (claims === undefined || people === undefined)
    throw new RangeError(`${said} is no size of a contest, such as 50x200`);
  return { claims: Number(claims), people: Number(people) };
}

/** Something that a person asks of the API. */
export interface Request {
  person: SamplePerson;
  route: string;
  body?: unknown;
}

export interface RivalClaim {
  id: string;
  rival: Rival;
}

/** A local cloud full of claims that name the same people. */
export interface Contest {
  cloud: LocalCloud;
  api: SampleApi;
  order: Seeded;
  claims: readonly RivalClaim[];
}

/** As many as the API's functions take in at a time, and some more that wait for them. */
const inFlight = 12;

/** Asks until it is answered: who waited too long (503) asks again with the same key, as every client should. */
async function ask(api: SampleApi, { person, route, body }: Request): Promise<{ status: number; body: Json }> {
  const key = { 'idempotency-key': randomUUID() };
  for (let tries = 0; tries < 10; tries += 1) {
    const reply = await api.send(person, route, body, key);
    if (reply.status !== 503) return reply;
  }
  throw new Error(`${route} was never answered`);
}

/** Sends everything at once, each as often as said, in an order of the seed; gives each request's status codes, sorted. */
export async function allAtOnce(
  { api, order }: Pick<Contest, 'api' | 'order'>,
  requests: readonly Request[],
  times: number,
): Promise<{ statuses: number[]; bodies: Json[] }[]> {
  const replies = requests.map((): { status: number; body: Json }[] => []);
  const sendings = order.shuffled(
    requests.flatMap((request, index) => Array.from({ length: times }, () => ({ request, index }))),
  );
  const client = async (): Promise<void> => {
    for (let next = sendings.pop(); next !== undefined; next = sendings.pop()) {
      const { status, body } = await ask(api, next.request);
      replies[next.index]?.push({ status, body });
    }
  };
  await Promise.all(Array.from({ length: inFlight }, client));
  return replies.map((own) => ({
    statuses: own.map(({ status }) => status).toSorted((a, b) => a - b),
    bodies: own.map(({ body }) => body),
  }));
}

/** Registers the rivals and opens their claims, each with its papers and its roster, ready to be handed in. */
export async function openContest(
  cloud: LocalCloud,
  { seed, claims: wanted, people }: { seed: number; claims: number; people: number },
): Promise<Contest> {
  const api = openSampleApi(cloud.apiUrl, async (person) => cloud.token({ ...person }));
  const order = seeded(seed);
  const all = Array.from({ length: rivals }, (_, n) => rivalNo(n));
  for (const { person, facts } of all) await api.good(firstOfficer, `PUT /organisations/${person.tenant}`, facts);
  const subsidies = insuranceSubsidies(people);
  if (subsidies.length > 0) await api.good(firstOfficer, 'POST /insurance-subsidies', { subsidies });
  const claims: RivalClaim[] = [];
  const open = async (n: number): Promise<void> => {
    const rival = all[n % rivals];
    if (rival === undefined) throw new RangeError('no rival');
    const { person } = rival;
    const { id } = await api.good(person, 'POST /claims', { programme: 'qualification', route: 'enterprise' });
    await api.good(person, `PUT /claims/${id}/roster`, { lines: rosterOf(n, people, order) });
    const bytes = samplePdf(`certificates of claim ${n}`);
    await handIn(api, person, id, {
      kind: 'certificate-list',
      fileName: '证书清单.pdf',
      contentType: 'application/pdf',
      bytes,
    });
    claims.push({ id, rival });
  };
  for (let from = 0; from < wanted; from += 5)
    await Promise.all(Array.from({ length: Math.min(5, wanted - from) }, (_, at) => open(from + at)));
  await cloud.settle();
  return { cloud, api, order, claims };
}

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiParts } from '../../commands/api-parts.ts';
import { type LocalCloud, startCloud } from '../../local/cloud.ts';
import { synthesize } from '../../local/startup/synthesis.ts';
import { fillTable, people } from './estate.ts';
import type { Estate } from './named-things.ts';
import { bodies, bodyOf, queries } from './requests.ts';
import { open, type Right, type RoleName, rightsByRoute, roles } from './routes.ts';

interface Answer {
  status: number;
  /** As it came over the wire, but for what names this one request. */
  text: string;
}

const absent: Estate = {
  claimId: '0'.repeat(26),
  classId: '0'.repeat(26),
  lineId: 'L9',
  evidenceId: '0'.repeat(26),
  noticeId: '0'.repeat(26),
  objectionId: '0'.repeat(26),
  batchId: '0'.repeat(26),
  applicationId: '0'.repeat(26),
  recoveryId: '0'.repeat(26),
  organisationId: 'nobody-at-all',
  account: 'nowhere',
  reference: 'SY-0',
  receiptNumber: '0'.repeat(26),
  number: '温XP2100001',
  year: '2021',
  authority: 'industry-department/city/city/没有这个局',
};

describe('who may do what on which route, over HTTP against the whole application', () => {
  let cloud: LocalCloud;
  let estates: Awaited<ReturnType<typeof fillTable>>;
  beforeAll(async () => {
    const { assembly } = await synthesize(join(import.meta.dirname, '../..'));
    const startAt = new Date('2021-03-08T01:00:00Z');
    cloud = await startCloud({ assembly, clock: { startAt }, throttling: false });
    estates = await fillTable(cloud);
  }, 300_000);
  afterAll(async () => cloud.stop(), 120_000);

  const ask = async (role: RoleName | undefined, route: string, estate: Estate): Promise<Answer> => {
    const [method = '', template = ''] = route.split(' ');
    const path = template.replace(/\{(\w+)\}/g, (_, name: keyof Estate) => encodeURIComponent(estate[name]));
    const query = queries[route]?.(estate, role) ?? '';
    const body = bodyOf(route, role, estate);
    const person = role === undefined ? undefined : people[role];
    const response = await fetch(`${cloud.apiUrl.replace(/\/$/, '')}${path}${query}`, {
      method,
      headers: {
        ...(person === undefined ? {} : { authorization: `Bearer ${await cloud.token({ ...person })}` }),
        ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const headers = [...response.headers].filter(
      ([name]) => !/^(date|apigw-requestid|x-request-id|connection|keep-alive)$/.test(name),
    );
    return { status: response.status, text: JSON.stringify([response.status, headers, await response.text()]) };
  };
  const statusOf = async (...asked: Parameters<typeof ask>) => (await ask(...asked)).status;
  /** Let in: whatever the answer is then, it is not that of a stranger. */
  const isLetIn = (status: number) => ![400, 401, 403, 404].includes(status) && status < 500;

  const known = apiParts.flatMap(({ routes }) => routes.map(({ key }) => key));
  const closed = Object.entries(rightsByRoute).filter(
    (entry): entry is [string, readonly Right[]] => entry[1] !== open,
  );

  test('every route of the API has its row, and every row is of a route', () => {
    expect(Object.keys(rightsByRoute).toSorted()).toEqual([...known].toSorted());
    expect(closed.filter(([, rights]) => rights.length !== roles.length)).toEqual([]);
    expect(Object.keys(bodies).filter((route) => rightsByRoute[route] === undefined)).toEqual([]);
  });

  test('nobody comes in without logging in, but where the public may read and object', {
    timeout: 240_000,
  }, async () => {
    const told = new Map<string, number>();
    for (const route of known) told.set(route, await statusOf(undefined, route, estates.applicant.own));
    const shut = [...told].filter(([, status]) => status === 401).map(([route]) => route);
    expect(shut.toSorted()).toEqual(closed.map(([route]) => route).toSorted());
  });

  describe.each(roles)('%s', (role: RoleName) => {
    const rightOf = (rights: readonly Right[]): Right => rights[roles.indexOf(role)] ?? 'no';
    const routesWith = (...wanted: Right[]) =>
      closed.filter(([, rights]) => wanted.includes(rightOf(rights))).map(([route]) => route);

    test('is refused what the role may never do, before anything is looked up', { timeout: 240_000 }, async () => {
      for (const route of routesWith('no')) {
        const [there, nowhere] = [await ask(role, route, estates[role].own), await ask(role, route, absent)];
        expect([route, there.status]).toEqual([route, 403]);
        expect([route, there.text]).toEqual([route, nowhere.text]);
      }
    });

    test("cannot tell another's item from none, to the byte", { timeout: 240_000 }, async () => {
      for (const route of routesWith('own')) {
        const [foreign, nowhere] = [await ask(role, route, estates[role].foreign), await ask(role, route, absent)];
        expect([route, foreign.status]).toEqual([route, 404]);
        expect([route, foreign.text]).toEqual([route, nowhere.text]);
      }
      for (const route of routesWith('any').filter((one) => !one.includes('{year}')))
        expect([route, await statusOf(role, route, absent)]).toEqual([route, 404]);
    });

    test('is let in to the rest', { timeout: 240_000 }, async () => {
      for (const route of routesWith('own', 'any', 'yes')) {
        const status = await statusOf(role, route, estates[role].own);
        expect([route, status, isLetIn(status)]).toEqual([route, status, true]);
      }
      for (const route of routesWith('any')) {
        const status = await statusOf(role, route, estates[role].foreign);
        expect([route, status, isLetIn(status)]).toEqual([route, status, true]);
      }
    });
  });
});

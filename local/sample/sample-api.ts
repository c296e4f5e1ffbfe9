import { randomUUID } from 'node:crypto';
import { StepFailure } from './step.ts';

/** The claims of a sample person's token. */
export interface SamplePerson {
  sub: string;
  tenant: string;
  role: string;
  duties: readonly string[];
  name: string;
}

// biome-ignore lint/suspicious/noExplicitAny: a journey reads the replies of the API as a client without its types does
export type Json = any;

export interface Reply {
  status: number;
  headers: Headers;
  body: Json;
}

/** The API as a client on the other side of HTTP sees it. */
export interface SampleApi {
  /** Calls and gives back whatever came. */
  send(
    person: SamplePerson | undefined,
    route: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Reply>;
  /** Calls and demands a good answer. @throws StepFailure with the problem document. */
  good(person: SamplePerson | undefined, route: string, body?: unknown): Promise<Json>;
  /** Calls and demands a good answer that is a file. @throws StepFailure */
  bytes(person: SamplePerson | undefined, route: string): Promise<Buffer>;
  /** Calls and demands to be refused with this code. @throws StepFailure */
  refused(person: SamplePerson | undefined, route: string, code: string, body?: unknown): Promise<Json>;
}

export function openSampleApi(apiUrl: string, token: (person: SamplePerson) => Promise<string>): SampleApi {
  const fetched = async (
    person: SamplePerson | undefined,
    route: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Response> => {
    const [method = 'GET', path = '/'] = route.split(' ');
    return fetch(`${apiUrl.replace(/\/$/, '')}${path}`, {
      method,
      headers: {
        ...(person === undefined ? {} : { authorization: `Bearer ${await token(person)}` }),
        ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  };
  const send: SampleApi['send'] = async (person, route, body, headers) => {
    const response = await fetched(person, route, body, headers);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  };
  return {
    send,
    async good(person, route, body) {
      const reply = await send(person, route, body);
      if (reply.status >= 300)
        throw new StepFailure(`${route} answered ${reply.status}: ${JSON.stringify(reply.body)}`);
      return reply.body;
    },
    async bytes(person, route) {
      const response = await fetched(person, route);
      if (response.ok) return Buffer.from(await response.arrayBuffer());
      throw new StepFailure(`${route} answered ${response.status}: ${await response.text()}`);
    },
    async refused(person, route, code, body) {
      const reply = await send(person, route, body);
      if (reply.status < 400 || reply.body.title !== code) {
        throw new StepFailure(
          `${route} should be refused as ${code}, but answered ${reply.status}: ${JSON.stringify(reply.body)}`,
        );
      }
      return reply.body;
    },
  };
}

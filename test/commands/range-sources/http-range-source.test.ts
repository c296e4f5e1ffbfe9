import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { openUrl } from '../../../commands/range-sources/http-range-source.ts';

const object = Uint8Array.from({ length: 100_000 }, (_, at) => at % 251);
let server: Server | undefined;

/** Serves what `answer` says; returns the address. */
async function serve(
  answer: (request: IncomingMessage, response: ServerResponse, reads: number) => void,
): Promise<string> {
  let reads = 0;
  server = createServer((request, response) => {
    reads += 1;
    answer(request, response, reads);
  });
  await new Promise<void>((listening) => server?.listen(0, '127.0.0.1', listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

function partial(request: IncomingMessage, response: ServerResponse, headers: Record<string, string> = {}): void {
  const [start = 0, last = 0] = (/bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? []).slice(1).map(Number);
  const part = object.slice(start, last + 1);
  const range = `bytes ${start}-${start + part.length - 1}/${object.length}`;
  response.writeHead(206, { 'content-range': range, ...headers }).end(part);
}

describe('a video behind a URL', () => {
  it('is read by ranges tied to one version', async () => {
    const asked: IncomingMessage['headers'][] = [];
    const url = await serve((request, response) => {
      asked.push(request.headers);
      partial(request, response, { etag: '"one"' });
    });
    const source = await openUrl(url);
    expect(source.size).toBe(object.length);
    expect(await source.read(10, 20)).toEqual(object.slice(10, 20));
    expect(await source.read(90_000, 90_500)).toEqual(object.slice(90_000, 90_500));
    expect(asked).toHaveLength(2);
    expect(asked[0]).toMatchObject({ range: 'bytes=0-32767', 'accept-encoding': 'identity' });
    expect(asked[0]).not.toHaveProperty('if-range');
    expect(asked[1]).toMatchObject({ range: 'bytes=90000-90499', 'if-range': '"one"' });
  });

  it('is not read on when it changed', async () => {
    for (const changed of [
      (request: IncomingMessage, response: ServerResponse) => partial(request, response, { etag: '"two"' }),
      (_: IncomingMessage, response: ServerResponse) => response.writeHead(200, { etag: '"two"' }).end(object),
      (_: IncomingMessage, response: ServerResponse) =>
        response
          .writeHead(206, { etag: '"one"', 'content-range': 'bytes 90000-90499/777777' })
          .end(object.slice(0, 500)),
    ]) {
      const url = await serve((request, response, reads) =>
        reads === 1 ? partial(request, response, { etag: '"one"' }) : changed(request, response),
      );
      const source = await openUrl(url);
      await expect(source.read(90_000, 90_500)).rejects.toThrow(/changed/);
      server?.close();
    }
  });

  it('uses the date of the last change where the tag is weak', async () => {
    const asked: (string | undefined)[] = [];
    const headers = { etag: 'W/"one"', 'last-modified': 'Mon, 15 Mar 2021 01:30:00 GMT' };
    const url = await serve((request, response) => {
      asked.push(request.headers['if-range'] as string | undefined);
      partial(request, response, headers);
    });
    await (await openUrl(url)).read(50_000, 50_001);
    expect(asked).toEqual([undefined, 'Mon, 15 Mar 2021 01:30:00 GMT']);
  });

  it('may be empty', async () => {
    const url = await serve((_, response) => response.writeHead(416, { 'content-range': 'bytes */0' }).end());
    expect((await openUrl(url)).size).toBe(0);
  });

  it('follows a few redirects', async () => {
    const url = await serve((request, response, reads) =>
      reads <= 5 ? response.writeHead(302, { location: '/next' }).end() : partial(request, response),
    );
    expect((await openUrl(url)).size).toBe(object.length);
  });

  it.each([
    ['the server ignores ranges', (r: ServerResponse) => r.writeHead(200).end(object)],
    ['the server answers 404 Not Found', (r: ServerResponse) => r.writeHead(404).end()],
    ['the server answers 403 Forbidden', (r: ServerResponse) => r.writeHead(403).end()],
    ['does not say which range', (r: ServerResponse) => r.writeHead(206).end(object)],
    ['does not say which range', (r: ServerResponse) => r.writeHead(206, { 'content-range': 'bytes 5-9/10' }).end()],
    [
      'the server compresses (gzip)',
      (r: ServerResponse) =>
        r.writeHead(206, { 'content-range': 'bytes 0-32767/100000', 'content-encoding': 'gzip' }).end('x'),
    ],
    ['more than 5 redirects', (r: ServerResponse) => r.writeHead(302, { location: '/again' }).end()],
    ['a redirect to file://', (r: ServerResponse) => r.writeHead(302, { location: 'file:///etc/passwd' }).end()],
    ['a redirect that leads nowhere', (r: ServerResponse) => r.writeHead(302).end()],
    [
      'the server sent more than',
      (r: ServerResponse) => r.writeHead(206, { 'content-range': 'bytes 0-9/10' }).end(object),
    ],
    [
      'the server sent 3 of 10 bytes',
      (r: ServerResponse) => r.writeHead(206, { 'content-range': 'bytes 0-9/10' }).end('abc'),
    ],
  ])('cannot be opened when %s', async (message, answer) => {
    const url = await serve((_, response) => answer(response));
    await expect(openUrl(url)).rejects.toThrow(message);
    await expect(openUrl(url)).rejects.toMatchObject({ name: 'CannotOpen' });
  });
});

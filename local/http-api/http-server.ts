import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { explainListenError, LOOPBACK } from '../engines/loopback.ts';
import type { HttpReply } from './function-reply.ts';
import { gatewayReply } from './function-reply.ts';
import { LARGEST_BODY } from './http-api.ts';
import type { HttpRequest } from './request-event.ts';

/** Gives the answer to a request. */
export type Responder = (request: HttpRequest) => Promise<HttpReply>;

export interface HttpServer {
  readonly url: string;
  readonly port: number;
  /** Says who answers; requests that come before wait for it. */
  answerWith(responder: Responder): void;
  stop(): Promise<void>;
}

/** By this header a test plays a client at another address. It never reaches a function. */
const SOURCE_IP_HEADER = 'x-local-source-ip';

export interface HttpServerOptions {
  /** The port to take; any free one without it. */
  readonly port?: number | undefined;
  /** A port to take if nobody else has. */
  readonly preferredPort?: number | undefined;
  readonly onError: (error: unknown) => void;
}

/**
 * Opens the port before anybody can answer: addresses of the API are part of what the deployment resolves.
 * @throws Error in one line when the port is taken.
 */
export async function startHttpServer({ port, preferredPort, onError }: HttpServerOptions): Promise<HttpServer> {
  let setResponder: (responder: Responder) => void = () => {};
  const responder = new Promise<Responder>((resolve) => {
    setResponder = resolve;
  });
  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing, responder).catch((error: unknown) => {
      onError(error);
      if (!outgoing.headersSent) write(outgoing, gatewayReply(500, 'Internal Server Error'), incoming.method);
      else outgoing.destroy();
    });
  });
  const listen = (wanted: number): Promise<void> =>
    new Promise((resolve, reject) => server.once('error', reject).listen(wanted, LOOPBACK, resolve));
  try {
    await listen(port ?? preferredPort ?? 0);
  } catch (error) {
    if (port !== undefined) {
      throw explainListenError(error, 'the HTTP API', port, 'stop what listens there or choose another with --port');
    }
    await listen(0);
  }
  const actual = (server.address() as AddressInfo).port;
  return {
    url: `http://${LOOPBACK}:${actual}`,
    port: actual,
    answerWith: setResponder,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function serve(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  responder: Promise<Responder>,
): Promise<void> {
  const body = await readBody(incoming);
  const reply = await (await responder)(toRequest(incoming, body));
  write(outgoing, reply, incoming.method);
}

/** Reads one byte more than is allowed, so that the size can be judged without keeping it all. */
async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    if (size <= LARGEST_BODY) chunks.push(chunk);
    size += chunk.length;
  }
  return Buffer.concat(chunks);
}

function toRequest(incoming: IncomingMessage, body: Buffer): HttpRequest {
  const [path = '/', queryString = ''] = splitOnce(incoming.url ?? '/', '?');
  const headers: Record<string, string> = {};
  for (const [name, values] of Object.entries(incoming.headersDistinct)) headers[name] = (values ?? []).join(',');
  const socketIp = incoming.socket.remoteAddress?.replace(/^::ffff:/, '') ?? '127.0.0.1';
  const sourceIp = headers[SOURCE_IP_HEADER] ?? socketIp;
  const cookies = (headers['cookie'] ?? '').split(/;\s*/).filter(Boolean);
  delete headers[SOURCE_IP_HEADER];
  delete headers['cookie'];
  delete headers['connection'];
  return {
    method: incoming.method ?? 'GET',
    path,
    queryString,
    headers,
    cookies,
    body,
    sourceIp,
    protocol: `HTTP/${incoming.httpVersion}`,
  };
}

function write(outgoing: ServerResponse, reply: HttpReply, method: string | undefined): void {
  for (const [name, value] of Object.entries(reply.headers)) outgoing.setHeader(name, value);
  outgoing.statusCode = reply.status;
  if (reply.status !== 204 && reply.status !== 304) outgoing.setHeader('content-length', reply.body.length);
  outgoing.end(method === 'HEAD' ? undefined : reply.body);
}

function splitOnce(text: string, separator: string): string[] {
  const index = text.indexOf(separator);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}

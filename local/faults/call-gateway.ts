import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { LOOPBACK } from '../engines/loopback.ts';
import { gatewayHeaders } from '../functions/runtime/messages.ts';
import { awsErrorReply } from './aws-error-reply.ts';
import { type AwsOperation, awsOperation, partsOf, resourcesOf } from './aws-operation.ts';
import type { CallFault, CallFaults } from './call-faults.ts';

/** One AWS call that a function made. */
export interface RecordedCall extends AwsOperation {
  readonly function: string;
  readonly requestId: string;
  /** Tables (`table/index/name`), queue addresses, key ids, or `bucket/key`. */
  readonly resources: readonly string[];
  /** Kinds of writes in a transaction, each of which takes a right of its own. */
  readonly parts: readonly string[];
  /** Status of the reply; 0 when the function never saw one. */
  readonly status: number;
}

/** A stop between a function and the engines, where calls are written down or go wrong. */
export interface CallGateway {
  readonly port: number;
  readonly calls: () => readonly RecordedCall[];
  stop(): Promise<void>;
}

export interface CallGatewayOptions {
  /** `host:port` → service. */
  readonly services: ReadonlyMap<string, string>;
  readonly faults: CallFaults;
  /** Name of the function that an invocation is of. */
  readonly functionOf: (requestId: string) => string | undefined;
  readonly kill: (requestId: string) => void;
}

export async function startCallGateway(options: CallGatewayOptions): Promise<CallGateway> {
  const calls: RecordedCall[] = [];
  const agent = new Agent({ keepAlive: true });
  const server = createServer((incoming, reply) => {
    pass(incoming, reply).catch((error: Error) => reply.destroy(error));
  });

  const pass = async (incoming: IncomingMessage, reply: ServerResponse): Promise<void> => {
    const upstream = String(incoming.headers[gatewayHeaders.upstream]);
    const requestId = String(incoming.headers[gatewayHeaders.requestId]);
    const functionName = options.functionOf(requestId) ?? '';
    const service = options.services.get(upstream) ?? '';
    const url = incoming.url ?? '/';
    const call = awsOperation(service, incoming.method ?? 'GET', url, incoming.headers);
    // Bodies of S3 are files and pass as a stream; those of the others are small and worth reading.
    const body = service === 's3' ? undefined : await buffer(incoming);
    const content = body === undefined ? undefined : parsed(body);
    const record = (status: number): void => {
      const { operation } = call;
      calls.push({
        function: functionName,
        requestId,
        service,
        operation,
        resources: resourcesOf(call, url, content),
        parts: partsOf(content),
        status,
      });
    };
    const fault = options.faults.take(functionName, requestId, call);
    const before = fault !== undefined && fault.action !== 'lose-reply' && fault.when !== 'after';
    if (before) {
      record(fault.action === 'fail' ? awsErrorReply(call, errorOf(fault), content).status : 0);
      incoming.resume();
      strike(fault, call, content, requestId, reply);
      return;
    }
    const answer = await forward(incoming, upstream, url, body, agent);
    if (fault !== undefined) {
      await buffer(answer);
      record(0);
      strike(fault, call, content, requestId, reply);
      return;
    }
    record(answer.statusCode ?? 0);
    reply.writeHead(answer.statusCode ?? 502, answer.headers);
    await pipeline(answer, reply);
  };

  const strike = (
    fault: CallFault,
    call: AwsOperation,
    content: unknown,
    requestId: string,
    reply: ServerResponse,
  ): void => {
    if (fault.action === 'kill') {
      options.kill(requestId); // and no reply: the last thing a dying process must see is silence
      return;
    }
    if (fault.action === 'lose-reply') {
      reply.destroy();
      return;
    }
    const error = awsErrorReply(call, errorOf(fault), content);
    reply.writeHead(error.status, error.headers).end(error.body);
  };

  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, LOOPBACK, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    calls: () => calls,
    stop: async () => {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function errorOf(fault: CallFault): string {
  return fault.error ?? 'InternalServerError';
}

function forward(
  incoming: IncomingMessage,
  upstream: string,
  path: string,
  body: Buffer | undefined,
  agent: Agent,
): Promise<IncomingMessage> {
  const [hostname, port] = upstream.split(':');
  const headers = { ...incoming.headers };
  delete headers[gatewayHeaders.upstream];
  delete headers[gatewayHeaders.requestId];
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, path, method: incoming.method, headers, agent }, resolve);
    outgoing.once('error', reject);
    if (body === undefined) incoming.pipe(outgoing);
    else outgoing.end(body);
  });
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

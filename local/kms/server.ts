import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type RefusalReason, SignatureRefused } from '../signature/signature-refused.ts';
import type { Signatory } from '../signature/signed-request.ts';
import { verifyAuthorizationHeader } from '../signature/verify-authorization-header.ts';
import { type KeySpec, KeyStore } from './key-store.ts';
import { KmsError, type KmsErrorName } from './kms-error.ts';
import { OPERATIONS } from './operations.ts';

const HOST = '127.0.0.1';
/** Far above the longest input, 6 KiB of ciphertext with its context. */
const MOST_BODY_BYTES = 64 * 1024;
const TARGET_PREFIX = 'TrentService.';

const REFUSAL: Readonly<Record<RefusalReason, KmsErrorName>> = {
  anonymous: 'MissingAuthenticationTokenException',
  malformed: 'IncompleteSignatureException',
  'unknown-access-key': 'UnrecognizedClientException',
  'does-not-match': 'InvalidSignatureException',
  'headers-not-signed': 'InvalidSignatureException',
  'clock-skew': 'InvalidSignatureException',
  'not-yet-valid': 'InvalidSignatureException',
  expired: 'InvalidSignatureException',
};

export interface KmsOptions {
  /** Where the keys are kept. */
  readonly dataDirectory: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Rules signature expiry and the `Date` header. */
  readonly now: () => Date;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface RunningKms {
  readonly endpoint: string;
  /**
   * Creates a key, or finds the one of that id from an earlier start.
   * @throws Error when the id cannot be one, or the key exists with another spec
   */
  createKey(id: string, spec: KeySpec): { readonly keyId: string; readonly arn: string };
  stop(): Promise<void>;
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of message as AsyncIterable<Buffer>) {
    size += piece.length;
    // What comes after is read to its end all the same, so that the client gets its answer.
    if (size <= MOST_BODY_BYTES) pieces.push(piece);
  }
  if (size > MOST_BODY_BYTES)
    throw new KmsError('ValidationException', `The request has more than ${MOST_BODY_BYTES} bytes.`);
  return Buffer.concat(pieces);
}

async function authenticate(message: IncomingMessage, body: Buffer, signatory: Signatory): Promise<void> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  try {
    await verifyAuthorizationHeader(
      { method: message.method ?? '', path: message.url ?? '', query: {}, headers, body },
      signatory,
    );
  } catch (error) {
    if (error instanceof SignatureRefused) throw new KmsError(REFUSAL[error.reason], error.message);
    throw error;
  }
}

function carryOut(message: IncomingMessage, body: Buffer, keys: KeyStore): object {
  const target = String(message.headers['x-amz-target'] ?? '');
  const operation = target.startsWith(TARGET_PREFIX) ? OPERATIONS.get(target.slice(TARGET_PREFIX.length)) : undefined;
  if (operation === undefined) {
    throw new KmsError('UnknownOperationException', `The local KMS does not implement '${target}'.`);
  }
  let input: unknown;
  try {
    input = JSON.parse(body.toString('utf8'));
  } catch {
    throw new KmsError('SerializationException', 'The request is not JSON.');
  }
  return operation(keys, input);
}

function toKmsReply(error: unknown): { status: number; name: string; message: string } {
  if (error instanceof KmsError) return error;
  console.error(JSON.stringify({ level: 'error', message: 'kms request failed', error: String(error) }));
  return { status: 500, name: 'KMSInternalException', message: 'The request failed for an internal reason.' };
}

/**
 * Starts a stand-in for KMS that speaks AWS JSON 1.1: encryption and data keys bound to their context, and MACs. The
 * signature of every request is verified; operations beyond `operations.ts` are answered 501.
 * @throws Error when the port is taken
 */
export async function startKms(options: KmsOptions): Promise<RunningKms> {
  const { region, credentials, now } = options;
  const keys = new KeyStore(options.dataDirectory, region);
  const signatory: Signatory = { service: 'kms', region, ...credentials, now };

  const answer = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    let status = 200;
    let document: object;
    try {
      const body = await readBody(message);
      await authenticate(message, body, signatory);
      document = carryOut(message, body, keys);
    } catch (error) {
      const reply = toKmsReply(error);
      status = reply.status;
      document = { __type: reply.name, message: reply.message };
    }
    const text = JSON.stringify(document);
    response.writeHead(status, {
      'content-type': 'application/x-amz-json-1.1',
      'content-length': Buffer.byteLength(text),
      'x-amzn-requestid': randomUUID(),
      date: now().toUTCString(),
    });
    response.end(text);
  };
  const server = createServer((message, response) => {
    answer(message, response).catch(() => response.destroy());
  });
  // Longer than any client keeps a connection idle, so that none is closed under a request.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(options.port ?? 0, HOST, resolve));

  return {
    endpoint: `http://${HOST}:${(server.address() as AddressInfo).port}`,
    createKey: (id, spec) => {
      const key = keys.create(id, spec, now());
      return { keyId: key.id, arn: keys.arnOf(key) };
    },
    stop: async () => {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      server.closeAllConnections();
      await closed;
    },
  };
}

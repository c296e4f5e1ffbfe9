import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { releaseBuffer } from './body/release-buffer.ts';
import type { Reply } from './reply.ts';
import { S3Error } from './s3-error.ts';
import { xmlDocument } from './xml.ts';

/** An error as S3 answers it: its XML document, but for HEAD and 304 the head alone. */
export function errorReply(error: S3Error, resource: string, requestId: string): Reply {
  return {
    status: error.status,
    headers: { ...error.headers },
    xml: xmlDocument(
      [
        'Error',
        [
          ['Code', error.code],
          ['Message', error.message],
          ...Object.entries(error.details),
          ['Resource', resource],
          ['RequestId', requestId],
        ],
      ],
      { namespaced: false },
    ),
  };
}

/** Anything thrown, as an S3 error; what nobody foresaw is logged and answered 500. */
export function toS3Error(error: unknown): S3Error {
  if (error instanceof S3Error) return error;
  const stack = error instanceof Error ? error.stack : String(error);
  console.error(JSON.stringify({ level: 'error', message: 's3 request failed', error: stack }));
  return new S3Error('InternalError', 'We encountered an internal error. Please try again.');
}

/**
 * Sends bytes piece by piece, each when the last has left. A stream's pipeline would do the same, but never say when a
 * piece is done with and its memory free.
 */
async function sendContent(bytes: AsyncIterable<Buffer>, response: ServerResponse): Promise<void> {
  let settle: (sent: boolean) => void = () => undefined;
  // A client may leave in mid-piece, of which the write itself does not always hear.
  response.once('close', () => settle(false));
  for await (const piece of bytes) {
    const sent = await new Promise<boolean>((resolve) => {
      settle = resolve;
      if (response.destroyed) resolve(false);
      else response.write(piece, (error) => resolve(!error));
    });
    if (!sent) return;
    releaseBuffer(piece);
  }
  response.end();
}

/** Sends a reply. A client that goes away while it is sent is no error. */
export async function send(reply: Reply, response: ServerResponse, requestId: string, now: Date): Promise<void> {
  const { status, headers = {}, xml, content } = reply;
  try {
    for (const [name, value] of Object.entries(headers)) {
      if (value !== undefined) response.setHeader(name, value);
    }
    response.setHeader('x-amz-request-id', requestId);
    response.setHeader('x-amz-id-2', randomBytes(16).toString('base64'));
    // The SDK sets its clock by this header, so it must tell the virtual time.
    response.setHeader('date', now.toUTCString());
    response.setHeader('server', 'local-s3');
    response.statusCode = status;
    if (content !== undefined) {
      await sendContent(content.bytes, response);
      return;
    }
    if (xml !== undefined) {
      response.setHeader('content-type', 'application/xml');
      response.setHeader('content-length', Buffer.byteLength(xml));
      response.end(xml);
      return;
    }
    if (!response.hasHeader('content-length') && status !== 204 && status !== 304) {
      response.setHeader('content-length', 0);
    }
    response.end();
  } finally {
    content?.close();
  }
}

import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
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
      await pipeline(Readable.from(content.bytes, { objectMode: false }), response);
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
  } catch (error) {
    const clientLeft = error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
    if (!clientLeft) throw error;
  } finally {
    content?.close();
  }
}

import { parseAmzDate } from './amz-date.ts';
import { checkCredentialScope } from './credential-scope.ts';
import { sameSignature } from './same-signature.ts';
import { SignatureRefused } from './signature-refused.ts';
import { pickSignedHeaders } from './signed-headers.ts';
import type { Signatory, SignedRequest } from './signed-request.ts';
import { signerFor } from './signer.ts';

/** A week: the longest life that Signature Version 4 grants a URL. */
const LONGEST_LIFE_S = 7 * 24 * 60 * 60;
const ALLOWED_SKEW_MS = 15 * 60 * 1000;
const PAYLOAD_HASH = 'x-amz-content-sha256';

/** The query parameters that make a URL a presigned one; the signature covers them all but itself. */
const SIGNING_PARAMETERS = new Set([
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Date',
  'X-Amz-Expires',
  'X-Amz-SignedHeaders',
  'X-Amz-Signature',
]);

export function isPresigned(query: SignedRequest['query']): boolean {
  return 'X-Amz-Signature' in query || 'X-Amz-Algorithm' in query;
}

/**
 * Holds when the URL was presigned with the signatory's secret for this very request and has not expired.
 * @returns the payload hash that was signed: 64 hex digits or `UNSIGNED-PAYLOAD`
 * @throws SignatureRefused
 */
export async function verifyPresignedQuery(
  request: SignedRequest,
  signatory: Signatory,
): Promise<{ payloadHash: string }> {
  const parameter = (name: string): string => {
    const value = request.query[name];
    if (typeof value !== 'string') {
      throw new SignatureRefused('malformed', `Query-string authentication requires exactly one ${name}`);
    }
    return value;
  };
  if (parameter('X-Amz-Algorithm') !== 'AWS4-HMAC-SHA256') {
    throw new SignatureRefused('malformed', 'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"');
  }
  const received = parameter('X-Amz-Signature');
  const amzDate = parameter('X-Amz-Date');
  const signedAt = parseAmzDate(amzDate);
  if (signedAt === undefined)
    throw new SignatureRefused('malformed', 'X-Amz-Date must be in the form yyyymmddThhmmssZ');
  const lifeText = parameter('X-Amz-Expires');
  const life = Number(lifeText);
  if (!/^\d+$/.test(lifeText) || life < 1 || life > LONGEST_LIFE_S) {
    throw new SignatureRefused(
      'malformed',
      `X-Amz-Expires must be a whole number of seconds from 1 to ${LONGEST_LIFE_S}`,
    );
  }
  checkCredentialScope(parameter('X-Amz-Credential'), amzDate, signatory);
  const headers = pickSignedHeaders(request, parameter('X-Amz-SignedHeaders'));

  const query: Record<string, string | string[]> = {};
  const signedHash = headers[PAYLOAD_HASH];
  let payloadHash = signedHash ?? 'UNSIGNED-PAYLOAD';
  for (const [name, value] of Object.entries(request.query)) {
    if (SIGNING_PARAMETERS.has(name)) continue;
    if (name.toLowerCase() === PAYLOAD_HASH && typeof value === 'string') {
      if (signedHash !== undefined) {
        throw new SignatureRefused('malformed', `${PAYLOAD_HASH} may be a header or a query parameter, not both`);
      }
      // As a header of the same spelling: the signer takes the payload hash from there and moves it back to the query.
      headers[name] = value;
      payloadHash = value;
    } else {
      query[name] = value;
    }
  }
  const signed = await signerFor(signatory).presign(
    {
      method: request.method,
      protocol: 'http:',
      hostname: headers['host'] ?? '',
      path: request.path,
      query,
      headers,
      // Something that is not bytes: without a stated hash, a presigned URL means UNSIGNED-PAYLOAD.
      body: {},
    },
    {
      signingDate: signedAt,
      expiresIn: life,
      signableHeaders: new Set(Object.keys(headers)),
      unhoistableHeaders: new Set(
        Object.keys(headers).filter((name) => signedHash !== undefined || name.toLowerCase() !== PAYLOAD_HASH),
      ),
    },
  );
  const expected = signed.query?.['X-Amz-Signature'];
  if (typeof expected !== 'string' || !sameSignature(expected, received)) {
    throw new SignatureRefused(
      'does-not-match',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    );
  }

  const age = signatory.now().getTime() - signedAt.getTime();
  if (age < -ALLOWED_SKEW_MS) throw new SignatureRefused('not-yet-valid', 'Request is not yet valid');
  if (age > life * 1000) {
    throw new SignatureRefused('expired', 'Request has expired', {
      'X-Amz-Expires': lifeText,
      Expires: new Date(signedAt.getTime() + life * 1000).toISOString(),
      ServerTime: signatory.now().toISOString(),
    });
  }
  return { payloadHash };
}

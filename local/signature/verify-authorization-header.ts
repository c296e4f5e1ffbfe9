import { parseAmzDate } from './amz-date.ts';
import { checkCredentialScope } from './credential-scope.ts';
import { sameSignature } from './same-signature.ts';
import { SignatureRefused } from './signature-refused.ts';
import { pickSignedHeaders } from './signed-headers.ts';
import type { Signatory, SignedRequest } from './signed-request.ts';
import { signerFor } from './signer.ts';

const AUTHORIZATION = /^AWS4-HMAC-SHA256 +Credential=([^, ]+) *, *SignedHeaders=([^, ]+) *, *Signature=([0-9a-f]{64})$/;
const ALLOWED_SKEW_MS = 15 * 60 * 1000;

/**
 * Holds when the Authorization header was made with the signatory's secret over this very request, within 15 minutes.
 * @throws SignatureRefused
 */
export async function verifyAuthorizationHeader(request: SignedRequest, signatory: Signatory): Promise<void> {
  const authorization = request.headers['authorization'];
  if (authorization === undefined) throw new SignatureRefused('anonymous', 'The request carries no signature');
  const match = AUTHORIZATION.exec(authorization);
  if (match === null) {
    throw new SignatureRefused('malformed', 'The authorization header is not a Signature Version 4 (AWS4-HMAC-SHA256)');
  }
  const [, credential = '', signedHeaders = '', received = ''] = match;
  const amzDate = request.headers['x-amz-date'] ?? '';
  const signedAt = parseAmzDate(amzDate);
  if (signedAt === undefined)
    throw new SignatureRefused('malformed', 'The request must carry a valid x-amz-date header');
  checkCredentialScope(credential, amzDate, signatory);
  const headers = pickSignedHeaders(request, signedHeaders);
  const now = signatory.now();
  if (Math.abs(now.getTime() - signedAt.getTime()) > ALLOWED_SKEW_MS) {
    throw new SignatureRefused(
      'clock-skew',
      'The difference between the request time and the current time is too large.',
      { RequestTime: amzDate, ServerTime: now.toISOString(), MaxAllowedSkewMilliseconds: String(ALLOWED_SKEW_MS) },
    );
  }

  const signed = await signerFor(signatory).sign(
    {
      method: request.method,
      protocol: 'http:',
      hostname: headers['host'] ?? '',
      path: request.path,
      query: { ...request.query },
      headers,
      ...(request.body === undefined ? {} : { body: request.body }),
    },
    { signingDate: signedAt, signableHeaders: new Set(Object.keys(headers)) },
  );
  const expected = /Signature=([0-9a-f]{64})$/.exec(signed.headers['authorization'] ?? '')?.[1] ?? '';
  if (!sameSignature(expected, received)) {
    throw new SignatureRefused(
      'does-not-match',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    );
  }
}

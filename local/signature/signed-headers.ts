import { SignatureRefused } from './signature-refused.ts';
import type { SignedRequest } from './signed-request.ts';

/**
 * Picks the headers named in SignedHeaders, and only those: the signer signs whatever it is given, while browsers and
 * proxies add headers that the client never signed.
 * @throws SignatureRefused `malformed` when the list or a header it names is missing, `headers-not-signed` when an
 *   `x-amz-*` header came along unsigned
 */
export function pickSignedHeaders(request: SignedRequest, list: string): Record<string, string> {
  const names = list.split(';');
  if (!names.includes('host')) throw new SignatureRefused('malformed', 'SignedHeaders must contain host');
  const signed: Record<string, string> = {};
  for (const name of names) {
    const value = request.headers[name];
    if (value === undefined) {
      throw new SignatureRefused('does-not-match', `The signed header '${name}' is missing from the request`);
    }
    signed[name] = value;
  }
  const unsigned = Object.keys(request.headers).filter((name) => name.startsWith('x-amz-') && !(name in signed));
  if (unsigned.length > 0) {
    throw new SignatureRefused(
      'headers-not-signed',
      'There were headers present in the request which were not signed',
      { HeadersNotSigned: unsigned.join(', ') },
    );
  }
  return signed;
}

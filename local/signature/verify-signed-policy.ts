import { parseAmzDate } from './amz-date.ts';
import { checkCredentialScope } from './credential-scope.ts';
import { sameSignature } from './same-signature.ts';
import { SignatureRefused } from './signature-refused.ts';
import type { Signatory } from './signed-request.ts';
import { signerFor } from './signer.ts';

/** The form fields of a browser upload that carry its signature, by lower-case name. */
export interface SignedPolicy {
  readonly policy: string | undefined;
  readonly algorithm: string | undefined;
  readonly credential: string | undefined;
  readonly date: string | undefined;
  readonly signature: string | undefined;
}

/**
 * Holds when the base64 policy text was signed with the signatory's secret. Its conditions and its expiry are not looked
 * at here.
 * @throws SignatureRefused
 */
export async function verifySignedPolicy(signed: SignedPolicy, signatory: Signatory): Promise<void> {
  const { policy, algorithm, credential, date, signature } = signed;
  if (policy === undefined || signature === undefined) {
    throw new SignatureRefused('anonymous', 'The form carries no signed policy');
  }
  if (algorithm !== 'AWS4-HMAC-SHA256') {
    throw new SignatureRefused('malformed', 'x-amz-algorithm only supports "AWS4-HMAC-SHA256"');
  }
  const signedAt = parseAmzDate(date ?? '');
  if (date === undefined || signedAt === undefined) {
    throw new SignatureRefused('malformed', 'x-amz-date must be in the form yyyymmddThhmmssZ');
  }
  checkCredentialScope(credential ?? '', date, signatory);
  const expected = await signerFor(signatory).sign(policy, { signingDate: signedAt });
  if (!sameSignature(expected, signature)) {
    throw new SignatureRefused(
      'does-not-match',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    );
  }
}

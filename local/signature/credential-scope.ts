import { SignatureRefused } from './signature-refused.ts';
import type { Signatory } from './signed-request.ts';

const TERMINATOR = 'aws4_request';

/**
 * Checks `<access key>/<yyyymmdd>/<region>/<service>/aws4_request` against the signatory and the signing date.
 * @throws SignatureRefused `malformed` or `unknown-access-key`
 */
export function checkCredentialScope(credential: string, amzDate: string, signatory: Signatory): void {
  const parts = credential.split('/');
  const [accessKeyId, day, region, service, terminator] = parts;
  if (parts.length !== 5 || terminator !== TERMINATOR) {
    throw new SignatureRefused(
      'malformed',
      `The credential must read <access key>/<date>/<region>/<service>/${TERMINATOR}, not '${credential}'`,
    );
  }
  if (accessKeyId !== signatory.accessKeyId) {
    throw new SignatureRefused(
      'unknown-access-key',
      'The AWS Access Key Id you provided does not exist in our records.',
      { AWSAccessKeyId: accessKeyId ?? '' },
    );
  }
  if (region !== signatory.region) {
    throw new SignatureRefused('malformed', `the region '${region}' is wrong; expecting '${signatory.region}'`, {
      Region: signatory.region,
    });
  }
  if (service !== signatory.service) {
    throw new SignatureRefused('malformed', `the service '${service}' is wrong; expecting '${signatory.service}'`);
  }
  if (day !== amzDate.slice(0, 8)) {
    throw new SignatureRefused(
      'malformed',
      `the credential's date '${day}' differs from the signing date '${amzDate}'`,
    );
  }
}

import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from './sha256.ts';
import type { Signatory } from './signed-request.ts';

/** A signer that makes the signature which an honest client of this signatory would have made. */
export function signerFor(signatory: Signatory): SignatureV4 {
  return new SignatureV4({
    service: signatory.service,
    region: signatory.region,
    credentials: { accessKeyId: signatory.accessKeyId, secretAccessKey: signatory.secretAccessKey },
    sha256: Sha256,
    // S3 alone signs the path as it stands; every other service encodes it once more.
    uriEscapePath: signatory.service !== 's3',
    applyChecksum: false,
  });
}

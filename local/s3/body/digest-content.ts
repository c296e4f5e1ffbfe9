import { createHash } from 'node:crypto';
import { type ChecksumAlgorithm, startChecksum } from '../checksum/checksum.ts';
import type { ObjectContent } from '../store/blobs.ts';
import { releaseBuffer } from './release-buffer.ts';
import type { BodyFacts } from './verified-body.ts';

/** Reads stored bytes once, piece by piece, and computes what a copy of them needs. Closes the content. */
export async function digestContent(content: ObjectContent, algorithm: ChecksumAlgorithm): Promise<BodyFacts> {
  try {
    const md5 = createHash('md5');
    const checksum = startChecksum(algorithm);
    let size = 0;
    for await (const data of content.bytes) {
      md5.update(data);
      checksum.update(data);
      size += data.length;
      releaseBuffer(data);
    }
    return { size, md5: md5.digest(), checksum: { algorithm, value: checksum.digest().toString('base64') } };
  } finally {
    content.close();
  }
}

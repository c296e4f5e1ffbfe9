import { CopyObjectCommand, HeadObjectCommand, type HeadObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3';
import type { KeptCopy } from '../evidence/evidence.ts';
import type { EvidenceVault, ProvenObject } from '../evidence/evidence-vault.ts';
import { toBase64 } from '../evidence/sha256.ts';
import { isAbsent } from './s3-client.ts';

// An earlier try counted the retention from its own moment; payment extends it in any case.
const retryWindowMs = 7 * 24 * 60 * 60 * 1000;

/**
 * The evidence bucket. Its role may put and lock but not delete, and the bucket has no default retention: only what
 * passes here is locked.
 */
export function createEvidenceVault(client: S3Client, incomingBucket: string, evidenceBucket: string): EvidenceVault {
  const newest = async (key: string): Promise<HeadObjectCommandOutput | undefined> => {
    try {
      return await client.send(new HeadObjectCommand({ Bucket: evidenceBucket, Key: key, ChecksumMode: 'ENABLED' }));
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  };

  /** What an earlier try has left: the same bytes, under a lock that lasts. */
  const earlier = async ({ key, sha256 }: ProvenObject, until: Date): Promise<KeptCopy | undefined> => {
    const head = await newest(key);
    if (head?.VersionId === undefined || head.ChecksumSHA256 !== toBase64(sha256)) return undefined;
    const locked = head.ObjectLockMode === 'COMPLIANCE' ? head.ObjectLockRetainUntilDate : undefined;
    if (locked === undefined || locked.getTime() < until.getTime() - retryWindowMs) return undefined;
    return { versionId: head.VersionId, lockedUntil: locked.toISOString() };
  };

  return {
    async keep(object, until) {
      const found = await earlier(object, until);
      if (found !== undefined) return found;
      const { key, sourceVersionId, sha256 } = object;
      const copy = await client.send(
        new CopyObjectCommand({
          Bucket: evidenceBucket,
          Key: key,
          CopySource: `${incomingBucket}/${key}?versionId=${encodeURIComponent(sourceVersionId)}`,
          // A copy is one action: its checksum is of the whole, also where the upload came in parts.
          ChecksumAlgorithm: 'SHA256',
          ObjectLockMode: 'COMPLIANCE',
          ObjectLockRetainUntilDate: until,
        }),
      );
      if (copy.VersionId === undefined) throw new Error('evidence bucket keeps no versions');
      if (copy.CopyObjectResult?.ChecksumSHA256 !== toBase64(sha256)) {
        throw new Error('kept copy has another hash than the bytes that were proven');
      }
      return { versionId: copy.VersionId, lockedUntil: until.toISOString() };
    },
  };
}

import { GetObjectRetentionCommand, PutObjectRetentionCommand, type S3Client } from '@aws-sdk/client-s3';
import type { EvidenceLocks } from '../evidence/evidence-locks.ts';
import { isAbsent } from './s3-client.ts';

/** The compliance locks of the evidence bucket, version by version. The store itself refuses a shorter one. */
export function createEvidenceLocks(client: S3Client, bucket: string): EvidenceLocks {
  const lockedUntil = async (place: { Bucket: string; Key: string; VersionId: string }): Promise<Date | undefined> => {
    try {
      const { Retention } = await client.send(new GetObjectRetentionCommand(place));
      return Retention?.Mode === 'COMPLIANCE' ? Retention.RetainUntilDate : undefined;
    } catch (error) {
      // A version without a lock answers as an absent one does: the latter fails at the next call.
      if (isAbsent(error)) return undefined;
      throw error;
    }
  };

  return {
    async extend(key, versionId, until) {
      const place = { Bucket: bucket, Key: key, VersionId: versionId };
      const current = await lockedUntil(place);
      if (current !== undefined && current.getTime() >= until.getTime()) return current;
      const retention = { Mode: 'COMPLIANCE', RetainUntilDate: until } as const;
      await client.send(new PutObjectRetentionCommand({ ...place, Retention: retention }));
      return until;
    },
  };
}

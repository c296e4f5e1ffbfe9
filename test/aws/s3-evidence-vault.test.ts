import { CopyObjectCommand, HeadObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, test } from 'vitest';
import { openS3 } from '../../shared/aws/s3-client.ts';
import { createEvidenceVault } from '../../shared/aws/s3-evidence-vault.ts';

const s3 = mockClient(S3Client);
const vault = createEvidenceVault(openS3(), 'incoming', 'evidence');
const sha256 = 'ab'.repeat(32);
const checksum = Buffer.from(sha256, 'hex').toString('base64');
const object = { key: 'claims/c/e', sourceVersionId: 'v/1+', sha256 };
const until = new Date('2026-03-20T01:00:00Z');
const day = 24 * 60 * 60 * 1000;
const absent = new S3ServiceException({ name: 'NotFound', $fault: 'client', $metadata: { httpStatusCode: 404 } });
const locked = (end: number) => ({
  VersionId: 'e0',
  ChecksumSHA256: checksum,
  ObjectLockMode: 'COMPLIANCE' as const,
  ObjectLockRetainUntilDate: new Date(end),
});

beforeEach(() => {
  s3.reset();
  s3.on(CopyObjectCommand).resolves({ VersionId: 'e1', CopyObjectResult: { ChecksumSHA256: checksum } });
});

test('copies the pinned version and no other, hashed and locked in the same call', async () => {
  s3.on(HeadObjectCommand).rejects(absent);
  expect(await vault.keep(object, until)).toEqual({ versionId: 'e1', lockedUntil: '2026-03-20T01:00:00.000Z' });
  expect(s3).toHaveReceivedCommandWith(CopyObjectCommand, {
    Bucket: 'evidence',
    Key: 'claims/c/e',
    CopySource: 'incoming/claims/c/e?versionId=v%2F1%2B',
    ChecksumAlgorithm: 'SHA256',
    ObjectLockMode: 'COMPLIANCE',
    ObjectLockRetainUntilDate: until,
  });
});

test('takes the copy that an earlier try has left', async () => {
  const end = until.getTime() - 7 * day;
  s3.on(HeadObjectCommand).resolves(locked(end));
  expect(await vault.keep(object, until)).toEqual({ versionId: 'e0', lockedUntil: new Date(end).toISOString() });
  expect(s3).not.toHaveReceivedCommand(CopyObjectCommand);
});

test.each([
  ['locked for less', locked(until.getTime() - 7 * day - 1)],
  ['not locked', { VersionId: 'e0', ChecksumSHA256: checksum }],
  ['under a lock that can be lifted', { ...locked(until.getTime()), ObjectLockMode: 'GOVERNANCE' as const }],
  ['of other bytes', { ...locked(until.getTime()), ChecksumSHA256: 'other' }],
])('a copy that is %s does not serve', async (_, head) => {
  s3.on(HeadObjectCommand).resolves(head);
  expect((await vault.keep(object, until)).versionId).toBe('e1');
});

test('a copy whose hash the store gives otherwise, or of parts, or not at all, is no proof', async () => {
  s3.on(HeadObjectCommand).rejects(absent);
  for (const CopyObjectResult of [{ ChecksumSHA256: 'other' }, { ChecksumSHA256: `${checksum}-2` }, {}]) {
    s3.on(CopyObjectCommand).resolves({ VersionId: 'e1', CopyObjectResult });
    await expect(vault.keep(object, until)).rejects.toThrow('another hash');
  }
});

test('a forbidden look is an error, not an absent copy', async () => {
  s3.on(HeadObjectCommand).rejects(
    new S3ServiceException({
      name: 'Forbidden',
      message: 'Forbidden',
      $fault: 'client',
      $metadata: { httpStatusCode: 403 },
    }),
  );
  await expect(vault.keep(object, until)).rejects.toThrow('Forbidden');
  expect(s3).not.toHaveReceivedCommand(CopyObjectCommand);
});

import type { Evidence } from '../../shared/evidence/evidence.ts';

/** A verified teaching video of claim C; what it shows is for the test to say. */
export function storedClip(id: string, change: Partial<Evidence> = {}): Evidence {
  return {
    id,
    claimId: 'C',
    kind: 'teaching-video',
    fileName: `${id}.mp4`,
    contentType: 'video/mp4',
    sizeBytes: 1,
    sha256: `hash-${id}`,
    st: 'verified',
    version: 2,
    auditHead: '',
    createdAt: '2021-03-20T01:00:00.000Z',
    updatedAt: '2021-03-20T01:00:00.000Z',
    requestedBy: { subject: 's', tenant: 't', role: 'applicant', name: 'n' },
    expiresAt: '2021-03-21T01:00:00.000Z',
    ...change,
  };
}

/** Names one upload. */
export interface EvidenceReference {
  claimId: string;
  evidenceId: string;
}

const pattern = /^claims\/([A-Za-z0-9_-]{1,64})\/([A-Za-z0-9_-]{1,64})$/;

/** Where an upload lies, in both buckets. Chosen by the server; says nothing of people, units or file names. */
export function evidenceKey({ claimId, evidenceId }: EvidenceReference): string {
  return `claims/${claimId}/${evidenceId}`;
}

/** The upload that an object belongs to; undefined for a key that no upload has. */
export function referenceOf(key: string): EvidenceReference | undefined {
  const match = pattern.exec(key);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  return { claimId: match[1], evidenceId: match[2] };
}

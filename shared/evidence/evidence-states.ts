/**
 * The life of an upload:
 * awaiting-upload 待上传 · uploaded 已上传待核验 · verified 已核验 · rejected 未通过
 */
export const evidenceStates = ['awaiting-upload', 'uploaded', 'verified', 'rejected'] as const;
export type EvidenceState = (typeof evidenceStates)[number];

/** Every move evidence may make. The object's own event may come before the client's word that it is there. */
export const evidenceMoves = {
  'upload-completed': { from: ['awaiting-upload'], to: 'uploaded' },
  'evidence-verified': { from: ['awaiting-upload', 'uploaded'], to: 'verified' },
  // At payment or final refusal: a longer lock, on record (三(二)).
  'evidence-lock-extended': { from: ['verified'], to: 'verified' },
  'evidence-rejected': { from: ['awaiting-upload', 'uploaded'], to: 'rejected' },
} as const satisfies Record<string, { from: readonly EvidenceState[]; to: EvidenceState }>;
export type EvidenceMove = keyof typeof evidenceMoves;

/** Nothing happens to it any more. */
export function isSettled(state: EvidenceState): boolean {
  return state === 'verified' || state === 'rejected';
}

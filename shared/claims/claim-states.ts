/**
 * The life of a claim (补贴申请), 二(一)–(四):
 * draft 草稿 · submitted 已提交 · assessed 已初审 · endorsed 已初核 · approved 已复核 · waiting-for-funds 待资金 ·
 * publicised 公示中 · cleared 公示无异议 · paying 拨付中 · paid 已拨付 · returned 退回补正 · refused 不予补贴 · withdrawn 已撤回
 */
export const claimStates = [
  'draft',
  'submitted',
  'assessed',
  'endorsed',
  'approved',
  'waiting-for-funds',
  'publicised',
  'cleared',
  'paying',
  'paid',
  'returned',
  'refused',
  'withdrawn',
] as const;
export type ClaimState = (typeof claimStates)[number];

/** Every move a claim may make; what is not here, no code may write and the table refuses. */
export const claimMoves = {
  'claim-submitted': { from: ['draft', 'returned'], to: 'submitted' },
  'claim-assessed': { from: ['submitted'], to: 'assessed' },
  'claim-found-ineligible': { from: ['submitted', 'endorsed'], to: 'refused' },
  'claim-refused': { from: ['endorsed'], to: 'refused' },
  'claim-returned': { from: ['submitted', 'assessed', 'endorsed'], to: 'returned' },
  'claim-endorsed': { from: ['assessed'], to: 'endorsed' },
  'claim-sent-back': { from: ['endorsed'], to: 'assessed' },
  'claim-approved': { from: ['endorsed'], to: 'approved' },
  'claim-left-waiting-for-funds': { from: ['endorsed'], to: 'waiting-for-funds' },
  'claim-funded': { from: ['waiting-for-funds'], to: 'approved' },
  // Its state stays: an officer words the row that its notice will show.
  'claim-row-worded': { from: ['approved'], to: 'approved' },
  'claim-publicised': { from: ['approved'], to: 'publicised' },
  // A correction (更正) takes the claim's row into a later notice, with a period of its own.
  'claim-republicised': { from: ['publicised'], to: 'publicised' },
  'claim-cleared': { from: ['publicised'], to: 'cleared' },
  'claim-cancelled': { from: ['publicised'], to: 'refused' },
  'claim-payment-started': { from: ['cleared'], to: 'paying' },
  'claim-paid': { from: ['paying'], to: 'paid' },
  'claim-payment-reopened': { from: ['paying', 'paid'], to: 'cleared' },
  'claim-withdrawn': {
    from: ['draft', 'returned', 'submitted', 'assessed', 'endorsed', 'waiting-for-funds'],
    to: 'withdrawn',
  },
} as const satisfies Record<string, { from: readonly ClaimState[]; to: ClaimState }>;
export type ClaimMove = keyof typeof claimMoves;

/**
 * The life of a trainee line (学员明细):
 * pending 待定 · reserved 已占额 · referred 待人工认定 · refused 不予补贴 · publicised 公示中 · held 异议暂缓 ·
 * cleared 可拨付 · paying 拨付中 · paid 已拨付 · released 已取消 · bounced 退汇 · recovered 已追回
 */
export const lineStates = [
  'pending',
  'reserved',
  'referred',
  'refused',
  'publicised',
  'held',
  'cleared',
  'paying',
  'paid',
  'released',
  'bounced',
  'recovered',
] as const;
export type LineState = (typeof lineStates)[number];

/** Every move a line may make. */
export const lineMoves = {
  'line-reserved': { from: ['pending', 'referred', 'refused'], to: 'reserved' },
  'line-referred': { from: ['pending'], to: 'referred' },
  'line-refused': { from: ['pending', 'referred', 'reserved'], to: 'refused' },
  // From pending too: the step alone makes a worker's older reading of the line worthless.
  'line-reopened': { from: ['pending', 'reserved', 'referred', 'refused', 'released'], to: 'pending' },
  'line-publicised': { from: ['reserved'], to: 'publicised' },
  'line-held': { from: ['publicised'], to: 'held' },
  'line-hold-lifted': { from: ['held'], to: 'publicised' },
  'line-cleared': { from: ['publicised', 'held'], to: 'cleared' },
  // From refused: a later roster has dropped the line, and it is no part of the claim any more.
  'line-released': {
    from: ['pending', 'reserved', 'referred', 'refused', 'publicised', 'held', 'cleared'],
    to: 'released',
  },
  'line-payment-started': { from: ['cleared'], to: 'paying' },
  'line-paid': { from: ['paying'], to: 'paid' },
  'line-bounced': { from: ['paying', 'paid'], to: 'bounced' },
  'line-reapplied': { from: ['bounced'], to: 'cleared' },
  'line-recovered': { from: ['paid'], to: 'recovered' },
} as const satisfies Record<string, { from: readonly LineState[]; to: LineState }>;
export type LineMove = keyof typeof lineMoves;

/** A live line counts for the person's yearly quota and holds its locks (四(二)). */
export const liveLineStates: readonly LineState[] = [
  'reserved',
  'publicised',
  'held',
  'cleared',
  'paying',
  'paid',
  'bounced',
];

/** Whether a move may start in a state. */
export function mayMoveClaim(move: ClaimMove, from: ClaimState): boolean {
  return (claimMoves[move].from as readonly ClaimState[]).includes(from);
}

export function mayMoveLine(move: LineMove, from: LineState): boolean {
  return (lineMoves[move].from as readonly LineState[]).includes(from);
}

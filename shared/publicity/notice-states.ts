/**
 * The life of a notice (公示), 二(二):
 * preparing 准备中 (numbered, its rows being written, nobody sees it) · running 公示中 · closed 已结束 (objections may still
 * be open) · archived 已归档 (every row settled, the personal annex taken down) · dropped 已取消 (numbered, but none of its
 * rows was left to publish: nobody has seen it, its number stays used).
 */
export const noticeStates = ['preparing', 'running', 'closed', 'archived', 'dropped'] as const;
export type NoticeState = (typeof noticeStates)[number];

/** Every move a notice may make; `unchanged` where its state stays. */
export const noticeMoves = {
  'notice-published': { from: ['preparing'], to: 'running' },
  'notice-dropped': { from: ['preparing'], to: 'dropped' },
  'notice-closed': { from: ['running'], to: 'closed' },
  'notice-annex-removed': { from: ['closed'], to: 'closed' },
  'notice-rows-withdrawn': { from: ['running', 'closed', 'archived'], to: 'unchanged' },
  'notice-archived': { from: ['closed'], to: 'archived' },
} as const satisfies Record<string, { from: readonly NoticeState[]; to: NoticeState | 'unchanged' }>;
export type NoticeMove = keyof typeof noticeMoves;

/**
 * The life of an objection (异议), 二(三):
 * open 待复核 · deciding 已作出认定、正在落实 (it will end as decided, whatever crashes) · upheld 异议成立 · dismissed 异议不成立.
 */
export const objectionStates = ['open', 'deciding', 'upheld', 'dismissed'] as const;
export type ObjectionState = (typeof objectionStates)[number];

/** Every move an objection may make. */
export const objectionMoves = {
  'objection-decided': { from: ['open'], to: 'deciding' },
  'objection-upheld': { from: ['deciding'], to: 'upheld' },
  'objection-dismissed': { from: ['deciding'], to: 'dismissed' },
} as const satisfies Record<string, { from: readonly ObjectionState[]; to: ObjectionState }>;
export type ObjectionMove = keyof typeof objectionMoves;

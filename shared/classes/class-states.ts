/** The life of a class filing (开班备案), 三(一): draft 草稿 · filed 已备案待受理 · accepted 已受理 · refused 不予受理 */
export const classStates = ['draft', 'filed', 'accepted', 'refused'] as const;
export type ClassState = (typeof classStates)[number];

/**
 * Every move a filing may make. A change of what was filed waits for acceptance anew; a refusal leaves a version that
 * was accepted before in force. Where a move leads follows from that, so only its beginnings stand here.
 */
export const classMoves = {
  'class-changed': { from: ['draft', 'filed', 'accepted', 'refused'] },
  'class-filed': { from: ['draft'] },
  'class-accepted': { from: ['filed'] },
  'class-refused': { from: ['filed'] },
} as const satisfies Record<string, { from: readonly ClassState[] }>;
export type ClassMove = keyof typeof classMoves;

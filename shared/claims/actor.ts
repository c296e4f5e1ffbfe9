import type { Actor } from '../access/actor.ts';

/** The product's own worker, where the rules decide and no person does. */
export const assessor: Actor = { subject: 'system/assess-claim', tenant: 'system', role: 'system', name: '系统审核' };

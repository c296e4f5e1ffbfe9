import type { Principal } from '../access/principal.ts';
import type { Actor } from '../supervision/audit-chain.ts';

/** The person behind a request, as the audit records name people. */
export function actorOf({ subject, tenant, role, name }: Principal): Actor {
  return { subject, tenant, role, name };
}

/** The product's own worker, where the rules decide and no person does. */
export const assessor: Actor = { subject: 'system/assess-claim', tenant: 'system', role: 'system', name: '系统审核' };

import type { Actor } from '../supervision/audit-chain.ts';
import type { Principal } from './principal.ts';

/** The person behind a request, as the audit records name people. */
export function actorOf({ subject, tenant, role, name }: Principal): Actor {
  return { subject, tenant, role, name };
}

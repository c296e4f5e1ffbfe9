import type { Principal } from './principal.ts';

/** Who did it: a person from the token, or a job of ours by its name. */
export interface Actor {
  subject: string;
  tenant: string;
  role: string;
  name: string;
}

/** The jobs that act without a person. */
export function systemActor(job: string): Actor {
  return { subject: `system/${job}`, tenant: 'system', role: 'system', name: job };
}

/** The person behind a request, as the audit records name people. */
export function actorOf({ subject, tenant, role, name }: Principal): Actor {
  return { subject, tenant, role, name };
}

import type { Actor } from '../supervision/audit-chain.ts';
import type { Organisation, OrganisationFacts } from './organisation.ts';

/** Keeps the register of applicants; every change is a version with its audit record. */
export interface OrganisationStore {
  /** The organisation with its bank account in the clear. */
  find(tenant: string): Promise<Organisation | undefined>;
  /** @throws DomainError `changed-meanwhile` when somebody else registered a change at the same moment. */
  save(tenant: string, facts: OrganisationFacts, by: Actor, at: Date): Promise<Organisation>;
}

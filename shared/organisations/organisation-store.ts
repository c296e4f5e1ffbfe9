import type { Actor } from '../access/actor.ts';
import type { Block, Organisation, OrganisationFacts } from './organisation.ts';

/** Keeps the register of applicants; every change is a version with its audit record. */
export interface OrganisationStore {
  /** The organisation with its bank account in the clear. */
  find(tenant: string): Promise<Organisation | undefined>;
  /**
   * Registers an organisation, or other facts of it than are known; its block stays, and its account where no other is
   * given.
   * @param read the version that the change rests on; needed once there is one
   * @throws DomainError `changed-meanwhile` when the organisation has another version.
   */
  save(tenant: string, facts: OrganisationFacts, by: Actor, at: Date, read?: number): Promise<Organisation>;
  /** Blocks an organisation until the day, included; a longer block stays as it is. */
  block(tenant: string, block: Block, by: Actor, at: Date): Promise<void>;
  /** @throws DomainError `changed-meanwhile` when the organisation has moved since it was read. */
  unblock(organisation: Organisation, reason: string, by: Actor, at: Date): Promise<Organisation>;
}

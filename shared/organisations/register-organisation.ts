import { actorOf } from '../access/actor.ts';
import { demand } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import type { Clock } from '../clock/clock.ts';
import type { Organisation, OrganisationFacts } from './organisation.ts';
import type { OrganisationStore } from './organisation-store.ts';

/** An account number fit for a screen: its last four digits. */
export function maskAccount(number: string): string {
  return `${'*'.repeat(Math.max(0, number.length - 4))}${number.slice(-4)}`;
}

/** The organisation as a reply may show it. */
export function shownOrganisation(organisation: Organisation): Organisation {
  if (organisation.bankAccount === undefined) return organisation;
  const { bankAccount } = organisation;
  return { ...organisation, bankAccount: { ...bankAccount, number: maskAccount(bankAccount.number) } };
}

/** Registers an applicant or changes what is known of it (单位登记). The same facts again change nothing. */
export async function registerOrganisation(
  deps: { organisations: OrganisationStore; clock: Clock },
  principal: Principal,
  tenant: string,
  facts: OrganisationFacts,
): Promise<Organisation> {
  return shownOrganisation(await deps.organisations.save(tenant, facts, actorOf(principal), deps.clock.now()));
}

/** @throws DomainError `not-found` for an absent or a foreign organisation. */
export async function readOrganisation(
  deps: { organisations: OrganisationStore },
  principal: Principal,
  tenant: string,
): Promise<Organisation> {
  const found = await deps.organisations.find(tenant);
  demand(principal, 'organisation.read', found === undefined ? undefined : { tenant: found.tenant });
  return shownOrganisation(found as Organisation);
}

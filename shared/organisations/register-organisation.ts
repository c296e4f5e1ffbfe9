import { actorOf } from '../access/actor.ts';
import { demand } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import type { Clock } from '../clock/clock.ts';
import { maskAccount, type Organisation, type OrganisationFacts } from './organisation.ts';
import type { OrganisationStore } from './organisation-store.ts';

/** The organisation as a reply may show it. */
export function shownOrganisation(organisation: Organisation): Organisation {
  if (organisation.bankAccount === undefined) return organisation;
  const { bankAccount } = organisation;
  return { ...organisation, bankAccount: { ...bankAccount, number: maskAccount(bankAccount.number) } };
}

/**
 * Registers an applicant or changes what is known of it (单位登记). The same facts again change nothing; others name the
 * version that they rest on, so that nobody undoes what he has not seen.
 */
export async function registerOrganisation(
  deps: { organisations: OrganisationStore; clock: Clock },
  principal: Principal,
  tenant: string,
  facts: OrganisationFacts,
  version?: number,
): Promise<Organisation> {
  const by = actorOf(principal);
  return shownOrganisation(await deps.organisations.save(tenant, facts, by, deps.clock.now(), version));
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

/**
 * Lifts a block (解除暂停申领, 四(三)) with a reason: the authority that set it may, and nobody else.
 * @throws DomainError `not-found` where no block of this authority is.
 */
export async function liftBlock(
  deps: { organisations: OrganisationStore; clock: Clock },
  principal: Principal,
  tenant: string,
  reason: string,
): Promise<Organisation> {
  const found = await deps.organisations.find(tenant);
  const block = found?.blockedBy === undefined ? undefined : { authority: found.blockedBy };
  demand(principal, 'organisation.unblock', block);
  const { organisations, clock } = deps;
  return shownOrganisation(await organisations.unblock(found as Organisation, reason, actorOf(principal), clock.now()));
}

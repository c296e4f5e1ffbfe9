import * as z from 'zod';
import type { PersonalData } from '../access/personal-data.ts';
import { type Organisation, type OrganisationFacts, organisationFactsSchema } from '../organisations/organisation.ts';
import type { OrganisationStore } from '../organisations/organisation-store.ts';
import { canonicalJson } from '../supervision/canonical-json.ts';
import { readItem } from './read.ts';
import type { Key, Table } from './table.ts';
import { creation, transition, writeAllOrThrow } from './transition.ts';

const itemSchema = z.object({
  tenant: z.string(),
  st: z.literal('registered'),
  version: z.number(),
  auditHead: z.string(),
  updatedAt: z.string(),
  registeredBy: z.string(),
  facts: organisationFactsSchema,
  account: z.object({ holder: z.string(), bank: z.string(), sealedNumber: z.string() }).optional(),
});
type StoredOrganisation = z.infer<typeof itemSchema>;

function keyOf(tenant: string): Key {
  return { pk: `ORGANISATION#${tenant}`, sk: 'PROFILE' };
}

const context = (tenant: string) => ({ tenant, record: 'PROFILE', field: 'bankAccount.number' });

/** The register of applicants in the table, the account number sealed. */
export function createOrganisationTable(table: Table, personal: PersonalData): OrganisationStore {
  const opened = async (item: StoredOrganisation): Promise<Organisation> => {
    const { tenant, facts, account, version, registeredBy, updatedAt } = item;
    const base = { ...facts, tenant, version, registeredBy, updatedAt };
    if (account === undefined) return base;
    const number = await personal.open(account.sealedNumber, context(tenant));
    return { ...base, bankAccount: { holder: account.holder, bank: account.bank, number } };
  };

  const stored = async (tenant: string, { bankAccount, ...facts }: OrganisationFacts) => {
    if (bankAccount === undefined) return { facts };
    const sealedNumber = await personal.seal(bankAccount.number, context(tenant));
    return { facts, account: { holder: bankAccount.holder, bank: bankAccount.bank, sealedNumber } };
  };

  const find = async (tenant: string) => {
    const item = await readItem(table, keyOf(tenant), itemSchema);
    return item === undefined ? undefined : opened(item);
  };

  return {
    find,
    async save(tenant, facts, by, at) {
      const item = await readItem(table, keyOf(tenant), itemSchema);
      const audit = { action: 'organisation-registered', by, at: at.toISOString(), facts: { kind: facts.kind } };
      const content = { ...(await stored(tenant, facts)), registeredBy: by.subject };
      if (item === undefined) {
        const profile = { ...keyOf(tenant), type: 'organisation', tenant, st: 'registered', ...content };
        await writeAllOrThrow(table, creation(table, tenant, profile, audit));
      } else {
        const { tenant: _, version: _v, registeredBy: _r, updatedAt: _u, ...known } = await opened(item);
        if (canonicalJson(known) !== canonicalJson(facts)) {
          const remove = facts.bankAccount === undefined ? ['account'] : [];
          const entity = { key: keyOf(tenant), st: item.st, version: item.version, auditHead: item.auditHead };
          await writeAllOrThrow(
            table,
            transition(table, { chain: tenant, entity, to: 'registered', audit, set: content, remove }),
          );
        }
      }
      const saved = await find(tenant);
      if (saved === undefined) throw new Error('organisation vanished after it was saved');
      return saved;
    },
  };
}

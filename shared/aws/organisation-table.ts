import * as z from 'zod';
import type { PersonalData } from '../access/personal-data.ts';
import { DomainError } from '../errors/domain-error.ts';
import {
  maskAccount,
  type Organisation,
  type OrganisationFacts,
  organisationFactsSchema,
} from '../organisations/organisation.ts';
import type { OrganisationStore } from '../organisations/organisation-store.ts';
import type { AuditEntry } from '../supervision/audit-chain.ts';
import { canonicalJson } from '../supervision/canonical-json.ts';
import { readItem } from './read.ts';
import type { Item, Key, Table } from './table.ts';
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
  block: z.object({ until: z.string(), authority: z.string(), document: z.string() }).optional(),
});
type StoredOrganisation = z.infer<typeof itemSchema>;

function keyOf(tenant: string): Key {
  return { pk: `ORGANISATION#${tenant}`, sk: 'PROFILE' };
}

const context = (tenant: string) => ({ tenant, record: 'PROFILE', field: 'bankAccount.number' });

/** The names of the facts that are not what they were. */
function changedFacts(before: Partial<OrganisationFacts>, after: OrganisationFacts): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof OrganisationFacts>;
  const text = (value: unknown) => (value === undefined ? '' : canonicalJson(value));
  return [...names].filter((name) => text(before[name]) !== text(after[name])).toSorted();
}

/** What a change of the register says of itself: which facts, and of the account no more than its end. */
function changeFacts(before: Partial<OrganisationFacts>, after: OrganisationFacts): Record<string, unknown> {
  const changed = changedFacts(before, after);
  const { kind, bankAccount } = after;
  const isOther = bankAccount !== undefined && changed.includes('bankAccount');
  return { kind, changed, ...(isOther ? { account: maskAccount(bankAccount.number) } : {}) };
}

/** The register of applicants in the table, the account number sealed. */
export function createOrganisationTable(table: Table, personal: PersonalData): OrganisationStore {
  const factsOf = async ({ tenant, facts, account }: StoredOrganisation): Promise<OrganisationFacts> => {
    if (account === undefined) return facts;
    const number = await personal.open(account.sealedNumber, context(tenant));
    return { ...facts, bankAccount: { holder: account.holder, bank: account.bank, number } };
  };

  const stored = async (tenant: string, { bankAccount, ...facts }: OrganisationFacts) => {
    if (bankAccount === undefined) return { facts };
    const sealedNumber = await personal.seal(bankAccount.number, context(tenant));
    return { facts, account: { holder: bankAccount.holder, bank: bankAccount.bank, sealedNumber } };
  };

  const read = async (tenant: string) => readItem(table, keyOf(tenant), itemSchema);

  const find = async (tenant: string): Promise<Organisation | undefined> => {
    const item = await read(tenant);
    if (item === undefined) return undefined;
    const { version, registeredBy, updatedAt, block } = item;
    const blocked = block === undefined ? {} : { blockedUntil: block.until, blockedBy: block.authority };
    return { ...(await factsOf(item)), ...blocked, tenant, version, registeredBy, updatedAt };
  };

  const found = async (tenant: string): Promise<Organisation> => {
    const organisation = await find(tenant);
    if (organisation === undefined) throw new Error('organisation vanished');
    return organisation;
  };

  const move = async (
    item: Pick<StoredOrganisation, 'tenant' | 'st' | 'version' | 'auditHead'>,
    audit: AuditEntry,
    change: { set?: Item; remove?: string[] },
  ): Promise<void> => {
    const { tenant, st, version, auditHead } = item;
    const entity = { key: keyOf(tenant), st, version, auditHead };
    await writeAllOrThrow(table, transition(table, { chain: tenant, entity, to: 'registered', audit, ...change }));
  };

  return {
    find,
    async save(tenant, facts, by, at, readVersion) {
      const item = await read(tenant);
      const entry = { action: 'organisation-registered', by, at: at.toISOString() };
      const registeredBy = by.subject;
      if (item === undefined) {
        const audit = { ...entry, facts: changeFacts({}, facts) };
        const content = await stored(tenant, facts);
        const profile = { ...keyOf(tenant), type: 'organisation', tenant, st: 'registered', ...content, registeredBy };
        await writeAllOrThrow(table, creation(table, tenant, profile, audit));
        return found(tenant);
      }
      const known = await factsOf(item);
      const wanted = { ...(known.bankAccount === undefined ? {} : { bankAccount: known.bankAccount }), ...facts };
      if (changedFacts(known, wanted).length === 0) return found(tenant);
      if (readVersion !== item.version) {
        throw new DomainError('changed-meanwhile', '该单位已登记，且登记内容与您所依据的版本不同，未更改。', [
          { path: 'body.version', message: `请先查询最新登记（现为第${item.version}版），核对后填写version再提交` },
        ]);
      }
      const set = { ...(await stored(tenant, wanted)), registeredBy };
      await move(item, { ...entry, facts: changeFacts(known, wanted) }, { set });
      return found(tenant);
    },
    async block(tenant, block, by, at) {
      const item = await read(tenant);
      // Who is not registered cannot claim anyway.
      if (item === undefined || (item.block?.until ?? '') >= block.until) return;
      const { until, document } = block;
      const facts = { from: item.block?.until, until, document };
      await move(item, { action: 'organisation-blocked', by, at: at.toISOString(), facts }, { set: { block } });
    },
    async unblock({ tenant, version }, reason, by, at) {
      const item = await read(tenant);
      if (item?.block === undefined || item.version !== version) {
        throw new DomainError('changed-meanwhile', '该单位的登记刚刚已被他人更新，请刷新后按最新内容办理。');
      }
      const { until, document } = item.block;
      const audit = { action: 'organisation-unblocked', by, at: at.toISOString(), reason, facts: { until, document } };
      await move(item, audit, { remove: ['block'] });
      return found(tenant);
    },
  };
}

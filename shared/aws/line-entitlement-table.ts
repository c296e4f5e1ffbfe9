import * as z from 'zod';
import {
  classLockName,
  type EntitlementStore,
  type HeldLock,
  occupationLockName,
} from '../claims/entitlement-store.ts';
import { certificateLockKey, classLockKey, occupationLockKey } from './entitlement-keys.ts';
import { quotaKey } from './person-table.ts';
import { readMany } from './read.ts';
import type { Key, Table } from './table.ts';

const quotaSchema = z.object({ pk: z.string(), lines: z.set(z.string()).exactOptional() });
const classLockSchema = z.object({
  pk: z.string(),
  sk: z.string(),
  claimId: z.string(),
  lines: z.set(z.string()).exactOptional(),
});
const lockSchema = z.object({ pk: z.string(), line: z.string(), year: z.int() });

/** Quotas and locks in the table, read consistently, 100 a call. */
export function createLineEntitlementTable(table: Table): EntitlementStore {
  const locksAt = async (places: ReadonlyMap<string, Key>): Promise<Map<string, HeldLock>> => {
    const names = new Map([...places].map(([name, key]) => [key.pk, name]));
    const items = await readMany(table, [...places.values()]);
    return new Map(
      items.map((item) => {
        const { pk, line, year } = lockSchema.parse(item);
        return [names.get(pk) ?? pk, { line, year }];
      }),
    );
  };

  return {
    async quotas(personHashes, year) {
      const names = new Map([...new Set(personHashes)].map((hash) => [quotaKey(hash, year).pk, hash]));
      const items = await readMany(
        table,
        [...names.values()].map((hash) => quotaKey(hash, year)),
      );
      return new Map(
        items.map((item) => {
          const { pk, lines } = quotaSchema.parse(item);
          return [names.get(pk) ?? pk, [...(lines ?? [])].toSorted()];
        }),
      );
    },
    async occupationLocks(locks) {
      return locksAt(
        new Map(
          locks.map((lock) => [
            occupationLockName(lock),
            occupationLockKey(lock.personHash, lock.occupation, lock.level),
          ]),
        ),
      );
    },
    async classLocks(locks) {
      const keyed = new Map(
        locks.map((lock) => [classLockName(lock), classLockKey(lock.personHash, lock.classId)] as const),
      );
      const names = new Map([...keyed].map(([name, { pk, sk }]) => [`${pk} ${sk}`, name]));
      const held = new Map<string, string>();
      for (const item of await readMany(table, [...keyed.values()])) {
        const { pk, sk, claimId, lines } = classLockSchema.parse(item);
        // What was given back leaves the item behind, without lines.
        if (lines !== undefined) held.set(names.get(`${pk} ${sk}`) ?? '', claimId);
      }
      return held;
    },
    async certificateLocks(hashes) {
      return locksAt(new Map(hashes.map((hash) => [hash, certificateLockKey(hash)])));
    },
  };
}

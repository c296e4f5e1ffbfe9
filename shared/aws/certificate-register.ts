import * as z from 'zod';
import type { CertificateRegister } from '../claims/claim-context.ts';
import { readMany } from './read.ts';
import type { Table } from './table.ts';

const issuedSchema = z.object({ number: z.string(), personHash: z.string(), classId: z.string() });

/** The numbers that `createCertificateTable` gave out, read consistently, 100 a call. */
export function createCertificateRegister(table: Table): CertificateRegister {
  return {
    async holdersOf(numbers) {
      const items = await readMany(
        table,
        [...new Set(numbers)].map((number) => ({ pk: `CERTIFICATENUMBER#${number}`, sk: 'META' })),
      );
      return new Map(
        items.map((item) => {
          const { number, personHash, classId } = issuedSchema.parse(item);
          return [number, { personHash, classId }];
        }),
      );
    },
  };
}

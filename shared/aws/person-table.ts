import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { PersonalData } from '../access/personal-data.ts';
import type { PersonStore, SharedRecord } from '../people/shared-record.ts';
import type { TraineeStatus } from '../regulation/contract.ts';
import { inBatches } from './in-batches.ts';
import { readMany } from './read.ts';
import type { Key, Table } from './table.ts';

const itemSchema = z.object({ pk: z.string(), verifiedOn: z.string(), source: z.string(), sealed: z.string() });

function keyOf(personHash: string): Key {
  return { pk: `PERSON#${personHash}`, sk: 'STATUS' };
}

/** The item that counts a person's subsidies of one natural year (四(二)). */
export function quotaKey(personHash: string, year: number): Key {
  return { pk: `PERSON#${personHash}#${year}`, sk: 'QUOTA' };
}

const context = (personHash: string) => ({ tenant: 'shared-records', record: personHash, field: 'status' });

/** What is known of persons in the table: found by keyed hash, the facts sealed. */
export function createPersonTable(table: Table, personal: PersonalData): PersonStore {
  const saveRecord = async (idNumber: string, record: SharedRecord, at: Date): Promise<boolean> => {
    const hash = await personal.hash(idNumber);
    const sealed = await personal.seal(JSON.stringify(record.status), context(hash));
    const { verifiedOn, source } = record;
    try {
      await table.client.send(
        new PutCommand({
          TableName: table.name,
          Item: { ...keyOf(hash), type: 'shared-record', verifiedOn, source, sealed, updatedAt: at.toISOString() },
          ConditionExpression: 'attribute_not_exists(pk) OR verifiedOn <= :on',
          ExpressionAttributeValues: { ':on': verifiedOn },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };

  const saveSubsidy = async (idNumber: string, year: number, reference: string): Promise<boolean> => {
    const id = `insurance#${reference}`;
    try {
      await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: quotaKey(await personal.hash(idNumber), year),
          // A fact of the insurance counts even beyond three: it then refuses further claims of ours.
          UpdateExpression: 'ADD #lines :set SET #type = :type',
          ConditionExpression: 'NOT contains(#lines, :id)',
          ExpressionAttributeNames: { '#lines': 'lines', '#type': 'type' },
          ExpressionAttributeValues: { ':set': new Set([id]), ':id': id, ':type': 'quota' },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };

  return {
    async saveRecords(records, at) {
      const written = await inBatches(records, 16, ({ idNumber, record }) => saveRecord(idNumber, record, at));
      const saved = written.filter(Boolean).length;
      return { saved, older: written.length - saved };
    },
    async saveSubsidies(subsidies) {
      const written = await inBatches(subsidies, 16, ({ idNumber, year, reference }) =>
        saveSubsidy(idNumber, year, reference),
      );
      const saved = written.filter(Boolean).length;
      return { saved, known: written.length - saved };
    },
    async recordsOf(personHashes) {
      const items = await readMany(table, [...new Set(personHashes)].map(keyOf));
      const found = new Map<string, SharedRecord>();
      for (const item of items) {
        const { pk, verifiedOn, source, sealed } = itemSchema.parse(item);
        const hash = pk.slice('PERSON#'.length);
        const status = JSON.parse(await personal.open(sealed, context(hash))) as TraineeStatus;
        found.set(hash, { status, verifiedOn, source });
      }
      return found;
    },
  };
}

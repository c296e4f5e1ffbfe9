import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { PersonalData } from '../access/personal-data.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { PersonStore, RecordImport, SharedRecord } from '../people/shared-record.ts';
import type { TraineeStatus } from '../regulation/contract.ts';
import { inBatches } from './in-batches.ts';
import { readItem, readMany } from './read.ts';
import type { Key, Table } from './table.ts';
import { creation, transition, type WriteItem, writeAll, writeAllOrThrow } from './transition.ts';

const itemSchema = z.object({ pk: z.string(), verifiedOn: z.string(), source: z.string(), sealed: z.string() });

function keyOf(personHash: string): Key {
  return { pk: `PERSON#${personHash}`, sk: 'STATUS' };
}

/** The item that counts a person's subsidies of one natural year (四(二)). */
export function quotaKey(personHash: string, year: number): Key {
  return { pk: `PERSON#${personHash}#${year}`, sk: 'QUOTA' };
}

/** How a quota names a subsidy of the insurance. */
function insuranceReference(reference: string): string {
  return `insurance#${reference}`;
}

const context = (personHash: string) => ({ tenant: 'shared-records', record: personHash, field: 'status' });

const importKey = (id: string): Key => ({ pk: 'IMPORTS', sk: `IMPORT#${id}` });
const subsidyKey = (reference: string): Key => ({ pk: `INSURANCE#${reference}`, sk: 'SUBSIDY' });

const entitySchema = z.object({ st: z.string(), version: z.int(), auditHead: z.string() });
const subsidySchema = entitySchema.extend({ pk: z.string(), personHash: z.string(), year: z.int() });

/** What is known of persons in the table: found by keyed hash, the facts sealed. */
export function createPersonTable(table: Table, personal: PersonalData): PersonStore {
  /** Puts an import on record, does it, and records what came of it: rows never come from nobody. */
  const onRecord = async <T extends Record<string, number>>(
    { id, kind, by, at: instant, ...facts }: RecordImport,
    work: () => Promise<T>,
  ): Promise<T> => {
    const at = instant.toISOString();
    const key = importKey(id);
    const begun = { ...key, type: 'import', st: 'begun', kind, by, ...facts };
    // The same request again finds it there, and goes on.
    await writeAll(
      table,
      creation(table, 'IMPORTS', begun, { action: 'import-begun', by, at, facts: { kind, ...facts } }),
    );
    const counts = await work();
    const entity = await readItem(table, key, entitySchema);
    if (entity?.st === 'begun') {
      const audit = { action: 'import-done', by, at, facts: counts };
      await writeAll(
        table,
        transition(table, { chain: 'IMPORTS', entity: { key, ...entity }, to: 'done', audit, set: counts }),
      );
    }
    return counts;
  };

  const saveRecord = async (idNumber: string, record: SharedRecord, { id, at }: RecordImport): Promise<boolean> => {
    const hash = await personal.hash(idNumber);
    const sealed = await personal.seal(JSON.stringify(record.status), context(hash));
    const { verifiedOn, source } = record;
    const content = { verifiedOn, source, sealed, importId: id, updatedAt: at.toISOString() };
    try {
      await table.client.send(
        new PutCommand({
          TableName: table.name,
          Item: { ...keyOf(hash), type: 'shared-record', ...content },
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

  const changeQuota = (
    hash: string,
    year: number,
    verb: 'ADD' | 'DELETE',
    id: string,
    condition?: string,
  ): WriteItem => ({
    Update: {
      TableName: table.name,
      Key: quotaKey(hash, year),
      UpdateExpression: `${verb} #lines :set SET #type = :type`,
      ExpressionAttributeNames: { '#lines': 'lines', '#type': 'type' },
      ExpressionAttributeValues: {
        ':set': new Set([id]),
        ':type': 'quota',
        ...(condition === undefined ? {} : { ':id': id }),
      },
      ...(condition === undefined ? {} : { ConditionExpression: condition }),
    },
  });

  /** Whether the subsidy was counted now; false when it is kept already. */
  const saveSubsidy = async (
    { personHash, year, reference }: { personHash: string; year: number; reference: string },
    { id: importId, by, at }: RecordImport,
  ): Promise<boolean> => {
    const item = { ...subsidyKey(reference), type: 'insurance-subsidy', st: 'counted', personHash, year, importId };
    const facts = { year, importId };
    const audit = { action: 'insurance-subsidy-counted', by, at: at.toISOString(), facts };
    const result = await writeAll(table, [
      ...creation(table, `INSURANCE#${reference}`, item, audit),
      // A fact of the insurance counts even beyond three: it then refuses further claims of ours.
      changeQuota(personHash, year, 'ADD', insuranceReference(reference)),
    ]);
    return result.kind === 'done';
  };

  /** Subsidies whose reference is kept for somebody or some year else: the list contradicts what was imported before. */
  const contradictions = async (rows: readonly { personHash: string; year: number; reference: string }[]) => {
    const items = await readMany(
      table,
      rows.map(({ reference }) => subsidyKey(reference)),
    );
    const kept = new Map(items.map((item) => [String(item['pk']), subsidySchema.parse(item)]));
    return rows.flatMap(({ personHash, year, reference }, index) => {
      const known = kept.get(subsidyKey(reference).pk);
      if (known === undefined || (known.personHash === personHash && known.year === year)) return [];
      const message = `第${index + 1}行的凭证号已为另一人或另一年度登记，请核对原表；登记有误的，先撤销原登记`;
      return [{ path: `body.subsidies[${index}].reference`, message }];
    });
  };

  return {
    saveRecords: async (records, origin) =>
      onRecord(origin, async () => {
        const written = await inBatches(records, 16, ({ idNumber, record }) => saveRecord(idNumber, record, origin));
        const saved = written.filter(Boolean).length;
        return { saved, older: written.length - saved };
      }),
    async saveSubsidies(subsidies, origin) {
      const rows = await inBatches(subsidies, 16, async ({ idNumber, year, reference }) => ({
        personHash: await personal.hash(idNumber),
        year,
        reference,
      }));
      const problems = await contradictions(rows);
      if (problems.length > 0)
        throw new DomainError(
          'already-exists',
          `有${problems.length}个凭证号与已有登记不符，本次未导入任何记录。`,
          problems,
        );
      return onRecord(origin, async () => {
        const written = await inBatches(rows, 16, (row) => saveSubsidy(row, origin));
        const saved = written.filter(Boolean).length;
        return { saved, known: written.length - saved };
      });
    },
    async reverseSubsidy(reference, reason, by, at) {
      const key = subsidyKey(reference);
      const kept = await readItem(table, key, subsidySchema);
      if (kept === undefined) return false;
      if (kept.st !== 'counted') throw new DomainError('state-not-permitted', '该凭证号的补贴已经撤销，无需重复办理。');
      const { personHash, year, st, version, auditHead } = kept;
      const id = insuranceReference(reference);
      await writeAllOrThrow(table, [
        ...transition(table, {
          chain: `INSURANCE#${reference}`,
          entity: { key, st, version, auditHead },
          to: 'reversed',
          audit: { action: 'insurance-subsidy-reversed', by, at: at.toISOString(), reason, facts: { year } },
        }),
        changeQuota(personHash, year, 'DELETE', id, 'contains(#lines, :id)'),
      ]);
      return true;
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

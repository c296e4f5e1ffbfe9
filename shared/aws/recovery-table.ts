import * as z from 'zod';
import type { Actor } from '../access/actor.ts';
import type { PersonalData } from '../access/personal-data.ts';
import type { LineRecord } from '../claims/line-record.ts';
import { DomainError } from '../errors/domain-error.ts';
import {
  type RecoverableClaim,
  type RecoveredLine,
  type Recovery,
  type RecoveryStore,
  recoveryStates,
} from '../payments/recovery.ts';
import { readClaimItem } from './claim-items.ts';
import { balanceKey, claimKey, lineKey } from './entitlement-keys.ts';
import { giveBack, moveLine, packWrites, putEntry, readLines } from './line-writes.ts';
import { createOrganisationTable } from './organisation-table.ts';
import { transferKey } from './payment-items.ts';
import { queryPage, readItem, readMany, readPartition } from './read.ts';
import type { Key, Table } from './table.ts';
import { creation, transition, type WriteItem, writeAllOrThrow } from './transition.ts';

const fen = z.int().min(0);

const schema = z.object({
  id: z.string(),
  claimId: z.string(),
  st: z.enum(recoveryStates),
  version: z.number(),
  auditHead: z.string(),
  document: z.string(),
  reason: z.string(),
  lineCount: z.int().min(0),
  demandedFen: fen,
  receivedFen: fen,
  blockUntil: z.string().exactOptional(),
  createdAt: z.string(),
  updatedAt: z.string(),
});

const lineSchema = z.object({
  lineId: z.string(),
  lineNo: z.number(),
  demandedFen: fen,
  receivedFen: fen,
  // A string set in the table, absent while nothing came back.
  serials: z.preprocess((value) => (value instanceof Set ? [...value] : []), z.array(z.string())),
});

const receiptSchema = z.object({ recoveryId: z.string(), digest: z.string() });

const linesPerPage = 500;

// Each line takes four writes at least, and its transfer one more; recovery, receipt and account take four: this much
// room for lines leaves a transaction below 100 items.
const roomForReceived = 76;

const partitionOf = (claimId: string) => `CLAIM#${claimId}`;
const keyOf = (claimId: string, id: string): Key => ({ pk: partitionOf(claimId), sk: `RECOVERY#${id}` });
const linesPrefix = (id: string) => `RECOVERYLINE#${id}#`;
const recoveryLineKey = (claimId: string, id: string, lineNo: number): Key => ({
  pk: partitionOf(claimId),
  sk: `${linesPrefix(id)}${String(lineNo).padStart(4, '0')}`,
});
const receiptKey = (bankSerial: string): Key => ({ pk: `RECOVERYRECEIPT#${bankSerial}`, sk: 'RECEIPT' });

/** What came back for one line, in one receipt. */
interface Returned {
  line: LineRecord;
  recovered: RecoveredLine;
  fen: number;
}

/** Recoveries in the table, beside the claim whose money they ask back; a line names the open one that asks for it. */
export function createRecoveryTable(table: Table, personal: PersonalData): RecoveryStore {
  const organisations = createOrganisationTable(table, personal);
  const find = async (claimId: string, id: string): Promise<Recovery | undefined> =>
    readItem(table, keyOf(claimId, id), schema);

  const found = async (claimId: string, id: string): Promise<Recovery> => {
    const recovery = await find(claimId, id);
    if (recovery === undefined) throw new Error('recovery vanished');
    return recovery;
  };

  const linesOf = async (claimId: string, id: string): Promise<RecoveredLine[]> => {
    const lines: RecoveredLine[] = [];
    for await (const item of readPartition(table, partitionOf(claimId), linesPrefix(id)))
      lines.push(lineSchema.parse(item));
    return lines;
  };

  const entityOf = ({ claimId, id, st, version, auditHead }: Recovery) => {
    return { key: keyOf(claimId, id), st, version, auditHead };
  };

  /** The line names the recovery that asks for it while no other does, and is asked for what was read of it. */
  const askFor = (claimId: string, id: string, asked: Parameters<RecoveryStore['demand']>[1]['lines'][number]) => {
    const { version, ...line } = asked;
    const writes: WriteItem[] = [
      {
        Update: {
          TableName: table.name,
          Key: lineKey(claimId, line.lineNo),
          UpdateExpression: 'SET demandedBy = :id',
          ConditionExpression: 'st = :paid AND version = :v AND attribute_not_exists(demandedBy)',
          ExpressionAttributeValues: { ':id': id, ':paid': 'paid', ':v': version },
        },
      },
      {
        Put: {
          TableName: table.name,
          Item: { ...recoveryLineKey(claimId, id, line.lineNo), type: 'recovery-line', ...line, receivedFen: 0 },
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      },
    ];
    return writes;
  };

  /** The line's part: still paid with less to ask back, or recovered and out of the person's quota. */
  const returnLine = (
    claim: RecoverableClaim,
    id: string,
    bankSerial: string,
    { line, recovered, fen: back }: Returned,
    by: Actor,
    at: string,
  ): WriteItem[] => {
    const { claimId, lineNo } = line;
    const recoveredFen = (line.recoveredFen ?? 0) + back;
    const isWhole = recoveredFen >= (line.paid?.fen ?? 0);
    // All that this recovery asks for came back: another one may ask for the rest.
    const remove = recovered.receivedFen + back === recovered.demandedFen ? ['demandedBy'] : [];
    const change = {
      audit: { by, at, facts: { fen: back, recoveredFen } },
      set: { recoveredFen },
      condition: {
        expression: 'demandedBy = :recovery AND #paid.#fen >= :recovered',
        names: { '#paid': 'paid', '#fen': 'fen' },
        values: { ':recovery': id, ':recovered': recoveredFen },
      },
    };
    const moved = isWhole
      ? [
          ...moveLine(table, line, 'line-recovered', { ...change, remove: [...remove, 'holds'] }),
          ...giveBack(table, line),
        ]
      : transition(table, {
          chain: claimId,
          entity: { key: lineKey(claimId, lineNo), ...line },
          to: line.st,
          ...change,
          audit: { action: 'line-partly-recovered', ...change.audit },
          remove,
        });
    const base = { claimId, lineNo, kind: 'recovered', sequence: line.version + 1, fen: back, at, by };
    const movement = { account: claim.fundAccount, debit: 'recovered', credit: 'available' };
    const counted: WriteItem = {
      Update: {
        TableName: table.name,
        Key: recoveryLineKey(claimId, id, lineNo),
        UpdateExpression: 'SET receivedFen = :sum ADD serials :serials',
        ConditionExpression: 'receivedFen = :was AND demandedFen >= :sum AND NOT contains(serials, :serial)',
        ExpressionAttributeValues: {
          ':was': recovered.receivedFen,
          ':sum': recovered.receivedFen + back,
          ':serial': bankSerial,
          ':serials': new Set([bankSerial]),
        },
      },
    };
    return [...moved, putEntry(table, { ...base, movement }), counted];
  };

  /** Money comes back from a transfer only while it counts as paid; from then on it cannot bounce any more. */
  const takeFromTransfers = (returned: readonly Returned[]): WriteItem[] => {
    const sums = new Map<string, { key: Key; fen: number }>();
    for (const { line, fen: back } of returned) {
      const { batchId = '', reference = '' } = line.payment ?? {};
      const sum = sums.get(reference)?.fen ?? 0;
      sums.set(reference, { key: transferKey(batchId, reference), fen: sum + back });
    }
    return [...sums.values()].map(({ key, fen: back }) => ({
      Update: {
        TableName: table.name,
        Key: key,
        UpdateExpression: 'ADD recoveredFen :fen',
        ConditionExpression: 'st = :paid',
        ExpressionAttributeValues: { ':fen': back, ':paid': 'paid' },
      },
    }));
  };

  /** What a receipt does besides its lines, for as many of them as are in one transaction. */
  const receiptWrites = (
    claim: RecoverableClaim,
    recovery: Recovery,
    receipt: { bankSerial: string; digest: string },
    { lines, fen: back }: { lines: number; fen: number },
    by: Actor,
    at: string,
  ): WriteItem[] => {
    const { bankSerial, digest } = receipt;
    const receivedFen = recovery.receivedFen + back;
    const isSettled = receivedFen === recovery.demandedFen;
    return [
      ...transition(table, {
        chain: claim.id,
        entity: entityOf(recovery),
        to: isSettled ? 'settled' : 'demanded',
        audit: { action: 'recovery-received', by, at, facts: { lines, fen: back, bankSerial } },
        set: { receivedFen },
        condition: { expression: '#st = :demanded', values: { ':demanded': 'demanded' } },
      }),
      {
        Update: {
          TableName: table.name,
          Key: receiptKey(bankSerial),
          UpdateExpression:
            'SET #type = :type, claimId = :claim, recoveryId = :id, digest = :digest, #at = :at ADD fen :fen',
          ConditionExpression: 'attribute_not_exists(pk) OR (recoveryId = :id AND digest = :digest)',
          ExpressionAttributeNames: { '#type': 'type', '#at': 'at' },
          ExpressionAttributeValues: {
            ':type': 'recovery-receipt',
            ':claim': claim.id,
            ':id': recovery.id,
            ':digest': digest,
            ':at': at,
            ':fen': back,
          },
        },
      },
      {
        Update: {
          TableName: table.name,
          Key: balanceKey(claim.fundAccount),
          UpdateExpression: 'SET available = available + :fen, recovered = recovered + :fen',
          ConditionExpression: 'paid >= :fen',
          ExpressionAttributeValues: { ':fen': back },
        },
      },
    ];
  };

  return {
    find,
    linesOf,
    receiptOf: async (bankSerial) => readItem(table, receiptKey(bankSerial), receiptSchema),
    async claim(claimId) {
      const [item] = await readMany(table, [claimKey(claimId)]);
      if (item === undefined) return undefined;
      const { id, tenant, authority, fundAccount } = readClaimItem(item);
      const lines = (await readLines(table, claimId)).filter(({ st }) => st === 'paid');
      return {
        id,
        tenant,
        authority,
        fundAccount,
        lines: lines.map(({ lineId, lineNo, version, paid, recoveredFen, demandedBy }) => ({
          lineId,
          lineNo,
          version,
          paidFen: paid?.fen ?? 0,
          recoveredFen: recoveredFen ?? 0,
          ...(demandedBy === undefined ? {} : { demandedBy }),
        })),
      };
    },
    async listOf(claimId) {
      const all: Recovery[] = [];
      for await (const item of readPartition(table, partitionOf(claimId), 'RECOVERY#')) all.push(schema.parse(item));
      return all.toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
    },
    async pageOfLines(claimId, id, cursor) {
      const input = {
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
        ExpressionAttributeValues: { ':pk': partitionOf(claimId), ':sk': linesPrefix(id) },
        ConsistentRead: true,
        Limit: linesPerPage,
      };
      const { items, next } = await queryPage(table, input, cursor);
      const lines = items.map((item) => lineSchema.parse(item));
      return next === undefined ? { lines } : { lines, next };
    },
    async demand(claim, recovery, by, at) {
      const { id, document, reason, lines, blockUntil } = recovery;
      const now = at.toISOString();
      const existing = await find(claim.id, id);
      const facts = { document, lines: lines.length, blockUntil };
      const sums = { lineCount: 0, demandedFen: 0, receivedFen: 0 };
      const item = { ...keyOf(claim.id, id), type: 'recovery', st: 'demanding', id, claimId: claim.id };
      const begun = creation(
        table,
        claim.id,
        { ...item, document, reason, blockUntil, ...sums },
        { action: 'recovery-begun', by, at: now, reason, facts },
      );
      const isThere = new Set((await linesOf(claim.id, id)).map(({ lineNo }) => lineNo));
      const units = lines.filter(({ lineNo }) => !isThere.has(lineNo)).map((line) => askFor(claim.id, id, line));
      // The first lines come with the recovery: whoever is too late for one leaves nothing behind.
      const packs = packWrites(existing === undefined ? [begun, ...units] : units);
      for (const pack of packs) await writeAllOrThrow(table, pack.flat());
      if (blockUntil !== undefined) {
        const block = { until: blockUntil, authority: claim.authority, document };
        await organisations.block(claim.tenant, block, by, at);
      }
      const asked = await linesOf(claim.id, id);
      const demandedFen = asked.reduce((sum, line) => sum + line.demandedFen, 0);
      const audit = { action: 'recovery-demanded', by, at: now, reason, facts: { document, fen: demandedFen } };
      const set = { lineCount: asked.length, demandedFen };
      const entity = entityOf(await found(claim.id, id));
      await writeAllOrThrow(table, transition(table, { chain: claim.id, entity, to: 'demanded', audit, set }));
      return found(claim.id, id);
    },
    async receive(claim, recovery, receipt, by, at) {
      const now = at.toISOString();
      const records = new Map((await readLines(table, claim.id)).map((line) => [line.lineNo, line]));
      const asked = new Map((await linesOf(claim.id, recovery.id)).map((line) => [line.lineId, line]));
      const returned = receipt.lines.map(({ lineId, fen: back }): Returned => {
        const recovered = asked.get(lineId);
        const line = records.get(recovered?.lineNo ?? 0);
        if (recovered === undefined || line === undefined) throw new Error('line of a recovery vanished');
        if (line.st !== 'paid' || line.payment === undefined) {
          throw new DomainError(
            'state-not-permitted',
            `明细${lineId}的款项已被银行退汇，目前没有已拨付的金额可以追回。`,
          );
        }
        return { line, recovered, fen: back };
      });
      const units = new Map(
        returned.map((one) => [returnLine(claim, recovery.id, receipt.bankSerial, one, by, now), one] as const),
      );
      let current = recovery;
      for (const pack of packWrites([...units.keys()], roomForReceived)) {
        const part = pack.map((unit) => units.get(unit as WriteItem[])).filter((one) => one !== undefined);
        const sums = { lines: part.length, fen: part.reduce((sum, { fen: back }) => sum + back, 0) };
        await writeAllOrThrow(table, [
          ...receiptWrites(claim, current, receipt, sums, by, now),
          ...takeFromTransfers(part),
          ...pack.flat(),
        ]);
        current = await found(claim.id, recovery.id);
      }
      return current;
    },
    async withdraw(recovery, reason, by, at) {
      const { claimId, id, document, receivedFen } = recovery;
      const free = ({ lineNo }: LineRecord): WriteItem[] => [
        {
          Update: {
            TableName: table.name,
            Key: lineKey(claimId, lineNo),
            UpdateExpression: 'REMOVE demandedBy',
            ConditionExpression: 'demandedBy = :id',
            ExpressionAttributeValues: { ':id': id },
          },
        },
      ];
      const facts = { document, receivedFen };
      const audit = { action: 'recovery-withdrawn', by, at: at.toISOString(), reason, facts };
      const lines = (await readLines(table, claimId)).filter(({ demandedBy }) => demandedBy === id);
      // Its own end comes last: while a crash leaves lines under it, it can be withdrawn again.
      for (const pack of packWrites(lines.map(free))) await writeAllOrThrow(table, pack.flat());
      const entity = entityOf(recovery);
      await writeAllOrThrow(table, transition(table, { chain: claimId, entity, to: 'withdrawn', audit }));
      return found(claimId, id);
    },
  };
}

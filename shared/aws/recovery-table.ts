import * as z from 'zod';
import type { PersonalData } from '../access/personal-data.ts';
import type { LineRecord } from '../claims/line-record.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { OrganisationFacts } from '../organisations/organisation.ts';
import type { RecoverableClaim, Recovery, RecoveryReceipt, RecoveryStore } from '../payments/recovery.ts';
import type { Actor } from '../supervision/audit-chain.ts';
import { readClaimItem } from './claim-items.ts';
import { balanceKey, claimKey } from './entitlement-keys.ts';
import { giveBack, moveLine, putEntry, readLines } from './line-writes.ts';
import { createOrganisationTable } from './organisation-table.ts';
import { transferKey } from './payment-items.ts';
import { readItem, readMany, readPartition } from './read.ts';
import type { Key, Table } from './table.ts';
import { creation, transition, type WriteItem, writeAll, writeAllOrThrow } from './transition.ts';

const schema = z.object({
  id: z.string(),
  claimId: z.string(),
  st: z.enum(['demanded', 'settled']),
  version: z.number(),
  auditHead: z.string(),
  document: z.string(),
  reason: z.string(),
  lines: z.array(
    z.object({ lineId: z.string(), lineNo: z.number(), demandedFen: z.number(), receivedFen: z.number() }),
  ),
  blockUntil: z.string().exactOptional(),
  createdAt: z.string(),
  updatedAt: z.string(),
});

const keyOf = (claimId: string, id: string): Key => ({ pk: `CLAIM#${claimId}`, sk: `RECOVERY#${id}` });
const receiptKey = (bankSerial: string): Key => ({ pk: `RECOVERYRECEIPT#${bankSerial}`, sk: 'RECEIPT' });

/** Money comes back from a transfer only while it counts as paid; from then on it cannot bounce any more. */
function takeFromTransfer(
  table: Table,
  { batchId, reference }: NonNullable<LineRecord['payment']>,
  fen: number,
): WriteItem {
  return {
    Update: {
      TableName: table.name,
      Key: transferKey(batchId, reference),
      UpdateExpression: 'ADD recoveredFen :fen',
      ConditionExpression: 'st = :paid',
      ExpressionAttributeValues: { ':fen': fen, ':paid': 'paid' },
    },
  };
}

/** Recoveries in the table, beside the claim whose money they ask back. */
export function createRecoveryTable(table: Table, personal: PersonalData): RecoveryStore {
  const organisations = createOrganisationTable(table, personal);
  const find = async (claimId: string, id: string): Promise<Recovery | undefined> =>
    readItem(table, keyOf(claimId, id), schema);

  const found = async (claimId: string, id: string): Promise<Recovery> => {
    const recovery = await find(claimId, id);
    if (recovery === undefined) throw new Error('recovery vanished');
    return recovery;
  };

  const block = async (tenant: string, until: string, by: Actor, at: Date): Promise<void> => {
    const organisation = await organisations.find(tenant);
    if (organisation === undefined || (organisation.blockedUntil ?? '') >= until) return;
    const { tenant: _t, version: _v, registeredBy: _r, updatedAt: _u, ...facts } = organisation;
    await organisations.save(tenant, { ...(facts satisfies OrganisationFacts), blockedUntil: until }, by, at);
  };

  /** The line's part: still paid with less to ask back, or recovered and out of the person's quota. */
  const lineWrites = async (claim: RecoverableClaim, lineNo: number, fen: number, by: Actor, at: string) => {
    const line = (await readLines(table, claim.id)).find((candidate) => candidate.lineNo === lineNo);
    if (line === undefined) throw new Error('line of a recovery vanished');
    const { payment } = line;
    if (line.st !== 'paid' || payment === undefined) {
      throw new DomainError('state-not-permitted', '该明细的款项已被银行退汇，目前没有已拨付的金额可以追回。');
    }
    const fromTransfer = takeFromTransfer(table, payment, fen);
    const recoveredFen = (line.recoveredFen ?? 0) + fen;
    const audit = { by, at, facts: { fen, recoveredFen } };
    const base = { claimId: claim.id, lineNo, kind: 'recovered', sequence: line.version + 1, fen, at, by };
    const movement = { account: claim.fundAccount, debit: 'recovered', credit: 'available' };
    const entry = putEntry(table, { ...base, movement });
    if (recoveredFen < (line.paid?.fen ?? 0)) {
      const entity = { key: { pk: `CLAIM#${claim.id}`, sk: `LINE#${String(lineNo).padStart(4, '0')}` }, ...line };
      const kept = transition(table, {
        chain: claim.id,
        entity,
        to: line.st,
        audit: { action: 'line-partly-recovered', ...audit },
        set: { recoveredFen },
      });
      return [...kept, entry, fromTransfer];
    }
    const moved = moveLine(table, line, 'line-recovered', { audit, set: { recoveredFen }, remove: ['holds'] });
    return [...moved, ...giveBack(table, line), entry, fromTransfer];
  };

  return {
    find,
    isBooked: async (bankSerial) => (await readMany(table, [receiptKey(bankSerial)])).length > 0,
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
        lines: lines.map(({ lineId, lineNo, paid, recoveredFen }) => ({
          lineId,
          lineNo,
          paidFen: paid?.fen ?? 0,
          recoveredFen: recoveredFen ?? 0,
        })),
      };
    },
    async listOf(claimId) {
      const all: Recovery[] = [];
      for await (const item of readPartition(table, `CLAIM#${claimId}`, 'RECOVERY#')) all.push(schema.parse(item));
      return all;
    },
    async demand(claim, recovery, by, at) {
      const { id, document, reason, lines, blockUntil } = recovery;
      const fen = lines.reduce((sum, { demandedFen }) => sum + demandedFen, 0);
      const audit = { action: 'recovery-demanded', by, at: at.toISOString(), reason, facts: { document, fen } };
      const item = {
        ...keyOf(claim.id, id),
        type: 'recovery',
        st: 'demanded',
        id,
        claimId: claim.id,
        document,
        reason,
        lines,
        blockUntil,
      };
      // Refused means that the same request was here before.
      await writeAll(table, creation(table, claim.id, item, audit));
      if (blockUntil !== undefined) await block(claim.tenant, blockUntil, by, at);
      return found(claim.id, id);
    },
    async receive(claim, recovery, receipt, by, at) {
      const { lineId, fen, bankSerial }: RecoveryReceipt = receipt;
      const now = at.toISOString();
      const lines = recovery.lines.map((line) =>
        line.lineId === lineId ? { ...line, receivedFen: line.receivedFen + fen } : line,
      );
      const isSettled = lines.every(({ demandedFen, receivedFen }) => receivedFen >= demandedFen);
      const lineNo = lines.find((line) => line.lineId === lineId)?.lineNo ?? 0;
      const { id, st, version, auditHead } = recovery;
      const writes: WriteItem[] = [
        ...transition(table, {
          chain: claim.id,
          entity: { key: keyOf(claim.id, id), st, version, auditHead },
          to: isSettled ? 'settled' : 'demanded',
          audit: { action: 'recovery-received', by, at: now, facts: { lineNo, fen, bankSerial } },
          set: { lines },
          condition: { expression: '#st = :demanded', values: { ':demanded': 'demanded' } },
        }),
        {
          Put: {
            TableName: table.name,
            Item: {
              ...receiptKey(bankSerial),
              type: 'recovery-receipt',
              claimId: claim.id,
              recoveryId: id,
              fen,
              at: now,
            },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
        {
          Update: {
            TableName: table.name,
            Key: balanceKey(claim.fundAccount),
            UpdateExpression: 'SET available = available + :fen, recovered = recovered + :fen',
            ConditionExpression: 'paid >= :fen',
            ExpressionAttributeValues: { ':fen': fen },
          },
        },
        ...(await lineWrites(claim, lineNo, fen, by, now)),
      ];
      await writeAllOrThrow(table, writes);
      return found(claim.id, id);
    },
  };
}

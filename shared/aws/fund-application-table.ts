import * as z from 'zod';
import type { ClaimRecord } from '../claims/claim-record.ts';
import { DomainError } from '../errors/domain-error.ts';
import {
  applicationMoves,
  applicationStates,
  type FundApplication,
  type FundApplicationRow,
  type FundApplicationStore,
} from '../payments/fund-application.ts';
import { readClaimItem } from './claim-items.ts';
import { claimKey } from './entitlement-keys.ts';
import { putEntry } from './line-writes.ts';
import { query, readItem, readMany, readPartition } from './read.ts';
import type { Key, Table } from './table.ts';
import { creation, startsIn, transition, writeAll, writeAllOrThrow } from './transition.ts';

const metaSchema = z.object({
  id: z.string(),
  st: z.enum(applicationStates),
  version: z.number(),
  auditHead: z.string(),
  authority: z.string(),
  account: z.string(),
  receiptNumber: z.string(),
  bankSerial: z.string().exactOptional(),
  createdAt: z.string(),
  updatedAt: z.string(),
});

const rowSchema = z.object({
  claimId: z.string(),
  applicantName: z.string(),
  subject: z.string(),
  heads: z.number(),
  fen: z.number(),
  noticeId: z.string(),
});

const keyOf = (id: string): Key => ({ pk: `FUNDAPPLICATION#${id}`, sk: 'META' });

function rowOf(claim: ClaimRecord): FundApplicationRow {
  return {
    claimId: claim.id,
    applicantName: claim.applicantName,
    subject: claim.subject ?? '',
    heads: claim.approvedLines ?? 0,
    fen: claim.approvedFen ?? 0,
    noticeId: claim.noticeId ?? '',
  };
}

/** Departments' fund applications in the table: one row per claim, which the claim itself names in return. */
export function createFundApplicationTable(table: Table): FundApplicationStore {
  const find = async (id: string): Promise<FundApplication | undefined> => {
    const meta = await readItem(table, keyOf(id), metaSchema);
    if (meta === undefined) return undefined;
    const rows: FundApplicationRow[] = [];
    for await (const item of readPartition(table, `FUNDAPPLICATION#${id}`, 'CLAIM#')) rows.push(rowSchema.parse(item));
    return { ...meta, rows, totalFen: rows.reduce((sum, { fen }) => sum + fen, 0) };
  };

  const coverable = async function* (authority: string): AsyncGenerator<ClaimRecord> {
    const cleared = query(table, {
      IndexName: 'desk',
      KeyConditionExpression: 'dpk = :authority AND begins_with(dsk, :cleared)',
      ExpressionAttributeValues: { ':authority': authority, ':cleared': 'claim#cleared#' },
    });
    for await (const { pk } of cleared) {
      const [item] = await readMany(table, [{ pk: String(pk), sk: 'META' }]);
      if (item === undefined) continue;
      const claim = readClaimItem(item);
      if (claim.st === 'cleared' && claim.applicationId === undefined) yield claim;
    }
  };

  // The claim names its application while it is cleared and free: two applications never cover one claim.
  const cover = async (applicationId: string, claim: ClaimRecord): Promise<boolean> => {
    const result = await writeAll(table, [
      {
        Update: {
          TableName: table.name,
          Key: claimKey(claim.id),
          UpdateExpression: 'SET applicationId = :a',
          ConditionExpression: 'st = :cleared AND attribute_not_exists(applicationId)',
          ExpressionAttributeValues: { ':a': applicationId, ':cleared': 'cleared' },
        },
      },
      {
        Put: {
          TableName: table.name,
          Item: {
            pk: `FUNDAPPLICATION#${applicationId}`,
            sk: `CLAIM#${claim.id}`,
            type: 'fund-application-row',
            ...rowOf(claim),
          },
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      },
    ]);
    return result.kind === 'done';
  };

  return {
    find,
    async apply({ id, authority, receiptNumber }, by, at) {
      const existing = await find(id);
      if (existing !== undefined && existing.st !== 'applied') return existing;
      let account = existing?.account;
      for await (const claim of coverable(authority)) {
        if (account === undefined) {
          account = claim.fundAccount;
          const audit = { action: 'funds-applied-for', by, at: at.toISOString(), facts: { account, receiptNumber } };
          const item = {
            ...keyOf(id),
            type: 'fund-application',
            st: 'applied',
            id,
            authority,
            account,
            receiptNumber,
            tpk: `fund-applications/${account}`,
            tsk: `application#${audit.at}#${id}`,
            dpk: authority,
            dsk: `fund-application#${audit.at}#${id}`,
          };
          await writeAll(table, creation(table, id, item, audit));
        }
        if (claim.fundAccount === account) await cover(id, claim);
      }
      return find(id);
    },
    async fund(application, bankSerial, by, at) {
      if (application.st !== 'applied')
        throw new DomainError('state-not-permitted', '该资金申请已拨付，无需重复办理。');
      const { id, st, version, auditHead, account, rows, totalFen } = application;
      const audit = { action: 'funds-advanced', by, at: at.toISOString(), facts: { account, totalFen, bankSerial } };
      const entity = { key: keyOf(id), st, version, auditHead };
      const { from, to } = applicationMoves['funds-advanced'];
      const change = { chain: id, entity, to, audit, set: { bankSerial }, condition: startsIn(from) };
      await writeAllOrThrow(table, transition(table, change));
      // No pot changes: the money stays committed until the applicant has it. The entry shows the step in the ledger.
      for (const { claimId, fen } of rows) {
        await writeAll(table, [
          putEntry(table, { claimId, lineNo: 0, kind: 'advanced', sequence: 1, fen, at: audit.at, by }),
        ]);
      }
      const funded = await find(id);
      if (funded === undefined) throw new Error('fund application vanished');
      return funded;
    },
  };
}

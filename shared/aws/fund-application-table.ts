import * as z from 'zod';
import type { Actor } from '../access/actor.ts';
import type { ClaimRecord } from '../claims/claim-record.ts';
import type { LineRecord } from '../claims/line-record.ts';
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
import { lineFen, putEntry, readLines } from './line-writes.ts';
import { query, queryPage, readItem, readMany, readPartition } from './read.ts';
import type { Key, Table } from './table.ts';
import { allOf, creation, startsIn, transition, writeAll, writeAllOrThrow } from './transition.ts';

const metaSchema = z.object({
  id: z.string(),
  st: z.enum(applicationStates),
  version: z.number(),
  auditHead: z.string(),
  authority: z.string(),
  account: z.string(),
  receiptNumber: z.string(),
  count: z.int().min(0),
  totalFen: z.int().min(0),
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

// A reply of this many rows stays far below what a function may answer.
const rowsPerPage = 500;

const partitionOf = (id: string) => `FUNDAPPLICATION#${id}`;
const keyOf = (id: string): Key => ({ pk: partitionOf(id), sk: 'META' });

// What the claim is paid, not what was once approved: an upheld objection may have taken lines out of it since (二(三)).
function rowOf(claim: ClaimRecord, lines: readonly LineRecord[]): FundApplicationRow {
  const payable = lines.filter(({ st }) => st === 'cleared');
  return {
    claimId: claim.id,
    applicantName: claim.applicantName,
    subject: claim.subject ?? '',
    heads: payable.length,
    fen: payable.reduce((sum, line) => sum + lineFen(line), 0),
    noticeId: claim.noticeId ?? '',
  };
}

/** Departments' fund applications in the table: one row per claim, which the claim itself names in return. */
export function createFundApplicationTable(table: Table): FundApplicationStore {
  const find = async (id: string): Promise<FundApplication | undefined> => readItem(table, keyOf(id), metaSchema);

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

  // The claim names its application while it is cleared and free: two applications never cover one claim. The application
  // counts the row while it waits for its transfer: nothing joins what was transferred already.
  const cover = async (applicationId: string, claim: ClaimRecord): Promise<void> => {
    const row = rowOf(claim, await readLines(table, claim.id));
    await writeAll(table, [
      {
        Update: {
          TableName: table.name,
          Key: claimKey(claim.id),
          UpdateExpression: 'SET applicationId = :a',
          ConditionExpression: 'st = :cleared AND version = :v AND attribute_not_exists(applicationId)',
          ExpressionAttributeValues: { ':a': applicationId, ':cleared': 'cleared', ':v': claim.version },
        },
      },
      {
        Put: {
          TableName: table.name,
          Item: { pk: partitionOf(applicationId), sk: `CLAIM#${claim.id}`, type: 'fund-application-row', ...row },
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      },
      {
        Update: {
          TableName: table.name,
          Key: keyOf(applicationId),
          UpdateExpression: 'ADD #count :one, totalFen :fen',
          ConditionExpression: 'st = :applied',
          ExpressionAttributeNames: { '#count': 'count' },
          ExpressionAttributeValues: { ':one': 1, ':fen': row.fen, ':applied': 'applied' },
        },
      },
    ]);
  };

  // No pot changes: the money stays committed until the applicant has it. The entry shows the step in the ledger.
  const putAdvances = async (id: string, by: Actor, at: string): Promise<void> => {
    for await (const item of readPartition(table, partitionOf(id), 'CLAIM#')) {
      const { claimId, fen } = rowSchema.parse(item);
      // Refused means that an earlier try put it.
      await writeAll(table, [putEntry(table, { claimId, lineNo: 0, kind: 'advanced', sequence: 1, fen, at, by })]);
    }
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
            count: 0,
            totalFen: 0,
            tpk: `fund-applications/${account}`,
            tsk: `application#${audit.at}#${id}`,
            dpk: authority,
            dsk: `fund-application#${audit.at}#${id}`,
            wpk: 'W#fund-application#applied#0',
            wsk: audit.at,
          };
          await writeAll(table, creation(table, id, item, audit));
        }
        if (claim.fundAccount === account) await cover(id, claim);
      }
      return find(id);
    },
    async rowsOf(id, cursor) {
      const input = {
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :row)',
        ExpressionAttributeValues: { ':pk': partitionOf(id), ':row': 'CLAIM#' },
        ConsistentRead: true,
        Limit: rowsPerPage,
      };
      const { items, next } = await queryPage(table, input, cursor);
      const rows = items.map((item) => rowSchema.parse(item));
      return next === undefined ? { rows } : { rows, next };
    },
    async list(of, cursor) {
      const where =
        'authority' in of
          ? {
              IndexName: 'desk',
              KeyConditionExpression: 'dpk = :of AND begins_with(dsk, :kind)',
              ExpressionAttributeValues: { ':of': of.authority, ':kind': 'fund-application#' },
            }
          : {
              IndexName: 'tenant',
              KeyConditionExpression: 'tpk = :of AND begins_with(tsk, :kind)',
              ExpressionAttributeValues: { ':of': `fund-applications/${of.account}`, ':kind': 'application#' },
            };
      const { items, next } = await queryPage(table, { ...where, ScanIndexForward: false, Limit: 50 }, cursor);
      const keys = items.map(({ pk, sk }) => ({ pk: String(pk), sk: String(sk) }));
      const applications = (await readMany(table, keys))
        .map((item) => metaSchema.parse(item))
        .toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
      return next === undefined ? { applications } : { applications, next };
    },
    async fund(application, { bankSerial, totalFen }, by, at) {
      if (application.st !== 'applied')
        throw new DomainError('state-not-permitted', '该资金申请已拨付，无需重复办理。');
      const { id, st, version, auditHead, account } = application;
      const audit = { action: 'funds-advanced', by, at: at.toISOString(), facts: { account, totalFen, bankSerial } };
      const entity = { key: keyOf(id), st, version, auditHead };
      // The entries come first: after the move nobody would ask again for what a crash left out.
      await putAdvances(id, by, audit.at);
      const { from, to } = applicationMoves['funds-advanced'];
      const transferred = { expression: 'totalFen = :transferred', values: { ':transferred': totalFen } };
      const change = {
        audit,
        set: { bankSerial },
        condition: allOf(startsIn(from), transferred),
        remove: ['wpk', 'wsk'],
      };
      await writeAllOrThrow(table, transition(table, { chain: id, entity, to, ...change }));
      const funded = await find(id);
      if (funded === undefined) throw new Error('fund application vanished');
      return funded;
    },
  };
}

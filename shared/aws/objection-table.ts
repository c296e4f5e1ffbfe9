import * as z from 'zod';
import { DomainError } from '../errors/domain-error.ts';
import { type ObjectionMove, objectionMoves } from '../publicity/notice-states.ts';
import { type Objection, objectionSchema } from '../publicity/objection.ts';
import type { NewObjection, ObjectionStore } from '../publicity/objection-store.ts';
import { readClaim } from './claim-table.ts';
import { moveClaim } from './claim-writes.ts';
import { claimKey } from './entitlement-keys.ts';
import { noticeKey } from './notice-items.ts';
import { badCursor, query, readItem, readMany } from './read.ts';
import type { Item, Key, Table } from './table.ts';
import { creation, type Entity, transition, type WriteItem, writeAll, writeAllOrThrow } from './transition.ts';

const pageSize = 50;

const pointerSchema = z.object({ noticeId: z.string(), objectionId: z.string() });

function objectionKey({ noticeId, id }: Pick<Objection, 'noticeId' | 'id'>): Key {
  return { pk: `NOTICE#${noticeId}`, sk: `OBJECTION#${id}` };
}

/** Leads from an objection's id to its notice. */
function pointerKey(objectionId: string): Key {
  return { pk: `OBJECTION#${objectionId}`, sk: 'NOTICE' };
}

/** Leads from a receipt to its objection. */
function receiptKey(receiptNumber: string): Key {
  return { pk: `RECEIPT#${receiptNumber}`, sk: 'OBJECTION' };
}

function entityOf(objection: Objection): Entity {
  const { st, version, auditHead } = objection;
  return { key: objectionKey(objection), st, version, auditHead };
}

/** The desk of the authority shows every objection; the worklist only those that still need somebody. */
function stateKeys(
  objection: Pick<Objection, 'id' | 'authority' | 'dueAt'>,
  st: Objection['st'],
): { set: Item; remove: string[] } {
  const desk = { dpk: objection.authority, dsk: `objection#${st}#${objection.dueAt}#${objection.id}` };
  if (st === 'upheld' || st === 'dismissed') return { set: desk, remove: ['wpk', 'wsk'] };
  return { set: { ...desk, wpk: `W#objection#${st}#0`, wsk: objection.dueAt }, remove: [] };
}

const cursorPattern = /^objection#[a-z]+#[^#]+#([0-9A-Z]{26})$/;

/** Objections in the table, under their notice; two pointers lead to them from their id and from their receipt. */
export function createObjectionTable(table: Table): ObjectionStore {
  const readAt = async (key: Key): Promise<Objection | undefined> => {
    const pointer = await readItem(table, key, pointerSchema);
    if (pointer === undefined) return undefined;
    return readItem(table, objectionKey({ noticeId: pointer.noticeId, id: pointer.objectionId }), objectionSchema);
  };
  const find = async (objectionId: string) => readAt(pointerKey(objectionId));

  const move = (
    objection: Objection,
    name: ObjectionMove,
    audit: Parameters<typeof transition>[1]['audit'],
    set: Item = {},
  ) => {
    if (!(objectionMoves[name].from as readonly string[]).includes(objection.st))
      throw new DomainError('state-not-permitted', '该异议当前的状态不能办理此事项，请刷新后查看。');
    const { to } = objectionMoves[name];
    const keys = stateKeys(objection, to);
    return transition(table, {
      chain: objection.noticeId,
      entity: entityOf(objection),
      to,
      audit,
      set: {
        ...set,
        ...keys.set,
      },
      remove: keys.remove,
    });
  };

  const pointer = (key: Key, { noticeId, id }: NewObjection): WriteItem => ({
    Put: {
      TableName: table.name,
      Item: { ...key, type: 'objection-pointer', noticeId, objectionId: id },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  });

  return {
    find,
    async findByReceipt(receiptNumber) {
      return readAt(receiptKey(receiptNumber));
    },
    async lodge(objection, at) {
      const now = at.toISOString();
      const { noticeId, claimId, rowNo, kind } = objection;
      const item = {
        ...objectionKey(objection),
        type: 'objection',
        st: 'open',
        ...objection,
        ...stateKeys(objection, 'open').set,
      };
      const by = { subject: 'public', tenant: 'public', role: 'public', name: '' };
      const result = await writeAll(table, [
        ...creation(table, noticeId, item, {
          action: 'objection-lodged',
          by,
          at: now,
          facts: {
            claimId,
            rowNo,
            kind,
          },
        }),
        pointer(pointerKey(objection.id), objection),
        pointer(receiptKey(objection.receiptNumber), objection),
        {
          Update: {
            TableName: table.name,
            Key: claimKey(claimId),
            // Counted without a step of the claim's version: many may object to one claim at the same moment.
            UpdateExpression: 'ADD openObjections :one',
            ConditionExpression: 'st = :publicised AND noticeId = :notice',
            ExpressionAttributeValues: { ':one': 1, ':publicised': 'publicised', ':notice': noticeId },
          },
        },
        {
          ConditionCheck: {
            TableName: table.name,
            Key: noticeKey(noticeId),
            ConditionExpression: 'st = :running AND endsAt > :now',
            ExpressionAttributeValues: { ':running': 'running', ':now': now },
          },
        },
      ]);
      if (result.kind === 'done') return { kind: 'lodged' };
      const stored = await find(objection.id);
      if (stored !== undefined) return { kind: 'repeated', objection: stored };
      return result.failed.has(5) ? { kind: 'notice-over' } : { kind: 'row-moved' };
    },
    async list(authority, st, cursor) {
      const prefix = st === undefined ? 'objection#' : `objection#${st}#`;
      const sortKey = cursor === undefined ? undefined : Buffer.from(cursor, 'base64url').toString();
      const startId = sortKey === undefined ? undefined : cursorPattern.exec(sortKey)?.[1];
      if (sortKey !== undefined && (startId === undefined || !sortKey.startsWith(prefix))) throw badCursor();
      const start = startId === undefined ? undefined : await find(startId);
      if (startId !== undefined && start?.authority !== authority) throw badCursor();
      const keys: (Key & { sortKey: string })[] = [];
      const index = {
        IndexName: 'desk',
        KeyConditionExpression: 'dpk = :authority AND begins_with(dsk, :prefix)',
        ExpressionAttributeValues: { ':authority': authority, ':prefix': prefix },
        Limit: pageSize + 1,
        ...(start === undefined ? {} : { ExclusiveStartKey: { ...objectionKey(start), dpk: authority, dsk: sortKey } }),
      };
      for await (const item of query(table, index)) {
        keys.push({ pk: String(item['pk']), sk: String(item['sk']), sortKey: String(item['dsk']) });
        if (keys.length > pageSize) break;
      }
      const shown = keys.slice(0, pageSize);
      const items = await readMany(
        table,
        shown.map(({ pk, sk }) => ({ pk, sk })),
      );
      const bySk = new Map(items.map((item) => [String(item['sk']), objectionSchema.parse(item)]));
      const objections = shown.flatMap(({ sk }) => bySk.get(sk) ?? []);
      const last = shown.at(-1);
      if (keys.length <= pageSize || last === undefined) return { objections };
      return { objections, next: Buffer.from(last.sortKey).toString('base64url') };
    },
    async deciding() {
      const keys: Key[] = [];
      const index = {
        IndexName: 'worklist',
        KeyConditionExpression: 'wpk = :w',
        ExpressionAttributeValues: { ':w': 'W#objection#deciding#0' },
      };
      for await (const item of query(table, index)) keys.push({ pk: String(item['pk']), sk: String(item['sk']) });
      const objections = (await readMany(table, keys)).map((item) => objectionSchema.parse(item));
      return objections.filter(({ st }) => st === 'deciding');
    },
    async decide(objection, decision) {
      const { by, at, result, reason, lineNos } = decision;
      const facts = { result, claimId: objection.claimId, ...(lineNos === undefined ? {} : { lineNos }) };
      const audit = { action: 'objection-decided', by, at, reason, facts };
      // Who approved the claim does not alone let it be paid over an objection; approvals are not taken back from here on.
      const isOfAnother: WriteItem[] =
        result === 'upheld'
          ? []
          : [
              {
                ConditionCheck: {
                  TableName: table.name,
                  Key: claimKey(objection.claimId),
                  ConditionExpression: 'attribute_not_exists(approvedBy) OR approvedBy.#subject <> :who',
                  ExpressionAttributeNames: { '#subject': 'subject' },
                  ExpressionAttributeValues: { ':who': by.subject },
                },
              },
            ];
      const writes = [...move(objection, 'objection-decided', audit, { decision }), ...isOfAnother];
      await writeAllOrThrow(table, writes);
      const decided = await find(objection.id);
      if (decided === undefined) throw new Error('objection vanished after it was written');
      return decided;
    },
    async finish(objection, nothingLeft, { by, at }) {
      const result = objection.decision?.result;
      if (result === undefined) throw new Error('an undecided objection cannot end');
      const name = result === 'upheld' ? 'objection-upheld' : 'objection-dismissed';
      const audit = { by, at: at.toISOString() };
      for (let attempt = 0; attempt < 5; attempt += 1) {
        const current = await find(objection.id);
        if (current?.st !== 'deciding') return;
        const claim = await readClaim(table, objection.claimId);
        if (claim === undefined) throw new Error('claim of an objection is gone');
        const facts = { objectionId: objection.id };
        const ofClaim: WriteItem[] =
          nothingLeft && claim.st === 'publicised'
            ? moveClaim(table, claim, 'claim-cancelled', {
                audit: { ...audit, reason: '异议成立，取消补贴资格', facts },
                add: { openObjections: -1 },
              })
            : [
                {
                  Update: {
                    TableName: table.name,
                    Key: claimKey(claim.id),
                    UpdateExpression: 'ADD openObjections :less',
                    ConditionExpression: 'openObjections >= :one AND st = :st',
                    ExpressionAttributeValues: { ':less': -1, ':one': 1, ':st': claim.st },
                  },
                },
              ];
        const writes = [...move(current, name, { action: name, ...audit }), ...ofClaim];
        if ((await writeAll(table, writes)).kind === 'done') return;
      }
      throw new DomainError('changed-meanwhile', '该申请正被他人同时办理，请稍后重试。');
    },
    async recordUnmasking(objection, reason, { by, at }) {
      // The state stays; the look takes its place in the chain like any step.
      const audit = { action: 'objector-unmasked', by, at: at.toISOString(), reason };
      const { st, noticeId } = objection;
      await writeAllOrThrow(table, transition(table, { chain: noticeId, entity: entityOf(objection), to: st, audit }));
    },
  };
}

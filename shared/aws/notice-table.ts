import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type * as z from 'zod';
import { idFromCause } from '../clock/ids.ts';
import { DomainError } from '../errors/domain-error.ts';
import { isPublished, type NoticeRecord, type PublishedNotice } from '../publicity/notice.ts';
import type { PlacedRow } from '../publicity/notice-document.ts';
import type { NoticeFilter } from '../publicity/notice-list-page.ts';
import { periodEnd } from '../publicity/notice-period.ts';
import { type NoticeMove, noticeMoves } from '../publicity/notice-states.ts';
import type { Act, NoticeDraft, NoticeProof, NoticeStore } from '../publicity/notice-store.ts';
import { noticeTitle } from '../publicity/notice-text.ts';
import { moveClaim } from './claim-writes.ts';
import { claimKey } from './entitlement-keys.ts';
import {
  correctionItemSchema,
  correctionKey,
  noticeKey,
  noticeWorkKeys,
  proofKey,
  proofSchema,
  readNoticeItem,
  readRowItem,
  rowKey,
  sequenceKey,
  sequenceSchema,
} from './notice-items.ts';
import { query, readItem, readMany, readPartition } from './read.ts';
import type { Item, Key, Table } from './table.ts';
import { creation, transition, type WriteItem, writeAll, writeAllOrThrow } from './transition.ts';

const pageSize = 20;
// How many notices are looked through for one page of a narrow filter; then the reader gets a cursor to go on from.
const looksPerPage = 400;

function moveNotice(
  table: Table,
  notice: NoticeRecord,
  move: NoticeMove,
  change: {
    act: Act;
    set?: Item;
    remove?: string[];
    dueAt: string;
    reason?: string;
    facts?: Record<string, unknown>;
  },
): WriteItem[] {
  if (!(noticeMoves[move].from as readonly string[]).includes(notice.st))
    throw new DomainError('state-not-permitted', '公示当前的状态不能办理此事项，请刷新后查看。');
  const target = noticeMoves[move].to;
  const to = target === 'unchanged' ? notice.st : target;
  const { act, reason, facts } = change;
  const keys = noticeWorkKeys(to, change.dueAt);
  return transition(table, {
    chain: notice.id,
    entity: { key: noticeKey(notice.id), st: notice.st, version: notice.version, auditHead: notice.auditHead },
    to,
    audit: {
      action: move,
      by: act.by,
      at: act.at.toISOString(),
      ...(reason === undefined ? {} : { reason }),
      ...(facts === undefined ? {} : { facts }),
    },
    set: { ...change.set, ...keys.set },
    remove: [...(change.remove ?? []), ...keys.remove],
  });
}

async function putOnce(table: Table, item: Item & Key): Promise<void> {
  try {
    await table.client.send(
      new PutCommand({ TableName: table.name, Item: item, ConditionExpression: 'attribute_not_exists(pk)' }),
    );
  } catch (error) {
    // What was there first stays.
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

/** Frees the series for its next notice. */
function freeSeries(table: Table, notice: NoticeRecord): WriteItem {
  return {
    Update: {
      TableName: table.name,
      Key: sequenceKey(notice.authority, notice.programme),
      UpdateExpression: 'REMOVE preparing',
      ConditionExpression: 'preparing = :id',
      ExpressionAttributeValues: { ':id': notice.id },
    },
  };
}

/** Takes the series' next number of a counter; only while none of its notices is or has been under preparation since it was read. */
function takeNumber(
  table: Table,
  series: NoticeDraft['series'],
  sequence: z.infer<typeof sequenceSchema>,
  counter: string,
  noticeId: string,
): WriteItem {
  const { revision } = sequence;
  return {
    Update: {
      TableName: table.name,
      Key: sequenceKey(series.authority, series.programme),
      UpdateExpression: 'SET #counter = :number, preparing = :id, revision = :next, #type = :type',
      ConditionExpression: `attribute_not_exists(preparing) AND ${
        revision === 0 ? 'attribute_not_exists(revision)' : 'revision = :read'
      }`,
      ExpressionAttributeNames: { '#counter': counter, '#type': 'type' },
      ExpressionAttributeValues: {
        ':number': nextNumber(sequence, counter),
        ':id': noticeId,
        ':type': 'notice-sequence',
        ':next': revision + 1,
        ...(revision === 0 ? {} : { ':read': revision }),
      },
    },
  };
}

function nextNumber(sequence: z.infer<typeof sequenceSchema>, counter: string): number {
  const last = sequence[counter];
  return typeof last === 'number' ? last + 1 : 1;
}

function matches(notice: PublishedNotice, { authority, programme, from, to }: NoticeFilter): boolean {
  const { publishedOn } = notice.period;
  if (authority !== undefined && notice.authority !== authority) return false;
  if (programme !== undefined && notice.programme !== programme) return false;
  return (from === undefined || publishedOn >= from) && (to === undefined || publishedOn <= to);
}

const cursorPattern = /^notice#(\d{4}-\d{2}-\d{2})#([0-9A-Z]{26})$/;

// A cursor is the sort key it stands at; anything else from outside, or out of the filter, never reaches the table.
function cursorStart(cursor: string, { from = '0000-00-00', to = '9999-99-99' }: NoticeFilter): Item {
  const sortKey = Buffer.from(cursor, 'base64url').toString();
  const [, date = '', noticeId] = cursorPattern.exec(sortKey) ?? [];
  if (noticeId === undefined || date < from || date > to) {
    throw new DomainError('validation-failed', '翻页参数无效，请从第一页重新开始。', [
      { path: 'query.cursor', message: '翻页参数无效' },
    ]);
  }
  return { ...noticeKey(noticeId), tpk: 'notices', tsk: sortKey };
}

/** Walks the list of published notices, reading each as it is now; undefined where it is no longer published. */
async function* newestFirst(
  table: Table,
  input: Parameters<typeof query>[1],
): AsyncGenerator<{ notice: PublishedNotice | undefined; sortKey: string }> {
  let page: { key: Key; sortKey: string }[] = [];
  const read = async () => {
    const items = await readMany(
      table,
      page.map(({ key }) => key),
    );
    const byKey = new Map(items.map((item) => [item['pk'], readNoticeItem(item)]));
    const known = page.map(({ key, sortKey }) => ({ notice: byKey.get(key.pk), sortKey }));
    page = [];
    return known.map(({ notice, sortKey }) =>
      notice !== undefined && isPublished(notice) ? { notice, sortKey } : { notice: undefined, sortKey },
    );
  };
  for await (const item of query(table, input)) {
    page.push({ key: { pk: String(item['pk']), sk: String(item['sk']) }, sortKey: String(item['tsk']) });
    if (page.length === pageSize) yield* await read();
  }
  yield* await read();
}

/** Notices in the table. Published ones form one list of their own in the `tenant` index, newest first. */
export function createNoticeTable(table: Table): NoticeStore {
  const find = async (noticeId: string): Promise<NoticeRecord | undefined> => {
    const [item] = await readMany(table, [noticeKey(noticeId)]);
    return item === undefined ? undefined : readNoticeItem(item);
  };

  const found = async (noticeId: string): Promise<NoticeRecord> => {
    const notice = await find(noticeId);
    if (notice === undefined) throw new Error('notice vanished after it was written');
    return notice;
  };

  const foundPublished = async (noticeId: string): Promise<PublishedNotice> => {
    const notice = await found(noticeId);
    if (!isPublished(notice)) throw new Error('notice went back to preparation');
    return notice;
  };

  const sequenceOf = async ({ authority, programme }: NoticeDraft['series']) =>
    (await readItem(table, sequenceKey(authority, programme), sequenceSchema)) ?? { revision: 0 };

  const stillApproved = async (claimIds: readonly string[]): Promise<string[]> => {
    const items = await readMany(table, claimIds.map(claimKey));
    const approved = new Set(items.filter((item) => item['st'] === 'approved').map((item) => item['pk']));
    return claimIds.filter((claimId) => approved.has(claimKey(claimId).pk));
  };

  const draftItem = (
    notice: Omit<NoticeRecord, 'st' | 'version' | 'auditHead' | 'createdAt' | 'updatedAt'>,
    at: Date,
  ) => ({
    ...noticeKey(notice.id),
    type: 'notice',
    st: 'preparing',
    ...notice,
    ...noticeWorkKeys('preparing', at.toISOString()).set,
  });

  return {
    find,
    async inState(st) {
      const keys: Key[] = [];
      const index = {
        IndexName: 'worklist',
        KeyConditionExpression: 'wpk = :w',
        ExpressionAttributeValues: { ':w': `W#notice#${st}#0` },
      };
      for await (const item of query(table, index)) keys.push({ pk: String(item['pk']), sk: String(item['sk']) });
      const notices = (await readMany(table, keys)).map(readNoticeItem);
      return notices.filter((notice) => notice.st === st).toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
    },
    async begin({ series, year, edition, settings, candidates, mostRows }, act) {
      for (let attempt = 0; attempt < 5; attempt += 1) {
        // Read before the claims: while the sequence stays as it is, no other notice can take one of them.
        const sequence = await sequenceOf(series);
        if (sequence.preparing !== undefined) return found(sequence.preparing);
        const members = (await stillApproved(candidates)).slice(0, mostRows).map((claimId) => ({ claimId }));
        if (members.length === 0) return undefined;
        const counter = `y${year}`;
        const number = { year, batch: nextNumber(sequence, counter) };
        const id = idFromCause('notice', series.authority, series.programme, String(year), String(number.batch));
        const title = noticeTitle(number, series.programme);
        const item = draftItem({ id, ...series, edition, number, title, settings, members }, act.at);
        const facts = { ...number, claims: members.length };
        const audit = { action: 'notice-numbered', by: act.by, at: act.at.toISOString(), facts };
        const result = await writeAll(table, [
          ...creation(table, id, item, audit),
          takeNumber(table, series, sequence, counter, id),
        ]);
        if (result.kind === 'done') return found(id);
      }
      throw new DomainError('changed-meanwhile', '该系列公示正被同时编号，请稍后重试。');
    },
    async putRow(noticeId, placed) {
      await putOnce(table, { ...rowKey(noticeId, placed.claimId), type: 'notice-row', noticeId, ...placed });
    },
    async rows({ id, unpublishedRows = [] }) {
      const rows: PlacedRow[] = [];
      for await (const item of readPartition(table, `NOTICE#${id}`, 'CLAIM#')) rows.push(readRowItem(item));
      return rows.filter(({ rowNo }) => !unpublishedRows.includes(rowNo)).toSorted((a, b) => a.rowNo - b.rowNo);
    },
    async drop(notice, act) {
      const facts = { ...notice.number, claims: notice.members?.length ?? 0 };
      const writes = moveNotice(table, notice, 'notice-dropped', { act, facts, dueAt: '' });
      const result = await writeAll(table, [...writes, freeSeries(table, notice)]);
      // The same job, run twice at once: the other one was faster.
      if (result.kind === 'refused' && (await found(notice.id)).st !== 'dropped')
        throw new DomainError('changed-meanwhile', '该公示正被同时办理，请稍后重试。');
    },
    async publish(notice, { period, totals, snapshotHash, unpublishedRows, leftOut }, act) {
      const endsAt = periodEnd(period).toISOString();
      const set = {
        period,
        totals,
        snapshotHash,
        shownHash: snapshotHash,
        ...(unpublishedRows.length === 0 ? {} : { unpublishedRows: [...unpublishedRows] }),
        endsAt,
        tpk: 'notices',
        tsk: `notice#${period.publishedOn}#${notice.id}`,
        dpk: notice.authority,
        dsk: `notice#running#${endsAt}#${notice.id}`,
      };
      const facts = { ...notice.number, ...period, ...totals, snapshotHash };
      const writes = moveNotice(table, notice, 'notice-published', {
        act,
        set,
        facts,
        dueAt: endsAt,
        remove: ['members'],
      });
      const result = await writeAll(table, [
        ...writes,
        freeSeries(table, notice),
        // Proof that the notice shows every claim that it has: this one waits for another.
        ...leftOut.map(
          (claimId): WriteItem => ({
            ConditionCheck: {
              TableName: table.name,
              Key: claimKey(claimId),
              ConditionExpression: 'st = :approved',
              ExpressionAttributeValues: { ':approved': 'approved' },
            },
          }),
        ),
      ]);
      const current = await found(notice.id);
      // The same job, run twice at once: the other one was faster, and its period is the one that was promised.
      if (result.kind === 'refused' && !isPublished(current))
        throw new DomainError('changed-meanwhile', '该公示正被同时发布，请稍后重试。');
      return foundPublished(notice.id);
    },
    async withdraw(notice, { withdrawn, shownHash, rowNos, reason }, act) {
      const dueAt = notice.closedAt ?? periodEnd(notice.period).toISOString();
      const change = { act, set: { withdrawn, shownHash }, facts: { rowNos, shownHash }, reason, dueAt };
      await writeAllOrThrow(table, moveNotice(table, notice, 'notice-rows-withdrawn', change));
      return foundPublished(notice.id);
    },
    async close(notice, annexVisibleUntil, act) {
      const closedAt = act.at.toISOString();
      const set = { closedAt, annexVisibleUntil, dsk: `notice#closed#${closedAt}#${notice.id}` };
      const facts = { lastDay: notice.period.lastDay };
      await writeAllOrThrow(table, moveNotice(table, notice, 'notice-closed', { act, set, facts, dueAt: closedAt }));
      return foundPublished(notice.id);
    },
    async removeAnnex(notice, shownHash, removedOn, act) {
      const set = { shownHash, annexRemovedOn: removedOn };
      const dueAt = act.at.toISOString();
      await writeAllOrThrow(
        table,
        moveNotice(table, notice, 'notice-annex-removed', { act, set, facts: { shownHash }, dueAt }),
      );
      return foundPublished(notice.id);
    },
    async archive(notice, act) {
      const remove = ['dpk', 'dsk'];
      await writeAllOrThrow(table, moveNotice(table, notice, 'notice-archived', { act, remove, dueAt: '' }));
    },
    async proof(noticeId, date) {
      return readItem(table, proofKey(noticeId, date), proofSchema);
    },
    async putProof(noticeId, proof) {
      await putOnce(table, { ...proofKey(noticeId, proof.date), type: 'notice-proof', noticeId, ...proof });
    },
    async proofs(noticeId) {
      const proofs: NoticeProof[] = [];
      for await (const item of readPartition(table, `NOTICE#${noticeId}`, 'PROOF#'))
        proofs.push(proofSchema.parse(item));
      return proofs;
    },
    async beginCorrection(original, correction, act) {
      const { noticeId, reason, members, claims, settings } = correction;
      const { authority, programme, edition } = original;
      const { year, batch } = original.number;
      const series = { authority, programme };
      const sequence = await sequenceOf(series);
      if (sequence.preparing !== undefined) {
        throw new DomainError(
          'state-not-permitted',
          '本系列有一份公示（或更正）已编号、尚未公布，将在下一个工作日的发布时间公布。请在其公布后再办理本次更正。',
        );
      }
      const counter = `c${year}-${batch}`;
      const number = { year, batch, correction: nextNumber(sequence, counter) };
      const { title, period } = original;
      const item = draftItem(
        {
          id: noticeId,
          authority,
          programme,
          edition,
          number,
          settings,
          members: [...members],
          title: noticeTitle(number, programme),
          supersedes: {
            noticeId: original.id,
            title,
            publishedOn: period.publishedOn,
            reason,
          },
        },
        act.at,
      );
      const rowNos = members.flatMap(({ originalRowNo }) => originalRowNo ?? []);
      const facts = { ...number, corrects: original.id, rowNos };
      const audit = { by: act.by, at: act.at.toISOString(), reason };
      const { by, at } = audit;
      await writeAllOrThrow(table, [
        ...creation(table, noticeId, item, { action: 'correction-numbered', ...audit, facts }),
        takeNumber(table, series, sequence, counter, noticeId),
        {
          Put: {
            TableName: table.name,
            Item: { ...correctionKey(original.id, noticeId), type: 'notice-correction', noticeId, rowNos, at, by },
          },
        },
        {
          ConditionCheck: {
            TableName: table.name,
            Key: noticeKey(original.id),
            // After its end only rows that were taken down before it, and so await another notice.
            ConditionExpression: '(st = :running AND endsAt > :now) OR (st = :closed AND attribute_exists(withdrawn))',
            ExpressionAttributeValues: { ':running': 'running', ':closed': 'closed', ':now': at },
          },
        },
        ...claims.flatMap((claim) =>
          moveClaim(table, claim, 'claim-republicised', {
            audit: { by, at, facts: { from: original.id, to: noticeId } },
            set: { noticeId },
            ...(claim.dueAt === undefined ? {} : { dueAt: claim.dueAt }),
            condition: { expression: 'noticeId = :original', values: { ':original': original.id } },
          }),
        ),
      ]);
      return found(noticeId);
    },
    async corrections(noticeId) {
      const corrections: { noticeId: string; rowNos: number[] }[] = [];
      for await (const item of readPartition(table, `NOTICE#${noticeId}`, 'CORRECTION#'))
        corrections.push(correctionItemSchema.parse(item));
      if (corrections.length === 0) return [];
      const records = await readMany(
        table,
        corrections.map((correction) => noticeKey(correction.noticeId)),
      );
      const byId = new Map(records.map(readNoticeItem).map((notice) => [notice.id, notice]));
      return corrections.map(({ noticeId: id, rowNos }) => {
        const notice = byId.get(id);
        const isDropped = notice?.st === 'dropped';
        // The n-th of these rows is the correction's row n.
        const isCancelled = (index: number) => isDropped || (notice?.unpublishedRows?.includes(index + 1) ?? false);
        return {
          noticeId: id,
          rowNos: rowNos.filter((_, index) => !isCancelled(index)),
          cancelledRowNos: rowNos.filter((_, index) => isCancelled(index)),
          published: notice !== undefined && isPublished(notice),
        };
      });
    },
    async list(filter, cursor) {
      const input = {
        IndexName: 'tenant',
        KeyConditionExpression: 'tpk = :list AND tsk BETWEEN :from AND :to',
        ExpressionAttributeValues: {
          ':list': 'notices',
          ':from': `notice#${filter.from ?? '0000-00-00'}`,
          // `$` sorts after the `#` that follows a date.
          ':to': `notice#${filter.to ?? '9999-99-99'}$`,
        },
        ScanIndexForward: false,
        Limit: pageSize,
        ...(cursor === undefined ? {} : { ExclusiveStartKey: cursorStart(cursor, filter) }),
      };
      const notices: PublishedNotice[] = [];
      let looked = 0;
      for await (const { notice, sortKey } of newestFirst(table, input)) {
        if (notice !== undefined && matches(notice, filter)) notices.push(notice);
        looked += 1;
        if (notices.length === pageSize || looked === looksPerPage)
          return { notices, next: Buffer.from(sortKey).toString('base64url') };
      }
      return { notices };
    },
  };
}

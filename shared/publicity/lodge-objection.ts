import { createHash } from 'node:crypto';
import type { PersonalData } from '../access/personal-data.ts';
import { businessDate, type Clock, startOfBusinessDay } from '../clock/clock.ts';
import type { Ids } from '../clock/ids.ts';
import { DomainError, notFound } from '../errors/domain-error.ts';
import { chineseDate } from './chinese-date.ts';
import { isPublished, type PublishedNotice } from './notice.ts';
import { claimReferences, type PlacedRow } from './notice-document.ts';
import { noticePeriod, periodEnd } from './notice-period.ts';
import type { NoticeStore } from './notice-store.ts';
import type { Objection, ObjectionBody } from './objection.ts';
import type { NewObjection, ObjectionAllowance, ObjectionStore } from './objection-store.ts';
import { dayAfter } from './working-days.ts';

export interface LodgeDependencies {
  notices: Pick<NoticeStore, 'find' | 'rows'>;
  objections: ObjectionStore;
  allowance: ObjectionAllowance;
  personal: PersonalData;
  clock: Clock;
  ids: Ids;
}

// Two places of the field settle objections within 5 working days.
const decideWithin = { days: 5, unit: 'working', firstDayCounts: false } as const;

/** By when an objection should be decided. Where the calendar has no paper yet, a week and a day stand in. */
function dueOf(now: Date): Date {
  const today = businessDate(now);
  try {
    return periodEnd(noticePeriod(today, decideWithin));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return startOfBusinessDay(dayAfter(today, 8));
  }
}

function noticeOver(notice: PublishedNotice): DomainError {
  return new DomainError(
    'state-not-permitted',
    `公示期已于${chineseDate(notice.period.lastDay)}24时结束，不再受理网上异议。如有问题请直接联系受理单位（电话${notice.settings.contact.phone}）。`,
  );
}

function rowMoved(): DomainError {
  return new DomainError(
    'state-not-permitted',
    '该行已更正并将重新公示（或已不在本公示中），请查看更正后的公示，在新的公示期内提出异议。',
  );
}

function noSuchRow(body: ObjectionBody, last: number): DomainError {
  const path = body.rowNo === undefined ? 'body.reference' : 'body.rowNo';
  return new DomainError('validation-failed', '公示中没有您所填的这一行，请对照公示附件核对。', [
    { path, message: `请填写公示附件中的序号（1至${last}）或申领编号尾号` },
  ]);
}

function findRow(rows: readonly PlacedRow[], body: ObjectionBody): PlacedRow | undefined {
  if (body.rowNo !== undefined) return rows.find(({ rowNo }) => rowNo === body.rowNo);
  const references = claimReferences(rows.map(({ claimId }) => claimId));
  return rows.find(({ claimId }) => references.get(claimId) === body.reference?.toUpperCase());
}

/**
 * Takes an objection from anybody while the notice runs, until 24:00 of its last day (二(三)). `creationId` is the same
 * for every repetition of one request: the repetition gets the receipt of the first.
 * @throws DomainError `not-found`, `validation-failed`, `state-not-permitted`, `too-many-requests`
 */
export async function lodgeObjection(
  deps: LodgeDependencies,
  noticeId: string,
  body: ObjectionBody,
  request: { creationId: string; source: string },
): Promise<Objection | NewObjection> {
  const now = deps.clock.now();
  const notice = await deps.notices.find(noticeId);
  if (notice === undefined || !isPublished(notice)) throw notFound();
  if (notice.st !== 'running' || now >= periodEnd(notice.period)) throw noticeOver(notice);
  await deps.allowance.take(await deps.personal.hash(`source ${request.source}`), noticeId, now);
  const rows = await deps.notices.rows(notice);
  const row = findRow(rows, body);
  if (row === undefined) throw noSuchRow(body, Math.max(0, ...rows.map(({ rowNo }) => rowNo)));
  const place = { tenant: notice.authority, record: request.creationId };
  const objection: NewObjection = {
    id: request.creationId,
    noticeId,
    noticeTitle: notice.title,
    claimId: row.claimId,
    rowNo: row.rowNo,
    authority: notice.authority,
    kind: body.by.kind,
    receiptNumber: deps.ids.next(),
    sealedReason: await deps.personal.seal(body.reason, { ...place, field: 'reason' }),
    sealedObjector: await deps.personal.seal(JSON.stringify(body.by), { ...place, field: 'objector' }),
    contentHash: await deps.personal.hash(
      createHash('sha256')
        .update(JSON.stringify([noticeId, body]))
        .digest('hex'),
    ),
    dueAt: dueOf(now).toISOString(),
  };
  const lodging = await deps.objections.lodge(objection, now);
  if (lodging.kind === 'notice-over') throw noticeOver(notice);
  if (lodging.kind === 'row-moved') throw rowMoved();
  if (lodging.kind === 'lodged') return objection;
  if (lodging.objection.contentHash !== objection.contentHash) {
    throw new DomainError(
      'idempotency-key-reused',
      '这个 Idempotency-Key 已用于另一份异议。请为新的异议生成新的编号。',
    );
  }
  return lodging.objection;
}

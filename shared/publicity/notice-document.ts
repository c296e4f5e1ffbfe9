import * as z from 'zod';
import { businessDate } from '../clock/clock.ts';
import { PROGRAMME_TERMS, programmeSchema } from '../regulation/contract.ts';
import { maskedName } from './masked-name.ts';
import type { NoticeRecord, NoticeTotals, RowWording } from './notice.ts';
import { noticeNumberSchema, noticeTotalsSchema, supersededSchema } from './notice.ts';
import { type NoticePeriod, noticePeriodSchema } from './notice-period.ts';
import { type NoticeRow, personRowSchema, unitRowSchema } from './notice-row.ts';
import { contactSchema } from './notice-settings.ts';
import { type NoticeBasis, noticeParagraphs } from './notice-text.ts';

/*
 * The document that is published (二(二)), as programs read it. It is built from this allow-list of fields only: an
 * officer's working sheet or a whole stored record can never slip in.
 */

const place = {
  /** 序号: what an objection names. */
  rowNo: z.int().min(1),
  /** The tail of the claim's number, as long as it takes to be the only one in the notice. */
  reference: z.string(),
  /** Only in a correction: the row's number in the notice that it corrects. */
  originalRowNo: z.int().min(1).optional(),
};

const publishedUnitSchema = unitRowSchema.omit({ kind: true }).extend(place);
export type PublishedUnit = z.infer<typeof publishedUnitSchema>;

const publishedPersonSchema = personRowSchema
  .omit({ kind: true, idMasked: true, heads: true })
  .extend({ ...place, idMasked: z.string().optional() });
export type PublishedPerson = z.infer<typeof publishedPersonSchema>;

const annexTotals = z.strictObject({ rows: z.int(), heads: z.int(), amountFen: z.int() });

const unitAnnexSchema = z.strictObject({
  kind: z.literal('units'),
  profile: z.literal('P0'),
  title: z.string(),
  rows: z.array(publishedUnitSchema),
  totals: annexTotals,
});
export type UnitAnnex = z.infer<typeof unitAnnexSchema>;

const personAnnexSchema = z.strictObject({
  kind: z.literal('persons'),
  profile: z.enum(['P1', 'P2']),
  title: z.string(),
  rows: z.array(publishedPersonSchema),
  totals: annexTotals,
  /** When the rows were taken down; the totals stay. */
  removedOn: z.string().optional(),
});
export type PersonAnnex = z.infer<typeof personAnnexSchema>;

export const noticeDocumentSchema = z.strictObject({
  format: z.literal('jipei/notice/1'),
  noticeId: z.string(),
  number: noticeNumberSchema,
  title: z.string(),
  programme: programmeSchema,
  edition: z.string(),
  authority: z.strictObject({ id: z.string(), name: z.string() }),
  period: noticePeriodSchema,
  paragraphs: z.array(z.strictObject({ heading: z.string().optional(), lines: z.array(z.string()) })),
  contact: contactSchema,
  supervisionPhone: z.string().optional(),
  annexes: z.array(z.discriminatedUnion('kind', [unitAnnexSchema, personAnnexSchema])),
  totals: noticeTotalsSchema,
  supersedes: supersededSchema.optional(),
  /** Rows that were taken down, and on which date; the totals stay. */
  withdrawn: z.array(z.strictObject({ rowNo: z.int(), on: z.string() })).optional(),
});
export type NoticeDocument = z.infer<typeof noticeDocumentSchema>;

/** A row as it was written into the notice. */
export interface PlacedRow {
  claimId: string;
  rowNo: number;
  originalRowNo?: number | undefined;
  /** What officers have put right in the row's words; its figures are the claim's. */
  wording?: RowWording | undefined;
  row: NoticeRow;
}

const shortestTail = 8;

/** For each claim the shortest tail of its number that no other claim of the notice has. */
export function claimReferences(claimIds: readonly string[]): Map<string, string> {
  const longest = Math.max(0, ...claimIds.map(({ length }) => length));
  for (let length = shortestTail; length < longest; length += 1) {
    const tails = new Set(claimIds.map((id) => id.slice(-length)));
    if (tails.size === claimIds.length) return new Map(claimIds.map((id) => [id, id.slice(-length)]));
  }
  return new Map(claimIds.map((id) => [id, id]));
}

function totalsOf(rows: readonly PlacedRow[]): z.infer<typeof annexTotals> {
  return {
    rows: rows.length,
    heads: rows.reduce((sum, { row }) => sum + row.heads, 0),
    amountFen: rows.reduce((sum, { row }) => sum + row.amountFen, 0),
  };
}

/** Units counted once each, however many claims they have in the notice. */
export function noticeTotals(rows: readonly PlacedRow[]): NoticeTotals {
  const units = new Set(rows.flatMap(({ row }) => (row.kind === 'unit' ? [row.unitName] : [])));
  const { heads, amountFen } = totalsOf(rows);
  return { units: units.size, persons: rows.filter(({ row }) => row.kind === 'person').length, heads, amountFen };
}

function placeOf(placed: PlacedRow, references: ReadonlyMap<string, string>) {
  const { claimId, rowNo, originalRowNo } = placed;
  const reference = references.get(claimId) ?? claimId;
  return { rowNo, reference, ...(originalRowNo === undefined ? {} : { originalRowNo }) };
}

function publishedPersons(
  rows: readonly PlacedRow[],
  profile: PersonAnnex['profile'],
  references: ReadonlyMap<string, string>,
): PublishedPerson[] {
  const people = rows.flatMap((placed) => (placed.row.kind === 'person' ? [{ placed, row: placed.row }] : []));
  const shown = (name: string) => (profile === 'P1' ? maskedName(name) : name.trim());
  const counts = new Map<string, number>();
  for (const { row } of people) counts.set(shown(row.name), (counts.get(shown(row.name)) ?? 0) + 1);
  return people.map(({ placed, row }) => {
    const { kind: _kind, heads: _heads, idMasked, remark, ...published } = row;
    const at = placeOf(placed, references);
    const name = shown(row.name);
    // Same names are told apart by the claim's number, never by more digits of an identity number.
    const apart = (counts.get(name) ?? 0) > 1 ? `申领编号尾号${at.reference}` : '';
    return {
      ...at,
      ...published,
      name,
      ...(profile === 'P1' ? { idMasked } : {}),
      remark: [apart, remark].filter((part) => part !== '').join('，'),
    };
  });
}

/** Everything that is published of a notice; equal rows, settings and period give an equal document. */
export function composeDocument(
  notice: NoticeRecord,
  placedRows: readonly PlacedRow[],
  period: NoticePeriod,
  basis: NoticeBasis,
): NoticeDocument {
  const rows = placedRows.toSorted((a, b) => a.rowNo - b.rowNo);
  const references = claimReferences(rows.map(({ claimId }) => claimId));
  const units = rows.filter(({ row }) => row.kind === 'unit');
  const persons = rows.filter(({ row }) => row.kind === 'person');
  const { year, batch } = notice.number;
  const annexes: NoticeDocument['annexes'] = [];
  const annexTitle = (who: string) =>
    `附件${annexes.length + 1}：${year}年第${batch}批${PROGRAMME_TERMS[notice.programme]}拟补贴明细表（${who}）`;
  if (units.length > 0) {
    annexes.push({
      kind: 'units',
      profile: 'P0',
      title: annexTitle('单位'),
      rows: units.flatMap((placed) => {
        if (placed.row.kind !== 'unit') return [];
        const { kind: _kind, ...published } = placed.row;
        return [{ ...placeOf(placed, references), ...published }];
      }),
      totals: totalsOf(units),
    });
  }
  if (persons.length > 0) {
    const profile = notice.settings.personProfile;
    annexes.push({
      kind: 'persons',
      profile,
      title: annexTitle('个人'),
      rows: publishedPersons(persons, profile, references),
      totals: totalsOf(persons),
    });
  }
  const totals = noticeTotals(rows);
  const { contact, supervisionPhone } = notice.settings;
  return {
    format: 'jipei/notice/1',
    noticeId: notice.id,
    number: notice.number,
    title: notice.title,
    programme: notice.programme,
    edition: notice.edition,
    authority: { id: notice.authority, name: notice.settings.authorityName },
    period,
    paragraphs: noticeParagraphs({
      notice,
      basis,
      period,
      totals,
      annexTitles: annexes.map(({ title }) => title),
      correctedRows: rows.flatMap(({ originalRowNo }) => (originalRowNo === undefined ? [] : [originalRowNo])),
    }),
    contact,
    ...(supervisionPhone === undefined ? {} : { supervisionPhone }),
    annexes,
    totals,
    ...(notice.supersedes === undefined ? {} : { supersedes: notice.supersedes }),
  };
}

/** The document without the rows that were taken down: all of them, whenever each was. */
export function withoutWithdrawnRows(
  document: NoticeDocument,
  withdrawn: readonly { rowNo: number; at: string }[],
): NoticeDocument {
  if (withdrawn.length === 0) return document;
  const down = new Set(withdrawn.map(({ rowNo }) => rowNo));
  const isUp = ({ rowNo }: { rowNo: number }) => !down.has(rowNo);
  return {
    ...document,
    annexes: document.annexes.map((annex) =>
      annex.kind === 'units'
        ? { ...annex, rows: annex.rows.filter(isUp) }
        : { ...annex, rows: annex.rows.filter(isUp) },
    ),
    withdrawn: withdrawn
      .map(({ rowNo, at }) => ({ rowNo, on: businessDate(new Date(at)) }))
      .toSorted((a, b) => a.rowNo - b.rowNo),
  };
}

/** The document with its personal annex taken down; whom it paid in sum stays. */
export function withoutPersonalRows(document: NoticeDocument, removedOn: string): NoticeDocument {
  return {
    ...document,
    annexes: document.annexes.map((annex) => (annex.kind === 'persons' ? { ...annex, rows: [], removedOn } : annex)),
  };
}

/** The bytes that are sealed: one text for one document, fields in the order of the schema whoever made it. */
export function documentText(document: NoticeDocument): string {
  return `${JSON.stringify(noticeDocumentSchema.parse(document))}\n`;
}

/** Reads sealed bytes back. */
export function readDocument(text: string): NoticeDocument {
  return noticeDocumentSchema.parse(JSON.parse(text));
}

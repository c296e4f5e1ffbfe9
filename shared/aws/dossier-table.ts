import * as z from 'zod';
import { shownFindings } from '../claims/claim-view.ts';
import type { AuditExport } from '../supervision/audit-export.ts';
import type { DossierFile } from '../supervision/dossier.ts';
import type { DossierStore } from '../supervision/dossier-store.ts';
import { trailOf } from './audit-table.ts';
import { cancelledCertificatePrefix, certificateNumberKey, certificatePrefix } from './certificate-table.ts';
import { readLineItem } from './claim-items.ts';
import { recordTaking } from './dossier-takings.ts';
import { noticeKey, rowKey } from './notice-items.ts';
import { batchKey, transferKey } from './payment-items.ts';
import { query, readItem, readMany, readPartition } from './read.ts';
import type { Item, Table } from './table.ts';

const startingWith = (items: readonly Item[], prefix: string) =>
  items.filter(({ sk }) => String(sk).startsWith(prefix));

const classSchema = z.object({
  tenant: z.string(),
  authority: z.string(),
  filedOn: z.string().optional(),
  rosterId: z.string(),
  accepted: z.object({ rosterId: z.string().optional() }).optional(),
});

const claimSchema = z.object({
  id: z.string(),
  classId: z.string().optional(),
  lineCount: z.int().default(0),
  createdAt: z.string(),
  submittedOn: z.string().optional(),
});

const linksSchema = z.object({
  noticeId: z.string().optional(),
  applicationId: z.string().optional(),
});

const paymentSchema = z.object({ batchId: z.string(), reference: z.string() });

/** The texts that records of a trail give under these names. */
function told(trail: AuditExport, ...names: readonly string[]): string[] {
  return trail.records.flatMap(({ facts }) =>
    names.flatMap((name) => {
      const fact = facts?.[name];
      return typeof fact === 'string' ? [fact] : [];
    }),
  );
}

/** A line as its applicant may read it: what shared records say of a person stays with the authorities. */
function withoutRecords(item: Item): Item {
  return { ...item, findings: shownFindings(readLineItem(item).findings, 'applicant') };
}

const distinct = (texts: readonly (string | undefined)[]): string[] =>
  [...new Set(texts)].filter((text) => text !== undefined).toSorted();

/** Collects what is kept of a class from the partitions of the table: class, claims, notices, payments, audit. */
export function createDossierTable(table: Table): DossierStore {
  const all = async (pk: string, prefix = ''): Promise<Item[]> => {
    const items: Item[] = [];
    for await (const item of readPartition(table, pk, prefix)) items.push(item);
    return items;
  };

  /** The claims of a class are among its applicant's claims. One that was never handed in is its applicant's alone. */
  const claimsOf = async (tenant: string, classId: string): Promise<z.infer<typeof claimSchema>[]> => {
    const listed = query(table, {
      IndexName: 'tenant',
      KeyConditionExpression: 'tpk = :tenant AND begins_with(tsk, :kind)',
      ExpressionAttributeValues: { ':tenant': tenant, ':kind': 'claim#' },
    });
    const keys = [];
    for await (const { pk, sk } of listed) keys.push({ pk: String(pk), sk: String(sk) });
    const claims = (await readMany(table, keys)).map((item) => claimSchema.parse(item));
    const place = ({ createdAt, id }: z.infer<typeof claimSchema>) => `${createdAt} ${id}`;
    const wanted = claims.filter((claim) => claim.classId === classId && claim.submittedOn !== undefined);
    return wanted.toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
  };

  /** A certificate has a trail of its own: its issue, and its end where it was cancelled. */
  const certificateTrails = async (numbers: readonly string[]): Promise<AuditExport[]> => {
    const records = numbers.flatMap((number) =>
      ['META#00000001', 'META#00000002'].map((sk) => ({ pk: `AUDIT#${number}`, sk })),
    );
    const [entities, stored] = await Promise.all([
      readMany(table, numbers.map(certificateNumberKey)),
      readMany(table, records),
    ]);
    const entityOf = Map.groupBy(entities, ({ pk }) => String(pk));
    const recordsOf = Map.groupBy(stored, ({ pk }) => String(pk));
    return numbers.map((number) => {
      const ordered = (recordsOf.get(`AUDIT#${number}`) ?? []).toSorted((a, b) =>
        String(a['sk']) < String(b['sk']) ? -1 : 1,
      );
      return trailOf(number, entityOf.get(certificateNumberKey(number).pk) ?? [], ordered);
    });
  };

  /** Every batch that the claim was ever in: each try is one. */
  const paymentFiles = async (folder: string, trail: AuditExport, claimId: string): Promise<DossierFile[]> => {
    const batchIds = distinct(told(trail, 'batchId'));
    const started = trail.records.flatMap(({ facts }) => paymentSchema.safeParse(facts).data ?? []);
    const keys = new Map(
      started.map(({ batchId, reference }) => [`${batchId} ${reference}`, transferKey(batchId, reference)]),
    );
    const [batches, transfers, problems] = await Promise.all([
      readMany(table, batchIds.map(batchKey)),
      readMany(table, [...keys.values()]),
      Promise.all(batchIds.map(async (batchId) => all(`BATCH#${batchId}`, `PROBLEM#${claimId}#`))),
    ]);
    const byKey = (a: Item, b: Item) =>
      `${String(a['pk'])} ${String(a['sk'])}` < `${String(b['pk'])} ${String(b['sk'])}` ? -1 : 1;
    return [
      { name: `${folder}/transfers.json`, content: transfers.toSorted(byKey) },
      { name: `${folder}/payment-batches.json`, content: batches.toSorted(byKey), authorityOnly: true },
      { name: `${folder}/payment-problems.json`, content: problems.flat() },
    ];
  };

  /** A notice with the claim's row, the daily hashes that prove it, and what was objected; nothing of any objector. */
  const noticeOf = async (noticeId: string, claimId: string) => {
    const [[notice], [row], proofs, corrections, objections] = await Promise.all([
      readMany(table, [noticeKey(noticeId)]),
      readMany(table, [rowKey(noticeId, claimId)]),
      all(`NOTICE#${noticeId}`, 'PROOF#'),
      all(`NOTICE#${noticeId}`, 'CORRECTION#'),
      all(`NOTICE#${noticeId}`, 'OBJECTION#'),
    ]);
    const own = objections.filter((objection) => objection['claimId'] === claimId);
    return {
      shown: { noticeId, notice, row, proofs, corrections },
      // With the receipt anybody reads the answer to it.
      objections: own.map(({ receiptNumber: _receipt, ...objection }) => objection),
    };
  };

  const noticeFiles = async (folder: string, noticeIds: readonly string[], claimId: string): Promise<DossierFile[]> => {
    const notices = await Promise.all(noticeIds.map(async (noticeId) => noticeOf(noticeId, claimId)));
    return [
      { name: `${folder}/notices.json`, content: notices.map(({ shown }) => shown) },
      {
        name: `${folder}/objections.json`,
        content: notices.flatMap(({ objections }) => objections),
        authorityOnly: true,
      },
    ];
  };

  const applicationFiles = async (folder: string, applicationId: string, claimId: string): Promise<DossierFile[]> => {
    const pk = `FUNDAPPLICATION#${applicationId}`;
    const [application, row, stored] = await Promise.all([
      all(pk, 'META'),
      all(pk, `CLAIM#${claimId}`),
      all(`AUDIT#${applicationId}`),
    ]);
    const content = { application: application[0], row: row[0] };
    return [
      { name: `${folder}/fund-application.json`, content, authorityOnly: true },
      { name: `${folder}/fund-application-audit.ndjson`, trails: [trailOf(applicationId, application, stored)] },
    ];
  };

  const claimFiles = async (claimId: string): Promise<DossierFile[]> => {
    const [items, stored] = await Promise.all([all(`CLAIM#${claimId}`), all(`AUDIT#${claimId}`)]);
    const [claim] = startingWith(items, 'META');
    const { noticeId, applicationId } = linksSchema.parse(claim);
    const trail = trailOf(claimId, items, stored);
    const ofClaim = { ...trail, records: trail.records.filter(({ entity }) => entity === 'META') };
    const noticeIds = distinct([...told(ofClaim, 'noticeId', 'from', 'to'), noticeId]);
    const lines = startingWith(items, 'LINE#');
    const folder = `claims/${claimId}`;
    return [
      { name: `${folder}/claim.json`, content: claim },
      { name: `${folder}/lines.json`, content: lines, toApplicant: lines.map(withoutRecords) },
      { name: `${folder}/evidence.json`, content: startingWith(items, 'EVIDENCE#') },
      { name: `${folder}/ledger.json`, content: startingWith(items, 'ENTRY#') },
      { name: `${folder}/recoveries.json`, content: startingWith(items, 'RECOVERY#') },
      { name: `${folder}/recovery-lines.json`, content: startingWith(items, 'RECOVERYLINE#') },
      ...(await noticeFiles(folder, noticeIds, claimId)),
      ...(await paymentFiles(folder, trail, claimId)),
      ...(applicationId === undefined ? [] : await applicationFiles(folder, applicationId, claimId)),
      { name: `${folder}/audit.ndjson`, trails: [trail] },
    ];
  };

  const classFiles = async (classId: string): Promise<DossierFile[]> => {
    const [items, stored] = await Promise.all([all(`CLASS#${classId}`), all(`AUDIT#${classId}`)]);
    const [record] = startingWith(items, 'META');
    const { rosterId, accepted } = classSchema.parse(record);
    const roster = startingWith(items, `TRAINEES#${accepted?.rosterId ?? rosterId}#`);
    const issued = startingWith(items, certificatePrefix);
    const cancelled = startingWith(items, cancelledCertificatePrefix);
    const numbers = distinct([...issued, ...cancelled].map(({ number }) => String(number)));
    return [
      { name: 'class/filing.json', content: record },
      { name: 'class/versions.json', content: startingWith(items, 'VERSION#') },
      { name: 'class/roster.json', content: roster.flatMap((item) => item['trainees']) },
      { name: 'class/certificates.json', content: { issued, cancelled } },
      { name: 'class/inspections.json', content: startingWith(items, 'INSPECTION#') },
      { name: 'class/audit.ndjson', trails: [trailOf(classId, items, stored)] },
      { name: 'class/certificate-audit.ndjson', trails: await certificateTrails(numbers) },
    ];
  };

  return {
    async find(classId) {
      const record = await readItem(table, { pk: `CLASS#${classId}`, sk: 'META' }, classSchema);
      if (record === undefined) return undefined;
      const { tenant, authority, filedOn } = record;
      const claims = await claimsOf(tenant, classId);
      return { tenant, authority, filedOn, claims: claims.map(({ id, lineCount }) => ({ id, lines: lineCount })) };
    },
    async collect(classId, claimIds) {
      const files = await classFiles(classId);
      for (const claimId of claimIds) files.push(...(await claimFiles(claimId)));
      const instants = JSON.stringify(files).match(/"(?:updatedAt|createdAt|at)":"[^"]+"/g) ?? [];
      const newest = instants
        .map((text) => text.slice(text.indexOf(':') + 2, -1))
        .filter((text) => !Number.isNaN(Date.parse(text)))
        .toSorted()
        .at(-1);
      return { files, changedAt: new Date(newest ?? '1980-01-01T00:00:00.000Z') };
    },
    recordTaking: async (classId, taking, by, at) => recordTaking(table, classId, taking, by, at),
  };
}

import * as z from 'zod';
import type { DossierFile } from '../supervision/dossier.ts';
import type { DossierStore } from '../supervision/dossier-store.ts';
import { query, readItem, readMany, readPartition } from './read.ts';
import type { Item, Table } from './table.ts';

const ownerSchema = z.object({ tenant: z.string(), authority: z.string() });

const startingWith = (items: readonly Item[], prefix: string) =>
  items.filter(({ sk }) => String(sk).startsWith(prefix));

/** Collects what is kept of a class from the partitions of the table: class, claims, notices, payments, audit. */
export function createDossierTable(table: Table): DossierStore {
  const all = async (pk: string, prefix = ''): Promise<Item[]> => {
    const items: Item[] = [];
    for await (const item of readPartition(table, pk, prefix)) items.push(item);
    return items;
  };

  /** The claims of a class are among its applicant's claims. */
  const claimsOf = async (tenant: string, classId: string): Promise<string[]> => {
    const listed = query(table, {
      IndexName: 'tenant',
      KeyConditionExpression: 'tpk = :tenant AND begins_with(tsk, :kind)',
      ExpressionAttributeValues: { ':tenant': tenant, ':kind': 'claim#' },
    });
    const keys = [];
    for await (const { pk, sk } of listed) keys.push({ pk: String(pk), sk: String(sk) });
    const claims = await readMany(table, keys);
    const handedIn = claims.filter((item) => item['submittedOn'] !== undefined);
    return handedIn.filter((item) => item['classId'] === classId).map((item) => String(item['id']));
  };

  const claimFiles = async (claimId: string): Promise<DossierFile[]> => {
    const items = await all(`CLAIM#${claimId}`);
    const [claim] = startingWith(items, 'META');
    const lines = startingWith(items, 'LINE#');
    const noticeId = claim?.['noticeId'] as string | undefined;
    const payment = claim?.['payment'] as { batchId: string } | undefined;
    const notice = noticeId === undefined ? [] : await all(`NOTICE#${noticeId}`, 'META');
    const transfers = payment === undefined ? [] : await all(`BATCH#${payment.batchId}`, 'TRANSFER#');
    const folder = `claims/${claimId}`;
    return [
      { name: `${folder}/claim.json`, content: claim },
      { name: `${folder}/lines.json`, content: lines },
      { name: `${folder}/evidence.json`, content: startingWith(items, 'EVIDENCE#') },
      { name: `${folder}/ledger.json`, content: startingWith(items, 'ENTRY#') },
      { name: `${folder}/recoveries.json`, content: startingWith(items, 'RECOVERY#') },
      { name: `${folder}/notice.json`, content: notice },
      { name: `${folder}/transfers.json`, content: transfers.filter((item) => item['claimId'] === claimId) },
      { name: `${folder}/audit.json`, content: await all(`AUDIT#${claimId}`) },
    ];
  };

  return {
    owner: async (classId) => readItem(table, { pk: `CLASS#${classId}`, sk: 'META' }, ownerSchema),
    async collect(classId) {
      const items = await all(`CLASS#${classId}`);
      const [record] = startingWith(items, 'META');
      if (record === undefined) throw new Error('class of a dossier vanished');
      const roster = `TRAINEES#${String(record['rosterId'])}#`;
      const tenant = String(record['tenant']);
      const files: DossierFile[] = [
        { name: 'class/filing.json', content: record },
        { name: 'class/versions.json', content: startingWith(items, 'VERSION#') },
        { name: 'class/roster.json', content: startingWith(items, roster).flatMap((item) => item['trainees']) },
        { name: 'class/certificates.json', content: startingWith(items, 'CERTIFICATE#') },
        { name: 'class/inspections.json', content: startingWith(items, 'INSPECTION#') },
        { name: 'class/audit.json', content: await all(`AUDIT#${classId}`) },
      ];
      for (const claimId of await claimsOf(tenant, classId)) files.push(...(await claimFiles(claimId)));
      const instants = JSON.stringify(files).match(/"updatedAt":"[^"]+"/g) ?? [];
      const newest =
        instants
          .map((text) => text.slice(13, -1))
          .toSorted()
          .at(-1) ?? '1980-01-01T00:00:00.000Z';
      return { files, changedAt: new Date(newest) };
    },
  };
}

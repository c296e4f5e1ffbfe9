import * as z from 'zod';
import { type NoticeSettingsStore, noticeSettingsSchema } from '../publicity/notice-settings.ts';
import { readItem } from './read.ts';
import type { Key, Table } from './table.ts';
import { creation, transition, writeAllOrThrow } from './transition.ts';

const settingsItemSchema = z.object({
  st: z.string(),
  version: z.int(),
  auditHead: z.string(),
  settings: noticeSettingsSchema,
});

function keyOf(authorityId: string): Key {
  return { pk: `AUTHORITY#${authorityId}`, sk: 'NOTICE-SETTINGS' };
}

/** The authorities' notice settings, every change of them in the audit chain of the authority. */
export function createNoticeSettingsTable(table: Table): NoticeSettingsStore {
  return {
    async find(authorityId) {
      return (await readItem(table, keyOf(authorityId), settingsItemSchema))?.settings;
    },
    async put(authorityId, settings, { by, at }) {
      const key = keyOf(authorityId);
      const found = await readItem(table, key, settingsItemSchema);
      const audit = { action: 'notice-settings-put', by, at: at.toISOString(), facts: { settings } };
      const writes =
        found === undefined
          ? creation(table, authorityId, { ...key, type: 'notice-settings', st: 'in-force', settings }, audit)
          : transition(table, {
              chain: authorityId,
              entity: { key, st: found.st, version: found.version, auditHead: found.auditHead },
              to: 'in-force',
              audit,
              set: { settings },
            });
      await writeAllOrThrow(table, writes);
    },
  };
}

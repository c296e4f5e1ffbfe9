import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { MetadataDatabase } from '../../../local/s3/store/metadata-database.ts';

function open(): MetadataDatabase {
  const folder = mkdtempSync(join(tmpdir(), 'local-s3-'));
  const database = new MetadataDatabase(join(folder, 'metadata.sqlite'));
  onTestFinished(() => {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return database;
}

function insert(database: MetadataDatabase, id: string): void {
  database.connection.prepare('INSERT INTO blob (id, size) VALUES (?, 1)').run(id);
}

function ids(database: MetadataDatabase): unknown[] {
  return database.connection
    .prepare('SELECT id FROM blob ORDER BY id')
    .all()
    .map((row) => row['id']);
}

describe('a transaction', () => {
  test('keeps what it did, and then does what had to wait', () => {
    const database = open();
    const done: string[] = [];
    const result = database.transact(() => {
      insert(database, 'a');
      database.afterCommit(() => done.push(`committed: ${database.connection.isTransaction}`));
      expect(done).toEqual([]);
      return 7;
    });
    expect([result, done, ids(database)]).toEqual([7, ['committed: false'], ['a']]);
  });

  test('that throws leaves nothing, not even what had to wait', () => {
    const database = open();
    const done: string[] = [];
    const failing = (): void =>
      database.transact(() => {
        insert(database, 'a');
        database.afterCommit(() => done.push('committed'));
        throw new Error('no');
      });
    expect(failing).toThrow('no');
    expect([done, ids(database)]).toEqual([[], []]);
    database.transact(() => insert(database, 'b'));
    expect([done, ids(database)]).toEqual([[], ['b']]);
  });

  test('is needed to wait for', () => {
    expect(() => open().afterCommit(() => undefined)).toThrow(/no transaction/);
  });
});

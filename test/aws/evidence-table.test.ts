import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemActor } from '../../shared/access/actor.ts';
import { evidenceItemKey, evidenceReferenceOf } from '../../shared/aws/evidence-items.ts';
import { createEvidenceTable } from '../../shared/aws/evidence-table.ts';
import type { Evidence } from '../../shared/evidence/evidence.ts';
import { type EvidenceMove, evidenceMoves, evidenceStates } from '../../shared/evidence/evidence-states.ts';
import type { NewEvidence } from '../../shared/evidence/evidence-store.ts';
import { openTestTable } from '../support/table.ts';

const at = new Date('2021-03-20T01:00:00Z');
const by = systemActor('test');
const later = (ms: number) => new Date(at.getTime() + ms);

describe('evidence table', () => {
  let engine: Awaited<ReturnType<typeof openTestTable>>;
  let store: ReturnType<typeof createEvidenceTable>;
  let count = 0;
  let claimId = '';
  beforeAll(async () => {
    engine = await openTestTable();
    store = createEvidenceTable(engine.table);
  });
  afterAll(async () => engine.stop());
  beforeEach(async () => {
    count += 1;
    claimId = `C${count}`;
    const Item = { pk: `CLAIM#${claimId}`, sk: 'META', st: 'draft', tenant: 't', authority: 'a' };
    await engine.table.client.send(new PutCommand({ TableName: 'jipei', Item }));
  });

  const fresh = (change: Partial<NewEvidence> = {}): NewEvidence => ({
    id: 'E1',
    claimId,
    kind: 'sign-in-sheets',
    fileName: '签到表.pdf',
    contentType: 'application/pdf',
    sizeBytes: 10,
    sha256: 'ab'.repeat(32),
    requestedBy: by,
    expiresAt: later(1000).toISOString(),
    ...change,
  });
  const create = async (change: Partial<NewEvidence> = {}): Promise<Evidence> => {
    const created = await store.create(fresh(change), at, later(500));
    if (created === undefined) throw new Error('not created');
    return created;
  };
  const found = async (evidenceId = 'E1'): Promise<Evidence> => {
    const evidence = await store.find({ claimId, evidenceId });
    if (evidence === undefined) throw new Error('not found');
    return evidence;
  };
  const item = async () =>
    (
      await engine.table.client.send(
        new GetCommand({ TableName: 'jipei', Key: evidenceItemKey({ claimId, evidenceId: 'E1' }) }),
      )
    ).Item ?? {};

  test('what was put is what is read, and it waits on the worklist until it is settled', async () => {
    const multipart = { partSizeBytes: 5, partSha256: ['01'.repeat(32), '02'.repeat(32)] };
    const created = await create({ multipart });
    expect(created).toMatchObject({ ...fresh({ multipart }), st: 'awaiting-upload', version: 1 });
    expect(await item()).toMatchObject({ wpk: 'W#evidence#awaiting-upload#0', wsk: later(500).toISOString() });
    expect(await store.move(created, { move: 'upload-completed', by, at, lookAgainAt: later(700) })).toBe(true);
    expect(await item()).toMatchObject({ wpk: 'W#evidence#uploaded#0', wsk: later(700).toISOString() });
    expect(await store.move(await found(), { move: 'evidence-verified', by, at })).toBe(true);
    const settled = await item();
    for (const name of ['wpk', 'wsk', 'uploadId', 'partSizeBytes', 'partSha256'])
      expect(settled).not.toHaveProperty(name);
  });

  test('the keys of a worklist item name the upload again', () => {
    const reference = { claimId: 'C1', evidenceId: 'E1' };
    expect(evidenceReferenceOf(evidenceItemKey(reference))).toEqual(reference);
    expect(evidenceReferenceOf({ pk: 'CLAIM#C1', sk: 'META' })).toBeUndefined();
  });

  test('a second creation leaves the first alone', async () => {
    await create();
    const again = await store.create(fresh({ sizeBytes: 99 }), later(1), later(2));
    expect(again).toMatchObject({ sizeBytes: 10, version: 1, createdAt: at.toISOString() });
  });

  test.each(
    evidenceStates.flatMap((from) => Object.keys(evidenceMoves).map((move) => [from, move as EvidenceMove] as const)),
  )('from %s, %s is written exactly if it is permitted', async (from, move) => {
    let evidence = await create();
    const path = {
      'awaiting-upload': undefined,
      uploaded: 'upload-completed',
      verified: 'evidence-verified',
      rejected: 'evidence-rejected',
    } as const;
    const first = path[from];
    if (first !== undefined) {
      await store.move(evidence, { move: first, by, at });
      evidence = await found();
    }
    const permitted = (evidenceMoves[move].from as readonly string[]).includes(from);
    expect(await store.move(evidence, { move, by, at })).toBe(permitted);
    expect((await found()).st).toBe(permitted ? evidenceMoves[move].to : from);
  });

  test('a move of a record as it was before is refused', async () => {
    const before = await create();
    await store.move(before, { move: 'upload-completed', by, at });
    expect(await store.move(before, { move: 'evidence-verified', by, at })).toBe(false);
    expect((await found()).st).toBe('uploaded');
  });

  test('giving up holds from the very millisecond, and not after more time was given', async () => {
    const evidence = await create();
    const giveUp = (when: Date) =>
      store.move(evidence, { move: 'evidence-rejected', by, at: when, onlyIfExpired: true });
    expect(await giveUp(later(999))).toBe(false);
    await store.prolong(evidence, later(2000));
    expect(await giveUp(later(1000))).toBe(false);
    expect(await giveUp(later(2000))).toBe(true);
  });

  test('of two uploads in progress one is kept; a lost one is replaced by the one who saw it', async () => {
    const evidence = await create({ multipart: { partSizeBytes: 5, partSha256: ['01'.repeat(32)] } });
    expect([await store.keepUploadId(evidence, 'u1'), await store.keepUploadId(evidence, 'u2')]).toEqual([true, false]);
    const seen = await found();
    expect(seen.multipart?.uploadId).toBe('u1');
    expect([await store.keepUploadId(seen, 'u3'), await store.keepUploadId(seen, 'u4')]).toEqual([true, false]);
    expect((await found()).multipart?.uploadId).toBe('u3');
  });

  test('nothing but a move touches an upload that has arrived', async () => {
    const evidence = await create();
    await store.move(evidence, { move: 'upload-completed', by, at, lookAgainAt: at });
    const before = await item();
    await store.prolong(evidence, later(5000));
    await store.lookAgain(evidence, later(5000));
    expect(await store.keepUploadId(evidence, 'u')).toBe(false);
    expect(await item()).toEqual(before);
  });

  test('oldest first, also of the same instant', async () => {
    await store.create(fresh({ id: 'B' }), at, at);
    await store.create(fresh({ id: 'A' }), at, at);
    await store.create(fresh({ id: '0' }), later(1), at);
    expect((await store.list(claimId)).map(({ id }) => id)).toEqual(['A', 'B', '0']);
  });

  test('other claims are found by what they share; this one is not among them', async () => {
    const mark = (name: string) => `${claimId}-${name}`;
    const evidence = await create();
    const many = Array.from({ length: 90 }, (_, index) => mark(String(index)));
    expect(await store.move(evidence, { move: 'evidence-verified', by, at, fingerprints: many })).toBe(true);
    expect(await store.elsewhere([mark('3'), mark('5'), mark('none')], 'OTHER')).toEqual([
      { claimId, evidenceId: 'E1', shared: [mark('3'), mark('5')] },
    ]);
    expect(await store.elsewhere([mark('3')], claimId)).toEqual([]);
  });

  test('the period of a class is that of the version in force', async () => {
    const content = { startsOn: '2021-03-01', endsOn: '2021-03-02', hours: 8 };
    const Item = { pk: `CLASS#${claimId}`, sk: 'META', content };
    await engine.table.client.send(new PutCommand({ TableName: 'jipei', Item }));
    expect(await store.classPeriod(claimId)).toMatchObject({ startsOn: '2021-03-01' });
    const accepted = { content: { startsOn: '2021-02-01', endsOn: '2021-02-02' } };
    await engine.table.client.send(new PutCommand({ TableName: 'jipei', Item: { ...Item, accepted } }));
    expect(await store.classPeriod(claimId)).toEqual({ startsOn: '2021-02-01', endsOn: '2021-02-02' });
    expect(await store.classPeriod('none')).toBeUndefined();
  });
});

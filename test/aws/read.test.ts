import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { queryPage } from '../../shared/aws/read.ts';
import { openTestTable } from '../support/table.ts';

const cursorOf = (start: unknown) => Buffer.from(JSON.stringify(start)).toString('base64url');

describe('pages of an index', () => {
  let engine: Awaited<ReturnType<typeof openTestTable>>;
  beforeAll(async () => {
    engine = await openTestTable();
    for (const [tenant, kind] of [
      ['org-1', 'class'],
      ['org-2', 'class'],
      ['org-1', 'claim'],
    ] as const) {
      for (let i = 0; i < 3; i += 1) {
        const Item = { pk: `${kind.toUpperCase()}#${tenant}${i}`, sk: 'META', tpk: tenant, tsk: `${kind}#${i}` };
        await engine.table.client.send(new PutCommand({ TableName: engine.table.name, Item }));
      }
    }
  });
  afterAll(async () => engine.stop());

  const input = {
    IndexName: 'tenant',
    KeyConditionExpression: 'tpk = :owner AND begins_with(tsk, :kind)',
    ExpressionAttributeValues: { ':owner': 'org-1', ':kind': 'class#' },
    Limit: 2,
  };

  test('follow each other by the cursor that the first one gave', async () => {
    const first = await queryPage(engine.table, input, undefined);
    expect(first.items.map(({ tsk }) => tsk)).toEqual(['class#0', 'class#1']);
    const second = await queryPage(engine.table, input, first.next);
    expect(second.items.map(({ tsk }) => tsk)).toEqual(['class#2']);
    expect(second.next).toBeUndefined();
  });

  const mine = { pk: 'CLASS#org-10', sk: 'META', tpk: 'org-1', tsk: 'class#0' };
  test.each([
    ['no base64 of anything', 'x'],
    ['empty', ''],
    ['no JSON', Buffer.from('class#1').toString('base64url')],
    ['null', cursorOf(null)],
    ['a list', cursorOf([mine])],
    ['a number for a key', cursorOf({ ...mine, tsk: 1 })],
    ['a key too few', cursorOf({ pk: mine.pk, sk: mine.sk, tpk: mine.tpk })],
    ['a key too many', cursorOf({ ...mine, dpk: 'hr-bureau/lucheng' })],
    ['a key of another index', cursorOf({ pk: mine.pk, sk: mine.sk, dpk: 'org-1', dsk: 'class#0' })],
    ['another’s list', cursorOf({ ...mine, tpk: 'org-2' })],
    ['the kind for a list', cursorOf({ ...mine, tpk: 'class#' })],
    ['another kind of thing', cursorOf({ ...mine, tsk: 'claim#0' })],
  ])('a cursor that is %s is refused in words', async (_, cursor) => {
    await expect(queryPage(engine.table, input, cursor)).rejects.toMatchObject({
      code: 'validation-failed',
      problems: [{ path: 'query.cursor', message: expect.stringContaining('游标无效') }],
    });
  });

  test('a query of a partition alone takes its own cursors and no other’s', async () => {
    const all = {
      IndexName: 'tenant',
      KeyConditionExpression: 'tpk = :owner',
      ExpressionAttributeValues: { ':owner': 'org-1' },
      Limit: 2,
    };
    const first = await queryPage(engine.table, all, undefined);
    const second = await queryPage(engine.table, all, first.next);
    expect([...first.items, ...second.items].map(({ tsk }) => tsk)).toEqual([
      'claim#0',
      'claim#1',
      'claim#2',
      'class#0',
    ]);
    const foreign = queryPage(engine.table, all, cursorOf({ ...mine, tpk: 'org-2' }));
    await expect(foreign).rejects.toMatchObject({ code: 'validation-failed' });
  });
});

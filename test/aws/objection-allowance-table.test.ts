import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { createObjectionAllowance, objectionLimits } from '../../shared/aws/objection-allowance-table.ts';
import { readItem } from '../../shared/aws/read.ts';
import { openTestTable } from '../support/table.ts';

const now = new Date('2021-12-14T02:59:59.999Z');
const tooMany = { code: 'too-many-requests' };

describe('objection allowance', () => {
  let engine: Awaited<ReturnType<typeof openTestTable>>;
  beforeAll(async () => {
    engine = await openTestTable();
  });
  afterAll(async () => engine.stop());

  test('a source has its number within an hour, also when all come at once; the next hour is new', async () => {
    const allowance = createObjectionAllowance(engine.table);
    const tries = await Promise.allSettled(
      Array.from({ length: objectionLimits.fromSource + 5 }, () => allowance.take('s1', 'n1', now)),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(objectionLimits.fromSource);
    await expect(allowance.take('s1', 'n2', now)).rejects.toMatchObject(tooMany);
    await allowance.take('s2', 'n1', now);
    await allowance.take('s1', 'n1', new Date(now.getTime() + 1));
  });

  test('a notice has its number from all sources together', async () => {
    const allowance = createObjectionAllowance(engine.table);
    await Promise.all(
      Array.from({ length: objectionLimits.toNotice }, (_, index) => allowance.take(`m${index}`, 'n3', now)),
    );
    await expect(allowance.take('another', 'n3', now)).rejects.toMatchObject(tooMany);
  });

  test('counters expire by themselves', async () => {
    await createObjectionAllowance(engine.table).take('s9', 'n9', now);
    const hour = Math.floor(now.getTime() / 3_600_000);
    const key = { pk: 'RATE#OBJECTION#SOURCE#s9', sk: `HOUR#${hour}` };
    const item = await readItem(engine.table, key, z.object({ expiresAt: z.number() }));
    expect(item?.expiresAt).toBe(Date.parse('2021-12-14T04:00:00Z') / 1000);
  });
});

import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { apiParts } from '../../commands/api-parts.ts';
import { personalNumberRefusal, reasonText, recordedText } from '../../shared/access/reason-text.ts';
import { identityNumber } from '../support/people.ts';

const person = identityNumber('19900101', 11);
const said = (schema: z.ZodType, value: unknown) =>
  schema.safeParse(value).error?.issues.map(({ path, message }) => [path.join('.'), message]) ?? [];

describe('a reason', () => {
  test.each([
    ['一', ['请写明理由']],
    ['同意', []],
    ['   ', ['请写明理由']],
    ['理'.repeat(500), []],
    ['理'.repeat(501), ['最多500字']],
  ])('"%s" by its length', (text, messages) => {
    expect(said(reasonText(), text).map(([, message]) => message)).toEqual(messages);
  });

  test.each([
    ['an identity number', `学员${person}已退休`],
    ['one in groups', `学员${person.slice(0, 6)} ${person.slice(6)}已退休`],
    ['a card', '卡号6228480402564890018有误'],
    ['a mobile number', '请致电13800138000'],
  ])('%s in it is refused with what to write instead', (_, text) => {
    expect(said(reasonText(), text)).toEqual([['', personalNumberRefusal]]);
    expect(said(recordedText(100), text)).toEqual([['', personalNumberRefusal]]);
  });

  test('is told by what the route asks for, and comes without the blanks around it', () => {
    expect(said(reasonText({ least: 5, missing: '至少5个字' }), '四个字啊')).toEqual([['', '至少5个字']]);
    expect(said(reasonText({ missing: '请写明事由' }), undefined)).toEqual([['', '请写明事由']]);
    expect(reasonText().parse('  材料齐全 \n')).toBe('材料齐全');
  });
});

describe('every route that takes a reason refuses numbers of people in it', () => {
  const bodies = apiParts.flatMap(({ routes }) =>
    // What the public objects with may name people by their numbers; it is sealed, as whoever says it is.
    routes.flatMap(({ key, body, action }) =>
      body === undefined || action === 'public' ? [] : [[key, body] as const],
    ),
  );
  const taking = bodies.filter(([, body]) => {
    const { properties } = z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' });
    return properties?.['reason'] !== undefined;
  });

  test('and there are such routes', () => {
    expect(taking.length).toBeGreaterThanOrEqual(10);
  });

  test.each(taking)('%s', (_, body) => {
    expect(said(body, { reason: `因${person}的情况` })).toContainEqual(['reason', personalNumberRefusal]);
  });

  test('the returns of a claim too, each at its place', () => {
    const [, body] = bodies.find(([key]) => key === 'POST /claims/{claimId}/return') ?? [];
    const reasons = [
      { path: 'lines[1]', message: '证书不清' },
      { path: person, message: '重复' },
      { path: 'lines[2]', message: `与${person}重复` },
    ];
    expect(said(body ?? z.never(), { version: 1, reasons })).toEqual([
      ['reasons.1.path', personalNumberRefusal],
      ['reasons.2.message', personalNumberRefusal],
    ]);
  });
});

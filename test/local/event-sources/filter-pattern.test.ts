import { describe, expect, test } from 'vitest';
import { compileFilters } from '../../../local/event-sources/filter-pattern.ts';

const event = {
  eventName: 'INSERT',
  dynamodb: { NewImage: { kind: { S: 'claim' }, amount: { N: '42' } } },
  tags: ['a', 'b'],
  count: 5,
  empty: null,
};

describe('filter patterns', () => {
  test.each([
    [{ eventName: ['INSERT', 'MODIFY'] }, true],
    [{ eventName: ['REMOVE'] }, false],
    [{ dynamodb: { NewImage: { kind: { S: ['claim'] } } } }, true],
    [{ eventName: ['INSERT'], dynamodb: { NewImage: { kind: { S: ['line'] } } } }, false],
    [{ tags: ['b'] }, true],
    [{ eventName: [{ prefix: 'INS' }] }, true],
    [{ eventName: [{ suffix: 'INS' }] }, false],
    [{ eventName: [{ 'equals-ignore-case': 'insert' }] }, true],
    [{ eventName: [{ 'anything-but': ['INSERT'] }] }, false],
    [{ eventName: [{ 'anything-but': { prefix: 'RE' } }] }, true],
    [{ missing: [{ 'anything-but': ['x'] }] }, false],
    [{ missing: [{ exists: false }] }, true],
    [{ eventName: [{ exists: true }] }, true],
    [{ dynamodb: { OldImage: { kind: { S: [{ exists: false }] } } } }, true],
    [{ count: [{ numeric: ['>', 4, '<=', 5] }] }, true],
    [{ count: [{ numeric: ['>', 5] }] }, false],
    [{ empty: [{ numeric: ['>=', 0] }] }, false],
    [{ empty: [null] }, true],
    [{ $or: [{ count: [1] }, { eventName: ['INSERT'] }] }, true],
    [{ $or: [{ count: [1] }, { count: [2] }] }, false],
  ])('%j → %s', (pattern, passes) => {
    expect(compileFilters([JSON.stringify(pattern)])(event)).toBe(passes);
  });

  test('one fitting pattern of several is enough; none lets everything through', () => {
    expect(compileFilters(['{"count":[1]}', '{"count":[5]}'])(event)).toBe(true);
    expect(compileFilters([])(event)).toBe(true);
  });

  test('an unknown operator is refused, not ignored', () => {
    expect(() => compileFilters(['{"a":[{"cidr":"10.0.0.0/8"}]}'])).toThrow('unknown filter operator cidr');
  });
});

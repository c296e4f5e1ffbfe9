import { describe, expect, test } from 'vitest';
import { failedIdentifiers } from '../../../local/event-sources/batch-failures.ts';

describe('reply of a handler with partial failures', () => {
  test.each([
    ['nothing', null, []],
    ['an empty list', { batchItemFailures: [] }, []],
    ['no list', {}, []],
    ['null as list', { batchItemFailures: null }, []],
    ['one', { batchItemFailures: [{ itemIdentifier: 'b' }] }, ['b']],
    ['an unknown id fails all', { batchItemFailures: [{ itemIdentifier: 'x' }] }, ['a', 'b']],
    ['an empty id fails all', { batchItemFailures: [{ itemIdentifier: '' }] }, ['a', 'b']],
    ['a wrong key fails all', { batchItemFailures: [{ id: 'a' }] }, ['a', 'b']],
    ['no object fails all', 'ok', ['a', 'b']],
    ['no list but text fails all', { batchItemFailures: 'a' }, ['a', 'b']],
  ])('%s', (_name, reply, failed) => {
    expect([...failedIdentifiers(reply, ['a', 'b'])]).toEqual(failed);
  });
});

import { afterEach, describe, expect, test, vi } from 'vitest';
import { streamRecord } from '../../../local/streams/stream-record.ts';

const real = Date.parse('2026-05-04T03:02:01.700Z');
const start = Date.parse('2021-03-09T00:00:00Z');

describe('the time of a stream record', () => {
  afterEach(() => vi.useRealTimers());

  /** In virtual seconds; the clock started at `real`. */
  const timeOf = (second: string) => {
    const context = {
      streamArn: 'arn',
      region: 'cn-north-1',
      virtualAt: (instant: number) => instant - real + start,
      expired: () => false,
    };
    const record = { eventName: 'INSERT' as const, dynamodb: { ApproximateCreationDateTime: new Date(second) } };
    return streamRecord(record, context).dynamodb.ApproximateCreationDateTime;
  };

  test('a change in the second in which the clock started is not of the day before', () => {
    vi.useFakeTimers({ now: real + 100 });
    expect(timeOf('2026-05-04T03:02:01Z')).toBe(start / 1000);
  });

  test('a change read late keeps its second', () => {
    vi.useFakeTimers({ now: real + 60_000 });
    expect(timeOf('2026-05-04T03:02:05Z')).toBe(start / 1000 + 4);
  });
});

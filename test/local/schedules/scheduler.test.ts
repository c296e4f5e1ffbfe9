import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createVirtualClock, type VirtualClock } from '../../../local/clock/virtual-clock.ts';
import { readSchedules } from '../../../local/schedules/schedule-settings.ts';
import { createScheduler, type Scheduler } from '../../../local/schedules/scheduler.ts';
import { deploymentOf, type StackDraft } from '../fixtures/stacks.ts';

const start = Date.parse('2021-03-09T00:00:00Z');
const target = 'arn:aws-cn:lambda:cn-north-1:111122223333:function:service-Job';
const dead = 'arn:aws-cn:sqs:cn-north-1:111122223333:service-Dead';
let clock: VirtualClock;
let sent: { arn: string; at: string; body: unknown }[];
let failures: number;

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  failures = 0;
  clock = createVirtualClock({ startAt: new Date(start), onError: () => {} });
});
afterEach(() => {
  clock.stop();
  vi.useRealTimers();
});

function run(resources: StackDraft['resources']): Scheduler {
  const deployment = deploymentOf({ resources: { Job: { Type: 'AWS::Lambda::Function' }, ...resources } });
  const scheduler = createScheduler({
    schedules: readSchedules(deployment),
    clock,
    createdAt: start,
    onError: () => {},
    sendTo: async (arn, body) => {
      if (arn === target && failures > 0) {
        failures -= 1;
        throw new Error('nobody there');
      }
      sent.push({ arn, at: new Date(clock.now()).toISOString(), body });
    },
  });
  scheduler.start();
  return scheduler;
}

const schedule = (properties: object, more: object = {}) => ({
  Type: 'AWS::Scheduler::Schedule',
  Properties: { ...properties, Target: { Arn: { 'Fn::GetAtt': ['Job', 'Arn'] }, ...more } },
});

describe('schedules', () => {
  test('fire at their instants with their input, in the order in which they are due', async () => {
    run({
      Daily: schedule(
        { ScheduleExpression: 'cron(0 9 * * ? *)', ScheduleExpressionTimezone: 'Asia/Shanghai' },
        { Input: '{"daily":true}' },
      ),
      Often: schedule({ ScheduleExpression: 'rate(40 minutes)' }, { Input: '{"at":"<aws.scheduler.scheduled-time>"}' }),
    });
    await clock.advanceBy(90 * 60_000);
    expect(sent.map(({ at, body }) => [at, body])).toEqual([
      ['2021-03-09T00:40:00.000Z', { at: '2021-03-09T00:40:00Z' }],
      ['2021-03-09T01:00:00.000Z', { daily: true }],
      ['2021-03-09T01:20:00.000Z', { at: '2021-03-09T01:20:00Z' }],
    ]);
  });

  test('a rule sends the event of EventBridge when it has no input', async () => {
    run({
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: {
          ScheduleExpression: 'rate(1 day)',
          Targets: [{ Id: 'T', Arn: { 'Fn::GetAtt': ['Job', 'Arn'] } }],
        },
      },
    });
    await clock.advanceBy(86_400_000);
    expect(sent).toMatchObject([
      {
        arn: target,
        body: {
          source: 'aws.events',
          'detail-type': 'Scheduled Event',
          time: '2021-03-10T00:00:00Z',
          resources: ['arn:aws-cn:events:cn-north-1:111122223333:rule/service-Rule'],
          detail: {},
        },
      },
    ]);
  });

  test('a disabled one fires by hand only', async () => {
    const scheduler = run({
      Off: schedule({ ScheduleExpression: 'rate(1 hour)', State: 'DISABLED' }, { Input: '{}' }),
    });
    await clock.advanceBy(86_400_000);
    expect(sent).toEqual([]);
    await scheduler.fire('Off');
    expect(sent).toHaveLength(1);
    expect(scheduler.list()).toMatchObject([{ logicalId: 'Off', enabled: false, next: undefined, fired: 1 }]);
  });

  test('start and end date are kept', async () => {
    run({
      Short: schedule(
        { ScheduleExpression: 'cron(0 * * * ? *)', StartDate: '2021-03-09T02:00:00Z', EndDate: '2021-03-09T04:00:00Z' },
        { Input: '{}' },
      ),
    });
    await clock.advanceBy(86_400_000);
    expect(sent.map(({ at }) => at.slice(11, 16))).toEqual(['02:00', '03:00', '04:00']);
  });

  test.each([
    [2, 2, [target]],
    [3, 2, [dead]],
  ])('a target that cannot be reached %i times with %i retries', async (times, MaximumRetryAttempts, expected) => {
    run({
      Dead: { Type: 'AWS::SQS::Queue' },
      Once: schedule(
        { ScheduleExpression: 'at(2021-03-09T01:00:00)' },
        {
          Input: '{}',
          RetryPolicy: { MaximumRetryAttempts },
          DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['Dead', 'Arn'] } },
        },
      ),
    });
    failures = times;
    await clock.advanceBy(86_400_000);
    expect(sent.map(({ arn }) => arn)).toEqual(expected);
  });

  test('without an advance they fire in real time', async () => {
    run({ Often: schedule({ ScheduleExpression: 'rate(1 minute)' }, { Input: '{}' }) });
    await vi.advanceTimersByTimeAsync(180_000);
    expect(sent).toHaveLength(3);
  });

  test.each([
    [{ EventPattern: { source: ['aws.s3'] }, Targets: [] }, 'waits for events of a bus'],
    [{ ScheduleExpression: 'rate(1 day)', Targets: [{ Id: 'a', Arn: 'b', InputPath: '$.x' }] }, 'transforms its input'],
  ])('a rule that the runner cannot play is refused: %j', (Properties, message) => {
    expect(() => run({ Rule: { Type: 'AWS::Events::Rule', Properties } })).toThrow(message);
  });
});

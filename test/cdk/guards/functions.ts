import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { functionList } from '../../../cdk/functions/function-list.ts';
import { apiParts } from '../../../commands/api-parts.ts';
import type { Synthesized } from '../synthesized.ts';

const expectedWaking = {
  http: { wakers: [], callers: ['apigateway.amazonaws.com'], deadLetters: 0 },
  queue: { wakers: ['AWS::Lambda::EventSourceMapping'], callers: [], deadLetters: 0 },
  stream: { wakers: ['AWS::Lambda::EventSourceMapping'], callers: [], deadLetters: 0 },
  // Scheduler does not wait for the answer.
  schedule: { wakers: ['AWS::Scheduler::Schedule'], callers: [], deadLetters: 1 },
} as const;

/** Functions: each has a log of its own, the time it needs and a trigger that loses nothing. */
export function functionGuards(suite: Synthesized): void {
  const { architecture, logRetention } = suite.settings;
  const functions = suite.ofType('AWS::Lambda::Function');

  test('every function that has work is deployed, and no helper that nobody wrote', () => {
    const folders = readdirSync('functions').filter((name) => existsSync(`functions/${name}/index.ts`));
    const names = functionList.map(({ name }) => name);
    expect(folders).toEqual(expect.arrayContaining(names));
    expect(functions).toHaveLength(names.length);
    // An API function has work as soon as it serves a route.
    const working = folders.filter((name) => !existsSync(`functions/${name}/routes.ts`));
    expect(names).toEqual(expect.arrayContaining([...working, ...apiParts.map(({ name }) => name)]));
  });

  describe.each(functionList.map((definition) => [definition.name, definition] as const))('%s', (name, definition) => {
    const deployed = suite.functionOf(name);

    test('runs on Node 24, within its time, and keeps a log of its own for as long as the law says', () => {
      expect(deployed.properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: [architecture],
        Timeout: definition.timeoutSeconds,
        MemorySize: definition.memoryMb,
      });
      const [log = ''] = suite.referencesIn(deployed, deployed.properties['LoggingConfig']);
      expect(suite.byId(log)).toMatchObject({
        type: 'AWS::Logs::LogGroup',
        properties: { RetentionInDays: logRetention },
      });
      expect(logRetention).toBeGreaterThanOrEqual(180);
      const sharing = functions.filter((one) =>
        suite.referencesIn(one, one.properties['LoggingConfig']).some((id) => id === log),
      );
      expect(sharing).toEqual([deployed]);
    });

    test('what wakes it either waits for the answer or has a place for what failed', () => {
      const wakers = suite.resources.filter(
        (one) =>
          ['AWS::Scheduler::Schedule', 'AWS::Lambda::EventSourceMapping'].includes(one.type) &&
          suite.referencesIn(one, [one.properties['Target'], one.properties['FunctionName']]).includes(deployed.id),
      );
      const callers = suite
        .ofType('AWS::Lambda::Permission')
        .filter((one) => suite.referencesIn(one, one.properties['FunctionName']).includes(deployed.id))
        .map(({ properties }) => properties['Principal']);
      expect({
        wakers: wakers.map(({ type }) => type),
        callers: [...new Set(callers)],
        deadLetters: suite.referencesIn(deployed, deployed.properties['DeadLetterConfig']).length,
      }).toEqual(expectedWaking[definition.trigger.kind]);
    });
  });

  test('a function that answers requests is done before API Gateway gives up', () => {
    const answering = functionList.filter(({ trigger }) => trigger.kind === 'http');
    expect(Math.max(...answering.map(({ timeoutSeconds }) => timeoutSeconds))).toBeLessThan(30);
  });

  test('schedules go by the clock of Asia/Shanghai, are tried again, and leave what failed to be seen', () => {
    const schedules = suite.ofType('AWS::Scheduler::Schedule');
    expect(schedules.map(({ properties }) => String(properties['ScheduleExpression'])).toSorted()).toEqual([
      'cron(20 4 * * ? *)',
      'cron(30 8 * * ? *)',
      'cron(5 0 * * ? *)',
      'cron(50 4 * * ? *)',
      'rate(5 minutes)',
      'rate(5 minutes)',
    ]);
    for (const schedule of schedules) {
      expect(schedule.properties).toMatchObject({
        ScheduleExpressionTimezone: 'Asia/Shanghai',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: { RetryPolicy: { MaximumRetryAttempts: 5, MaximumEventAgeInSeconds: 3600 } },
      });
      const { DeadLetterConfig } = schedule.properties['Target'] as Record<string, unknown>;
      expect(suite.referencesIn(schedule, DeadLetterConfig)).toEqual([expect.stringContaining('FailedRuns')]);
    }
  });
}

import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { DeployedResource, Deployment } from '../template/deployment.ts';

/** A schedule of the template: `AWS::Scheduler::Schedule`, or one target of a scheduled `AWS::Events::Rule`. */
export interface ScheduleSettings {
  readonly logicalId: string;
  readonly path: string | undefined;
  readonly name: string;
  readonly expression: string;
  readonly timeZone: string;
  readonly enabled: boolean;
  readonly startAt: number | undefined;
  readonly endAt: number | undefined;
  /** Function or queue. */
  readonly targetArn: string;
  /** What the target gets at that due instant. */
  readonly eventAt: (due: number) => unknown;
  /** Attempts to reach the target beyond the first. Errors of the function itself are the function's affair. */
  readonly maximumRetryAttempts: number;
  readonly deadLetterArn: string | undefined;
}

const retryShape = z
  .object({ MaximumRetryAttempts: z.coerce.number().default(185) })
  .default({ MaximumRetryAttempts: 185 });

const scheduleShape = z.object({
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.string().default('UTC'),
  State: z.string().default('ENABLED'),
  StartDate: z.string().optional(),
  EndDate: z.string().optional(),
  Target: z.object({
    Arn: z.string(),
    Input: z.string().optional(),
    RetryPolicy: retryShape,
    DeadLetterConfig: z.object({ Arn: z.string().optional() }).optional(),
  }),
});

const ruleShape = z.object({
  ScheduleExpression: z.string().optional(),
  EventPattern: z.unknown().optional(),
  State: z.string().default('ENABLED'),
  Targets: z
    .array(
      z.object({
        Id: z.string(),
        Arn: z.string(),
        Input: z.string().optional(),
        InputPath: z.string().optional(),
        InputTransformer: z.unknown().optional(),
        RetryPolicy: retryShape,
        DeadLetterConfig: z.object({ Arn: z.string().optional() }).optional(),
      }),
    )
    .default([]),
});

export function readSchedules(deployment: Deployment): ScheduleSettings[] {
  return [
    ...deployment.resources('AWS::Scheduler::Schedule').map(readSchedule),
    ...deployment.resources('AWS::Events::Rule').flatMap(readRule),
  ];
}

function readSchedule(resource: DeployedResource): ScheduleSettings {
  const properties = scheduleShape.parse(resource.properties);
  const target = properties.Target;
  return {
    logicalId: resource.logicalId,
    path: resource.path,
    name: resource.ref,
    expression: properties.ScheduleExpression,
    timeZone: properties.ScheduleExpressionTimezone,
    enabled: properties.State === 'ENABLED',
    startAt: properties.StartDate === undefined ? undefined : Date.parse(properties.StartDate),
    endAt: properties.EndDate === undefined ? undefined : Date.parse(properties.EndDate),
    targetArn: target.Arn,
    eventAt: (due) => givenInput(target.Input, due) ?? scheduledEvent(resource, 'aws.scheduler', due),
    maximumRetryAttempts: target.RetryPolicy.MaximumRetryAttempts,
    deadLetterArn: target.DeadLetterConfig?.Arn,
  };
}

function readRule(resource: DeployedResource): ScheduleSettings[] {
  const properties = ruleShape.parse(resource.properties);
  const expression = properties.ScheduleExpression;
  if (expression === undefined || properties.EventPattern !== undefined) {
    throw new Error(
      `refusing to pretend: rule ${resource.logicalId} waits for events of a bus, and there is none here`,
    );
  }
  return properties.Targets.map((target, index) => {
    if (target.InputPath !== undefined || target.InputTransformer !== undefined) {
      throw new Error(`refusing to pretend: rule ${resource.logicalId} transforms its input`);
    }
    return {
      logicalId: index === 0 ? resource.logicalId : `${resource.logicalId}/${target.Id}`,
      path: resource.path,
      name: index === 0 ? resource.ref : `${resource.ref}/${target.Id}`,
      expression,
      timeZone: 'UTC',
      enabled: properties.State === 'ENABLED',
      startAt: undefined,
      endAt: undefined,
      targetArn: target.Arn,
      eventAt: (due) => givenInput(target.Input, due) ?? scheduledEvent(resource, 'aws.events', due),
      maximumRetryAttempts: target.RetryPolicy.MaximumRetryAttempts,
      deadLetterArn: target.DeadLetterConfig?.Arn,
    };
  });
}

/** The template's input, with the context attributes of EventBridge Scheduler filled in. */
function givenInput(input: string | undefined, due: number): unknown {
  if (input === undefined) return undefined;
  const filled = input
    .replaceAll('<aws.scheduler.scheduled-time>', timestamp(due))
    .replaceAll('<aws.scheduler.execution-id>', randomUUID())
    .replaceAll('<aws.scheduler.attempt-number>', '1');
  return JSON.parse(filled);
}

function scheduledEvent({ stack, attributes }: DeployedResource, source: string, due: number): object {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source,
    account: stack.account,
    time: timestamp(due),
    region: stack.region,
    resources: [attributes['Arn']],
    detail: source === 'aws.scheduler' ? '{}' : {},
  };
}

/** EventBridge writes whole seconds. */
function timestamp(instant: number): string {
  return new Date(instant).toISOString().replace(/\.\d+Z$/, 'Z');
}

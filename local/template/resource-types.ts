import type { Stack } from './assembly.ts';

/** Types the local cloud acts on. */
const actedOn = new Set([
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::CloudWatch::Alarm',
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
  'AWS::Events::Rule',
  'AWS::KMS::Key',
  'AWS::Lambda::Alias',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Lambda::Version',
  'AWS::S3::Bucket',
  'AWS::SQS::Queue',
  'AWS::Scheduler::Schedule',
  'Custom::S3BucketNotifications',
]);

/** Types that are known and deliberately have no effect here, with what that means. */
const withoutEffect: Readonly<Record<string, string>> = {
  'AWS::ApiGatewayV2::ApiMapping': 'custom domains do not exist here',
  'AWS::ApiGatewayV2::DomainName': 'custom domains do not exist here',
  'AWS::CDK::Metadata': 'for AWS only',
  'AWS::CloudWatch::CompositeAlarm': 'only its single alarms are evaluated',
  'AWS::CloudWatch::Dashboard': 'read /_local/metrics instead',
  'AWS::IAM::ManagedPolicy': 'permissions are not enforced here',
  'AWS::IAM::Policy': 'permissions are not enforced here',
  'AWS::IAM::Role': 'permissions are not enforced here',
  'AWS::KMS::Alias': 'keys go by id or ARN here',
  'AWS::Lambda::Permission': 'permissions are not enforced here',
  'AWS::Logs::LogGroup': 'read /_local/logs instead',
  'AWS::Logs::MetricFilter': 'functions write metrics themselves (EMF)',
  'AWS::Logs::QueryDefinition': 'read /_local/logs instead',
  'AWS::Logs::ResourcePolicy': 'permissions are not enforced here',
  'AWS::S3::BucketPolicy': 'permissions are not enforced here',
  'AWS::SNS::Subscription': 'alarms are shown at /_local/alarms, nobody is written to',
  'AWS::SNS::Topic': 'alarms are shown at /_local/alarms, nobody is written to',
  'AWS::SNS::TopicPolicy': 'permissions are not enforced here',
  'AWS::SQS::QueueInlinePolicy': 'permissions are not enforced here',
  'AWS::SQS::QueuePolicy': 'permissions are not enforced here',
  'AWS::Scheduler::ScheduleGroup': 'schedules are told apart by name',
  'Custom::S3AutoDeleteObjects': 'delete the data directory instead',
};

/**
 * Refuses an assembly that holds something the local cloud cannot run: a resource that silently does nothing
 * would make every test on top of it worthless.
 * @returns the types in use that deliberately have no effect, one line each.
 * @throws Error naming every unknown resource.
 */
export function refuseUnknownTypes(stacks: readonly Stack[]): string[] {
  const unknown: string[] = [];
  const idle = new Map<string, number>();
  for (const stack of stacks) {
    for (const { type, logicalId } of stack.template.resources) {
      if (actedOn.has(type)) continue;
      if (type in withoutEffect) idle.set(type, (idle.get(type) ?? 0) + 1);
      else unknown.push(`${type} (${stack.name}/${logicalId})`);
    }
  }
  if (unknown.length > 0) {
    throw new Error(`refusing to pretend: the local cloud does not know ${unknown.join(', ')}`);
  }
  return [...idle]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([type, count]) => `${count} × ${type}: ${withoutEffect[type]}`);
}

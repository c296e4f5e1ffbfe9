import type { Stack, TemplateResource } from './assembly.ts';

/** What `Ref` and `Fn::GetAtt` of a resource give. */
export interface Identity {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Addresses that only the running local cloud knows. */
export interface Addresses {
  /** Where SQS answers, without a trailing slash. */
  readonly sqs: string;
  /** Where the HTTP API of this logical id answers. */
  api(logicalId: string): string;
}

type Named = (property: string, limit?: number) => string;

/**
 * The name a resource gets here and everything that follows from it. Names are made of stack and logical id,
 * without AWS's random suffix: the same template finds the same data after a restart.
 */
export function physicalIdentity(
  stack: Stack,
  resource: TemplateResource,
  resolve: (value: unknown) => unknown,
  addresses: Addresses,
): Identity {
  const named: Named = (property, limit = 128) => {
    const given = resolve(resource.properties[property]);
    return typeof given === 'string' ? given : clip(`${stack.name}-${resource.logicalId}`, limit);
  };
  const arn = (service: string, rest: string): string =>
    `arn:${stack.partition}:${service}:${stack.region}:${stack.account}:${rest}`;
  const globalArn = (service: string, rest: string, account = ''): string =>
    `arn:${stack.partition}:${service}::${account}:${rest}`;
  switch (resource.type) {
    case 'AWS::DynamoDB::GlobalTable':
    case 'AWS::DynamoDB::Table':
      return byName(named('TableName'), (name) => ({ Arn: arn('dynamodb', `table/${name}`) }));
    case 'AWS::S3::Bucket':
      return byName(named('BucketName', 63).toLowerCase(), (name) => ({
        Arn: globalArn('s3', name),
        DomainName: `${name}.s3.${stack.urlSuffix}`,
        RegionalDomainName: `${name}.s3.${stack.region}.${stack.urlSuffix}`,
      }));
    case 'AWS::SQS::Queue': {
      const fifo = resource.properties['FifoQueue'] === true ? '.fifo' : '';
      const name = clip(named('QueueName', 80 - fifo.length).replace(/\.fifo$/, ''), 80 - fifo.length) + fifo;
      // The account is the emulator's: it knows its queues under no other path.
      const url = `${addresses.sqs}/000000000000/${name}`;
      return { ref: url, attributes: { Arn: arn('sqs', name), QueueName: name, QueueUrl: url } };
    }
    case 'AWS::Lambda::Function':
      return byName(named('FunctionName', 64), (name) => ({ Arn: arn('lambda', `function:${name}`) }));
    case 'AWS::Lambda::Version': {
      const target = functionArn(stack, String(resolve(resource.properties['FunctionName'])));
      return { ref: `${target}:1`, attributes: { Version: '1', FunctionArn: `${target}:1` } };
    }
    case 'AWS::Lambda::Alias': {
      const target = functionArn(stack, String(resolve(resource.properties['FunctionName'])));
      const ref = `${target}:${String(resolve(resource.properties['Name']))}`;
      return { ref, attributes: { AliasArn: ref } };
    }
    case 'AWS::ApiGatewayV2::Api':
      return byName(clip(resource.logicalId.toLowerCase(), 32), (ApiId) => ({
        ApiId,
        ApiEndpoint: addresses.api(resource.logicalId),
      }));
    case 'AWS::ApiGatewayV2::Stage':
      return byName(named('StageName'), () => ({}));
    case 'AWS::IAM::Role':
      return byName(named('RoleName', 64), (name) => ({
        Arn: globalArn('iam', `role/${name}`, stack.account),
        RoleId: resource.logicalId,
      }));
    case 'AWS::IAM::ManagedPolicy': {
      const ref = globalArn('iam', `policy/${named('ManagedPolicyName')}`, stack.account);
      return { ref, attributes: { PolicyArn: ref } };
    }
    case 'AWS::KMS::Alias':
      return byName(named('AliasName', 256), () => ({}));
    case 'AWS::Logs::LogGroup':
      return byName(named('LogGroupName', 512), (name) => ({ Arn: arn('logs', `log-group:${name}:*`) }));
    case 'AWS::Scheduler::Schedule':
      return byName(named('Name', 64), (name) => ({ Arn: arn('scheduler', `schedule/default/${name}`) }));
    case 'AWS::Scheduler::ScheduleGroup':
      return byName(named('Name', 64), (name) => ({ Arn: arn('scheduler', `schedule-group/${name}`) }));
    case 'AWS::Events::Rule':
      return byName(named('Name', 64), (name) => ({ Arn: arn('events', `rule/${name}`) }));
    case 'AWS::CloudWatch::Alarm':
    case 'AWS::CloudWatch::CompositeAlarm':
      return byName(named('AlarmName', 255), (name) => ({ Arn: arn('cloudwatch', `alarm:${name}`) }));
    case 'AWS::CloudWatch::Dashboard':
      return byName(named('DashboardName', 255), () => ({}));
    case 'AWS::SNS::Topic': {
      const name = named('TopicName', 256);
      const ref = arn('sns', name);
      return { ref, attributes: { TopicArn: ref, TopicName: name } };
    }
    default: // integrations, routes, authorizers, policies: an id that others can point to
      return { ref: resource.logicalId, attributes: {} };
  }
}

/** The ARN of a function given by name or by ARN, without a version or alias. */
export function functionArn(stack: Stack, nameOrArn: string): string {
  if (!nameOrArn.startsWith('arn:')) {
    return `arn:${stack.partition}:lambda:${stack.region}:${stack.account}:function:${nameOrArn}`;
  }
  return nameOrArn.split(':').slice(0, 7).join(':');
}

function byName(name: string, attributes: (name: string) => Record<string, string>): Identity {
  return { ref: name, attributes: attributes(name) };
}

/** Keeps the end: logical ids differ there (`…ED1B7CF`). */
function clip(name: string, limit: number): string {
  return name.length <= limit ? name : name.slice(name.length - limit).replace(/^[^A-Za-z0-9/]+/, '');
}

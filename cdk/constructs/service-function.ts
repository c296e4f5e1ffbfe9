import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { ComparisonOperator, type IMetric, MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, type CfnFunction, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { FunctionDefinition } from '../functions/function-definition.ts';
import type { StageSettings } from '../stage.ts';
import { type AlarmBook, fiveMinutes } from './alarm-book.ts';
import { acknowledgementsOf, statementsOf } from './permissions.ts';
import { environmentOf, type Places } from './places.ts';

export interface ServiceFunctionProps {
  definition: FunctionDefinition;
  /** Folder of its bundled code. */
  code: string;
  places: Places;
  settings: StageSettings;
  alarms: AlarmBook;
}

/** One Lambda with a role, a log and three alarms of its own. There is no way to make one that nobody watches. */
export class ServiceFunction extends Construct {
  readonly definition: FunctionDefinition;
  readonly function: LambdaFunction;

  constructor(scope: Construct, { definition, code, places, settings, alarms }: ServiceFunctionProps) {
    super(scope, definition.name);
    this.definition = definition;
    const logGroup = new LogGroup(this, 'Log', {
      retention: settings.logRetention,
      removalPolicy: settings.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.function = new LambdaFunction(this, 'Function', {
      description: definition.does,
      code: Code.fromAsset(code),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: settings.architecture === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64,
      memorySize: definition.memoryMb,
      timeout: Duration.seconds(definition.timeoutSeconds),
      role: this.#role(logGroup, places),
      logGroup,
      environment: environmentOf(definition, places),
    });
    // A schedule does not wait for the answer: a run that failed every try goes where it is seen.
    if (definition.trigger.kind === 'schedule') {
      const resource = this.function.node.defaultChild as CfnFunction;
      resource.deadLetterConfig = { targetArn: places.failedRuns.queueArn };
    }
    this.#watch(alarms);
  }

  #role(logGroup: LogGroup, places: Places): Role {
    const log = new PolicyStatement({
      sid: 'Log',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Rights of ${this.definition.name}`,
      inlinePolicies: { rights: new PolicyDocument({ statements: [...statementsOf(this.definition, places), log] }) },
    });
    Validations.of(role).acknowledge(...acknowledgementsOf(this.definition, places));
    return role;
  }

  #watch(alarms: AlarmBook): void {
    const { name, trigger, timeoutSeconds } = this.definition;
    // What runs once in a while must ring at its first failure; what runs all the time, when it goes on.
    const persistence = trigger.kind === 'schedule' ? {} : { points: 2, of: 3 };
    alarms.add(this, 'operations', {
      runbook: 'function-errors',
      subject: name,
      says: `More than 1 % of the runs of ${name} fail.`,
      metric: this.errorRate(),
      threshold: 1,
      comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
      ...persistence,
    });
    alarms.add(this, 'operations', {
      runbook: 'function-throttled',
      subject: name,
      says: `Lambda turns runs of ${name} away.`,
      metric: this.function.metricThrottles({ period: fiveMinutes }),
      threshold: 1,
    });
    alarms.add(this, 'operations', {
      runbook: 'function-near-timeout',
      subject: name,
      says: `A run of ${name} took more than 80 % of its ${timeoutSeconds} s.`,
      metric: this.function.metricDuration({ period: fiveMinutes, statistic: Stats.MAXIMUM }),
      threshold: timeoutSeconds * 800,
      comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
    });
  }

  /** Failed runs in percent of all. */
  errorRate(): IMetric {
    // One graph shows this of every function, so the parts are named after the function.
    const name = this.definition.name.replaceAll('-', '_');
    return new MathExpression({
      label: this.definition.name,
      expression: `IF(runs_${name} > 0, 100 * errors_${name} / runs_${name}, 0)`,
      usingMetrics: {
        [`errors_${name}`]: this.function.metricErrors({ period: fiveMinutes }),
        [`runs_${name}`]: this.function.metricInvocations({ period: fiveMinutes }),
      },
      period: fiveMinutes,
    });
  }
}

import { CfnCondition, CfnOutput, CfnParameter, Duration, Fn, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { AlarmBook } from './constructs/alarm-book.ts';
import { BusinessAlarms } from './constructs/business-alarms.ts';
import { BusinessDashboard } from './constructs/business-dashboard.ts';
import { SuiteApi } from './constructs/http-api.ts';
import { OperationsDashboard } from './constructs/operations-dashboard.ts';
import type { Places } from './constructs/places.ts';
import { QueueWorker, watchDeadLetters } from './constructs/queue-worker.ts';
import { ScheduledRun } from './constructs/scheduled-run.ts';
import { ServiceFunction } from './constructs/service-function.ts';
import { StreamRelay } from './constructs/stream-relay.ts';
import { TableAlarms } from './constructs/table-alarms.ts';
import { DeadLetterQueue, WorkQueue } from './constructs/work-queue.ts';
import { assessClaim } from './functions/assess-claim.ts';
import type { Trigger } from './functions/function-definition.ts';
import { functionList } from './functions/function-list.ts';
import type { StageSettings } from './stage.ts';
import type { StorageStack } from './storage-stack.ts';

export interface ServiceStackParts {
  settings: StageSettings;
  storage: StorageStack;
  /** The folder that holds a function's bundled code. */
  codeOf: (name: string) => string;
}

/** Binds a function to what wakes it, other than a request. */
function wake(
  made: ServiceFunction,
  trigger: Exclude<Trigger, { kind: 'http' }>,
  { claims, work, unrelayed, failedRuns }: Places,
  alarms: AlarmBook,
): void {
  if (trigger.kind === 'queue') {
    const { queue: name, batchSize, maxConcurrency } = trigger;
    new QueueWorker(made, 'Work', { name, work: work[name], worker: made, batchSize, maxConcurrency, alarms });
  } else if (trigger.kind === 'stream') {
    const { batchSize } = trigger;
    new StreamRelay(made, 'Relay', { streamArn: claims.streamArn, relay: made, batchSize, unrelayed, alarms });
  } else {
    new ScheduledRun(made, 'Run', { schedule: trigger, run: made, failedRuns, alarms });
  }
}

/** What may be replaced at any time. It wires only: what a function is lies in functions/, how a thing is made in constructs/. */
export class ServiceStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps, { settings, storage, codeOf }: ServiceStackParts) {
    super(scope, id, { ...props, description: 'jipei: API, functions, queues, schedules, alarms' });
    const { stage } = settings;
    const alarms = new AlarmBook(storage.alarmTopic, `jipei-${stage}`);
    const api = new SuiteApi(this, 'Http', { settings, ...this.#issuer(), alarms });
    const apiUrl = api.api.apiEndpoint;
    const publicUrl = this.#publicUrl(apiUrl);
    const work = {
      verify: storage.verifyQueue,
      assess: new WorkQueue(this, 'Assess', { workerTimeout: Duration.seconds(assessClaim.timeoutSeconds) }),
    };
    const unrelayed = new DeadLetterQueue(this, 'Unrelayed');
    const failedRuns = new DeadLetterQueue(this, 'FailedRuns');
    watchDeadLetters(failedRuns, alarms, 'schedules', failedRuns);
    const places: Places = {
      claims: storage.claims,
      incoming: storage.buckets.incoming,
      evidence: storage.buckets.evidence,
      notices: storage.buckets.notices,
      work,
      personalDataKey: storage.personalDataKey,
      unrelayed,
      failedRuns,
      settings: {
        STAGE: stage,
        RETENTION_YEARS: String(settings.evidenceRetentionYears),
        PUBLIC_BASE_URL: publicUrl,
      },
    };
    const functions = functionList.map((definition) => {
      const made = new ServiceFunction(this, { definition, code: codeOf(definition.name), places, settings, alarms });
      if (definition.trigger.kind === 'http') api.serve(made, definition.trigger);
      else wake(made, definition.trigger, places, alarms);
      return made;
    });

    new TableAlarms(this, 'TableAlarms', { claims: storage.claims, alarms });
    new BusinessAlarms(this, 'BusinessAlarms', { alarms });
    new BusinessDashboard(this, 'Business', { stage, alarms });
    new OperationsDashboard(this, 'Operations', {
      stage,
      alarms,
      api,
      functions,
      queues: work,
      deadLetters: {
        verify: work.verify.deadLetters,
        assess: work.assess.deadLetters,
        stream: unrelayed,
        schedules: failedRuns,
      },
      claims: storage.claims,
    });
    new CfnOutput(this, 'ApiUrl', { value: apiUrl, description: 'Where the API answers' });
    new CfnOutput(this, 'PublicUrl', { value: publicUrl, description: 'Where the public finds the notices' });
  }

  /** Who issues the tokens: a setting of the deployment, since Cognito is absent in China. */
  #issuer(): { oidcIssuer: string; oidcAudience: string } {
    const oidcIssuer = new CfnParameter(this, 'OidcIssuer', {
      description: 'Issuer of the tokens; must serve /.well-known/openid-configuration',
      default: 'https://oidc.invalid',
    }).valueAsString;
    const oidcAudience = new CfnParameter(this, 'OidcAudience', {
      description: 'Audience that a token must name',
      default: 'jipei',
    }).valueAsString;
    return { oidcIssuer, oidcAudience };
  }

  /** The origin that public pages are known by: the API's own until somebody names another. */
  #publicUrl(apiUrl: string): string {
    const parameter = new CfnParameter(this, 'PublicBaseUrl', {
      description: 'Origin of the public pages, such as https://jipei.example.gov.cn; empty: the address of the API',
      default: '',
    });
    const given = new CfnCondition(this, 'PublicBaseUrlGiven', {
      expression: Fn.conditionNot(Fn.conditionEquals(parameter.valueAsString, '')),
    });
    return Fn.conditionIf(given.logicalId, parameter.valueAsString, apiUrl).toString();
  }
}

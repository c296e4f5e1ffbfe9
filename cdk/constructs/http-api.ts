import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  type CfnStage,
  CorsHttpMethod,
  HttpApi,
  type HttpMethod,
  HttpNoneAuthorizer,
  type HttpRoute,
  HttpStage,
  type IHttpRouteAuthorizer,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { ComparisonOperator, type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { RequestLimit, RouteKey, Trigger } from '../functions/function-definition.ts';
import type { StageSettings } from '../stage.ts';
import { type AlarmBook, oneMinute } from './alarm-book.ts';
import type { ServiceFunction } from './service-function.ts';

export interface SuiteApiProps {
  settings: StageSettings;
  oidcIssuer: string;
  oidcAudience: string;
  alarms: AlarmBook;
}

type Serves = Extract<Trigger, { kind: 'http' }>;

// Which route, how long, what came of it: no address, no path (it holds numbers of receipts), no one's name.
const accessLogFormat = {
  requestId: '$context.requestId',
  at: '$context.requestTimeEpoch',
  route: '$context.routeKey',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  integrationMs: '$context.integrationLatency',
  integrationStatus: '$context.integrationStatus',
  integrationError: '$context.integrationErrorMessage',
  authorizerError: '$context.authorizer.error',
  bytes: '$context.responseLength',
};

/** The HTTP API: every route is named, and wants a token unless it is expressly public. */
export class SuiteApi extends Construct {
  readonly api: HttpApi;
  readonly #stage: HttpStage;
  readonly #authorizer: IHttpRouteAuthorizer;
  readonly #limits = new Map<RouteKey, RequestLimit>();

  constructor(scope: Construct, id: string, { settings, oidcIssuer, oidcAudience, alarms }: SuiteApiProps) {
    super(scope, id);
    this.#authorizer = new HttpJwtAuthorizer('Token', oidcIssuer, { jwtAudience: [oidcAudience] });
    this.api = new HttpApi(this, 'Api', {
      description: 'jipei: vocational-training subsidies',
      createDefaultStage: false,
      corsPreflight: {
        allowOrigins: [...settings.webOrigins],
        allowMethods: [CorsHttpMethod.GET, CorsHttpMethod.POST, CorsHttpMethod.PUT],
        allowHeaders: ['authorization', 'content-type', 'idempotency-key'],
        exposeHeaders: ['idempotent-replayed', 'location'],
        maxAge: Duration.hours(1),
      },
    });
    const accessLog = new LogGroup(this, 'AccessLog', {
      retention: settings.logRetention,
      removalPolicy: settings.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.#stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: settings.requestRate, burstLimit: settings.requestBurst },
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLog),
        format: AccessLogFormat.custom(JSON.stringify(accessLogFormat)),
      },
    });
    this.#watch(alarms);
  }

  /** Adds the routes of one function. */
  serve({ function: handler, definition }: ServiceFunction, serves: Serves): void {
    const integration = new HttpLambdaIntegration(definition.name, handler, {
      // One right for the whole API: it has no other way to a function than the routes below.
      scopePermissionToRoute: false,
    });
    for (const key of serves.routes) this.#route(key, integration, this.#authorizer);
    for (const key of serves.publicRoutes ?? []) {
      const route = this.#route(key, integration, new HttpNoneAuthorizer());
      Validations.of(route).acknowledge({
        id: 'AwsSolutions-APIG4',
        reason:
          'Meant for everybody: notices and objections (regulation 二(二), 二(三)), and the check of a certificate (附件4).',
      });
      const limit = serves.limits?.[key];
      if (limit !== undefined) this.#limit(key, route, limit);
    }
  }

  #route(key: RouteKey, integration: HttpLambdaIntegration, authorizer: IHttpRouteAuthorizer): HttpRoute {
    const [method = '', path = ''] = key.split(' ');
    const [route] = this.api.addRoutes({ path, methods: [method as HttpMethod], integration, authorizer });
    if (route === undefined) throw new Error(`no route was made of "${key}"`);
    return route;
  }

  #limit(key: RouteKey, route: HttpRoute, limit: RequestLimit): void {
    this.#limits.set(key, limit);
    const stage = this.#stage.node.defaultChild as CfnStage;
    // A stage that names a route before it exists is refused.
    stage.node.addDependency(route);
    stage.routeSettings = Object.fromEntries(
      [...this.#limits].map(([name, { rate, burst }]) => [
        name,
        { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst },
      ]),
    );
  }

  #watch(alarms: AlarmBook): void {
    alarms.add(this, 'operations', {
      runbook: 'api-server-errors',
      says: 'More than 1 % of all requests fail for a fault of ours.',
      metric: this.serverErrorRate(),
      threshold: 1,
      comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
      points: 2,
      of: 3,
    });
    alarms.add(this, 'operations', {
      runbook: 'api-slow',
      says: 'One request in a hundred has taken more than 3 s for five minutes.',
      metric: this.api.metricLatency({ period: oneMinute, statistic: 'p99' }),
      threshold: 3_000,
      comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
      of: 5,
    });
  }

  /** Requests answered 5xx in percent of all. */
  serverErrorRate(): IMetric {
    return new MathExpression({
      label: '5xx %',
      expression: 'IF(requests > 0, 100 * failed / requests, 0)',
      usingMetrics: {
        failed: this.api.metricServerError({ period: oneMinute, statistic: 'Sum' }),
        requests: this.api.metricCount({ period: oneMinute, statistic: 'SampleCount' }),
      },
      period: oneMinute,
    });
  }
}

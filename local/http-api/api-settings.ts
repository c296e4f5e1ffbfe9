import * as z from 'zod';
import type { DeployedResource, Deployment } from '../template/deployment.ts';
import { functionArn } from '../template/physical-names.ts';

/** One HTTP API (`AWS::ApiGatewayV2::Api`) with everything that belongs to it. */
export interface ApiSettings {
  readonly logicalId: string;
  readonly apiId: string;
  readonly account: string;
  readonly cors: CorsSettings | undefined;
  /** `$default`, or the name that paths begin with. */
  readonly stage: string;
  readonly throttle: ThrottleSettings | undefined;
  /** Limits of single routes, by route key; they stand in for the stage's. */
  readonly routeThrottles: Readonly<Record<string, ThrottleSettings>>;
  readonly routes: readonly Route[];
}

/** Requests a second on average, and at once. */
export interface ThrottleSettings {
  readonly rate: number;
  readonly burst: number;
}

export interface CorsSettings {
  readonly allowOrigins: readonly string[];
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly allowCredentials: boolean;
  readonly maxAge: number | undefined;
}

export interface Route {
  /** `GET /claims/{id}`, `ANY /{proxy+}` or `$default`. */
  readonly key: string;
  readonly functionArn: string;
  readonly timeoutMs: number;
  /** Who may come in; everybody without one. */
  readonly authorizer: JwtAuthorizerSettings | undefined;
  readonly scopes: readonly string[];
}

export interface JwtAuthorizerSettings {
  readonly issuer: string;
  readonly audience: readonly string[];
  /** Where the token stands: `$request.header.Authorization`. */
  readonly identitySource: string;
}

const strings = z.array(z.string()).default([]);

const apiShape = z.object({
  ProtocolType: z.string().default('HTTP'),
  CorsConfiguration: z
    .object({
      AllowOrigins: strings,
      AllowMethods: strings,
      AllowHeaders: strings,
      ExposeHeaders: strings,
      AllowCredentials: z.boolean().default(false),
      MaxAge: z.coerce.number().optional(),
    })
    .optional(),
});

const routeShape = z.object({
  ApiId: z.string(),
  RouteKey: z.string(),
  Target: z.string(),
  AuthorizationType: z.string().default('NONE'),
  AuthorizerId: z.string().optional(),
  AuthorizationScopes: strings,
});

const integrationShape = z.object({
  IntegrationType: z.string(),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.string(),
  TimeoutInMillis: z.coerce.number().default(30_000),
});

const authorizerShape = z.object({
  AuthorizerType: z.string(),
  IdentitySource: z.array(z.string()).default(['$request.header.Authorization']),
  JwtConfiguration: z.object({ Issuer: z.string(), Audience: strings }),
});

const limitsShape = z.object({
  ThrottlingRateLimit: z.coerce.number().optional(),
  ThrottlingBurstLimit: z.coerce.number().optional(),
});

const stageShape = z.object({
  ApiId: z.string(),
  StageName: z.string(),
  DefaultRouteSettings: limitsShape.optional(),
  RouteSettings: z.record(z.string(), limitsShape).default({}),
});

/** Reads the HTTP APIs of a deployment. */
export function readApis(deployment: Deployment): ApiSettings[] {
  return deployment.resources('AWS::ApiGatewayV2::Api').map((api) => {
    const { ProtocolType, CorsConfiguration: cors } = apiShape.parse(api.properties);
    if (ProtocolType !== 'HTTP') throw new Error(`refusing to pretend: ${api.logicalId} is a ${ProtocolType} API`);
    const stage = deployment
      .resources('AWS::ApiGatewayV2::Stage')
      .map((one) => stageShape.parse(one.properties))
      .find((one) => one.ApiId === api.ref);
    const routeLimits = Object.entries(stage?.RouteSettings ?? {}).flatMap(([key, limits]) => {
      const throttle = readThrottle(limits);
      return throttle === undefined ? [] : [[key, throttle] as const];
    });
    return {
      logicalId: api.logicalId,
      apiId: api.ref,
      account: api.stack.account,
      stage: stage?.StageName ?? '$default',
      throttle: readThrottle(stage?.DefaultRouteSettings),
      routeThrottles: Object.fromEntries(routeLimits),
      cors: cors && {
        allowOrigins: cors.AllowOrigins,
        allowMethods: cors.AllowMethods,
        allowHeaders: cors.AllowHeaders,
        exposeHeaders: cors.ExposeHeaders,
        allowCredentials: cors.AllowCredentials,
        maxAge: cors.MaxAge,
      },
      routes: readRoutes(deployment, api),
    };
  });
}

function readThrottle(limits: z.infer<typeof limitsShape> | undefined): ThrottleSettings | undefined {
  const rate = limits?.ThrottlingRateLimit;
  return rate === undefined ? undefined : { rate, burst: limits?.ThrottlingBurstLimit ?? rate };
}

function readRoutes(deployment: Deployment, api: DeployedResource): Route[] {
  const inStack = (type: string): DeployedResource[] =>
    deployment.resources(type).filter((resource) => resource.stack === api.stack);
  const integrations = inStack('AWS::ApiGatewayV2::Integration');
  const authorizers = inStack('AWS::ApiGatewayV2::Authorizer');
  return inStack('AWS::ApiGatewayV2::Route').flatMap((resource) => {
    const route = routeShape.parse(resource.properties);
    if (route.ApiId !== api.ref) return [];
    const integration = integrations.find((one) => route.Target === `integrations/${one.ref}`);
    const authorizer = authorizers.find((one) => one.ref === route.AuthorizerId);
    if (integration === undefined) throw new Error(`route ${route.RouteKey}: no integration ${route.Target}`);
    if (
      !['NONE', 'JWT'].includes(route.AuthorizationType) ||
      (route.AuthorizationType === 'JWT') !== (authorizer !== undefined)
    ) {
      throw new Error(`refusing to pretend: route ${route.RouteKey} has authorization ${route.AuthorizationType}`);
    }
    const target = readIntegration(integration);
    return [
      {
        key: route.RouteKey,
        functionArn: functionArn(
          resource.stack,
          target.IntegrationUri.replace(/^.*:path\/[^/]+\/functions\/(.+)\/invocations$/, '$1'),
        ),
        timeoutMs: target.TimeoutInMillis,
        authorizer: authorizer && readAuthorizer(authorizer),
        scopes: route.AuthorizationScopes,
      },
    ];
  });
}

function readIntegration(resource: DeployedResource): z.infer<typeof integrationShape> {
  const integration = integrationShape.parse(resource.properties);
  if (integration.IntegrationType !== 'AWS_PROXY' || integration.PayloadFormatVersion !== '2.0') {
    throw new Error(`refusing to pretend: integration ${resource.logicalId} is not a Lambda proxy with payload 2.0`);
  }
  return integration;
}

function readAuthorizer(resource: DeployedResource): JwtAuthorizerSettings {
  const { AuthorizerType, JwtConfiguration, IdentitySource } = authorizerShape.parse(resource.properties);
  const identitySource = IdentitySource[0] ?? '';
  if (AuthorizerType !== 'JWT' || !/^\$request\.(header|querystring)\./.test(identitySource)) {
    throw new Error(
      `refusing to pretend: authorizer ${resource.logicalId} is not a JWT authorizer of a header or query`,
    );
  }
  return { issuer: JwtConfiguration.Issuer, audience: JwtConfiguration.Audience, identitySource };
}

import { expect, test } from 'vitest';
import { functionList } from '../../../cdk/functions/function-list.ts';
import type { Resource, Synthesized } from '../synthesized.ts';

// Whoever adds a line here opens a door to everybody.
const publicRoutes = [
  'GET /certificates/{number}',
  'GET /notices',
  'GET /notices/{noticeId}',
  'GET /notices/{noticeId}/data',
  'GET /notices/{noticeId}/units',
  'GET /objections/{receiptNumber}',
  'POST /notices/{noticeId}/objections',
];

/** Routes: each named, each behind a token unless it is public by law. */
export function routeGuards(suite: Synthesized): void {
  const { stage, requestBurst, requestRate, webOrigins } = suite.settings;
  const routes = suite.ofType('AWS::ApiGatewayV2::Route');

  const only = (type: string): Resource => {
    const [found, ...more] = suite.ofType(type);
    if (found === undefined || more.length > 0) throw new Error(`no ${type}, or several`);
    return found;
  };

  test('every route wants a token, but those that are public by law', () => {
    const authorizer = only('AWS::ApiGatewayV2::Authorizer');
    const open = routes.filter(({ properties }) => properties['AuthorizationType'] !== 'JWT');
    expect(open.map(({ properties }) => String(properties['RouteKey'])).toSorted()).toEqual(publicRoutes);
    for (const route of routes.filter((one) => !open.includes(one))) {
      expect(suite.referencesIn(route, route.properties['AuthorizerId'])).toEqual([authorizer.id]);
    }
  });

  test('every route is named; none takes what no other does', () => {
    const keys = routes.map(({ properties }) => String(properties['RouteKey']));
    for (const key of keys) expect(key).toMatch(/^(GET|POST|PUT|DELETE) (\/[a-z-]+|\/\{[a-zA-Z]+\})+$/);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('tokens are judged by the issuer and audience that the deployment names', () => {
    expect(only('AWS::ApiGatewayV2::Authorizer').properties).toMatchObject({
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Issuer: { Ref: 'OidcIssuer' }, Audience: [{ Ref: 'OidcAudience' }] },
    });
    expect(suite.templates[`jipei-${stage}-service`]?.Parameters).toMatchObject({
      OidcIssuer: { Type: 'String', Default: expect.stringMatching(/^https:/) },
      OidcAudience: { Type: 'String', Default: 'jipei' },
      PublicBaseUrl: { Type: 'String' },
    });
  });

  test('the access log tells what happened, not who asked for whom', () => {
    const { Format } = only('AWS::ApiGatewayV2::Stage').properties['AccessLogSettings'] as { Format: string };
    const variables = [...Format.matchAll(/\$context\.([A-Za-z.]+)/g)].map(([, name]) => name);
    expect(variables).toContain('routeKey');
    expect(variables.filter((name) => /^(identity|path|authorizer\.claims|requestOverride)/.test(name ?? ''))).toEqual(
      [],
    );
  });

  test('requests are limited, and most of all those that strangers could flood', () => {
    const gateway = only('AWS::ApiGatewayV2::Stage');
    expect(gateway.properties).toMatchObject({
      StageName: '$default',
      DefaultRouteSettings: { ThrottlingRateLimit: requestRate, ThrottlingBurstLimit: requestBurst },
      RouteSettings: {
        'POST /notices/{noticeId}/objections': { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 20 },
        'GET /objections/{receiptNumber}': { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 40 },
        'GET /certificates/{number}': { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 40 },
      },
    });
    const limited = Object.keys(gateway.properties['RouteSettings'] as object);
    const named = routes.filter(({ properties }) => limited.includes(String(properties['RouteKey'])));
    expect(named).toHaveLength(limited.length);
    expect(gateway.dependsOn).toEqual(expect.arrayContaining(named.map(({ id }) => id)));
  });

  test('pages of the named origins may call, with a token and an idempotency key', () => {
    expect(only('AWS::ApiGatewayV2::Api').properties).toMatchObject({
      ProtocolType: 'HTTP',
      CorsConfiguration: {
        AllowOrigins: webOrigins,
        AllowHeaders: ['authorization', 'content-type', 'idempotency-key'],
      },
    });
  });

  test('each route leads to its own function, and no other route is there', () => {
    const leads = routes.map((route) => {
      const [integration = ''] = suite.referencesIn(route, route.properties['Target']);
      const target = suite.byId(integration);
      const [called = ''] = suite.referencesIn(target, target.properties['IntegrationUri']);
      return [String(route.properties['RouteKey']), called];
    });
    const expected = functionList.flatMap(({ name, trigger }) =>
      trigger.kind === 'http'
        ? [...trigger.routes, ...(trigger.publicRoutes ?? [])].map((key) => [key, suite.functionOf(name).id])
        : [],
    );
    expect(Object.fromEntries(leads)).toEqual(Object.fromEntries(expected));
  });
}

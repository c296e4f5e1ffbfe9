import type { CorsRule, S3BucketConfiguration } from '../bucket-configuration.ts';
import { S3Error } from '../s3-error.ts';
import type { S3Request } from '../s3-request.ts';

/** Whether a text fits a pattern with at most one `*`, which stands for any characters. */
function fits(pattern: string, text: string): boolean {
  const star = pattern.indexOf('*');
  if (star < 0) return pattern === text;
  const before = pattern.slice(0, star);
  const after = pattern.slice(star + 1);
  return text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after);
}

function findRule(
  configuration: S3BucketConfiguration,
  origin: string,
  method: string,
  headers: readonly string[],
): CorsRule | undefined {
  return configuration.cors?.find(
    (rule) =>
      rule.allowedOrigins.some((pattern) => fits(pattern, origin)) &&
      rule.allowedMethods.some((allowed) => allowed === method) &&
      headers.every((header) =>
        (rule.allowedHeaders ?? []).some((pattern) => fits(pattern.toLowerCase(), header.toLowerCase())),
      ),
  );
}

function headersOf(rule: CorsRule, origin: string): Record<string, string | undefined> {
  const any = rule.allowedOrigins.includes('*');
  return {
    'access-control-allow-origin': any ? '*' : origin,
    'access-control-allow-methods': rule.allowedMethods.join(', '),
    'access-control-allow-credentials': any ? undefined : 'true',
    'access-control-expose-headers': rule.exposedHeaders?.length ? rule.exposedHeaders.join(', ') : undefined,
    'access-control-max-age': rule.maxAgeSeconds === undefined ? undefined : String(rule.maxAgeSeconds),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  };
}

/**
 * Answers a preflight from the bucket's rules.
 * @throws S3Error BadRequest, AccessForbidden
 */
export function preflightHeaders(
  request: S3Request,
  configuration: S3BucketConfiguration | undefined,
): Record<string, string | undefined> {
  const origin = request.headers['origin'];
  const method = request.headers['access-control-request-method'];
  if (origin === undefined) {
    throw new S3Error('BadRequest', 'Insufficient information. Origin request header needed.');
  }
  if (method === undefined) throw new S3Error('BadRequest', 'Invalid Access-Control-Request-Method: null');
  if (configuration?.cors === undefined || configuration.cors.length === 0) {
    throw new S3Error('AccessForbidden', 'CORSResponse: CORS is not enabled for this bucket.');
  }
  const asked = (request.headers['access-control-request-headers'] ?? '')
    .split(',')
    .map((header) => header.trim())
    .filter((header) => header !== '');
  const rule = findRule(configuration, origin, method, asked);
  if (rule === undefined) {
    throw new S3Error(
      'AccessForbidden',
      "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
    );
  }
  return {
    ...headersOf(rule, origin),
    'access-control-allow-headers': asked.length > 0 ? asked.join(', ') : undefined,
  };
}

/** The headers that let a page read the answer to its actual request; none when no rule matches. */
export function corsHeaders(
  request: S3Request,
  configuration: S3BucketConfiguration | undefined,
): Record<string, string | undefined> {
  const origin = request.headers['origin'];
  if (origin === undefined || configuration === undefined) return {};
  const rule = findRule(configuration, origin, request.method, []);
  return rule === undefined ? {} : headersOf(rule, origin);
}

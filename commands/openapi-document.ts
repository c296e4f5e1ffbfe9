import * as z from 'zod';
import type { HttpRoute } from '../shared/lambda/http-route.ts';

/** A route table and the Lambda that serves it. */
export interface ApiPart {
  /** The folder below functions/, which becomes the tag. */
  name: string;
  // The document needs a route's shapes only, never what it depends on.
  routes: readonly HttpRoute<never>[];
}

type Schema = Record<string, unknown>;

const problemSchema = z.object({
  type: z.string().describe('urn:jipei:problem:<code>'),
  title: z.string().describe('the code, stable: programs switch on it'),
  status: z.int(),
  detail: z.string().describe('a Chinese sentence that says what to do'),
  problems: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Schema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any', target: 'draft-2020-12' });
  return json;
}

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query'): Schema[] {
  if (schema === undefined) return [];
  const json = schemaOf(schema, 'input') as { properties?: Record<string, Schema>; required?: string[] };
  return Object.entries(json.properties ?? {}).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || (json.required ?? []).includes(name),
    schema: property,
  }));
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  description: 'A new value for each act; the same one when it is tried again.',
  schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{8,100}$' },
};

function operationOf(part: string, route: HttpRoute<never>): Schema {
  const isPost = route.key.startsWith('POST ') && route.storesNothing !== true;
  const parameters = [
    ...parametersOf(route.path, 'path'),
    ...parametersOf(route.query, 'query'),
    ...(isPost ? [idempotencyKey] : []),
  ];
  const replies = Object.entries(route.replies).map(([status, schema]) => [
    status,
    { description: route.summary, content: { 'application/json': { schema: schemaOf(schema, 'output') } } },
  ]);
  return {
    operationId: route.key.replace(/[^A-Za-z]+/g, '-').replace(/^-|-$/g, ''),
    tags: [part],
    summary: route.summary,
    'x-action': route.action,
    security: route.action === 'public' ? [] : [{ oidc: [] }],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(route.body === undefined
      ? {}
      : {
          requestBody: { required: true, content: { 'application/json': { schema: schemaOf(route.body, 'input') } } },
        }),
    responses: { ...Object.fromEntries(replies), default: { $ref: '#/components/responses/Problem' } },
  };
}

/** The OpenAPI 3.1 document of the whole API, made from the very schemas that the edge validates with. */
export function openApiDocument(parts: readonly ApiPart[], version: string): Schema {
  const paths: Record<string, Schema> = {};
  for (const part of parts) {
    for (const route of part.routes) {
      const [method = '', path = ''] = route.key.split(' ');
      paths[path] = { ...paths[path], [method.toLowerCase()]: operationOf(part.name, route) };
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'jipei 技培',
      version,
      summary: 'Vocational-training subsidies from class filing to money (温人社发〔2020〕58号)',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths: Object.fromEntries(Object.entries(paths).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    components: {
      securitySchemes: { oidc: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      responses: {
        Problem: {
          description: 'A refusal (RFC 9457)',
          content: { 'application/problem+json': { schema: schemaOf(problemSchema, 'output') } },
        },
      },
    },
  };
}

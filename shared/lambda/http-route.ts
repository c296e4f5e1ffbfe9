import type * as z from 'zod';
import type { Action } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';

export interface HttpReply {
  status: number;
  /** An object is sent as JSON; a string as it is, with the content type given in `headers`. */
  body?: unknown;
  headers?: Record<string, string>;
  /** The string is base64 of bytes. */
  base64?: boolean;
}

/** A request after authentication, access check and validation. */
export interface HttpRequest<P, Q, B> {
  path: P;
  query: Q;
  body: B;
  /** Who asks; on public routes nobody. */
  principal: Principal;
  /**
   * The same for every repetition of one POST, key and body alike: an id for what it creates (see `idFromCause`). A key
   * that was forgotten and comes with another body names another thing, never the old one.
   */
  creationId: string;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  sourceIp: string;
}

/** One route of the API: what the edge checks, what the OpenAPI document says, and the use case behind it. */
export interface HttpRoute<D> {
  /** As API Gateway spells it: `POST /claims/{claimId}/submission`. */
  key: `${'GET' | 'POST' | 'PUT' | 'DELETE'} /${string}`;
  /** One English line for the OpenAPI document. */
  summary: string;
  /** What the caller must be allowed to attempt; `public` needs no log-in. */
  action: Action | 'public';
  /** A POST that stores nothing needs no Idempotency-Key. */
  storesNothing?: true;
  /** Its answer holds numbers of people in the clear, or the files of many: counted by person and hour. */
  disclosesPersonalData?: true;
  path?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  /** Shapes of the good answers by status. */
  replies: Readonly<Record<number, z.ZodType>>;
  serve(dependencies: D, request: HttpRequest<unknown, unknown, unknown>): Promise<HttpReply>;
}

interface TypedRoute<D, P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>
  extends Omit<HttpRoute<D>, 'path' | 'query' | 'body' | 'serve'> {
  path?: P;
  query?: Q;
  body?: B;
  serve(dependencies: D, request: HttpRequest<z.infer<P>, z.infer<Q>, z.infer<B>>): Promise<HttpReply>;
}

/** Ties a route's handler to its schemas: `request.body` has the type of the body schema. */
export function defineRoute<
  D,
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
>(route: TypedRoute<D, P, Q, B>): HttpRoute<D> {
  // Method parameters are bivariant: the edge only ever calls it with values that these very schemas have parsed.
  return route;
}

/** The routes of one part of an API function, served with that part of the function's dependencies. */
export function routesOfPart<D, P>(routes: readonly HttpRoute<P>[], part: (dependencies: D) => P): HttpRoute<D>[] {
  return routes.map((route) => ({
    ...route,
    serve: async (dependencies, request) => route.serve(part(dependencies), request),
  }));
}

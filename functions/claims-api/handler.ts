import { createHttpHandler, type HttpEdge } from '../../shared/lambda/http-handler.ts';
import type { ClaimsDependencies } from './dependencies.ts';
import { claimsRoutes } from './routes.ts';

export function createHandler(deps: Omit<ClaimsDependencies, 'metrics'>, edge: HttpEdge) {
  return createHttpHandler(claimsRoutes, { ...deps, metrics: edge.metrics }, edge);
}

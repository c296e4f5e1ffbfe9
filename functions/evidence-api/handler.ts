import { createHttpHandler, type HttpEdge } from '../../shared/lambda/http-handler.ts';
import { type Dependencies, evidenceRoutes } from './routes.ts';

/** Uploads of a claim over HTTP. */
export function createHandler(dependencies: Dependencies, edge: HttpEdge) {
  return createHttpHandler(evidenceRoutes, dependencies, edge);
}

import { createHttpHandler, type HttpEdge } from '../../shared/lambda/http-handler.ts';
import { type RecordsDependencies, recordsRoutes } from './routes.ts';

export function createHandler(deps: RecordsDependencies, edge: HttpEdge) {
  return createHttpHandler(recordsRoutes, deps, edge);
}

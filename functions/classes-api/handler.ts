import type { ClassDependencies } from '../../shared/classes/file-class.ts';
import { createHttpHandler, type HttpEdge } from '../../shared/lambda/http-handler.ts';
import { classRoutes } from './routes.ts';

export function createHandler(deps: ClassDependencies, edge: HttpEdge) {
  return createHttpHandler(classRoutes, { ...deps, metrics: edge.metrics }, edge);
}

import { createHttpHandler, type HttpEdge } from '../../shared/lambda/http-handler.ts';
import { type OperationsDependencies, operationsRoutes } from './routes.ts';

export function createHandler(deps: Omit<OperationsDependencies, 'log'>, edge: HttpEdge) {
  return createHttpHandler(operationsRoutes, { ...deps, log: edge.log }, edge);
}

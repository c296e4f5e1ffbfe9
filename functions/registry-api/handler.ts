import { createHttpHandler, type HttpEdge } from '../../shared/lambda/http-handler.ts';
import { type RegistryDependencies, registryRoutes } from './routes.ts';

export function createHandler(deps: RegistryDependencies, edge: HttpEdge) {
  return createHttpHandler(registryRoutes(deps.edition), deps, edge);
}

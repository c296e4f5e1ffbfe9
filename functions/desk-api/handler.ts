import { createHttpHandler, type HttpEdge } from '../../shared/lambda/http-handler.ts';
import type { DeskClaimDependencies } from './claim-routes.ts';
import { type DeskDependencies, deskRoutes } from './routes.ts';

export interface DeskHandlerDependencies extends Pick<DeskDependencies, 'publicity'> {
  review: Omit<DeskClaimDependencies, 'metrics'>;
}

export function createHandler({ review, publicity }: DeskHandlerDependencies, edge: HttpEdge) {
  return createHttpHandler(deskRoutes, { review: { ...review, metrics: edge.metrics }, publicity }, edge);
}

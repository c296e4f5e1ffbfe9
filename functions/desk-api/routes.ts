import { type HttpRoute, routesOfPart } from '../../shared/lambda/http-route.ts';
import { type DeskClaimDependencies, deskClaimRoutes } from './claim-routes.ts';
import { type ObjectionRouteDependencies, objectionRoutes } from './objection-routes.ts';

export interface DeskDependencies {
  review: DeskClaimDependencies;
  publicity: ObjectionRouteDependencies;
}

/** Everything on an officer's desk: claims, and what the public said of them. */
export const deskRoutes: readonly HttpRoute<DeskDependencies>[] = [
  ...routesOfPart(deskClaimRoutes, ({ review }: DeskDependencies) => review),
  ...routesOfPart(objectionRoutes, ({ publicity }: DeskDependencies) => publicity),
];

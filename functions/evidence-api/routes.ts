import type { HttpRoute } from '../../shared/lambda/http-route.ts';

export type Dependencies = Record<string, never>;

export const evidenceRoutes: HttpRoute<Dependencies>[] = [];

import type { HttpRoute } from '../../shared/lambda/http-route.ts';

export const claimsRoutes: readonly HttpRoute<object>[] = [];

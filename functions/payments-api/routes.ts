import type { HttpRoute } from '../../shared/lambda/http-route.ts';

export const paymentsRoutes: readonly HttpRoute<object>[] = [];

import type { HttpRoute } from '../../shared/lambda/http-route.ts';

export const deskRoutes: readonly HttpRoute<object>[] = [];

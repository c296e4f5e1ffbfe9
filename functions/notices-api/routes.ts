import type { HttpRoute } from '../../shared/lambda/http-route.ts';

/** The public routes of notices (公示) and objections (异议). */
export const routes: readonly HttpRoute<object>[] = [];

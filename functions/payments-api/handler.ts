import { createHttpHandler, type HttpEdge } from '../../shared/lambda/http-handler.ts';
import type { PaymentRouteDependencies } from './payment-routes.ts';
import { type PaymentsDependencies, paymentsRoutes } from './routes.ts';

export interface PaymentsHandlerDependencies extends Pick<PaymentsDependencies, 'funds'> {
  payments: Omit<PaymentRouteDependencies, 'metrics'>;
}

export function createHandler({ funds, payments }: PaymentsHandlerDependencies, edge: HttpEdge) {
  return createHttpHandler(paymentsRoutes, { funds, payments: { ...payments, metrics: edge.metrics } }, edge);
}

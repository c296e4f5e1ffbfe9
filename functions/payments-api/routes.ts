import type { FundDependencies } from '../../shared/claims/allot-funds.ts';
import { type HttpRoute, routesOfPart } from '../../shared/lambda/http-route.ts';
import { fundRoutes } from './fund-routes.ts';
import { type PaymentRouteDependencies, paymentRoutes } from './payment-routes.ts';

export interface PaymentsDependencies {
  funds: FundDependencies;
  payments: PaymentRouteDependencies;
}

/** The money: special accounts, and what is paid from them. */
export const paymentsRoutes: readonly HttpRoute<PaymentsDependencies>[] = [
  ...routesOfPart(fundRoutes, ({ funds }: PaymentsDependencies) => funds),
  ...routesOfPart(paymentRoutes, ({ payments }: PaymentsDependencies) => payments),
];

import { claimsRoutes } from '../functions/claims-api/routes.ts';
import { classRoutes } from '../functions/classes-api/routes.ts';
import { deskRoutes } from '../functions/desk-api/routes.ts';
import { evidenceRoutes } from '../functions/evidence-api/routes.ts';
import { noticeRoutes } from '../functions/notices-api/routes.ts';
import { operationsRoutes } from '../functions/operations-api/routes.ts';
import { paymentsRoutes } from '../functions/payments-api/routes.ts';
import { recordsRoutes } from '../functions/records-api/routes.ts';
import { registryRoutes } from '../functions/registry-api/routes.ts';
import { wenzhou202058 } from '../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import type { ApiPart } from './openapi-document.ts';

/** Every API function with its route table: what the OpenAPI document and the architecture tests go by. */
export const apiParts: readonly ApiPart[] = [
  { name: 'classes-api', routes: classRoutes },
  { name: 'claims-api', routes: claimsRoutes },
  { name: 'evidence-api', routes: evidenceRoutes },
  { name: 'desk-api', routes: deskRoutes },
  { name: 'registry-api', routes: registryRoutes(wenzhou202058) },
  { name: 'notices-api', routes: noticeRoutes },
  { name: 'payments-api', routes: paymentsRoutes },
  { name: 'records-api', routes: recordsRoutes },
  { name: 'operations-api', routes: operationsRoutes },
];

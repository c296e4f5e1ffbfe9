import type { CertificateDependencies } from '../../shared/certificates/issue-certificates.ts';
import { type HttpRoute, routesOfPart } from '../../shared/lambda/http-route.ts';
import { certificateRoutes } from './certificate-routes.ts';
import { type RecordDependencies, recordRoutes } from './record-routes.ts';

export interface RecordsDependencies {
  certificates: CertificateDependencies;
  records: RecordDependencies;
}

/** Certificates, records, books and reports. */
export const recordsRoutes: readonly HttpRoute<RecordsDependencies>[] = [
  ...routesOfPart(certificateRoutes, ({ certificates }: RecordsDependencies) => certificates),
  ...routesOfPart(recordRoutes, ({ records }: RecordsDependencies) => records),
];

import type { CertificateDependencies } from '../../shared/certificates/issue-certificates.ts';
import type { LetterDependencies } from '../../shared/certificates/place-letters.ts';
import { type HttpRoute, routesOfPart } from '../../shared/lambda/http-route.ts';
import type { PlanDependencies } from '../../shared/supervision/plan-inspections.ts';
import type { InspectionDependencies } from '../../shared/supervision/record-inspection.ts';
import { certificateRoutes } from './certificate-routes.ts';
import { inspectionRoutes } from './inspection-routes.ts';
import { planRoutes } from './plan-routes.ts';
import { type RecordDependencies, recordRoutes } from './record-routes.ts';

export interface RecordsDependencies {
  certificates: CertificateDependencies & LetterDependencies;
  records: RecordDependencies;
  inspections: InspectionDependencies;
  plans: PlanDependencies;
}

/** Certificates, records, books and reports, inspections. */
export const recordsRoutes: readonly HttpRoute<RecordsDependencies>[] = [
  ...routesOfPart(certificateRoutes, ({ certificates }: RecordsDependencies) => certificates),
  ...routesOfPart(recordRoutes, ({ records }: RecordsDependencies) => records),
  ...routesOfPart(inspectionRoutes, ({ inspections }: RecordsDependencies) => inspections),
  ...routesOfPart(planRoutes, ({ plans }: RecordsDependencies) => plans),
];

import type { ApprovalStore } from '../../shared/claims/approval-store.ts';
import type { LineStore } from '../../shared/claims/line-store.ts';
import type { PreCheckDependencies } from '../../shared/claims/pre-check-claim.ts';
import type { MetricRecorder } from '../../shared/lambda/metrics.ts';
import type { InspectionStore } from '../../shared/supervision/inspection.ts';

export interface ClaimsDependencies extends PreCheckDependencies {
  lines: LineStore;
  approvals: ApprovalStore;
  inspections: Pick<InspectionStore, 'ofClass'>;
  metrics: Pick<MetricRecorder, 'add'>;
}

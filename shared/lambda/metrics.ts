import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** Every business metric there is, with its unit. Dashboards and alarms name these; no personal data, few dimensions. */
export const metricUnits = {
  RequestsServed: MetricUnit.Count,
  RequestsRefused: MetricUnit.Count,
  RequestsFailed: MetricUnit.Count,
  AccessDenied: MetricUnit.Count,
  ClassesFiled: MetricUnit.Count,
  ClaimsSubmitted: MetricUnit.Count,
  ClaimsAssessed: MetricUnit.Count,
  ClaimsReturned: MetricUnit.Count,
  ClaimsApproved: MetricUnit.Count,
  ClaimsWaitingForFunds: MetricUnit.Count,
  LinesReserved: MetricUnit.Count,
  LinesRefused: MetricUnit.Count,
  LinesReferred: MetricUnit.Count,
  ApprovedFen: MetricUnit.Count,
  PaidFen: MetricUnit.Count,
  EvidenceVerified: MetricUnit.Count,
  EvidenceRejected: MetricUnit.Count,
  EvidenceVerifyMs: MetricUnit.Milliseconds,
  NoticesPublished: MetricUnit.Count,
  NoticesClosed: MetricUnit.Count,
  ObjectionsLodged: MetricUnit.Count,
  SweepFound: MetricUnit.Count,
  SweepHeartbeat: MetricUnit.Count,
  NoticeHeartbeat: MetricUnit.Count,
  CheckHeartbeat: MetricUnit.Count,
  ClaimsOverdue: MetricUnit.Count,
  FundsLow: MetricUnit.Count,
  TransfersPaid: MetricUnit.Count,
  TransfersBounced: MetricUnit.Count,
  PaidMinusApprovedFen: MetricUnit.Count,
  LedgerMinusBalanceFen: MetricUnit.Count,
  AuditChainsVerified: MetricUnit.Count,
  AuditChainsBroken: MetricUnit.Count,
  UnmaskedIdentityFound: MetricUnit.Count,
  ClaimsLeftOutOfNotices: MetricUnit.Count,
  PersonalDataDownloads: MetricUnit.Count,
  PersonalDataDownloadsExcessive: MetricUnit.Count,
} as const;

export type MetricName = keyof typeof metricUnits;

/** Counts what happened, in CloudWatch's embedded metric format on standard output. */
export interface MetricRecorder {
  add(name: MetricName, value?: number): void;
  flush(): void;
}

export function createMetricRecorder(metrics: Metrics = new Metrics()): MetricRecorder {
  return {
    add: (name, value = 1) => {
      metrics.addMetric(name, metricUnits[name], value);
    },
    flush: () => {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
  };
}

import { Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  SingleValueWidget,
  Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { ProductMetricName } from '../functions/counted-metrics.ts';
import type { AlarmBook } from './alarm-book.ts';
import { productMetric, productMetricTotal } from './product-metric.ts';

const anHour = Duration.hours(1);
const aDay = Duration.days(1);

function graph(title: string, names: readonly ProductMetricName[], period: Duration = anHour): GraphWidget {
  return new GraphWidget({ title, width: 12, left: names.map((name) => productMetricTotal(name, period)) });
}

/** What the bureau asks: how many claims, how much money, which notices, what waits. No person appears in it. */
export class BusinessDashboard extends Construct {
  constructor(scope: Construct, id: string, { stage, alarms }: { stage: string; alarms: AlarmBook }) {
    super(scope, id);
    new Dashboard(this, 'Dashboard', {
      dashboardName: `jipei-${stage}-business`,
      defaultInterval: Duration.days(7),
      widgets: [
        [
          new TextWidget({
            width: 12,
            height: 4,
            markdown: `# 技培 ${stage}: 业务\n金额以分计。每个告警的处理办法见 docs/runbooks 中同名文件。`,
          }),
          new AlarmStatusWidget({ title: '告警', width: 12, height: 4, alarms: alarms.on('business') }),
        ],
        [
          new SingleValueWidget({
            title: '今日',
            width: 24,
            metrics: (['ClaimsSubmitted', 'ClaimsApproved', 'ApprovedFen', 'PaidFen', 'ObjectionsLodged'] as const).map(
              (name) => productMetricTotal(name, aDay),
            ),
          }),
        ],
        [
          graph('申领', ['ClaimsSubmitted', 'ClaimsAssessed', 'ClaimsReturned', 'ClaimsApproved']),
          graph('逐人结论', ['LinesReserved', 'LinesReferred', 'LinesRefused']),
        ],
        [
          graph('佐证材料', ['EvidenceVerified', 'EvidenceRejected']),
          new GraphWidget({
            title: '核验用时 (ms)',
            width: 12,
            left: ['p50', 'p95', Stats.MAXIMUM].map((statistic) =>
              productMetric('EvidenceVerifyMs', 'verify-evidence', anHour, statistic).with({ label: statistic }),
            ),
          }),
        ],
        [
          graph('公示与异议', ['NoticesPublished', 'NoticesClosed', 'ObjectionsLodged'], aDay),
          graph('拨付', ['TransfersPaid', 'TransfersBounced'], aDay),
        ],
        [
          graph('超期未办与待资金', ['ClaimsOverdue', 'ClaimsWaitingForFunds']),
          graph('金额 (分)', ['ApprovedFen', 'PaidFen'], aDay),
        ],
        [
          graph('开班备案', ['ClassesFiled'], aDay),
          graph('账目不符 (分，应为零)', ['PaidMinusApprovedFen', 'LedgerMinusBalanceFen'], aDay),
        ],
      ],
    });
  }
}

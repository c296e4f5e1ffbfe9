import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { type AlarmBook, fiveMinutes } from './alarm-book.ts';
import { productMetric, productMetricTotal } from './product-metric.ts';

/** Alarms on what the functions count themselves. */
export class BusinessAlarms extends Construct {
  constructor(scope: Construct, id: string, { alarms }: { alarms: AlarmBook }) {
    super(scope, id);
    alarms.add(this, 'business', {
      runbook: 'claims-overdue',
      says: 'A claim has been in one state beyond its due time.',
      metric: productMetric('ClaimsOverdue', 'sweep-work', Duration.hours(1), Stats.MAXIMUM),
      threshold: 1,
    });
    alarms.add(this, 'business', {
      runbook: 'claims-waiting-for-funds',
      says: 'A claim was approved and its account is too low.',
      metric: productMetric('ClaimsWaitingForFunds', 'sweep-work', Duration.hours(1), Stats.MAXIMUM),
      threshold: 1,
    });
    alarms.add(this, 'operations', {
      runbook: 'unmasked-identity-published',
      says: 'An identity, card or mobile number stood in the text of a notice.',
      metric: productMetricTotal('UnmaskedIdentityFound', fiveMinutes),
      threshold: 1,
    });
    alarms.add(this, 'operations', {
      runbook: 'access-denied-burst',
      says: 'Fifty requests in five minutes reached for what is not theirs.',
      metric: productMetricTotal('AccessDenied', fiveMinutes),
      threshold: 50,
    });
  }
}

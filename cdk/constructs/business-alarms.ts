import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { ProductMetricName } from '../functions/counted-metrics.ts';
import { type AlarmBook, fiveMinutes } from './alarm-book.ts';
import { productMetric, productMetricTotal } from './product-metric.ts';

/** Alarms on what the functions count themselves. */
export class BusinessAlarms extends Construct {
  constructor(scope: Construct, id: string, { alarms }: { alarms: AlarmBook }) {
    super(scope, id);
    alarms.add(this, 'business', {
      runbook: 'claims-overdue',
      says: 'A claim, or what it depends on, has waited in one state beyond its due time.',
      metric: productMetric('ClaimsOverdue', 'sweep-work', Duration.hours(1), Stats.MAXIMUM),
      threshold: 1,
    });
    alarms.add(this, 'business', {
      runbook: 'claims-waiting-for-funds',
      says: 'A claim was approved and its account is too low.',
      metric: productMetric('ClaimsWaitingForFunds', 'sweep-work', Duration.hours(1), Stats.MAXIMUM),
      threshold: 1,
    });
    alarms.add(this, 'business', {
      runbook: 'claims-left-out-of-notices',
      says: 'An approved claim cannot be published as it stands: its words or its figures have to be put right.',
      metric: productMetricTotal('ClaimsLeftOutOfNotices', fiveMinutes),
      threshold: 1,
    });
    // On a scope of its own: an alarm is called after its runbook, and what helps is the same.
    alarms.add(new Construct(this, 'Low'), 'business', {
      runbook: 'claims-waiting-for-funds',
      subject: 'low',
      says: 'Less than a tenth of what was allotted to a special account is left.',
      metric: productMetric('FundsLow', 'sweep-work', Duration.hours(1), Stats.MAXIMUM),
      threshold: 1,
    });
    this.#watchBooks(alarms);
    alarms.add(this, 'operations', {
      runbook: 'personal-data-downloads',
      says: 'One person took personal data more often within an hour than the work asks for.',
      metric: productMetricTotal('PersonalDataDownloadsExcessive', fiveMinutes),
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

  /** What the nightly checks found; a difference of one fen rings. */
  #watchBooks(alarms: AlarmBook): void {
    const found = (name: ProductMetricName, service: string) =>
      productMetric(name, service, Duration.hours(1), Stats.MAXIMUM);
    // Each on a scope of its own: an alarm is called after its runbook, and both of these have the same.
    alarms.add(new Construct(this, 'Paid'), 'business', {
      runbook: 'books-differ',
      subject: 'paid',
      says: 'A claim was paid another sum than was approved for it.',
      metric: found('PaidMinusApprovedFen', 'reconcile-books'),
      threshold: 1,
    });
    alarms.add(new Construct(this, 'Ledger'), 'business', {
      runbook: 'books-differ',
      subject: 'ledger',
      says: 'The balance of a special account is not what its ledger says.',
      metric: found('LedgerMinusBalanceFen', 'reconcile-books'),
      threshold: 1,
    });
    alarms.add(this, 'operations', {
      runbook: 'audit-chain-broken',
      says: 'An audit record was altered, removed or inserted.',
      metric: found('AuditChainsBroken', 'verify-chains'),
      threshold: 1,
    });
  }
}

import { type IMetric, MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Operation } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { type AlarmBook, fiveMinutes } from './alarm-book.ts';
import type { ClaimsTable } from './claims-table.ts';

/** Reads and writes that the table turned away. */
export function tableThrottles({ table }: ClaimsTable): IMetric {
  const sum = { period: fiveMinutes, statistic: Stats.SUM };
  return new MathExpression({
    label: 'throttled',
    expression: 'FILL(reads, 0) + FILL(writes, 0)',
    usingMetrics: {
      reads: table.metric('ReadThrottleEvents', sum),
      writes: table.metric('WriteThrottleEvents', sum),
    },
    period: fiveMinutes,
  });
}

/** Calls that DynamoDB itself failed. */
export function tableSystemErrors({ table }: ClaimsTable): IMetric {
  return table.metricSystemErrorsForOperations({
    operations: [
      Operation.BATCH_GET_ITEM,
      Operation.DELETE_ITEM,
      Operation.GET_ITEM,
      Operation.PUT_ITEM,
      Operation.QUERY,
      Operation.TRANSACT_WRITE_ITEMS,
      Operation.UPDATE_ITEM,
    ],
    period: fiveMinutes,
    label: 'failed by DynamoDB',
  });
}

export class TableAlarms extends Construct {
  constructor(scope: Construct, id: string, { claims, alarms }: { claims: ClaimsTable; alarms: AlarmBook }) {
    super(scope, id);
    alarms.add(this, 'operations', {
      runbook: 'table-throttled',
      says: 'The table turns reads or writes away.',
      metric: tableThrottles(claims),
      threshold: 1,
    });
    alarms.add(this, 'operations', {
      runbook: 'table-system-errors',
      says: 'DynamoDB answers with faults of its own.',
      metric: tableSystemErrors(claims),
      threshold: 1,
    });
  }
}

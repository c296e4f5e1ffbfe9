import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { type RunbookName, runbookIds } from './runbooks.ts';

export interface AlarmRule {
  /** What the alarm is called and where help is. */
  runbook: RunbookName;
  /** Which of several like things rings: a queue, a function. */
  subject?: string;
  /** One English sentence: what is the matter when it rings. */
  says: string;
  metric: IMetric;
  threshold: number;
  /** Default: at or above the threshold. */
  comparison?: ComparisonOperator;
  /** `points` of `of` periods must be bad; default one of one. */
  points?: number;
  of?: number;
  /** Silence rings; for heartbeats. */
  missingRings?: true;
}

/** The page of the operations dashboard or of the business one. */
export type Board = 'operations' | 'business';

/** Makes every alarm alike (name, runbook, action) and remembers it for the dashboards. */
export class AlarmBook {
  readonly #alarms: { board: Board; alarm: Alarm }[] = [];
  readonly #topic: ITopic;
  readonly #prefix: string;

  constructor(topic: ITopic, prefix: string) {
    this.#topic = topic;
    this.#prefix = prefix;
  }

  /** Adds an alarm under `scope`, the thing that is watched. */
  add(scope: Construct, board: Board, rule: AlarmRule): Alarm {
    const { runbook, subject } = rule;
    const alarm = new Alarm(scope, runbook, {
      alarmName: [this.#prefix, runbook, subject].filter((part) => part !== undefined).join('-'),
      alarmDescription: `${runbookIds[runbook]}: ${rule.says} What to do: docs/runbooks/${runbook}.md`,
      metric: rule.metric,
      threshold: rule.threshold,
      comparisonOperator: rule.comparison ?? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: rule.of ?? 1,
      datapointsToAlarm: rule.points ?? rule.of ?? 1,
      treatMissingData: rule.missingRings === true ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    const action = new SnsAction(this.#topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
    this.#alarms.push({ board, alarm });
    return alarm;
  }

  on(board: Board): Alarm[] {
    return this.#alarms.filter((entry) => entry.board === board).map((entry) => entry.alarm);
  }
}

export const oneMinute = Duration.minutes(1);
export const fiveMinutes = Duration.minutes(5);

import * as z from 'zod';
import type { Deployment } from '../template/deployment.ts';
import { functionArn } from '../template/physical-names.ts';

/** One event source mapping: what is read, and how it reaches a function. */
export interface EventSourceSettings {
  readonly logicalId: string;
  readonly sourceArn: string;
  readonly functionArn: string;
  readonly enabled: boolean;
  readonly batchSize: number | undefined;
  readonly windowSeconds: number;
  readonly reportsItemFailures: boolean;
  readonly filterPatterns: readonly string[];
  /** SQS: batches at once. */
  readonly maximumConcurrency: number | undefined;
  /** Streams: from the oldest record or only what comes. */
  readonly fromBeginning: boolean;
  /** Streams: −1 is without end. */
  readonly maximumRetryAttempts: number;
  readonly maximumRecordAgeSeconds: number;
  readonly bisectsOnError: boolean;
  readonly onFailureArn: string | undefined;
}

const mappingShape = z.object({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  Enabled: z.boolean().default(true),
  BatchSize: z.coerce.number().optional(),
  MaximumBatchingWindowInSeconds: z.coerce.number().default(0),
  FunctionResponseTypes: z.array(z.string()).default([]),
  FilterCriteria: z.object({ Filters: z.array(z.object({ Pattern: z.string() })).default([]) }).optional(),
  ScalingConfig: z.object({ MaximumConcurrency: z.coerce.number().optional() }).optional(),
  StartingPosition: z.string().optional(),
  MaximumRetryAttempts: z.coerce.number().default(-1),
  MaximumRecordAgeInSeconds: z.coerce.number().default(-1),
  BisectBatchOnFunctionError: z.boolean().default(false),
  DestinationConfig: z.object({ OnFailure: z.object({ Destination: z.string() }).optional() }).optional(),
  TumblingWindowInSeconds: z.coerce.number().default(0),
});

export function readEventSources(deployment: Deployment): EventSourceSettings[] {
  return deployment.resources('AWS::Lambda::EventSourceMapping').map((resource) => {
    const properties = mappingShape.parse(resource.properties);
    if (properties.TumblingWindowInSeconds > 0) {
      throw new Error(`refusing to pretend: ${resource.logicalId} has a tumbling window`);
    }
    return {
      logicalId: resource.logicalId,
      sourceArn: properties.EventSourceArn,
      functionArn: functionArn(resource.stack, properties.FunctionName),
      enabled: properties.Enabled,
      batchSize: properties.BatchSize,
      windowSeconds: properties.MaximumBatchingWindowInSeconds,
      reportsItemFailures: properties.FunctionResponseTypes.includes('ReportBatchItemFailures'),
      filterPatterns: properties.FilterCriteria?.Filters.map((filter) => filter.Pattern) ?? [],
      maximumConcurrency: properties.ScalingConfig?.MaximumConcurrency,
      fromBeginning: properties.StartingPosition !== 'LATEST',
      maximumRetryAttempts: properties.MaximumRetryAttempts,
      maximumRecordAgeSeconds: properties.MaximumRecordAgeInSeconds,
      bisectsOnError: properties.BisectBatchOnFunctionError,
      onFailureArn: properties.DestinationConfig?.OnFailure?.Destination,
    };
  });
}

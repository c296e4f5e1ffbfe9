import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { DeployedResource, Deployment } from '../template/deployment.ts';
import { functionArn } from '../template/physical-names.ts';

/** A function of the template. */
export interface FunctionSettings {
  readonly logicalId: string;
  readonly path: string | undefined;
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  /** Folder with the bundled code. */
  readonly codeFolder: string;
  /** `index.handler`. */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly reservedConcurrency: number | undefined;
  readonly asynchronous: AsynchronousSettings;
}

/** How events that nobody waits for are retried and where they end. */
export interface AsynchronousSettings {
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeSeconds: number;
  /** Queue or function that gets a record of what failed for good. */
  readonly onFailureArn: string | undefined;
  readonly onSuccessArn: string | undefined;
  /** Queue that gets the bare event. */
  readonly deadLetterArn: string | undefined;
}

const functionShape = z.object({
  Code: z.object({ S3Key: z.string().optional(), ZipFile: z.string().optional() }),
  Handler: z.string().default('index.handler'),
  Runtime: z.string().default(''),
  Timeout: z.coerce.number().default(3),
  MemorySize: z.coerce.number().default(128),
  ReservedConcurrentExecutions: z.coerce.number().optional(),
  Environment: z.object({ Variables: z.record(z.string(), z.coerce.string()).default({}) }).optional(),
  DeadLetterConfig: z.object({ TargetArn: z.string().optional() }).optional(),
});

const invokeConfigShape = z.object({
  FunctionName: z.string(),
  MaximumRetryAttempts: z.coerce.number().optional(),
  MaximumEventAgeInSeconds: z.coerce.number().optional(),
  DestinationConfig: z
    .object({
      OnFailure: z.object({ Destination: z.string() }).optional(),
      OnSuccess: z.object({ Destination: z.string() }).optional(),
    })
    .optional(),
});

/**
 * Reads the functions of a deployment. CDK's own helpers (inline code, Python) are left out: what they would do
 * at deployment, the local cloud does itself.
 */
export function readFunctions(deployment: Deployment): FunctionSettings[] {
  const configs = deployment.resources('AWS::Lambda::EventInvokeConfig').map((resource) => {
    const properties = invokeConfigShape.parse(resource.properties);
    return { arn: functionArn(resource.stack, properties.FunctionName), properties };
  });
  return deployment.resources('AWS::Lambda::Function').flatMap((resource) => {
    const properties = functionShape.parse(resource.properties);
    if (!properties.Runtime.startsWith('nodejs') || properties.Code.S3Key === undefined) return [];
    const arn = resource.attributes['Arn'] ?? '';
    const config = configs.find((one) => one.arn === arn)?.properties;
    const destinations = config?.DestinationConfig;
    return [
      {
        logicalId: resource.logicalId,
        path: resource.path,
        name: resource.ref,
        arn,
        region: resource.stack.region,
        codeFolder: codeFolder(resource, properties.Code.S3Key),
        handler: properties.Handler,
        environment: properties.Environment?.Variables ?? {},
        timeoutSeconds: properties.Timeout,
        memoryMegabytes: properties.MemorySize,
        reservedConcurrency: properties.ReservedConcurrentExecutions,
        asynchronous: {
          maximumRetryAttempts: config?.MaximumRetryAttempts ?? 2,
          maximumEventAgeSeconds: config?.MaximumEventAgeInSeconds ?? 21_600,
          onFailureArn: destinations?.OnFailure?.Destination,
          onSuccessArn: destinations?.OnSuccess?.Destination,
          deadLetterArn: properties.DeadLetterConfig?.TargetArn,
        },
      },
    ];
  });
}

/** CDK uploads `asset.<hash>` as `<hash>.zip`. */
function codeFolder({ stack, logicalId }: DeployedResource, key: string): string {
  const folder = join(stack.assets, `asset.${key.replace(/^.*\//, '').replace(/\.zip$/, '')}`);
  if (!existsSync(folder))
    throw new Error(`${stack.name}/${logicalId}: its code is not in ${folder}; synthesize again`);
  return folder;
}

import { join } from 'node:path';
import type { Credentials } from '../credentials.ts';
import type { FunctionSettings } from './function-settings.ts';

/** Where the engines answer. */
export interface Endpoints {
  readonly dynamodb: string;
  readonly sqs: string;
  readonly s3: string;
  readonly kms: string;
}

/** Compiled code of functions and runtime, kept between runs: a third of a cold start. */
const compileCache = join(import.meta.dirname, '../../node_modules/.cache/local-cloud');

/**
 * All environment variables of a function's process: those of the template, those of Lambda, and the endpoints.
 * Nothing of our own environment but the search path gets through.
 */
export function processEnvironment(
  settings: FunctionSettings,
  endpoints: Endpoints,
  credentials: Credentials,
): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    NODE_COMPILE_CACHE: compileCache,
    ...settings.environment,
    _HANDLER: settings.handler,
    LAMBDA_TASK_ROOT: settings.codeFolder,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: settings.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memoryMegabytes),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${settings.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_REGION: settings.region,
    AWS_DEFAULT_REGION: settings.region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_SQS: endpoints.sqs,
    AWS_ENDPOINT_URL_S3: endpoints.s3,
    AWS_ENDPOINT_URL_KMS: endpoints.kms,
  };
}

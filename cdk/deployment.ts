import { type App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ServiceStack } from './service-stack.ts';
import type { StageSettings } from './stage.ts';
import { StorageStack } from './storage-stack.ts';

/**
 * Puts the two stacks of one stage into the app, checked by cdk-nag when it is synthesized.
 * `codeOf` tells the folder that holds a function's bundled code.
 */
export function deploySuite(
  app: App,
  settings: StageSettings,
  codeOf: (name: string) => string,
): { storage: StorageStack; service: ServiceStack } {
  const { account, region, stage } = settings;
  const stack = { env: { account, region }, terminationProtection: settings.keepsData };
  const storage = new StorageStack(app, `jipei-${stage}-storage`, stack, settings);
  const service = new ServiceStack(app, `jipei-${stage}-service`, stack, { settings, storage, codeOf });
  Tags.of(app).add('project', 'jipei');
  Tags.of(app).add('stage', stage);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return { storage, service };
}

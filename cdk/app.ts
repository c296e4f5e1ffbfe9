import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { bundleFunctions } from './bundle.ts';
import { deploySuite } from './deployment.ts';
import { functionList } from './functions/function-list.ts';
import { readStage } from './stage.ts';

const root = join(import.meta.dirname, '..');
const { context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));

const app = new App({
  analyticsReporting: false,
  // CloudFormation's own rules take as long as all the rest together. `npm run synth`, every deployment and the tests
  // check them; a bare run, such as the local cloud's, does without.
  builtinCloudFormationValidation: process.env['CDK_CLI_VERSION'] !== undefined,
  // For bare runs too: the CDK's own command hands cdk.json over itself and wins over this.
  context: { ...context, 'aws:cdk:enable-path-metadata': true },
  outdir: process.env['CDK_OUTDIR'] ?? join(root, 'cdk.out'),
});
const settings = readStage((name) => app.node.tryGetContext(name));
const bundles = await bundleFunctions(functionList.map(({ name }) => name));
try {
  deploySuite(app, settings, bundles.folderOf);
  app.synth();
} finally {
  bundles.remove();
}

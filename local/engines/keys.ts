import * as z from 'zod';
import type { RunningKms } from '../kms/server.ts';
import type { Deployment } from '../template/deployment.ts';

const keyShape = z.object({
  KeySpec: z.string().default('SYMMETRIC_DEFAULT'),
  KeyUsage: z.string().default('ENCRYPT_DECRYPT'),
});

/** Creates the keys of a deployment. The id here comes from the template, so that data stay readable after a restart. */
export async function createKeys(kms: RunningKms, deployment: Deployment): Promise<void> {
  const aliases = deployment.resources('AWS::KMS::Alias');
  for (const resource of deployment.resources('AWS::KMS::Key')) {
    const { KeySpec, KeyUsage } = keyShape.parse(resource.properties);
    const key = await kms.createKey(`${resource.stack.name}/${resource.logicalId}`, {
      keySpec: KeySpec,
      keyUsage: KeyUsage,
    });
    deployment.register(resource, { ref: key.keyId, attributes: { Arn: key.arn, KeyId: key.keyId } });
  }
  void aliases;
}

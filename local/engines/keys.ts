import * as z from 'zod';
import type { RunningKms } from '../kms/server.ts';
import type { Deployment } from '../template/deployment.ts';

const keyShape = z.union([
  z.object({
    KeySpec: z.literal('SYMMETRIC_DEFAULT').default('SYMMETRIC_DEFAULT'),
    KeyUsage: z.literal('ENCRYPT_DECRYPT').default('ENCRYPT_DECRYPT'),
  }),
  z.object({ KeySpec: z.literal('HMAC_256'), KeyUsage: z.literal('GENERATE_VERIFY_MAC') }),
]);

/**
 * Creates the keys of a deployment. Their ids come from the template, so that what was encrypted can be read after a
 * restart.
 * @throws Error for a kind of key that the local KMS does not have.
 */
export function createKeys(kms: RunningKms, deployment: Deployment): void {
  for (const resource of deployment.resources('AWS::KMS::Key')) {
    const { KeySpec, KeyUsage } = resource.properties;
    const shape = keyShape.safeParse(resource.properties);
    if (!shape.success) {
      throw new Error(`refusing to pretend: key ${resource.logicalId} is ${String(KeySpec)} for ${String(KeyUsage)}`);
    }
    const key = kms.createKey(`${resource.stack.name}-${resource.logicalId}`, shape.data.KeySpec);
    deployment.register(resource, { ref: key.keyId, attributes: { Arn: key.arn, KeyId: key.keyId } });
  }
}

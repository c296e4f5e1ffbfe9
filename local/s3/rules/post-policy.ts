import * as z from 'zod';
import { S3Error } from '../s3-error.ts';

const size = z.union([z.int().nonnegative(), z.string().regex(/^\d+$/).transform(Number)]);

const policySchema = z.strictObject({
  expiration: z.iso.datetime({ offset: true }),
  conditions: z.array(
    z.union([
      z.tuple([z.literal('content-length-range'), size, size]),
      z.tuple([z.enum(['eq', 'starts-with']), z.string().startsWith('$'), z.string()]),
      z.record(z.string(), z.string()),
    ]),
  ),
});

interface FieldCondition {
  readonly operator: 'eq' | 'starts-with';
  /** Lower-case, without the `$`. */
  readonly field: string;
  readonly value: string;
}

/** What a signed policy permits a form to upload. */
export interface PostPolicy {
  readonly expiresAt: Date;
  readonly fields: readonly FieldCondition[];
  /** Bytes of the file. */
  readonly length: { readonly minimum: number; readonly maximum: number } | undefined;
}

/** @throws S3Error InvalidPolicyDocument */
export function parsePostPolicy(base64: string): PostPolicy {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(base64, 'base64').toString('utf8'));
  } catch {
    throw new S3Error('InvalidPolicyDocument', 'Invalid Policy: Invalid JSON.');
  }
  const parsed = policySchema.safeParse(json);
  if (!parsed.success) {
    throw new S3Error('InvalidPolicyDocument', `Invalid Policy: ${z.prettifyError(parsed.error)}`);
  }
  const fields: FieldCondition[] = [];
  let length: PostPolicy['length'];
  for (const condition of parsed.data.conditions) {
    if (!Array.isArray(condition)) {
      for (const [field, value] of Object.entries(condition)) {
        fields.push({ operator: 'eq', field: field.toLowerCase(), value });
      }
    } else if (condition[0] === 'content-length-range') {
      const [, minimum, maximum] = condition;
      length = {
        minimum: Math.max(minimum, length?.minimum ?? 0),
        maximum: Math.min(maximum, length?.maximum ?? Number.POSITIVE_INFINITY),
      };
    } else {
      const [operator, field, value] = condition;
      fields.push({ operator, field: field.slice(1).toLowerCase(), value });
    }
  }
  return { expiresAt: new Date(parsed.data.expiration), fields, length };
}

/** Fields that a policy need not mention. */
const FREE_FIELDS = new Set(['policy', 'x-amz-signature', 'file']);

function holds({ operator, value }: FieldCondition, given: string): boolean {
  return operator === 'eq' ? given === value : given.startsWith(value);
}

/**
 * Holds the fields of a form against its policy: every condition must be met, and every field be named by a condition.
 * @throws S3Error AccessDenied
 */
export function checkPostPolicy(policy: PostPolicy, fields: ReadonlyMap<string, string>, now: Date): void {
  const denied = (why: string): S3Error => new S3Error('AccessDenied', `Invalid according to Policy: ${why}`);
  if (policy.expiresAt.getTime() <= now.getTime()) throw denied('Policy expired.');
  for (const condition of policy.fields) {
    if (!holds(condition, fields.get(condition.field) ?? '')) {
      throw denied(`Policy Condition failed: ["${condition.operator}", "$${condition.field}", "${condition.value}"]`);
    }
  }
  const named = new Set(policy.fields.map(({ field }) => field));
  const extra = [...fields.keys()].find(
    // The bucket is told by the address; a form does not have to repeat it.
    (name) => !named.has(name) && !FREE_FIELDS.has(name) && !name.startsWith('x-ignore-') && name !== 'bucket',
  );
  if (extra !== undefined) throw denied(`Extra input fields: ${extra}`);
}

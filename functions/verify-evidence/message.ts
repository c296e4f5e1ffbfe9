import * as z from 'zod';
import { type EvidenceReference, referenceOf } from '../../shared/evidence/evidence-key.ts';

const id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

/** The completion call's and the sweep's message. */
const referenceSchema = z.object({ claimId: id, evidenceId: id });

/** What S3 tells of an object; it sends more than is read here, and adds fields as it likes. */
const notificationSchema = z.object({
  Records: z.array(
    z.object({
      eventName: z.string(),
      s3: z.object({
        bucket: z.object({ name: z.string() }),
        object: z.object({ key: z.string(), versionId: z.string().optional() }),
      }),
    }),
  ),
});

/** S3 sends one when notifications are set up. */
const testEventSchema = z.object({ Event: z.literal('s3:TestEvent') });

/** One upload to verify, and the version that arrived if the message names one. */
export interface VerificationRequest {
  reference: EvidenceReference;
  versionId?: string;
}

/** What a message asks for; `foreign` counts records about objects that are no uploads. */
export interface ParsedMessage {
  requests: VerificationRequest[];
  foreign: number;
}

/** Keys in notifications are form-encoded: a space is a plus sign. */
function decodeKey(key: string): string | undefined {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

/**
 * Reads a message of the verify queue.
 * @throws Error for a message of unknown shape: nobody can act on it, so it belongs into the dead-letter queue.
 */
export function parseMessage(message: unknown, bucket: string): ParsedMessage {
  const reference = referenceSchema.safeParse(message);
  if (reference.success) return { requests: [{ reference: reference.data }], foreign: 0 };
  if (testEventSchema.safeParse(message).success) return { requests: [], foreign: 0 };
  const notification = notificationSchema.safeParse(message);
  if (!notification.success) throw new Error('message of the verify queue has an unknown shape');
  const parsed: ParsedMessage = { requests: [], foreign: 0 };
  for (const { eventName, s3 } of notification.data.Records) {
    // Removals need no verdict.
    if (!eventName.startsWith('ObjectCreated:')) continue;
    const { key, versionId } = s3.object;
    const decoded = s3.bucket.name === bucket ? decodeKey(key) : undefined;
    const upload = decoded === undefined ? undefined : referenceOf(decoded);
    if (upload === undefined) parsed.foreign += 1;
    else parsed.requests.push({ reference: upload, ...(versionId === undefined ? {} : { versionId }) });
  }
  return parsed;
}

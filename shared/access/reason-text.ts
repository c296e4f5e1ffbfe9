import * as z from 'zod';
import { showsPersonalNumber } from './personal-numbers.ts';

/** The refusal of a text that shows somebody's number. */
export const personalNumberRefusal = '请勿写入身份证号、银行卡号或手机号，请用明细编号指明人员';

/**
 * Free text that goes on record, into audit trails and before other people's eyes: trimmed, `most` characters at most,
 * and without anybody's identity, card or mobile number (个人信息保护法 6). `missing` is what is said where there is none.
 */
export function recordedText(most: number, missing?: string): z.ZodString {
  return z
    .string({ error: ({ input }) => (input === undefined ? missing : undefined) })
    .trim()
    .max(most, `最多${most}字`)
    .refine((text) => !showsPersonalNumber(text), personalNumberRefusal);
}

export interface ReasonLimits {
  least?: number;
  most?: number;
  /** What to say when there is none, or a shorter one. */
  missing?: string;
}

/** A reason (理由) that somebody gives for what he does: every route that takes one takes it by this schema. */
export function reasonText({ least = 2, most = 500, missing = '请写明理由' }: ReasonLimits = {}): z.ZodString {
  return recordedText(most, missing).min(least, missing);
}

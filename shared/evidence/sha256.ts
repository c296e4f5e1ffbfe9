import * as z from 'zod';

const hexPattern = /^[0-9a-f]{64}$/i;
// 32 bytes are 43 characters and one padding sign; the last character carries four bits only.
const base64Pattern = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;

/** A SHA-256 as people have it at hand, hex or base64; kept as lower-case hex. */
export const sha256Schema = z
  .string()
  .meta({ description: 'SHA-256, 64 hexadecimal digits or Base64' })
  .refine((text) => hexPattern.test(text) || base64Pattern.test(text), {
    error: 'SHA-256 应为64位十六进制，或44位 Base64',
    abort: true,
  })
  .transform((text) => (hexPattern.test(text) ? text.toLowerCase() : Buffer.from(text, 'base64').toString('hex')));

/** As HTTP headers to the object store carry it. */
export function toBase64(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64');
}

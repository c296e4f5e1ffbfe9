import * as z from 'zod';

/** applicant 申请对象 · officer 人社部门经办 · department 行业主管部门 · finance 财政/财务 · auditor 审计 · admin 系统管理 */
export const roleSchema = z.enum(['applicant', 'officer', 'department', 'finance', 'auditor', 'admin']);
export type Role = z.infer<typeof roleSchema>;

/** preparer 初审 · approver 复核. One person may hold both; one claim never takes both from one person (二(二)). */
export const dutySchema = z.enum(['preparer', 'approver']);
export type Duty = z.infer<typeof dutySchema>;

/**
 * Who is asking. Comes from the verified token only, never from the request.
 * `tenant`: for an applicant its organisation or person id; for officers and departments their authority id
 * (`hr-bureau/<district>`, `industry-department/<level>/<district>/<name>`); for the rest a name of their own.
 */
export const principalSchema = z.object({
  subject: z.string().min(1).max(200),
  tenant: z.string().min(1).max(200),
  role: roleSchema,
  duties: z.array(dutySchema).readonly(),
  name: z.string().max(100),
});
export type Principal = z.infer<typeof principalSchema>;

// API Gateway hands list claims over as the text "[a b]".
function listClaim(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String);
  if (typeof value !== 'string') return [];
  return value
    .replace(/^\[|\]$/g, '')
    .split(/[\s,]+/)
    .filter((part) => part !== '');
}

/** Reads a principal out of verified token claims; undefined when a claim that the product needs is missing or odd. */
export function principalFromClaims(claims: Readonly<Record<string, unknown>>): Principal | undefined {
  const parsed = principalSchema.safeParse({
    subject: claims['sub'],
    tenant: claims['tenant'],
    role: claims['role'],
    duties: listClaim(claims['duties']),
    name: claims['name'] ?? '',
  });
  return parsed.success ? parsed.data : undefined;
}

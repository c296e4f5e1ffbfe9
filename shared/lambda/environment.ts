import * as z from 'zod';

/**
 * Reads a function's settings from its environment once, at start.
 * @throws Error that names every missing or odd setting, so that a bad deployment fails before its first request.
 */
export function readEnvironment<Shape extends z.ZodRawShape>(shape: Shape): z.infer<z.ZodObject<Shape>> {
  const parsed = z.object(shape).safeParse(process.env);
  if (!parsed.success) {
    const names = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`environment of this function is incomplete: ${names.join('; ')}`);
  }
  return parsed.data;
}

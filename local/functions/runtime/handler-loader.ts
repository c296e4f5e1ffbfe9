import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export type Handler = (event: unknown, context: unknown) => unknown;

/** An error of the runtime itself, with the name that Lambda gives it. */
export class RuntimeError extends Error {
  constructor(name: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
  }
}

/**
 * Loads `index.handler` from the function's folder.
 * @throws RuntimeError `Runtime.ImportModuleError` or `Runtime.HandlerNotFound`, as on Lambda.
 */
export async function loadHandler(folder: string, handler: string): Promise<Handler> {
  const dot = handler.lastIndexOf('.');
  const [module, name] = [handler.slice(0, dot), handler.slice(dot + 1)];
  const file = ['.mjs', '.js', '.cjs'].map((extension) => join(folder, module + extension)).find(existsSync);
  if (file === undefined) {
    throw new RuntimeError('Runtime.ImportModuleError', `Error: Cannot find module '${module}' in ${folder}`);
  }
  let loaded: Record<string, unknown>;
  try {
    loaded = await import(pathToFileURL(file).href);
  } catch (cause) {
    if (cause instanceof Error) throw cause;
    throw new RuntimeError('Runtime.ImportModuleError', String(cause), { cause });
  }
  const found = loaded[name] ?? (loaded['default'] as Record<string, unknown> | undefined)?.[name];
  if (typeof found !== 'function') {
    throw new RuntimeError('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  }
  return found as Handler;
}

import { type AddressInfo, createServer, Server } from 'node:net';

/** The only interface anything here listens on. */
export const LOOPBACK = '127.0.0.1';

/** A port nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, LOOPBACK, resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/**
 * Starts a server of somebody else's code on the loopback interface even if it asks for all interfaces:
 * queues that need no password must not be open to the network the developer sits in.
 */
export async function keptOnLoopback<T>(start: () => Promise<T>): Promise<T> {
  const { prototype } = Server;
  const listen = Reflect.get(prototype, 'listen') as (...args: unknown[]) => Server;
  prototype.listen = function (this: Server, ...args: unknown[]) {
    const [options, ...rest] = args;
    const wide = typeof options === 'object' && options !== null && 'host' in options && options.host === '0.0.0.0';
    return Reflect.apply(listen, this, wide ? [{ ...options, host: LOOPBACK }, ...rest] : args);
  };
  try {
    return await start();
  } finally {
    prototype.listen = listen;
  }
}

/** Puts "port taken" into one clear line; other errors pass. */
export function explainListenError(error: unknown, what: string, port: number, remedy: string): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') return error;
  return new Error(`port ${port} for ${what} is taken: ${remedy}`);
}

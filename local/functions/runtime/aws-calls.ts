import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { gatewayHeaders } from './messages.ts';

let gatewayPort: number | undefined;
let requestId = '';

/** Sends AWS calls through the watching gateway from now on, or straight to the engines without a port. */
export function routeAwsCalls(port: number | undefined, forRequestId = requestId): void {
  gatewayPort = port;
  requestId = forRequestId;
}

/**
 * Lets the local cloud see, fail or outlive the AWS calls of this process: requests to an AWS endpoint are turned
 * to the gateway, everything else goes where it was going. The function's own code knows nothing of it.
 */
export function installAwsCallRouting(endpoints: readonly string[]): void {
  const authorities = new Set(endpoints.map((endpoint) => new URL(endpoint).host));
  const request = http.request;
  const routed = (...args: unknown[]): http.ClientRequest => {
    const options = args[0];
    const plain = typeof options === 'object' && options !== null && !(options instanceof URL);
    if (gatewayPort === undefined || !plain) return Reflect.apply(request, http, args);
    const { hostname, host, port, headers } = options as http.RequestOptions;
    const upstream = `${hostname ?? host}:${port ?? 80}`;
    if (!authorities.has(upstream)) return Reflect.apply(request, http, args);
    const turned = {
      ...options,
      hostname: '127.0.0.1',
      host: '127.0.0.1',
      port: gatewayPort,
      // The signed Host header stays the engine's.
      headers: {
        host: upstream,
        ...(headers as http.OutgoingHttpHeaders),
        [gatewayHeaders.upstream]: upstream,
        [gatewayHeaders.requestId]: requestId,
      },
    };
    return Reflect.apply(request, http, [turned, ...args.slice(1)]);
  };
  http.request = routed;
  syncBuiltinESMExports();
}

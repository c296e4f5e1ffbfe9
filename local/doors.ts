import { createLocalEndpoints } from './control/local-endpoints.ts';
import type { Ground } from './ground.ts';
import { readApis } from './http-api/api-settings.ts';
import { gatewayReply } from './http-api/function-reply.ts';
import { createHttpApi } from './http-api/http-api.ts';
import type { LocalCloud } from './local-cloud.ts';
import type { Observability } from './observability/observability.ts';
import type { Deployment } from './template/deployment.ts';
import type { Workload } from './workload.ts';

export interface DoorsOptions {
  readonly cloud: LocalCloud;
  readonly ground: Ground;
  readonly deployment: Deployment;
  readonly workload: Workload;
  readonly observability: Observability;
  /** Whether the API's request limits are kept. */
  readonly throttled: boolean;
}

/** Lets requests in: those to the HTTP APIs, and those to `/_local` on the first server. */
export function openDoors({ cloud, ground, deployment, workload, observability, throttled }: DoorsOptions): void {
  const { clock, servers } = ground;
  const { logs, platform } = observability;
  const local = createLocalEndpoints(cloud);
  const apis = readApis(deployment);
  for (const [logicalId, server] of servers) {
    const settings = apis.find((one) => one.logicalId === logicalId);
    const api =
      settings &&
      createHttpApi({
        settings,
        poolOf: workload.fleet.byArn,
        now: clock.now,
        throttled,
        onAnswer: (status, latencyMs) => platform.httpRequest(settings.apiId, settings.stage, status, latencyMs),
        onRefusal: (reason) => {
          const time = new Date(clock.now()).toISOString();
          logs.add({ time, function: 'http-api', requestId: undefined, text: `token refused: ${reason}` }, true);
        },
      });
    server.answerWith(async (request) => {
      const answer = server.url === cloud.apiUrl ? local(request) : undefined;
      return answer ?? api?.(request) ?? gatewayReply(404, 'Not Found');
    });
  }
}

/**
 * Entry of a function's process: the part that Lambda's Node runtime plays on AWS.
 * Started by `runtime-process.ts`; says `ready`, then serves one invocation at a time.
 */
import { flushCompileCache } from 'node:module';
import { installAwsCallRouting, routeAwsCalls } from './aws-calls.ts';
import { captureOutput } from './captured-output.ts';
import { type Handler, loadHandler } from './handler-loader.ts';
import type { FromRuntime, FunctionError, ToRuntime } from './messages.ts';
import { installVirtualDate, realNow, setClockOffset } from './virtual-date.ts';

const send = (message: FromRuntime): void => {
  process.send?.(message);
};
const output = captureOutput((text) => send({ type: 'output', text }));

installVirtualDate();
setClockOffset(Number(process.env['LOCAL_CLOCK_OFFSET'] ?? 0));
delete process.env['LOCAL_CLOCK_OFFSET'];
installAwsCallRouting(
  Object.entries(process.env).flatMap(([name, value]) =>
    name.startsWith('AWS_ENDPOINT_URL_') && value ? [value] : [],
  ),
);

process.on('disconnect', () => process.exit(0)); // the local cloud is gone
process.on('uncaughtException', (error, origin) => crash(error, origin));

await start();

async function start(): Promise<void> {
  let handler: Handler;
  try {
    handler = await loadHandler(process.env['LAMBDA_TASK_ROOT'] ?? '.', process.env['_HANDLER'] ?? 'index.handler');
  } catch (error) {
    output.flush();
    send({ type: 'crashed', error: describe(error) });
    process.disconnect();
    return;
  }
  process.on('message', (message: ToRuntime) => receive(handler, message));
  send({ type: 'ready' });
  flushCompileCache();
}

function receive(handler: Handler, message: ToRuntime): void {
  if (message.type === 'clock') setClockOffset(message.clockOffset);
  else if (message.type === 'gateway') routeAwsCalls(message.gatewayPort);
  else void invoke(handler, message);
}

async function invoke(handler: Handler, message: Extract<ToRuntime, { type: 'invoke' }>): Promise<void> {
  const { requestId } = message;
  setClockOffset(message.clockOffset);
  routeAwsCalls(message.gatewayPort, requestId);
  const answer = await run(handler, message);
  output.flush();
  send(answer);
}

async function run(handler: Handler, message: Extract<ToRuntime, { type: 'invoke' }>): Promise<FromRuntime> {
  const { requestId } = message;
  try {
    const result = await handler(JSON.parse(message.event), contextOf(message));
    return { type: 'returned', requestId, payload: JSON.stringify(result) ?? 'null' };
  } catch (error) {
    return { type: 'failed', requestId, error: describe(error) };
  }
}

function contextOf({ requestId, functionArn, timeoutMs }: Extract<ToRuntime, { type: 'invoke' }>): object {
  const deadline = realNow() + timeoutMs;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: process.env['AWS_LAMBDA_FUNCTION_NAME'],
    functionVersion: '$LATEST',
    invokedFunctionArn: functionArn,
    memoryLimitInMB: process.env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'],
    awsRequestId: requestId,
    logGroupName: process.env['AWS_LAMBDA_LOG_GROUP_NAME'],
    logStreamName: process.env['AWS_LAMBDA_LOG_STREAM_NAME'],
    getRemainingTimeInMillis: () => Math.max(0, deadline - realNow()),
  };
}

/** An error that nobody awaited ends the process, and with it the invocation that was running. */
function crash(error: unknown, origin: string): void {
  output.flush();
  const described = describe(error);
  const unhandled = origin === 'unhandledRejection';
  const shape = unhandled ? { ...described, errorType: 'Runtime.UnhandledPromiseRejection' } : described;
  send({ type: 'crashed', error: shape });
  process.exit(129);
}

function describe(error: unknown): FunctionError {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
}

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openWorkshop, type Workshop } from '../fixtures/workshop.ts';

let workshop: Workshop;
beforeAll(async () => {
  workshop = await openWorkshop();
});
afterAll(() => workshop.stop());

async function payloadOf(name: string, event: object) {
  const answer = await workshop.cloud.invoke(name, event);
  if (!answer.ok) throw new Error(JSON.stringify(answer));
  // biome-ignore lint/suspicious/noExplicitAny: whatever the probe returned
  return answer.payload as any;
}

async function errorOf(name: string, event: object) {
  const answer = await workshop.cloud.invoke(name, event);
  if (answer.ok) throw new Error('it did not fail');
  return answer.error;
}

describe('a function in its process', () => {
  test('finds the environment of the template and of Lambda, and nothing of ours', async () => {
    process.env['SECRET_OF_THE_DEVELOPER'] = 'x';
    const { env } = await payloadOf('echo', {});
    const { cloud } = workshop;
    expect(env).toMatchObject({
      TABLE: cloud.outputs['TableName'],
      BUCKET: cloud.outputs['BucketName'],
      KEY: cloud.outputs['KeyArn'],
      WORK_QUEUE: `${cloud.endpoints.sqs}/000000000000/workshop-service-WorkQueue`,
      API: cloud.apiUrl,
      ISSUER: cloud.issuer,
      PUBLIC: cloud.apiUrl,
      AWS_REGION: 'cn-north-1',
      AWS_LAMBDA_FUNCTION_NAME: 'workshop-service-EchoFn',
      AWS_ENDPOINT_URL_DYNAMODB: cloud.endpoints.dynamodb,
      AWS_ENDPOINT_URL_S3: cloud.endpoints.s3,
      AWS_ENDPOINT_URL_KMS: cloud.endpoints.kms,
      _HANDLER: 'index.echo',
    });
    expect(env).not.toHaveProperty('SECRET_OF_THE_DEVELOPER');
    expect(env).not.toHaveProperty('VITEST');
  });

  test('has a context with the time that is left', async () => {
    const { context, remaining } = await payloadOf('echo', {});
    expect(context).toMatchObject({
      functionName: 'workshop-service-EchoFn',
      invokedFunctionArn: 'arn:aws-cn:lambda:cn-north-1:000000000000:function:workshop-service-EchoFn',
      memoryLimitInMB: '256',
      functionVersion: '$LATEST',
    });
    expect(context.awsRequestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(remaining).toBeGreaterThan(10_000);
    expect(remaining).toBeLessThanOrEqual(20_000);
  });

  test('stays for the next invocation', async () => {
    const first = await payloadOf('echo', {});
    const second = await payloadOf('echo', {});
    expect(second.pid).toBe(first.pid);
    expect(second.invocations).toBe(first.invocations + 1);
  });

  test('lives on virtual time, also when the clock moves under it', async () => {
    const before = await payloadOf('echo', {});
    expect(before.now.slice(0, 10)).toBe('2021-03-09');
    expect(before.dateIsDate).toBe(true);
    await workshop.cloud.clock.advance({ ms: 3_600_000 });
    const after = await payloadOf('echo', {});
    expect(after.nowToo - before.nowToo).toBeGreaterThanOrEqual(3_600_000);
    expect(after.nowToo - workshop.cloud.clock.now().getTime()).toBeLessThanOrEqual(0);
  });

  test('answers null for nothing', async () => {
    expect(await payloadOf('sleep', { ms: 0 })).toBe('slept');
    expect(await payloadOf('record', { id: 'x' })).toBeNull();
  });
});

describe('errors have the shape of Lambda', () => {
  test('thrown', async () => {
    const error = await errorOf('echo', { do: 'throw' });
    expect(error).toMatchObject({ errorType: 'TypeError', errorMessage: 'as asked' });
    expect(error?.trace[0]).toBe('TypeError: as asked');
    expect(error?.trace[1]).toContain('index.mjs');
    expect(workshop.lines).toContain('workshop-service-EchoFn failed: TypeError: as asked');
  });

  test('no error but text', async () => {
    expect(await errorOf('crash', { how: 'string' })).toEqual({
      errorType: 'string',
      errorMessage: 'just text',
      trace: [],
    });
  });

  test('out of time: the process is killed and the next invocation gets a new one', async () => {
    const answer = await workshop.cloud.invoke('sleep', { ms: 60_000 });
    expect(answer).toMatchObject({
      ok: false,
      error: {
        errorType: 'Sandbox.Timedout',
        errorMessage: `RequestId: ${answer.requestId} Error: Task timed out after 1.00 seconds`,
      },
    });
    expect(await payloadOf('sleep', { ms: 1 })).toBe('slept');
  });

  test('the process ends', async () => {
    expect(await errorOf('crash', { how: 'exit' })).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: 'Error: Runtime exited with error: exit status 3',
    });
    expect(await payloadOf('crash', {})).toBeGreaterThan(0);
  });

  test('a rejection nobody awaits ends the process; the next invocation is well', async () => {
    expect(await errorOf('crash', { how: 'reject' })).toMatchObject({
      errorType: 'Runtime.UnhandledPromiseRejection',
      errorMessage: 'nobody awaits me',
    });
    expect(await payloadOf('crash', {})).toBeGreaterThan(0);
  });

  test('no such handler', async () => {
    expect(await errorOf('nothing', {})).toMatchObject({
      errorType: 'Runtime.HandlerNotFound',
      errorMessage: 'index.nothing is undefined or not exported',
    });
  });

  test('an event over 6 MB never reaches the function', async () => {
    expect(await errorOf('echo', { x: 'x'.repeat(6_291_556) })).toMatchObject({
      errorType: 'RequestTooLargeException',
    });
  });

  test('a name nobody has is told with those that there are', async () => {
    await expect(workshop.cloud.invoke('nobody', {})).rejects.toThrow(
      'no function is called "nobody"; there are: workshop-service-EchoFn',
    );
  });
});

describe('concurrency', () => {
  test('one invocation at a time per process, several processes at once', async () => {
    const pids = await Promise.all(
      [1, 2, 3].map(() => payloadOf('sleep', { ms: 150 }).then(() => payloadOf('crash', {}))),
    );
    expect(pids.every((pid) => pid > 0)).toBe(true);
  });

  test('over the reserved concurrency an invocation is throttled', async () => {
    const [first, second] = await Promise.all([
      workshop.cloud.invoke('solo', { ms: 100 }),
      workshop.cloud.invoke('solo', { ms: 100 }),
    ]);
    expect(first.ok).toBe(true);
    expect(second).toMatchObject({ ok: false, throttled: true, error: undefined });
    expect((await workshop.cloud.invoke('solo', { ms: 0 })).ok).toBe(true);
  });

  test('without a reservation more than four wait for a process', async () => {
    const answers = await Promise.all(Array.from({ length: 9 }, () => payloadOf('echo', {})));
    expect(new Set(answers.map(({ pid }) => pid)).size).toBeLessThanOrEqual(4);
    expect(new Set(answers.map(({ pid }) => pid)).size).toBeGreaterThan(1);
    expect(answers).toHaveLength(9);
  });
});

describe('an asynchronous event that fails', () => {
  test('is tried again after a minute, then goes to the destination and the dead-letter queue', async () => {
    const { cloud, seen, depth } = workshop;
    await cloud.schedules.fire('Failing');
    expect([await seen('scheduled'), await depth('Failures')]).toEqual([1, [0, 0, 0]]);
    await cloud.clock.advance({ ms: 59_000 });
    expect(await seen('scheduled')).toBe(1);
    await cloud.clock.advance({ ms: 2_000 });
    expect(await seen('scheduled')).toBe(2);
    await cloud.clock.advance({ ms: 3_600_000 });
    expect(await seen('scheduled')).toBe(2);
    expect([await depth('Failures'), await depth('DeadLetters')]).toEqual([
      [1, 0, 0],
      [1, 0, 0],
    ]);
  });
});

describe('asynchronous events over the reserved concurrency', () => {
  test('wait for room, none is throttled', async () => {
    const { cloud } = workshop;
    const statuses = () => cloud.logs({ function: 'SoloFn', level: 'platform' }).map((line) => line.record?.['status']);
    const before = statuses().length;
    await Promise.all([cloud.schedules.fire('Solo'), cloud.schedules.fire('Solo'), cloud.schedules.fire('Solo')]);
    expect(statuses().slice(before)).toEqual(['success', 'success', 'success']);
  });
});

describe('hot reload', () => {
  test('without a change nothing is replaced', () => {
    expect(workshop.cloud.reload()).toEqual([]);
  });
});

import { get } from 'node:http';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openWorkshop, type Workshop } from './fixtures/workshop.ts';

let workshop: Workshop;
beforeAll(async () => {
  workshop = await openWorkshop({ recordCalls: true });
});
afterAll(() => workshop.stop());

const call = async (path: string, init: RequestInit = {}) => {
  const response = await fetch(workshop.cloud.apiUrl + path, init);
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text,
  };
};
const control = (path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST') =>
  call(`/_local${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

describe('the API over HTTP', () => {
  test('a request reaches its function as an event', async () => {
    const reply = await call('/open/a/b?x=1&x=2', {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: 'a=1; b=2', 'x-local-source-ip': '192.0.2.7' },
      body: '{"a":1}',
    });
    expect(reply.status).toBe(200);
    expect(reply.body.event).toMatchObject({
      routeKey: 'ANY /open/{proxy+}',
      pathParameters: { proxy: 'a/b' },
      queryStringParameters: { x: '1,2' },
      cookies: ['a=1', 'b=2'],
      body: '{"a":1}',
      requestContext: { http: { method: 'POST', sourceIp: '192.0.2.7' } },
    });
    expect(reply.body.event.headers).not.toHaveProperty('cookie');
    expect(reply.body.event.headers).not.toHaveProperty('x-local-source-ip');
    expect(reply.body.event.requestContext.timeEpoch).toBeLessThanOrEqual(workshop.cloud.clock.now().getTime());
  });

  test('errors are those of API Gateway', async () => {
    expect(await call('/nowhere')).toMatchObject({ status: 404, body: { message: 'Not Found' } });
    expect(await call('/open/x?do=throw')).toMatchObject({ status: 500, body: { message: 'Internal Server Error' } });
    expect(await call('/open/x', { method: 'POST', body: Buffer.alloc(10 * 1024 * 1024 + 1) })).toMatchObject({
      status: 413,
    });
  });

  test('a preflight request is answered, and answers carry the permission', async () => {
    const headers = { origin: 'https://portal.example', 'access-control-request-method': 'GET' };
    const preflight = await call('/me', { method: 'OPTIONS', headers });
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
    const refused = await call('/me', { headers: { origin: 'https://portal.example' } });
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, '*']);
  });

  test('only the loopback interface is open', async () => {
    for (const url of [workshop.cloud.apiUrl, workshop.cloud.issuer, ...Object.values(workshop.cloud.endpoints)]) {
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    }
    const { port } = new URL(workshop.cloud.endpoints.sqs);
    await expect(fetch(`http://127.0.0.2:${port}/health`)).rejects.toThrow('fetch failed');
  });
});

describe('tokens', () => {
  test('of a sample user are accepted, and the claims arrive as API Gateway hands them on', async () => {
    const reply = await call('/me', bearer(await workshop.cloud.token('lucheng-officer-1')));
    expect(reply.body.event.requestContext.authorizer.jwt.claims).toMatchObject({
      sub: 'lin',
      tenant: 'hr-bureau/lucheng',
      role: 'officer',
      duties: '[preparer approver]',
      aud: 'jipei',
      iss: workshop.cloud.issuer,
    });
  });

  test('of any claims', async () => {
    const reply = await call(
      '/me',
      bearer(await workshop.cloud.token({ sub: 'x', tenant: 'ent-1', role: 'applicant', more: [1, 2] })),
    );
    expect(reply.body.event.requestContext.authorizer.jwt.claims).toMatchObject({
      sub: 'x',
      tenant: 'ent-1',
      more: '[1 2]',
    });
  });

  test('run out with the virtual clock', async () => {
    const token = await workshop.cloud.token('admin');
    await workshop.cloud.clock.advance({ ms: 3_590_000 });
    expect((await call('/me', bearer(token))).status).toBe(200);
    await workshop.cloud.clock.advance({ ms: 11_000 });
    expect(await call('/me', bearer(token))).toMatchObject({ status: 401, body: { message: 'Unauthorized' } });
    const [line] = workshop.cloud.logs({ function: 'http-api', limit: 1 });
    expect(line?.text).toContain('GET /me: ');
  });

  test.each([
    ['another audience', { aud: 'other' }],
    ['another issuer', { iss: 'http://127.0.0.1:1' }],
    ['no time left', { exp: 1 }],
  ])('with %s are refused', async (_name, claims) => {
    expect((await call('/me', bearer(await workshop.cloud.token({ sub: 'x', ...claims })))).status).toBe(401);
  });
});

describe('S3 events', () => {
  const put = (Key: string) => workshop.s3.send(new PutObjectCommand({ Bucket: workshop.bucket, Key, Body: 'hello' }));

  test('go to the queue by prefix, with the key form-encoded', async () => {
    await put('in/a b.txt');
    await put('out/c.txt');
    await workshop.cloud.settle();
    expect([await workshop.seen('in/a+b.txt'), await workshop.seen('out/c.txt')]).toEqual([1, 0]);
  });

  test('go to a function', async () => {
    await put('out/gone.txt');
    await workshop.s3.send(new DeleteObjectCommand({ Bucket: workshop.bucket, Key: 'out/gone.txt' }));
    await workshop.cloud.settle();
    expect(await workshop.seen('out/gone.txt')).toBe(1);
  });

  test('can be lost, doubled and late', async () => {
    const { faults, settle } = workshop.cloud;
    faults.deliveries({ channel: 's3', target: 'WorkQueue', action: 'drop' });
    await put('in/lost');
    await settle();
    faults.deliveries({ channel: 's3', target: workshop.bucket, action: 'duplicate' });
    await put('in/double');
    await settle();
    faults.deliveries({ channel: 's3', action: 'hold' });
    await put('in/late');
    await settle();
    const counts = () => Promise.all(['in/lost', 'in/double', 'in/late'].map(workshop.seen));
    expect(await counts()).toEqual([0, 2, 0]);
    await faults.letGo();
    await settle();
    expect(await counts()).toEqual([0, 2, 1]);
  });

  test('objects expire by the lifecycle when the clock moves past it', async () => {
    await put('out/old');
    await workshop.cloud.clock.advance({ ms: 9 * 86_400_000 });
    // The client keeps the time of the test's start; its signature would be as old as that.
    workshop.s3.config.systemClockOffset = workshop.cloud.clock.now().getTime() - Date.now();
    const reading = workshop.s3.send(new GetObjectCommand({ Bucket: workshop.bucket, Key: 'out/old' }));
    await expect(reading).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});

describe('AWS calls that go wrong', () => {
  const writes = async (id: string) => (await workshop.keys(`${id}#`)).length;

  test.each([
    ['before', 0],
    ['after', 1],
  ] as const)('a process killed %s its first write', async (when, count) => {
    workshop.cloud.faults.calls({ function: 'echo', action: 'kill', call: 1, when });
    const answer = await workshop.cloud.invoke('echo', { do: 'three-writes', id: `first-${when}` });
    expect(answer).toMatchObject({ ok: false, error: { errorType: 'Runtime.ExitError' } });
    expect(await writes(`first-${when}`)).toBe(count);
  });

  test.each([
    [2, 1],
    [3, 2],
  ])('a process killed before its write %i', async (callNumber, count) => {
    workshop.cloud.faults.calls({ function: 'echo', action: 'kill', call: callNumber, operation: 'PutItem' });
    await workshop.cloud.invoke('echo', { do: 'three-writes', id: `nth-${callNumber}` });
    expect(await writes(`nth-${callNumber}`)).toBe(count);
    const again = await workshop.cloud.invoke('echo', { do: 'three-writes', id: `nth-${callNumber}` });
    expect([again.ok, await writes(`nth-${callNumber}`)]).toEqual([true, 3]);
  });

  test('a lost reply: the write is done and done again by the retry', async () => {
    workshop.cloud.faults.calls({ function: 'echo', action: 'lose-reply', operation: 'PutItem' });
    const before = workshop.cloud.calls().length;
    const answer = await workshop.cloud.invoke('echo', { do: 'write', id: 'lost-reply' });
    expect(answer.ok).toBe(true);
    expect(
      workshop.cloud
        .calls()
        .slice(before)
        .map(({ operation, status }) => [operation, status]),
    ).toEqual([
      ['PutItem', 0],
      ['PutItem', 200],
    ]);
  });

  test('a conflict inside a transaction comes with its reasons', async () => {
    workshop.cloud.faults.calls({
      function: 'echo',
      action: 'fail',
      operation: 'TransactWriteItems',
      error: 'TransactionConflict',
      times: 2,
    });
    const answer = await workshop.cloud.invoke('echo', { do: 'transact' });
    expect(answer).toMatchObject({ ok: false, error: { errorType: 'TransactionCanceledException' } });
    expect(answer.ok ? '' : answer.error?.errorMessage).toContain('[TransactionConflict, None]');
    expect((await workshop.cloud.invoke('echo', { do: 'transact' })).ok).toBe(true);
  });

  test('throttling is retried by the SDK and gives up when it lasts', async () => {
    const error = 'ProvisionedThroughputExceededException';
    workshop.cloud.faults.calls({ function: 'echo', action: 'fail', operation: 'PutItem', error });
    expect((await workshop.cloud.invoke('echo', { do: 'write', id: 'throttled' })).ok).toBe(true);
    workshop.cloud.faults.calls({ function: 'echo', action: 'fail', operation: 'PutItem', error, times: 2 });
    const answer = await workshop.cloud.invoke('echo', { do: 'write', id: 'throttled' });
    expect(answer).toMatchObject({ ok: false, error: { errorType: error } });
    expect(await workshop.item('throttled')).toBeDefined();
  });

  test('an error of SQS keeps its name', async () => {
    workshop.cloud.faults.calls({
      function: 'echo',
      action: 'fail',
      operation: 'SendMessage',
      error: 'ThrottlingException',
    });
    const answer = await workshop.cloud.invoke('echo', { do: 'send', message: '{"id":"never-sent"}' });
    expect(answer).toMatchObject({ ok: false, error: { errorType: 'ThrottlingException' } });
  });

  test('calls are written down with what they name', async () => {
    const before = workshop.cloud.calls().length;
    await workshop.cloud.invoke('echo', { do: 'send', message: '{"id":"recorded"}' });
    await workshop.cloud.invoke('echo', { do: 'transact' });
    expect(
      workshop.cloud
        .calls()
        .slice(before)
        .filter((one) => one.function === 'workshop-service-EchoFn'),
    ).toMatchObject([
      { service: 'sqs', operation: 'SendMessage', resources: [workshop.queueUrl('WorkQueue')], status: 200 },
      { service: 'dynamodb', operation: 'TransactWriteItems', resources: ['workshop-storage-Items'], status: 200 },
    ]);
    await workshop.cloud.settle();
  });
});

describe('logs and metrics', () => {
  test('lines of a request are found by function, request, level and text', async () => {
    const { requestId } = await workshop.cloud.invoke('echo', { do: 'log' });
    const lines = workshop.cloud.logs({ requestId });
    expect(lines.map((line) => line.text.slice(0, 20))).toEqual([
      '{"level":"INFO","mes',
      'in two pieces',
      'to stderr',
      '{"_aws":{"Timestamp"',
      '{"type":"platform.re',
    ]);
    expect(workshop.cloud.logs({ requestId, level: 'info' })).toMatchObject([
      { record: { message: 'structured', n: 1 }, function: 'workshop-service-EchoFn' },
    ]);
    expect(workshop.cloud.logs({ function: 'EchoFn', text: 'in two pieces' }).length).toBeGreaterThan(0);
    expect(workshop.cloud.logs({ function: 'WorkFn', text: 'in two pieces' })).toEqual([]);
  });

  test('embedded metrics and those of the platform are summed up', async () => {
    const { metrics, problems } = workshop.cloud.metrics();
    expect(problems).toEqual([]);
    expect(metrics).toContainEqual({
      namespace: 'workshop',
      name: 'Made',
      dimensions: { kind: 'chair' },
      unit: 'Count',
      count: 1,
      sum: 3,
      min: 3,
      max: 3,
    });
    const errors = metrics.find(
      (one) =>
        one.namespace === 'AWS/Lambda' && one.name === 'Errors' && one.dimensions['FunctionName']?.endsWith('EchoFn'),
    );
    expect(errors?.sum).toBeGreaterThan(0);
    expect(metrics.some((one) => one.namespace === 'AWS/ApiGateway' && one.name === '5xx' && one.sum > 0)).toBe(true);
  });
});

describe('switches below /_local', () => {
  test('tell what there is', async () => {
    expect((await control('')).body).toMatchObject({
      api: workshop.cloud.apiUrl,
      endpoints: expect.arrayContaining(['POST /_local/clock/advance']),
    });
    expect((await control('/queues')).body.map((one: { logicalId: string }) => one.logicalId)).toContain('WorkQueue');
    expect((await control('/schedules')).body).toMatchObject([
      { logicalId: 'Daily', enabled: true },
      { logicalId: 'Failing', enabled: false },
      { logicalId: 'Solo', enabled: false },
    ]);
    expect((await control('/alarms')).body).toMatchObject([{ logicalId: 'DeadLetterAlarm' }]);
    expect((await control('/logs?function=EchoFn&limit=2')).body).toHaveLength(2);
    expect((await control('/metrics')).body.metrics.length).toBeGreaterThan(0);
    expect((await control('/users')).body).toContainEqual(expect.objectContaining({ userName: 'finance' }));
  });

  test('move the clock', async () => {
    const before = Date.parse((await control('/clock')).body.now);
    expect((await control('/clock/advance', { ms: 60_000 })).status).toBe(200);
    expect(Date.parse((await control('/clock')).body.now)).toBeGreaterThanOrEqual(before + 60_000);
    const to = new Date(before + 120_000).toISOString();
    expect((await control('/clock/advance', { to })).body.to.slice(0, 19)).toBe(to.slice(0, 19));
    expect(await control('/clock/advance', { to: '2020-01-01T00:00:00Z' })).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('never goes back') },
    });
  });

  test.each([[{ ms: -1 }], [{ ms: '5' }], [{ to: 'tomorrow' }], [{ ms: 5, to: '2030-01-01T00:00:00Z' }], [{}]])(
    'refuse a move to %j',
    async (body) => {
      expect((await control('/clock/advance', body)).status).toBe(400);
    },
  );

  test('fire a schedule, invoke a function, make a token, arm and clear faults', async () => {
    const before = await workshop.seen('daily');
    expect((await control('/schedules/Daily/fire', {})).body).toEqual({ fired: 'Daily' });
    expect(await workshop.seen('daily')).toBe(before + 1);
    expect((await control('/functions/crash/invoke', {})).body).toMatchObject({ ok: true });
    const { token } = (await control('/users/admin/token', {})).body;
    expect((await call('/me', bearer(token))).status).toBe(200);
    expect((await control('/faults/deliveries', { channel: 'queue', action: 'drop' })).body).toEqual({ armed: true });
    expect((await control('/faults/calls', { function: 'echo', action: 'kill' })).body).toEqual({ armed: true });
    expect((await control('/faults', undefined, 'DELETE')).body).toEqual({ cleared: true });
    expect((await workshop.cloud.invoke('echo', { do: 'write', id: 'well' })).ok).toBe(true);
  });

  test.each([
    ['/nothing', undefined, 404],
    ['/schedules/nobody/fire', {}, 400],
    ['/faults/calls', { function: 'nobody', action: 'kill' }, 400],
    ['/faults/calls', { function: 'echo', action: 'explode' }, 400],
    ['/users/nobody/token', {}, 400],
  ])('%s %j → %i', async (path, body, status) => {
    const reply = await control(path, body);
    expect(reply.status).toBe(status);
    expect(reply.body.message).toBeTruthy();
  });

  test('are closed to pages that came by another name', async () => {
    const { promise, resolve } = Promise.withResolvers<number | undefined>();
    get(`${workshop.cloud.apiUrl}/_local/clock`, { headers: { host: 'evil.example' } }, (reply) => {
      reply.resume();
      resolve(reply.statusCode);
    });
    expect(await promise).toBe(403);
  });
});

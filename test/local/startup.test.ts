import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { startCloud } from '../../local/cloud.ts';
import { startTableEngine } from '../../local/engines/table-engine.ts';
import { workshopAssembly } from './fixtures/workshop.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  delete process.env['DYNAMODB_ENDPOINT'];
  delete process.env['S3_ENDPOINT'];
});

type Template = { Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }> };

function set(template: Template, logicalId: string, property: string, value: unknown): void {
  const resource = template.Resources[logicalId];
  if (resource !== undefined) resource.Properties = { ...resource.Properties, [property]: value };
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'workshop-'));
  folders.push(folder);
  return folder;
}

/** A copy of the workshop with another service stack. */
function changed(change: (template: Template) => void): string {
  const folder = temporaryFolder();
  cpSync(workshopAssembly, folder, { recursive: true });
  const file = join(folder, 'workshop-service.template.json');
  const template = JSON.parse(readFileSync(file, 'utf8')) as Template;
  change(template);
  writeFileSync(file, JSON.stringify(template));
  return folder;
}

describe('starting', () => {
  test('a port that is taken is told in one line, and nothing stays behind', async () => {
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve));
    const { port } = squatter.address() as AddressInfo;
    await expect(startCloud({ assembly: workshopAssembly, ports: { api: port } })).rejects.toThrow(
      `port ${port} for the HTTP API is taken: stop what listens there or choose another with --port`,
    );
    await new Promise((resolve) => squatter.close(resolve));
  });

  test.each([
    [
      'an unknown type',
      (t: Template) => (t.Resources['Site'] = { Type: 'AWS::CloudFront::Distribution' }),
      'the local cloud does not know AWS::CloudFront::Distribution (workshop-service/Site)',
    ],
    [
      'a bus',
      (t: Template) => (t.Resources['Rule'] = { Type: 'AWS::Events::Rule', Properties: { EventPattern: {} } }),
      'waits for events of a bus',
    ],
    [
      'a dead-letter queue that is none',
      (t: Template) =>
        (t.Resources['WorkQueue'] = {
          Type: 'AWS::SQS::Queue',
          Properties: { RedrivePolicy: { deadLetterTargetArn: 'arn:x', maxReceiveCount: 1 } },
        }),
      'no queue has the dead-letter ARN arn:x',
    ],
    ['code that is missing', (t: Template) => set(t, 'EchoFn', 'Code', { S3Key: 'lost.zip' }), 'synthesize again'],
    [
      'a source that is no queue',
      (t: Template) => set(t, 'WorkSource', 'EventSourceArn', 'arn:kinesis'),
      'WorkSource reads arn:kinesis',
    ],
    [
      'an asymmetric key',
      (t: Template) =>
        (t.Resources['RsaKey'] = {
          Type: 'AWS::KMS::Key',
          Properties: { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' },
        }),
      'key RsaKey is RSA_2048 for SIGN_VERIFY',
    ],
    [
      'a lifecycle rule the stand-in does not know',
      (t: Template) =>
        (t.Resources['Odd'] = {
          Type: 'AWS::S3::Bucket',
          Properties: { LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ObjectSizeGreaterThan: 5 }] } },
        }),
      'a lifecycle rule with ObjectSizeGreaterThan',
    ],
  ])('%s is refused', async (_name, change, message) => {
    await expect(startCloud({ assembly: changed(change) })).rejects.toThrow(message);
  });

  test('tells what is without effect', async () => {
    const lines: string[] = [];
    const cloud = await startCloud({ assembly: workshopAssembly, log: (line) => lines.push(line) });
    await cloud.stop();
    expect(lines).toContain('without effect here: 1 × AWS::IAM::Role: permissions are not enforced here');
  });

  test('an engine of somebody else takes the place of ours', async () => {
    const other = await startTableEngine(join(temporaryFolder(), 'dynamodb.sqlite'));
    process.env['DYNAMODB_ENDPOINT'] = `${other.endpoint}/`;
    const cloud = await startCloud({ assembly: workshopAssembly });
    expect(cloud.endpoints.dynamodb).toBe(other.endpoint);
    await cloud.stop();
    await expect(fetch(other.endpoint)).resolves.toBeDefined();
    await other.stop();
    await expect(fetch(other.endpoint)).rejects.toThrow('fetch failed');
  });

  test('buckets are made on an S3 of somebody else, and what stays undone is told', async () => {
    const requests: string[] = [];
    const other = createHttpServer((request, reply) => {
      requests.push(`${request.method} ${request.url?.replace(/&?x-id=\w+/, '')}`);
      request.resume();
      reply.end();
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    process.env['S3_ENDPOINT'] = endpoint;
    const lines: string[] = [];
    const cloud = await startCloud({ assembly: workshopAssembly, log: (line) => lines.push(line) });
    expect(cloud.endpoints.s3).toBe(endpoint);
    const bucket = '/workshop-storage-uploads';
    expect(requests).toEqual([`PUT ${bucket}/`, `PUT ${bucket}/?versioning=`, `PUT ${bucket}/?cors=`]);
    expect(lines).toContain(`bucket workshop-storage-uploads at ${endpoint}: its events do not come here`);
    await cloud.stop();
    await new Promise((resolve) => other.close(resolve));
  });

  test('parameters given win over those of the runner', async () => {
    const cloud = await startCloud({
      assembly: workshopAssembly,
      parameters: { PublicBaseUrl: 'https://jipei.example', OidcAudience: 'somebody' },
    });
    const answer = await cloud.invoke('echo', {});
    expect(answer).toMatchObject({ payload: { env: { PUBLIC: 'https://jipei.example' } } });
    const me = await fetch(`${cloud.apiUrl}/me`, {
      headers: { authorization: `Bearer ${await cloud.token('admin')}` },
    });
    expect(me.status).toBe(200);
    await cloud.stop();
  });

  test('takes over new code without a restart', async () => {
    const setCode = (template: Template, key: string): void => {
      set(template, 'EchoFn', 'Code', { S3Key: key });
    };
    const folder = changed((template) => setCode(template, 'probe2.zip'));
    const cloud = await startCloud({ assembly: folder });
    expect(await cloud.invoke('echo', {})).toMatchObject({ ok: true, payload: 'the new code' });
    mkdirSync(join(folder, 'asset.probe3'));
    writeFileSync(join(folder, 'asset.probe3/index.mjs'), "export const echo = async () => 'newer still';");
    const file = join(folder, 'workshop-service.template.json');
    const template = JSON.parse(readFileSync(file, 'utf8')) as Template;
    setCode(template, 'probe3.zip');
    writeFileSync(file, JSON.stringify(template));
    expect(cloud.reload()).toEqual(['workshop-service-EchoFn']);
    expect(await cloud.invoke('echo', {})).toMatchObject({ ok: true, payload: 'newer still' });
    await cloud.stop();
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { readAssembly } from '../../../local/template/assembly.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function assembly(files: Record<string, unknown>): string {
  const folder = mkdtempSync(join(tmpdir(), 'assembly-'));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), JSON.stringify(content));
  }
  return folder;
}

const stackArtifact = (file: string, more: object = {}) => ({
  type: 'aws:cloudformation:stack',
  environment: 'aws://111122223333/cn-north-1',
  properties: { templateFile: file },
  ...more,
});

describe('readAssembly', () => {
  test('gives the stacks that others need first', () => {
    const folder = assembly({
      'manifest.json': {
        artifacts: {
          service: stackArtifact('a.json', { dependencies: ['storage', 'x.assets'] }),
          storage: stackArtifact('b.json'),
          'x.assets': { type: 'cdk:asset-manifest' },
        },
      },
      'a.json': { Resources: { Q: { Type: 'AWS::SQS::Queue', Metadata: { 'aws:cdk:path': 'service/Q' } } } },
      'b.json': {},
    });
    const stacks = readAssembly(folder);
    expect(stacks.map((one) => one.name)).toEqual(['storage', 'service']);
    expect(stacks[1]).toMatchObject({
      account: '111122223333',
      region: 'cn-north-1',
      partition: 'aws-cn',
      assets: folder,
    });
    expect(stacks[1]?.template.resources[0]).toMatchObject({ logicalId: 'Q', path: 'service/Q' });
  });

  test('reads a CDK stage as the assembly that it is', () => {
    const folder = assembly({
      'manifest.json': { artifacts: { stage: { type: 'cdk:cloud-assembly', properties: { directoryName: 'inner' } } } },
      'inner/manifest.json': { artifacts: { one: stackArtifact('one.json', { environment: 'aws://1/eu-west-1' }) } },
      'inner/one.json': {},
    });
    expect(readAssembly(folder)).toMatchObject([{ name: 'one', partition: 'aws', assets: join(folder, 'inner') }]);
  });

  test('a stack without explicit environment is refused', () => {
    const environment = 'aws://unknown-account/unknown-region';
    const folder = assembly({
      'manifest.json': { artifacts: { s: stackArtifact('s.json', { environment }) } },
      's.json': {},
    });
    expect(() => readAssembly(folder)).toThrow('stack s: give it an explicit env');
  });

  test('a folder without assembly is refused in words', () => {
    expect(() => readAssembly(assembly({}))).toThrow('is this a cdk.out folder?');
  });
});

import { describe, expect, test } from 'vitest';
import { readStage } from '../../cdk/stage.ts';

const prod = {
  stage: 'prod',
  account: '123456789012',
  region: 'cn-north-1',
  webOrigins: 'https://a.example.cn,https://b.example.cn:8443',
  alarmEmail: 'on-call@example.gov.cn',
};
const read = (context: Readonly<Record<string, unknown>>) => readStage((name) => context[name]);

test('without a word it is the stage of one machine', () => {
  expect(read({})).toMatchObject({
    stage: 'local',
    account: '000000000000',
    region: 'cn-north-1',
    partition: 'aws-cn',
    keepsData: false,
    webOrigins: ['*'],
    architecture: 'x86_64',
  });
});

test('prod keeps data, and logs for 400 days; evidence for the five years of the regulation', () => {
  expect(read(prod)).toMatchObject({
    partition: 'aws-cn',
    keepsData: true,
    logRetention: 400,
    evidenceRetentionYears: 5,
    webOrigins: ['https://a.example.cn', 'https://b.example.cn:8443'],
  });
  expect(read({ ...prod, stage: 'dev' })).toMatchObject({ keepsData: true, logRetention: 180 });
});

test('the region decides the partition', () => {
  expect(read({ ...prod, region: 'cn-northwest-1' }).partition).toBe('aws-cn');
  expect(read({ ...prod, stage: 'dev', region: 'ap-southeast-1' }).partition).toBe('aws');
});

test('personal data stay on the mainland unless somebody states that there are none', () => {
  const abroad = { ...prod, region: 'eu-west-1' };
  expect(() => read(abroad)).toThrow('个人信息保护法 36');
  expect(() => read({ ...abroad, outsideMainland: 'yes' })).toThrow('outsideMainland=no-personal-data');
  expect(read({ ...abroad, outsideMainland: 'no-personal-data' }).partition).toBe('aws');
  expect(read({ ...abroad, stage: 'dev' }).partition).toBe('aws');
});

describe('a setting that cannot be is refused by name', () => {
  test.each([
    [{ stage: 'test' }, '-c stage=test: choose one of local, dev, prod'],
    [{ ...prod, region: 'cn-south-1' }, '-c region=cn-south-1: choose one of cn-north-1, cn-northwest-1'],
    [{ ...prod, region: 'us-gov-west-1' }, '-c region=us-gov-west-1'],
    [{ ...prod, account: undefined }, 'stage prod needs -c account='],
    [{ ...prod, account: '12345678901' }, '-c account=12345678901: an account has twelve digits'],
    [{ ...prod, account: '1234567890123' }, '-c account=1234567890123'],
    [{ ...prod, webOrigins: '' }, 'stage prod needs -c webOrigins='],
    [{ ...prod, alarmEmail: undefined }, 'stage prod needs -c alarmEmail='],
    [{ ...prod, alarmEmail: '' }, 'stage prod needs -c alarmEmail='],
    [{ ...prod, webOrigins: 'https://a.example.cn,http://b.example.cn' }, '"http://b.example.cn" is not an origin'],
    [{ ...prod, webOrigins: 'https://a.example.cn/' }, '"https://a.example.cn/" is not an origin'],
    [{ ...prod, architecture: 'arm' }, '-c architecture=arm: choose one of x86_64, arm64'],
    [{ ...prod, webOrigins: ['https://a.example.cn'] }, '-c webOrigins: one value'],
  ])('%j', (context, message) => {
    expect(() => read(context)).toThrow(message);
  });
});

import { afterAll, describe, expect, test } from 'vitest';
import { alarmGuards } from './guards/alarms.ts';
import { functionGuards } from './guards/functions.ts';
import { partitionGuards } from './guards/partition.ts';
import { permissionGuards } from './guards/permissions.ts';
import { queueGuards } from './guards/queues.ts';
import { routeGuards } from './guards/routes.ts';
import { storedDataGuards } from './guards/stored-data.ts';
import { devElsewhere, local, prodInChina, removeAssemblies, suite, synthesized } from './synthesized.ts';

afterAll(removeAssemblies);

// One file, so that the construct library is loaded and each stage synthesized only once.
const stages = [
  ['prod in Ningxia', prodInChina],
  ['dev in Ireland', devElsewhere],
  ['local', local],
] as const;

const deployments = stages.map(([name, context]) => [name, synthesized(context)] as const);

describe.each(deployments)('%s', (_, deployment) => {
  describe('queues', () => {
    queueGuards(deployment);
  });
  describe('functions', () => {
    functionGuards(deployment);
  });
  describe('permissions', () => {
    permissionGuards(deployment);
  });
  describe('stored data', () => {
    storedDataGuards(deployment);
  });
  describe('routes', () => {
    routeGuards(deployment);
  });
  describe('alarms', () => {
    alarmGuards(deployment);
  });
  describe('partition', () => {
    partitionGuards(deployment);
  });
});

test('stages and partitions differ in settings and names, not in what is deployed', () => {
  const [first, ...others] = deployments.map(([, { resources }]) =>
    resources
      // Only who asked for mail gets some.
      .filter(({ type }) => type !== 'AWS::SNS::Subscription')
      .map(({ type }) => type)
      .toSorted(),
  );
  for (const other of others) expect(other).toEqual(first);
});

test.each(stages)(
  '%s passes cdk-nag and the rules of CloudFormation',
  (_, context) => {
    expect(() => suite(context, true).app.synth()).not.toThrow();
  },
  180_000,
);

import type { FunctionDefinition } from './function-definition.ts';

export const relayEvents: FunctionDefinition = {
  name: 'relay-events',
  does: 'Turns state changes that need work into messages; the sweep finds what it misses',
  trigger: { kind: 'stream', batchSize: 100 },
  timeoutSeconds: 30,
  memoryMb: 512,
  uses: { sendsTo: ['assess', 'verify'] },
};

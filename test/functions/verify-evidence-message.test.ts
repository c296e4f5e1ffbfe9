import { expect, test } from 'vitest';
import { parseMessage } from '../../functions/verify-evidence/message.ts';

const record = (key: string, change: object = {}, bucket = 'in') => ({
  eventVersion: '2.1',
  eventName: 'ObjectCreated:Put',
  s3: { bucket: { name: bucket, arn: 'arn' }, object: { key, size: 1, eTag: 'e', versionId: 'v', ...change } },
});
const reference = { claimId: 'C1', evidenceId: 'E1' };

test('a reference, an event, an event without a version, several at once', () => {
  expect(parseMessage(reference, 'in').requests).toEqual([{ reference }]);
  expect(parseMessage({ Records: [record('claims/C1/E1')] }, 'in').requests).toEqual([{ reference, versionId: 'v' }]);
  const unversioned = record('claims/C1/E1', { versionId: undefined });
  expect(parseMessage({ Records: [unversioned] }, 'in').requests).toEqual([{ reference }]);
  const two = { Records: [record('claims/C1/E1'), record('claims/C1/E2')] };
  expect(parseMessage(two, 'in').requests.map((request) => request.reference.evidenceId)).toEqual(['E1', 'E2']);
});

test('keys come form-encoded', () => {
  expect(parseMessage({ Records: [record('claims%2FC1/E1')] }, 'in').requests).toEqual([{ reference, versionId: 'v' }]);
});

test.each([
  ['another bucket', record('claims/C1/E1', {}, 'other')],
  ['another key', record('reports/C1/E1')],
  ['a key with a space', record('claims/C1/E+1')],
  ['a broken key', record('claims/C1/%E0%A4%A')],
])('an object of %s is counted, not verified', (_, event) => {
  expect(parseMessage({ Records: [event] }, 'in')).toEqual({ requests: [], foreign: 1 });
});

test('removals and the test event of S3 ask for nothing', () => {
  const removed = { ...record('claims/C1/E1'), eventName: 'ObjectRemoved:Delete' };
  expect(parseMessage({ Records: [removed] }, 'in')).toEqual({ requests: [], foreign: 0 });
  expect(parseMessage({ Service: 'Amazon S3', Event: 's3:TestEvent' }, 'in')).toEqual({ requests: [], foreign: 0 });
});

test.each([
  [null],
  [[]],
  ['text'],
  [{}],
  [{ claimId: 'C1' }],
  [{ claimId: 'C1', evidenceId: '../x' }],
  [{ Records: [{ eventName: 'ObjectCreated:Put' }] }],
])('%j has an unknown shape', (message) => {
  expect(() => parseMessage(message, 'in')).toThrow('unknown shape');
});

import { describe, expect, test } from 'vitest';
import { ROUTE_NAMES, sampleRequest } from '../sample-requests.ts';
import { assessed, outcomeOn } from '../verdicts.ts';

describe('status.verified', () => {
  test.each(ROUTE_NAMES)('status.verified: %s', (route) => {
    const outcome = (line: object) => outcomeOn(sampleRequest(route, { line }), 'status.verified');
    expect(outcome({ status: {}, statusVerified: true })).toBe('pass');
    expect(outcome({ status: {}, statusVerified: false })).toBe('refer');
    expect(outcome({ status: undefined, statusVerified: true })).toBe('not applicable');
    expect(outcome({ status: undefined, statusVerified: false })).toBe('not applicable');
  });

  test('status.verified: nobody is paid on unchecked facts', () => {
    const line = { status: { domesticServiceWorker: true }, statusVerified: false };
    expect(assessed(sampleRequest('pre-job/domestic-service', { line })).outcome).toBe('referred');
  });
});

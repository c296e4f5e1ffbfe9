import { describe, expect, test } from 'vitest';
import type { Edition } from '../../../shared/regulation/edition.ts';
import type { Changes, RouteName } from '../sample-requests.ts';
import { sampleRequest } from '../sample-requests.ts';
import { assessed } from '../verdicts.ts';

function paid(route: RouteName, changes: Changes = {}, edition?: Edition) {
  const line = assessed(sampleRequest(route, changes), edition).lines[0];
  return { yuan: (line?.amountFen ?? 0) / 100, basis: line?.basis, outcome: line?.outcome };
}

describe('一(六) entrepreneurship', () => {
  test.each([
    ['SYB', 1000],
    ['IYB', 1000],
    ['online', 1500],
    ['internet-plus', 1500],
    ['simulated-company', 1500],
  ])('%s is %i yuan a person', (subject, yuan) => {
    const changes = { class: { subject, hours: 168 }, status: { businessLicence: true } };
    expect(paid('entrepreneurship/provider', changes).yuan).toBe(yuan);
  });

  test('the sentence', () => {
    expect(paid('entrepreneurship/provider').basis).toBe('SYB（创办你的企业）培训每人：1000元（一(六)、附件1）');
  });
});

import { describe, expect, test } from 'vitest';
import type { Edition } from '../../../shared/regulation/edition.ts';
import type { Changes, RouteName } from '../sample-requests.ts';
import { sampleRequest } from '../sample-requests.ts';
import { assessed } from '../verdicts.ts';

function paid(route: RouteName, changes: Changes = {}, edition?: Edition) {
  const line = assessed(sampleRequest(route, changes), edition).lines[0];
  return { yuan: (line?.amountFen ?? 0) / 100, basis: line?.basis, outcome: line?.outcome };
}

describe('一(三) pre-job', () => {
  test.each([
    ['pre-job/enterprise', '一(三)1'],
    ['pre-job/domestic-service', '一(三)2'],
  ] as const)('%s is 200 yuan a person', (route, article) => {
    expect(paid(route)).toEqual({
      yuan: 200,
      outcome: 'eligible',
      basis: `岗前技能培训每人：200元（${article}、附件1）`,
    });
  });
});

import { expect, test } from 'vitest';
import { withAnnexPublications } from '../../../shared/regulation/annex-changes.ts';
import { STANDARDS } from '../../../shared/regulation/assess.ts';
import { claimFacts } from '../../../shared/regulation/claim-facts.ts';
import type { Certificate } from '../../../shared/regulation/contract.ts';
import { wenzhou202058 } from '../../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import { LineFacts } from '../../../shared/regulation/line-facts.ts';
import type { RouteName } from '../sample-requests.ts';
import { SAMPLE_CERTIFICATES, sampleRequest } from '../sample-requests.ts';

/*
 * The rules refuse a line whose certificate has no standard, so that nobody asks a standard about one. Asked all the
 * same, a standard answers nothing and says so.
 */

/** What the standard of a route answers for a line with these certificates. */
function amountOf(route: RouteName, certificates: readonly Certificate[], edition = wenzhou202058) {
  const request = sampleRequest(route, { certificates });
  const standard = STANDARDS[request.claim.programme];
  const claim = claimFacts(edition, request, new Set(standard.counts));
  const [line] = request.claim.lines;
  if (line === undefined) throw new Error('A sample has a line');
  return standard.amountOf(new LineFacts(claim, line, 1));
}

const { qualification } = SAMPLE_CERTIFICATES;
const ability: Certificate = { ...qualification, kind: 'special-ability', occupation: '艾灸理疗' };

test.each([
  ['no certificate', []],
  ['no qualification certificate', [SAMPLE_CERTIFICATES.completion]],
  ['no occupation', [{ ...qualification, occupation: undefined }]],
  ['no level', [{ ...qualification, level: undefined }]],
  ['an ability of no level', [{ ...ability, level: undefined }]],
  ['an ability of a level that annex 2 lacks', [{ ...ability, level: 'intermediate' }]],
  ['an ability that annex 2 has at another level', [{ ...ability, level: 'senior' }]],
] as const)('the catalogue has nothing for %s', (_, certificates) => {
  for (const route of ['qualification/college', 'master-apprentice/studio'] as const) {
    expect(amountOf(route, certificates)).toEqual({
      fen: 0,
      basis: '证书没有对应的补贴标准：0元（附件1、附件2）',
    });
  }
});

test('the catalogue has nothing for an occupation that a publication took out', () => {
  const edition = withAnnexPublications(wenzhou202058, [
    {
      document: '温人社发〔2021〕9号',
      title: '关于调整补贴目录的通知',
      effectiveFrom: '2020-06-01',
      changes: [{ annex: 1, change: 'remove', occupation: '车工' }],
    },
  ]);
  expect(amountOf('qualification/college', [qualification]).fen).toBe(240_000);
  expect(amountOf('qualification/college', [qualification], edition).fen).toBe(0);
});

test('project training has nothing for a line without a certificate that counts', () => {
  expect(amountOf('project/college', [qualification])).toEqual({
    fen: 0,
    basis: '没有可作为补贴依据的证书：0元（一(二)1）',
  });
});

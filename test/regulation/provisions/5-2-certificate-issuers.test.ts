import { describe, expect, test } from 'vitest';
import type { Certificate, CertificateKind, Issuer } from '../../../shared/regulation/contract.ts';
import { ISSUER_TERMS } from '../../../shared/regulation/contract.ts';
import { SAMPLE_CERTIFICATES, sampleRequest } from '../sample-requests.ts';
import { findingOn, outcomeOn } from '../verdicts.ts';

const ISSUERS = Object.keys(ISSUER_TERMS) as Issuer[];
const QUALIFICATIONS: readonly CertificateKind[] = ['national-qualification', 'skill-level', 'special-ability'];

const one = (changes: Partial<Certificate>): Certificate[] => [{ ...SAMPLE_CERTIFICATES.qualification, ...changes }];

describe('certificate.issuer', () => {
  const RULE = 'certificate.issuer';
  const ROUTE = 'master-apprentice/studio';
  const cells = QUALIFICATIONS.flatMap((kind) =>
    ISSUERS.flatMap((issuer) => [true, false, undefined].map((registered) => ({ kind, issuer, registered }))),
  );

  test.each(cells)('certificate.issuer: $kind by $issuer, registered $registered', (changes) => {
    const { kind, issuer, registered } = changes;
    const accepted =
      (kind === 'national-qualification' && (issuer === 'city-hr' || issuer === 'province-hr')) ||
      (kind === 'skill-level' && issuer === 'local-assessor' && registered === true) ||
      (kind === 'special-ability' && issuer === 'city-hr');
    const request = sampleRequest(ROUTE, { certificates: one(changes) });
    expect(outcomeOn(request, RULE)).toBe(accepted ? 'pass' : 'fail');
  });

  test('certificate.issuer: says who should have issued it', () => {
    const message = (changes: Partial<Certificate>) =>
      findingOn(sampleRequest(ROUTE, { certificates: one(changes) }), RULE)?.message;
    expect(message({ kind: 'skill-level', issuer: 'local-assessor', registered: false })).toContain(
      '请由评价机构补办备案',
    );
    expect(message({ kind: 'skill-level', issuer: 'other', registered: true })).toContain(
      '由其他机构核发，须由本市评价机构核发',
    );
    expect(message({ kind: 'special-ability', issuer: 'local-assessor' })).toBe(
      '专项能力证书由我市评价机构核发，须由本市人力社保部门核发，不能作为补贴依据（五(二)）',
    );
    expect(message({ kind: 'special-ability', issuer: 'province-hr' })).toContain(
      '专项能力证书由浙江省人力社保部门核发，须由本市人力社保部门核发',
    );
    expect(message({ kind: 'national-qualification', issuer: 'other' })).toContain('须由本市或省级人力社保部门核发');
  });
});

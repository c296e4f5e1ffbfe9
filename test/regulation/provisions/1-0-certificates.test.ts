import { describe, expect, test } from 'vitest';
import type { Certificate, CertificateKind } from '../../../shared/regulation/contract.ts';
import { CERTIFICATE_KIND_TERMS } from '../../../shared/regulation/contract.ts';
import { ROUTE_NAMES, SAMPLE_CERTIFICATES, sampleRequest } from '../sample-requests.ts';
import { findingOn, outcomeOn } from '../verdicts.ts';

const KINDS = Object.keys(CERTIFICATE_KIND_TERMS) as CertificateKind[];
const QUALIFICATIONS: readonly CertificateKind[] = ['national-qualification', 'skill-level', 'special-ability'];

/** Section 6 of the rules, typed from it. */
const COUNTS: Readonly<Record<string, readonly CertificateKind[]>> = {
  qualification: QUALIFICATIONS,
  'master-apprentice': QUALIFICATIONS,
  project: ['training-completion', 'special-operation', 'special-equipment'],
  'pre-job': ['training-completion'],
  apprenticeship: ['training-completion'],
  entrepreneurship: ['entrepreneurship-completion'],
};

const one = (changes: Partial<Certificate>): Certificate[] => [{ ...SAMPLE_CERTIFICATES.qualification, ...changes }];

describe('certificate.required', () => {
  const cells = ROUTE_NAMES.flatMap((route) => KINDS.map((kind) => ({ route, kind })));

  test.each(cells)('certificate.required: $kind on $route', ({ route, kind }) => {
    const request = sampleRequest(route, { certificates: one({ kind }) });
    const counts = COUNTS[route.split('/')[0] ?? '']?.includes(kind) === true;
    expect(outcomeOn(request, 'certificate.required')).toBe(counts ? 'pass' : 'fail');
  });

  test('certificate.required: one that counts among others is enough', () => {
    const certificates = [...one({ kind: 'special-ability' }), SAMPLE_CERTIFICATES.completion];
    expect(outcomeOn(sampleRequest('pre-job/enterprise', { certificates }), 'certificate.required')).toBe('pass');
  });

  test('certificate.required: not asked of a student apprentice', () => {
    const apprentice = { kind: 'student' } as const;
    const request = sampleRequest('apprenticeship/enterprise', { apprentice, certificates: [] });
    expect(outcomeOn(request, 'certificate.required')).toBe('not applicable');
    const employee = sampleRequest('apprenticeship/enterprise', { certificates: [] });
    expect(outcomeOn(employee, 'certificate.required')).toBe('fail');
    const project = sampleRequest('project/college', { apprentice, certificates: [] });
    expect(outcomeOn(project, 'certificate.required')).toBe('fail');
  });

  test('certificate.required: none of a student apprentice’s certificates is judged', () => {
    const request = sampleRequest('apprenticeship/enterprise', {
      apprentice: { kind: 'student' },
      certificates: [{ ...SAMPLE_CERTIFICATES.completion, number: 'x', issuedOn: '2019-01-01' }],
    });
    for (const rule of ['certificate.required', 'certificate.window', 'certificate.code', 'quota.repeat']) {
      expect(outcomeOn(request, rule)).toBe('not applicable');
    }
  });

  test('certificate.required: names the kinds that would do', () => {
    expect(findingOn(sampleRequest('project/college', { certificates: [] }), 'certificate.required')?.message).toBe(
      '未提供可作为补贴依据的证书，须取得以下证书之一：培训合格证书、特种作业操作证书、特种设备作业人员证书（一）',
    );
  });
});

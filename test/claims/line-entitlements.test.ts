import { describe, expect, test } from 'vitest';
import { highestAmount } from '../../shared/claims/highest-amount.ts';
import { certificateName, entitlementsOf } from '../../shared/claims/line-entitlements.ts';
import type { AssessmentRequest, Certificate } from '../../shared/regulation/contract.ts';
import { wenzhou202058 } from '../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import { certifiedLine, projectLine } from '../support/claim-world.ts';

const certificate = (more: Partial<Certificate> = {}): Certificate => ({
  kind: 'skill-level',
  number: 'S123',
  issuedOn: '2021-01-01',
  issuer: 'local-assessor',
  ...more,
});

describe('what a line would occupy', () => {
  test('a certificate is named by kind and number, however the number is spelled', () => {
    const name = certificateName(certificate());
    expect(certificateName(certificate({ number: ' ｓ１2 3' }))).toBe(name);
    expect(certificateName(certificate({ issuedOn: '2021-02-01', occupation: '车工' }))).toBe(name);
    expect(certificateName(certificate({ number: 's-1\u200b2–3' }))).toBe(name);
    // One number, called by either of two kinds, is one certificate.
    expect(certificateName(certificate({ kind: 'national-qualification' }))).toBe(name);
    expect(certificateName(certificate({ kind: 'special-ability' }))).not.toBe(name);
    expect(certificateName(certificate({ number: 'S124' }))).not.toBe(name);
    expect(certificateName(certificate({ number: ' \u3000' }))).toBeUndefined();
  });

  test.each(['special-operation', 'special-equipment'] as const)(
    'a %s card bears its holder’s identity number: occupation and day tell its cards apart',
    (kind) => {
      const first = certificate({ kind, number: '330302198503120015', occupation: '电工' });
      const name = certificateName(first);
      expect(certificateName({ ...first })).toBe(name);
      expect(certificateName({ ...first, kind: 'special-operation', occupation: ' 电\u200b工 ' })).toBe(name);
      expect(certificateName({ ...first, kind: 'special-equipment' })).toBe(name);
      expect(certificateName({ ...first, renewal: true, issuedOn: '2021-06-01' })).not.toBe(name);
      expect(certificateName({ ...first, occupation: '焊工' })).not.toBe(name);
    },
  );

  const request = (claim: Partial<AssessmentRequest['claim']>): AssessmentRequest => ({
    edition: 'wenzhou-2020-58',
    claim: {
      id: 'C',
      programme: 'project',
      route: 'enterprise',
      submittedOn: '2021-05-10',
      applicant: { id: 'a', name: 'a', kind: 'enterprise', insuredDistrict: 'lucheng' },
      class: {
        id: 'K',
        district: 'lucheng',
        startsOn: '2021-04-12',
        endsOn: '2021-04-30',
        hours: 40,
        enrolled: 1,
        subject: '阀门装配',
      },
      materials: [],
      videos: [],
      lines: [],
      ...claim,
    },
    history: [],
    shortage: [],
  });
  const declared = ({ claimedFen: _claimed, ...line }: ReturnType<typeof projectLine>) => ({
    ...line,
    statusVerified: false,
  });

  test('project lines lock the project and the class, renewals the class; the standard is there though the rules refuse', () => {
    const renewal = certificate({ kind: 'special-operation', number: '330302198503120015', renewal: true });
    const lines = [
      declared(projectLine(1, { status: { employerId: 'somebody-else' } })),
      declared(projectLine(2, { certificates: [renewal] })),
      declared(projectLine(3, { certificates: [] })),
    ];
    const [plain, renewed, bare] = entitlementsOf(wenzhou202058, request({ lines }));
    expect(plain).toMatchObject({ standard: { fen: 100_000 }, occupationLock: { occupation: '阀门装配', level: '-' } });
    expect([plain?.classLock, renewed?.classLock]).toEqual(['K', 'K']);
    expect(renewed).toMatchObject({ standard: { fen: 10_000 }, certificates: [expect.any(String)] });
    expect(renewed?.occupationLock).toBeUndefined();
    expect([bare?.certificates, bare?.standard.fen]).toEqual([[], 0]);
  });

  test('qualification lines lock occupation and level, white space apart', () => {
    const lines = [declared(certifiedLine(1, { occupation: ' 车 工' }))];
    const [first] = entitlementsOf(wenzhou202058, request({ programme: 'qualification', class: undefined, lines }));
    expect(first?.occupationLock).toEqual({ occupation: '车工', level: 'senior' });
    expect(first?.classLock).toBeUndefined();
  });

  test('a line that a class’s certificates earn locks no class, unless it has no occupation to lock', () => {
    const lines = [declared(certifiedLine(1)), declared(certifiedLine(2, { occupation: ' ' }))];
    const [bound, loose] = entitlementsOf(
      wenzhou202058,
      request({ programme: 'qualification', route: 'agency', lines }),
    );
    expect([bound?.classLock, loose?.classLock]).toEqual([undefined, 'K']);
  });

  test.each([
    ['local-assessor', 2],
    ['other', 1],
  ] as const)(
    'a qualification certificate of %s: an apprentice’s line uses %i certificates, and locks its class',
    (issuer, used) => {
      const [qualification] = certifiedLine(1, { issuer }).certificates;
      const [completion] = projectLine(1).certificates;
      if (qualification === undefined || completion === undefined) throw new Error('no certificates');
      const line = { ...declared(projectLine(1)), certificates: [qualification, completion] };
      const [first] = entitlementsOf(wenzhou202058, request({ programme: 'apprenticeship', lines: [line] }));
      expect([first?.certificates.length, first?.classLock]).toEqual([used, 'K']);
      expect(first?.occupationLock !== undefined).toBe(used === 2);
    },
  );

  test.each([
    ['qualification', 675_000],
    ['master-apprentice', 675_000],
    ['project', 260_000],
    ['pre-job', 20_000],
    ['apprenticeship', 600_000],
    ['entrepreneurship', 150_000],
  ] as const)('no line of %s earns more than %i fen', (programme, fen) => {
    expect(highestAmount(wenzhou202058, programme)).toBe(fen);
  });
});

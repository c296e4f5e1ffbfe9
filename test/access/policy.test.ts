import { describe, expect, test } from 'vitest';
import { demand, demandAttempt, may, mayAttempt } from '../../shared/access/policy.ts';
import { type Principal, principalFromClaims } from '../../shared/access/principal.ts';
import { DomainError } from '../../shared/errors/domain-error.ts';

const applicant: Principal = { subject: 'a', tenant: 'org-1', role: 'applicant', duties: [], name: '' };
const officer: Principal = {
  subject: 'o',
  tenant: 'hr-bureau/lucheng',
  role: 'officer',
  duties: ['preparer'],
  name: '',
};

function codeOf(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    return error instanceof DomainError ? error.code : 'other';
  }
  return undefined;
}

describe('policy', () => {
  test('an applicant touches its own items only', () => {
    expect(may(applicant, 'claim.read', { tenant: 'org-1', authority: 'hr-bureau/lucheng' })).toBe(true);
    expect(may(applicant, 'claim.read', { tenant: 'org-2' })).toBe(false);
    expect(may(applicant, 'claim.read', {})).toBe(false);
  });

  test('an officer touches the items of its authority, whoever owns them', () => {
    expect(may(officer, 'claim.review', { tenant: 'org-2', authority: 'hr-bureau/lucheng' })).toBe(true);
    expect(may(officer, 'claim.review', { tenant: 'hr-bureau/lucheng', authority: 'hr-bureau/ouhai' })).toBe(false);
  });

  test('a duty that one does not hold is a missing right', () => {
    expect(mayAttempt(officer, 'claim.endorse')).toBe(true);
    expect(mayAttempt(officer, 'claim.approve')).toBe(false);
    expect(codeOf(() => demandAttempt(officer, 'claim.approve'))).toBe('forbidden');
  });

  test('foreign and absent are the same refusal, word for word', () => {
    const refusal = (item: { tenant: string } | undefined) => {
      try {
        demand(applicant, 'claim.read', item);
      } catch (error) {
        return error as DomainError;
      }
      throw new Error('was let through');
    };
    const [absent, foreign] = [refusal(undefined), refusal({ tenant: 'org-2' })];
    expect([foreign.code, foreign.message, foreign.problems]).toEqual([absent.code, absent.message, absent.problems]);
  });
});

describe('principal', () => {
  test('list claims arrive as API Gateway writes them', () => {
    const claims = { sub: 's', tenant: 't', role: 'officer', duties: '[preparer approver]', name: '林' };
    expect(principalFromClaims(claims)?.duties).toEqual(['preparer', 'approver']);
    expect(principalFromClaims({ ...claims, duties: undefined })?.duties).toEqual([]);
  });

  test.each([{ sub: undefined }, { tenant: '' }, { role: 'root' }, { duties: 'emperor' }])(
    'a token with %o is nobody',
    (odd) => {
      expect(principalFromClaims({ sub: 's', tenant: 't', role: 'officer', name: '', ...odd })).toBeUndefined();
    },
  );
});

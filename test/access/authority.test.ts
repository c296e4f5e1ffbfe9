import { describe, expect, test } from 'vitest';
import { type AuthorityRef, authorityId, authorityKind } from '../../shared/access/authority.ts';

const refs: AuthorityRef[] = [
  { kind: 'hr-bureau', district: 'lucheng' },
  { kind: 'industry-department', department: '市应急管理局', level: 'city', district: 'city' },
  // A name may itself hold a stroke.
  { kind: 'industry-department', department: '文广/旅游局', level: 'district', district: 'ruian' },
];

describe('the id of an authority', () => {
  test.each(refs)('tells its kind again: %o', (ref) => {
    expect(authorityKind(authorityId(ref))).toBe(ref.kind);
  });

  test.each([
    '',
    'finance',
    'hr-bureau',
    'hr-bureau/',
    'hr-bureau/lucheng/more',
    'hr-bureaux/lucheng',
    'industry-department',
    'industry-department/city/city',
    'industry-department//city/应急局',
  ])('"%s" is none', (id) => {
    expect(authorityKind(id)).toBeUndefined();
  });
});

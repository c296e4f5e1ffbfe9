import { describe, expect, test } from 'vitest';
import type { Authority, Payee } from '../../shared/regulation/contract.ts';
import { wenzhou202058 } from '../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import { jurisdictionOf } from '../../shared/regulation/jurisdiction.ts';
import { ROUTE_NAMES, sampleRequest } from './sample-requests.ts';
import { assessed } from './verdicts.ts';

const FACTS = {
  classDistrict: 'lucheng',
  insuredDistrict: 'longwan',
  organiserDistrict: 'ouhai',
  entrustedBy: { department: '应急管理局', level: 'district', district: 'jingkai' },
} as const;

const bureau = (district: string): Authority => ({ kind: 'hr-bureau', district });

/** Section 3 of the rules, typed from it. */
const EXPECTED: Readonly<Record<string, readonly [Authority, string, Payee]>> = {
  'qualification/agency': [bureau('lucheng'), 'lucheng', 'trainee'],
  'qualification/individual': [bureau('longwan'), 'longwan', 'trainee'],
  'qualification/competition': [bureau('ouhai'), 'ouhai', 'trainee'],
  'qualification/enterprise': [bureau('longwan'), 'longwan', 'applicant'],
  'qualification/college': [bureau('lucheng'), 'lucheng', 'applicant'],
  'project/enterprise': [bureau('longwan'), 'longwan', 'applicant'],
  'project/contractor': [{ kind: 'industry-department', ...FACTS.entrustedBy }, 'jingkai', 'applicant'],
  'project/college': [bureau('lucheng'), 'lucheng', 'applicant'],
  'pre-job/enterprise': [bureau('longwan'), 'longwan', 'applicant'],
  'pre-job/domestic-service': [bureau('lucheng'), 'lucheng', 'applicant'],
  'apprenticeship/enterprise': [bureau('longwan'), 'longwan', 'applicant'],
  'master-apprentice/studio': [bureau('longwan'), 'longwan', 'applicant'],
  'entrepreneurship/provider': [bureau('lucheng'), 'lucheng', 'applicant'],
};

const rows = wenzhou202058.routes;

describe('who receives, whose account pays, who is paid', () => {
  test.each(rows)('$programme/$route', ({ programme, route }) => {
    const [authority, fundAccount, payee] = EXPECTED[`${programme}/${route}`] ?? [];
    expect(jurisdictionOf(wenzhou202058, programme, route, FACTS)).toEqual({
      authority,
      fundAccount,
      payee,
      district: authority?.district,
    });
  });

  test.each(rows)('$programme/$route is nobody’s without the fact that decides', ({ programme, route }) => {
    expect(jurisdictionOf(wenzhou202058, programme, route, {})).toBeUndefined();
  });

  test('a pair outside the routes table is nobody’s', () => {
    expect(jurisdictionOf(wenzhou202058, 'project', 'studio', FACTS)).toBeUndefined();
  });

  test.each(rows)('$programme/$route: 瓯江口 keeps its authority and is paid from the city’s account', (row) => {
    const jurisdiction = jurisdictionOf(wenzhou202058, row.programme, row.route, {
      classDistrict: 'oujiangkou',
      insuredDistrict: 'oujiangkou',
      organiserDistrict: 'oujiangkou',
      entrustedBy: { department: '经信局', level: 'district', district: 'oujiangkou' },
    });
    expect(jurisdiction?.authority.district).toBe('oujiangkou');
    expect(jurisdiction?.fundAccount).toBe('city');
  });

  test('a city department is paid from the city’s account', () => {
    const entrustedBy = { department: '应急管理局', level: 'city', district: 'city' } as const;
    const jurisdiction = jurisdictionOf(wenzhou202058, 'project', 'contractor', { ...FACTS, entrustedBy });
    expect(jurisdiction?.fundAccount).toBe('city');
  });

  test('the city’s account follows the level of the department, wherever it sits', () => {
    const seated = (level: 'city' | 'district') =>
      jurisdictionOf(wenzhou202058, 'project', 'contractor', {
        entrustedBy: { department: '应急管理局', level, district: 'lucheng' },
      })?.fundAccount;
    expect([seated('city'), seated('district')]).toEqual(['city', 'lucheng']);
    const found = jurisdictionOf(wenzhou202058, 'project', 'college', { classDistrict: 'lucheng' });
    expect(found?.fundAccount).toBe('lucheng');
  });

  test.each(ROUTE_NAMES)('%s: the assessment says the same', (name) => {
    const request = sampleRequest(name);
    const { authority, fundAccount, payee } = assessed(request);
    const { applicant, class: taught, programme, route } = request.claim;
    const jurisdiction = jurisdictionOf(wenzhou202058, programme, route, {
      classDistrict: taught?.district,
      insuredDistrict: applicant.insuredDistrict,
      organiserDistrict: applicant.competition?.organiserDistrict,
      entrustedBy: applicant.entrustedBy,
    });
    expect({ authority, fundAccount, payee }).toEqual({
      authority: jurisdiction?.authority,
      fundAccount: jurisdiction?.fundAccount,
      payee: jurisdiction?.payee,
    });
  });
});

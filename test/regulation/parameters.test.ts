import { describe, expect, test } from 'vitest';
import { wenzhou202058 } from '../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import { EDITION_PARAMETERS, parametersSchema, setParameter } from '../../shared/regulation/parameters.ts';

const { parameters } = wenzhou202058;
const set = (text: string) => {
  const setting = setParameter(parameters, text);
  return setting.ok ? setting.parameters : setting.message;
};

describe('the open choices', () => {
  test('are those of section 7, at their defaults', () => {
    expect(parameters).toEqual({
      ageUpperBound: 'birthday',
      ageReference: 'reference-date',
      projectUplift: 'after-cap',
      specialOperationUplift: false,
      filingLeadDays: { days: 5, unit: 'calendar' },
      ageOutside: 'fail',
      repeatCountsInsurance: false,
      preJobPassedBy: 'class-end',
      quotaYear: 'submission',
      noticeWorkingDays: 5,
      retentionYears: 5,
      videoTolerance: 0,
    });
    expect(Object.keys(EDITION_PARAMETERS)).toEqual(Object.keys(parameters));
  });

  test.each(Object.entries(EDITION_PARAMETERS))(
    '%s: every reading that is described can be set, the first is the default',
    (name, described) => {
      const readings = Object.keys(described.readings).filter((code) => code !== 'N');
      expect(set(`${name}=${readings[0]}`)).toEqual(parameters);
      for (const code of readings.slice(1)) expect(set(`${name}=${code}`)).not.toEqual(parameters);
      for (const code of readings) expect(parametersSchema.safeParse(set(`${name}=${code}`)).success).toBe(true);
      expect(described.question + described.reason + Object.values(described.readings).join('')).toMatch(
        /\p{Script=Han}/u,
      );
    },
  );

  test.each([
    ['filingLeadDays=5', { filingLeadDays: { days: 5, unit: 'calendar' } }],
    ['filingLeadDays=7-calendar-days', { filingLeadDays: { days: 7, unit: 'calendar' } }],
    ['filingLeadDays=5 working days', { filingLeadDays: { days: 5, unit: 'working' } }],
    [' filingLeadDays = 1-working-day ', { filingLeadDays: { days: 1, unit: 'working' } }],
    ['specialOperationUplift=true', { specialOperationUplift: true }],
    ['ageUpperBound=completed years', { ageUpperBound: 'completed-years' }],
    ['noticeWorkingDays=1', { noticeWorkingDays: 1 }],
    ['noticeWorkingDays=365', { noticeWorkingDays: 365 }],
    ['retentionYears=100', { retentionYears: 100 }],
    ['videoTolerance=100', { videoTolerance: 100 }],
  ])('%s', (text, changes) => {
    expect(set(text)).toEqual({ ...parameters, ...changes });
  });

  test.each([
    'ageUpperBound=x',
    'ageUpperBound=',
    'ageUpperBound',
    'ageUpperBound=true',
    'specialOperationUplift=1',
    'specialOperationUplift=yes',
    'filingLeadDays=0',
    'filingLeadDays=366',
    'filingLeadDays=5-weeks',
    'filingLeadDays=-5',
    'noticeWorkingDays=0',
    'noticeWorkingDays=366',
    'noticeWorkingDays=2.5',
    'retentionYears=4',
    'retentionYears=101',
    'videoTolerance=-1',
    'videoTolerance=101',
  ])('%s is refused with what it may be', (text) => {
    const name = text.split('=')[0] ?? '';
    expect(set(text)).toContain(`参数${name}不能取`);
    expect(set(text)).toContain(Object.values(EDITION_PARAMETERS[name as 'ageOutside'].readings)[0]);
  });

  test.each(['x=1', '', '=', 'toString=1', '__proto__=1', 'AgeUpperBound=birthday'])(
    '%j names no parameter',
    (text) => {
      expect(set(text)).toContain('可用的参数：ageUpperBound、ageReference');
    },
  );
});

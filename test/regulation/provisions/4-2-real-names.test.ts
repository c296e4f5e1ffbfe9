import { describe, expect, test } from 'vitest';
import { addDays } from '../../../shared/regulation/calendar-date.ts';
import type { Certificate, TraineeLine } from '../../../shared/regulation/contract.ts';
import type { RouteName } from '../sample-requests.ts';
import {
  idNumber,
  ROUTE_NAMES,
  SAMPLE_CERTIFICATES,
  SAMPLE_DATES,
  sampleLine,
  sampleRequest,
} from '../sample-requests.ts';
import { findingOn, outcomeOn } from '../verdicts.ts';

const VALID = idNumber('1990-05-20', 'male');
/** Ends in X. */
const WITH_X = Array.from({ length: 50 }, (_, serial) => idNumber('1990-05-20', 'male', serial)).find((each) =>
  each.endsWith('X'),
);

describe('roster.identity', () => {
  const outcome = (line: Partial<TraineeLine>, route: RouteName = 'project/enterprise') =>
    outcomeOn(sampleRequest(route, { line }), 'roster.identity');

  test.each(ROUTE_NAMES)('roster.identity: %s', (route) => {
    expect(outcome({}, route)).toBe('pass');
    expect(outcome({ idNumber: '1' }, route)).toBe('fail');
  });

  test.each([
    ['17 characters', VALID.slice(1), 'length'],
    ['19 characters', `${VALID}0`, 'length'],
    ['nothing', '', 'length'],
    ['a space', ` ${VALID}`, 'length'],
    ['a letter', `A${VALID.slice(1)}`, 'characters'],
    ['a full-width digit', `９${VALID.slice(1)}`, 'characters'],
    ['a letter at the end', `${VALID.slice(0, 17)}Y`, 'characters'],
    ['a birth date that does not exist', '999999199002300012', 'birth-date'],
    ['another check digit', `${VALID.slice(0, 17)}${VALID.endsWith('0') ? '1' : '0'}`, 'check-digit'],
  ])('roster.identity: %s is a fail', (_, number, fault) => {
    const finding = findingOn(sampleRequest('project/enterprise', { line: { idNumber: number } }), 'roster.identity');
    expect(finding).toMatchObject({ outcome: 'fail', correctable: true, facts: { fault } });
  });

  test('roster.identity: a final x is an X', () => {
    expect(outcome({ idNumber: WITH_X ?? '' })).toBe('pass');
    expect(outcome({ idNumber: (WITH_X ?? '').replace('X', 'x') })).toBe('pass');
  });

  test.each(['', ' ', '\t\n', '　'])('roster.identity: the name %j is a fail', (name) => {
    expect(outcome({ name })).toBe('fail');
  });

  test('roster.identity: a name of one character is a name', () => {
    expect(outcome({ name: ' 丁 ' })).toBe('pass');
  });

  test('roster.identity: born on the reference date, and the days around it', () => {
    const born = (days: number) => outcome({ idNumber: idNumber(addDays(SAMPLE_DATES.startsOn, days), 'male') });
    expect([born(-1), born(0), born(1)]).toEqual(['pass', 'pass', 'fail']);
  });

  test('roster.identity: the number never shows in the clear', () => {
    for (const number of [VALID, VALID.slice(0, 17).concat('Z'), '330302199001011', `${VALID}${VALID}`]) {
      const finding = findingOn(sampleRequest('project/enterprise', { line: { idNumber: number } }), 'roster.identity');
      const text = JSON.stringify(finding);
      expect(text).not.toContain(number);
      expect(text).not.toContain(number.slice(4, 14));
    }
  });
});

describe('roster.duplicate', () => {
  const ROUTE = 'qualification/college';
  const other = idNumber('1991-01-01', 'female');

  /** Claims for lines of the same person with these certificates; the last one is judged. */
  function lastOf(certificates: readonly (readonly Certificate[])[], route: RouteName = ROUTE) {
    const lines = certificates.map((given, index) =>
      sampleLine(route, { certificates: given, line: { id: `line-${index + 1}` } }),
    );
    return outcomeOn(sampleRequest(route, { claim: { lines } }), 'roster.duplicate', lines.length - 1);
  }

  const stated = (occupation: string | undefined, level: Certificate['level']): Certificate[] => [
    { ...SAMPLE_CERTIFICATES.qualification, occupation, level },
  ];

  test.each(ROUTE_NAMES)('roster.duplicate: %s, one line', (route) => {
    expect(outcomeOn(sampleRequest(route), 'roster.duplicate')).toBe('pass');
  });

  test('roster.duplicate: different people pass, the earlier line of two passes', () => {
    const lines = [
      sampleLine(ROUTE),
      sampleLine(ROUTE, { line: { id: 'line-2', idNumber: other } }),
      sampleLine(ROUTE, { line: { id: 'line-3' } }),
    ];
    const request = sampleRequest(ROUTE, { claim: { lines } });
    expect([0, 1, 2].map((line) => outcomeOn(request, 'roster.duplicate', line))).toEqual(['pass', 'pass', 'fail']);
    expect(findingOn(request, 'roster.duplicate', 2)?.facts).toEqual({ earlierLine: 1 });
  });

  test.each([
    ['the same occupation and level', stated('车工', 'senior'), stated('车工', 'senior'), 'fail'],
    ['the same but for white space', stated('车工', 'senior'), stated(' 车　工', 'senior'), 'fail'],
    ['another occupation', stated('车工', 'senior'), stated('铣工', 'senior'), 'pass'],
    ['another level', stated('车工', 'senior'), stated('车工', 'technician'), 'pass'],
    ['no level on the later', stated('车工', 'senior'), stated('铣工', undefined), 'fail'],
    ['no level on the earlier', stated('车工', undefined), stated('铣工', 'senior'), 'fail'],
    ['no occupation on the later', stated('车工', 'senior'), stated(undefined, 'junior'), 'fail'],
    ['a blank occupation on the later', stated('车工', 'senior'), stated('  ', 'junior'), 'fail'],
    ['a blank occupation on the earlier', stated('  ', 'senior'), stated('车工', 'junior'), 'fail'],
    ['no certificate on the later', stated('车工', 'senior'), [], 'fail'],
    ['no certificate on the earlier', [], stated('车工', 'senior'), 'fail'],
  ] as const)('roster.duplicate: %s is a %4$s', (_, first, second, outcome) => {
    expect(lastOf([first, second])).toBe(outcome);
  });

  test('roster.duplicate: every earlier line counts', () => {
    const [a, b, c] = [stated('车工', 'senior'), stated('铣工', 'senior'), stated('焊工', 'senior')];
    expect(lastOf([a, b, c])).toBe('pass');
    expect(lastOf([a, b, c, b])).toBe('fail');
    expect(lastOf([a, b, c, a])).toBe('fail');
    expect(lastOf([a, [], c])).toBe('fail');
  });

  test('roster.duplicate: the first qualification certificate is the one that states', () => {
    const completion = SAMPLE_CERTIFICATES.completion;
    const route = 'project/college';
    expect(
      lastOf(
        [
          [completion, ...stated('车工', 'senior')],
          [completion, ...stated('铣工', 'senior')],
        ],
        route,
      ),
    ).toBe('pass');
    expect(lastOf([[completion], [completion]], route)).toBe('fail');
    const two = [...stated('车工', 'senior'), ...stated('铣工', 'senior')];
    expect(lastOf([two, [...stated('车工', 'senior'), ...stated('焊工', 'senior')]])).toBe('fail');
  });

  test('roster.duplicate: a student apprentice counts as having no certificates', () => {
    const route = 'apprenticeship/enterprise';
    const apprentice = { kind: 'student', allowanceFen: 1 } as const;
    const lines = [
      sampleLine(route, { apprentice, certificates: stated('车工', 'senior') }),
      sampleLine(route, { apprentice, certificates: stated('铣工', 'senior'), line: { id: 'line-2' } }),
    ];
    expect(outcomeOn(sampleRequest(route, { claim: { lines } }), 'roster.duplicate', 1)).toBe('fail');
  });

  test('roster.duplicate: an ineligible earlier line still names the person, and x is X', () => {
    const lines = [
      sampleLine(ROUTE, { certificates: [], line: { idNumber: WITH_X ?? '' } }),
      sampleLine(ROUTE, { line: { id: 'line-2', idNumber: (WITH_X ?? '').replace('X', 'x') } }),
    ];
    expect(outcomeOn(sampleRequest(ROUTE, { claim: { lines } }), 'roster.duplicate', 1)).toBe('fail');
  });
});

import { describe, expect, test } from 'vitest';
import { wenzhou202058 } from '../../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import { ROUTE_NAMES, sampleRequest } from '../sample-requests.ts';
import { findingOn, outcomeOn } from '../verdicts.ts';

const { entrepreneurship, preJob, project } = wenzhou202058.figures;
const COURSES = Object.entries(entrepreneurship.courses).map(([subject, { minimumHours }]) => ({
  subject,
  minimumHours,
}));

describe('class.hours', () => {
  test('class.hours: the hours of annex 1', () => {
    expect(Object.fromEntries(COURSES.map((course) => [course.subject, course.minimumHours]))).toEqual({
      SYB: 64,
      IYB: 64,
      'internet-plus': 104,
      online: 106,
      'simulated-company': 168,
    });
    expect([preJob.minimumHours, project.minimumHours]).toEqual([8, 1]);
  });

  test.each(COURSES)('class.hours: $subject', ({ subject, minimumHours }) => {
    const outcomes = [minimumHours - 1, minimumHours, minimumHours + 1].map((hours) =>
      outcomeOn(sampleRequest('entrepreneurship/provider', { class: { subject, hours } }), 'class.hours'),
    );
    expect(outcomes).toEqual(['fail', 'pass', 'pass']);
  });

  test.each(ROUTE_NAMES)('class.hours: %s', (route) => {
    const minimum = route.startsWith('pre-job') ? preJob.minimumHours : project.minimumHours;
    const outcomes = [minimum - 1, minimum, minimum + 1].map((hours) =>
      outcomeOn(sampleRequest(route, { class: { hours } }), 'class.hours'),
    );
    const programme = route.split('/')[0] ?? '';
    const expected: Readonly<Record<string, readonly string[]>> = {
      entrepreneurship: ['fail', 'fail', 'fail'],
      'pre-job': ['fail', 'pass', 'pass'],
      project: ['fail', 'pass', 'pass'],
    };
    expect(outcomes).toEqual(expected[programme] ?? outcomes.map(() => 'not applicable'));
  });

  test('class.hours: says how many are lacking', () => {
    expect(findingOn(sampleRequest('pre-job/enterprise', { class: { hours: 5 } }), 'class.hours')?.message).toBe(
      '培训5课时，少于规定的8课时，差3课时，不予补贴（一(三)、附件1）',
    );
  });
});

describe('hours.attended', () => {
  const attended = (route: (typeof ROUTE_NAMES)[number], attendedHours: number | undefined) =>
    outcomeOn(sampleRequest(route, { line: { attendedHours } }), 'hours.attended');

  test.each(ROUTE_NAMES)('hours.attended: %s', (route) => {
    const { minimumHours } = preJob;
    const outcomes = [undefined, 0, 1, minimumHours - 1, minimumHours, minimumHours + 1].map((hours) =>
      attended(route, hours),
    );
    const programme = route.split('/')[0] ?? '';
    const expected: Readonly<Record<string, readonly string[]>> = {
      'pre-job': ['refer', 'fail', 'fail', 'fail', 'pass', 'pass'],
      project: ['pass', 'fail', 'pass', 'pass', 'pass', 'pass'],
    };
    expect(outcomes).toEqual(expected[programme] ?? outcomes.map(() => 'not applicable'));
  });

  test('hours.attended: says how many are lacking', () => {
    const message = (route: (typeof ROUTE_NAMES)[number], attendedHours: number | undefined) =>
      findingOn(sampleRequest(route, { line: { attendedHours } }), 'hours.attended')?.message;
    expect(message('pre-job/enterprise', 6)).toContain('实际参训6课时，少于8课时，差2课时');
    expect(message('pre-job/enterprise', undefined)).toContain('无法确认达到8课时');
    expect(message('project/college', 0)).toContain('实际参训0课时');
    expect(message('project/college', undefined)).toContain('按班级课时计算');
  });
});

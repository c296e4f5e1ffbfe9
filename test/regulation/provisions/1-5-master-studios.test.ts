import { describe, expect, test } from 'vitest';
import { wenzhou202058 } from '../../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import { ROUTE_NAMES, sampleRequest } from '../sample-requests.ts';
import { findingOn, outcomeOn } from '../verdicts.ts';

const STUDIO = 'master-apprentice/studio';
const { classSize: studioSize, batchesPerYear } = wenzhou202058.figures.masterApprentice;
const { classSize: courseSize } = wenzhou202058.figures.entrepreneurship;

describe('applicant.studio', () => {
  test.each([
    ['enterprise', 'pass'],
    ['association', 'pass'],
    ['college', 'fail'],
    ['training-institution', 'fail'],
  ] as const)('applicant.studio: hosted by %s is a %s', (hostKind, outcome) => {
    const request = sampleRequest(STUDIO, { applicant: { studio: { level: 'county', hostKind, batchOfYear: 1 } } });
    expect(outcomeOn(request, 'applicant.studio')).toBe(outcome);
  });

  test.each(ROUTE_NAMES)('applicant.studio and class.batches: %s', (route) => {
    const studio = { level: 'city', hostKind: 'college', batchOfYear: 9 } as const;
    const request = sampleRequest(route, { applicant: { studio } });
    const outcome = route === STUDIO ? 'fail' : 'not applicable';
    expect(outcomeOn(request, 'applicant.studio')).toBe(outcome);
    expect(outcomeOn(request, 'class.batches')).toBe(outcome);
  });
});

describe('class.batches', () => {
  test.each([
    [batchesPerYear - 1, 'pass'],
    [batchesPerYear, 'pass'],
    [batchesPerYear + 1, 'fail'],
  ] as const)('class.batches: batch %i of the year is a %s', (batchOfYear, outcome) => {
    const studio = { level: 'city', hostKind: 'enterprise', batchOfYear } as const;
    expect(outcomeOn(sampleRequest(STUDIO, { applicant: { studio } }), 'class.batches')).toBe(outcome);
  });

  test('class.batches: names the batch and the limit', () => {
    const studio = { level: 'city', hostKind: 'enterprise', batchOfYear: 5 } as const;
    expect(findingOn(sampleRequest(STUDIO, { applicant: { studio } }), 'class.batches')?.message).toBe(
      '本期为当年第5期，每年不超过4期，本期不予补贴，请安排至下一年度（一(五)）',
    );
  });
});

describe('class.size', () => {
  test.each([
    [STUDIO, studioSize - 1, 'pass'],
    [STUDIO, studioSize, 'pass'],
    [STUDIO, studioSize + 1, 'refer'],
    ['entrepreneurship/provider', courseSize - 1, 'pass'],
    ['entrepreneurship/provider', courseSize, 'pass'],
    ['entrepreneurship/provider', courseSize + 1, 'refer'],
  ] as const)('class.size: %s with %i people is a %s', (route, enrolled, outcome) => {
    expect(outcomeOn(sampleRequest(route, { class: { enrolled } }), 'class.size')).toBe(outcome);
  });

  test.each(ROUTE_NAMES)('class.size: %s', (route) => {
    const limited = route === STUDIO || route === 'entrepreneurship/provider';
    const request = sampleRequest(route, { class: { enrolled: 1000 } });
    expect(outcomeOn(request, 'class.size')).toBe(limited ? 'refer' : 'not applicable');
  });

  test('class.size: says by how many, and by which article', () => {
    expect(findingOn(sampleRequest(STUDIO, { class: { enrolled: 13 } }), 'class.size')?.message).toBe(
      '培训人数13人，超过一般不超过的10人，多出3人，请说明原因，由受理部门核定（一(五)）',
    );
    expect(
      findingOn(sampleRequest('entrepreneurship/provider', { class: { enrolled: 51 } }), 'class.size')?.message,
    ).toContain('多出1人，请说明原因，由受理部门核定（一(六)）');
  });
});

import { describe, expect, test } from 'vitest';
import { addDays, addMonths } from '../../../shared/regulation/calendar-date.ts';
import { wenzhou202058 } from '../../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import { ROUTE_NAMES, SAMPLE_DATES, sampleRequest } from '../sample-requests.ts';
import { findingOn, outcomeOn, reading } from '../verdicts.ts';

const RULE = 'pre-job.contract';
const ROUTE = 'pre-job/enterprise';
const MONTHS = wenzhou202058.figures.preJob.contractMonths;
const { startsOn, endsOn, issuedOn } = SAMPLE_DATES;
const signed = (contractSignedOn: string | undefined) => sampleRequest(ROUTE, { status: { contractSignedOn } });

describe('pre-job.contract', () => {
  test('pre-job.contract: signed by the start of the class', () => {
    const outcomes = [-1, 0, 1].map((days) => outcomeOn(signed(addDays(startsOn, days)), RULE));
    expect(outcomes).toEqual(['pass', 'pass', 'fail']);
  });

  test('pre-job.contract: ended within twelve months', () => {
    const earliest = addMonths(endsOn, -MONTHS);
    const outcomes = [-1, 0, 1].map((days) => outcomeOn(signed(addDays(earliest, days)), RULE));
    expect(outcomes).toEqual(['fail', 'pass', 'pass']);
  });

  test('pre-job.contract: signed on 29 February', () => {
    const outcome = (ends: string) =>
      outcomeOn(
        sampleRequest(ROUTE, {
          status: { contractSignedOn: '2020-02-29' },
          class: { startsOn: '2021-02-20', endsOn: ends },
        }),
        RULE,
      );
    expect(outcome('2021-02-28')).toBe('pass');
    expect(outcome('2021-03-01')).toBe('fail');
  });

  test('pre-job.contract: a class that ends before it starts is judged by class.dates alone', () => {
    const request = sampleRequest(ROUTE, {
      status: { contractSignedOn: '2020-09-07' },
      class: { startsOn: '2020-09-07', endsOn: '2020-09-06' },
    });
    expect([outcomeOn(request, RULE), outcomeOn(request, 'class.dates')]).toEqual(['pass', 'fail']);
  });

  test('pre-job.contract: an unknown date is referred', () => {
    expect(outcomeOn(signed(undefined), RULE)).toBe('refer');
    expect(outcomeOn(sampleRequest(ROUTE, { line: { status: undefined } }), RULE)).toBe('refer');
  });

  test.each(ROUTE_NAMES)('pre-job.contract: %s', (route) => {
    const request = sampleRequest(route, { status: { contractSignedOn: '2022-01-01' } });
    expect(outcomeOn(request, RULE)).toBe(route === ROUTE ? 'fail' : 'not applicable');
  });

  test('pre-job.contract: says by how much', () => {
    expect(findingOn(signed('2019-09-20'), RULE)?.message).toBe(
      '劳动合同2019-09-20签订，岗前培训须在2020-09-20前完成，培训班2020-09-25结束，超过5日，不予补贴（一(三)1）',
    );
    expect(findingOn(signed('2020-09-08'), RULE)?.message).toContain('晚于开班日期2020-09-07');
  });

  test('pre-job.contract: preJobPassedBy certificate asks for the certificate within the months too', () => {
    const edition = reading({ preJobPassedBy: 'certificate' });
    const earliest = addMonths(issuedOn, -MONTHS);
    const outcomes = [-1, 0, 1].map((days) => outcomeOn(signed(addDays(earliest, days)), RULE, 0, edition));
    expect(outcomes).toEqual(['fail', 'pass', 'pass']);
    expect(outcomeOn(signed(addDays(earliest, -1)), RULE)).toBe('pass');
    const early = sampleRequest(ROUTE, {
      status: { contractSignedOn: '2020-07-01' },
      certificate: { issuedOn: '2020-06-30' },
    });
    expect(outcomeOn(early, RULE, 0, edition)).toBe('fail');
    const none = sampleRequest(ROUTE, { certificates: [] });
    expect(outcomeOn(none, RULE, 0, edition)).toBe('pass');
    expect(outcomeOn(signed(addMonths(endsOn, -MONTHS - 1)), RULE, 0, edition)).toBe('fail');
  });
});

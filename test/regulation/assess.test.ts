import { describe, expect, test } from 'vitest';
import { assess } from '../../shared/regulation/assess.ts';
import { CLAIM_RULES, LINE_RULES } from '../../shared/regulation/rules.ts';
import type { Changes, RouteName } from './sample-requests.ts';
import { idNumber, ROUTE_NAMES, sampleLine, sampleRequest } from './sample-requests.ts';
import { assessed } from './verdicts.ts';

const ROUTE = 'project/enterprise';
const person = (index: number) => idNumber('1990-05-20', 'male', index);

/** A claim of several people on one route, each with changes. */
function claimOf(changes: readonly Changes[], claim: Changes = {}) {
  const lines = changes.map((each, index) =>
    sampleLine(ROUTE, { ...each, line: { id: `line-${index + 1}`, idNumber: person(index), ...each.line } }),
  );
  return sampleRequest(ROUTE, { ...claim, claim: { ...claim.claim, lines } });
}

const ELIGIBLE: Changes = {};
const REFERRED: Changes = { line: { statusVerified: false } };
const INELIGIBLE: Changes = { certificates: [] };

describe('the outcome of a line', () => {
  test('fails before refers before passes', () => {
    const lines = assessed(claimOf([ELIGIBLE, REFERRED, INELIGIBLE, { ...REFERRED, ...INELIGIBLE }])).lines;
    expect(lines.map((line) => [line.outcome, line.amountFen])).toEqual([
      ['eligible', 150_000],
      ['referred', 150_000],
      ['ineligible', 0],
      ['ineligible', 0],
    ]);
  });

  test('a failure stays one, whatever is referred after it', () => {
    const nameless: Changes = { line: { name: '', statusVerified: false } };
    const [line] = assessed(claimOf([nameless])).lines;
    expect(line?.outcome).toBe('ineligible');
    const judged = line?.findings.filter((finding) => finding.outcome !== 'pass') ?? [];
    expect(judged.map((finding) => [finding.rule, finding.outcome])).toEqual([
      ['roster.identity', 'fail'],
      ['status.verified', 'refer'],
      ['recipient.condition', 'refer'],
    ]);
  });

  test('one that earns nothing says which rules it fails', () => {
    expect(assessed(claimOf([{ certificates: [], line: { attendedHours: 0 } }])).lines[0]?.basis).toBe(
      '不符合补贴依据的证书（一）、实际参训课时（一(三), 一(二)1），不予补贴：0元',
    );
  });

  test('a correctable failure of a line is a failure', () => {
    expect(assessed(claimOf([ELIGIBLE, { line: { name: '' } }])).lines[1]?.outcome).toBe('ineligible');
  });
});

describe('the outcome of a claim', () => {
  const outcome = (changes: readonly Changes[], claim?: Changes) => assessed(claimOf(changes, claim)).outcome;
  const missing: Changes = { claim: { materials: [] } };
  const wrong: Changes = { applicant: { kind: 'college' } };
  const referred: Changes = { class: { filedOn: '2020-09-06' } };

  test('eligible, if at least one line is', () => {
    expect(outcome([ELIGIBLE])).toBe('eligible');
    expect(outcome([INELIGIBLE, ELIGIBLE])).toBe('eligible');
    expect(outcome([INELIGIBLE, INELIGIBLE])).toBe('ineligible');
  });

  test('referred, if a claim rule or a line refers', () => {
    expect(outcome([ELIGIBLE, REFERRED])).toBe('referred');
    expect(outcome([ELIGIBLE], referred)).toBe('referred');
    expect(outcome([INELIGIBLE], referred)).toBe('referred');
  });

  test('incomplete, if a correctable claim rule fails, whatever refers', () => {
    expect(outcome([ELIGIBLE], missing)).toBe('incomplete');
    expect(outcome([REFERRED], missing)).toBe('incomplete');
    expect(outcome([INELIGIBLE], missing)).toBe('incomplete');
    expect(outcome([ELIGIBLE], { claim: { videos: [] } })).toBe('incomplete');
  });

  test('ineligible, if another claim rule fails, whatever is missing; the lines keep their own outcomes', () => {
    expect(outcome([ELIGIBLE], wrong)).toBe('ineligible');
    expect(outcome([ELIGIBLE], { ...wrong, claim: { materials: [] } })).toBe('ineligible');
    const assessment = assessed(claimOf([ELIGIBLE, REFERRED], wrong));
    expect(assessment.lines.map((line) => line.outcome)).toEqual(['eligible', 'referred']);
    expect(assessment.totals.eligibleFen).toBe(150_000);
  });
});

test('totals count the lines’ own outcomes', () => {
  const half: Changes = { line: { attendedHours: 20 } };
  expect(assessed(claimOf([ELIGIBLE, half, REFERRED, INELIGIBLE, INELIGIBLE])).totals).toEqual({
    lines: 5,
    eligible: 2,
    ineligible: 2,
    referred: 1,
    eligibleFen: 200_000,
    referredFen: 150_000,
  });
});

test.each(ROUTE_NAMES)('%s: a sample is paid in full, by findings in the order of the rules', (route) => {
  const assessment = assessed(sampleRequest(route));
  const [line] = assessment.lines;
  expect(assessment.outcome).toBe('eligible');
  expect(assessment.claimId).toBe('claim-1');
  expect(assessment.edition).toBe('wenzhou-2020-58');
  expect(line?.id).toBe('line-1');
  expect(assessment.totals.eligibleFen).toBe(line?.amountFen);
  expect([...assessment.findings, ...(line?.findings ?? [])].map((finding) => finding.outcome)).not.toContain('fail');
  const order = (ids: string[], rules: readonly { id: string }[]) =>
    rules.map((rule) => rule.id).filter((id) => ids.includes(id));
  const claimIds = assessment.findings.map((finding) => finding.rule);
  const lineIds = line?.findings.map((finding) => finding.rule) ?? [];
  expect(claimIds).toEqual(order(claimIds, CLAIM_RULES));
  expect(lineIds).toEqual(order(lineIds, LINE_RULES));
});

describe('a request that was never parsed is refused loudly', () => {
  const request = sampleRequest(ROUTE);
  const without = (route: RouteName, changes: Changes) => () => assess(sampleRequest(route, changes));

  test('of another edition, or of a pair that is no route', () => {
    expect(() => assess({ ...request, edition: 'nowhere' })).toThrow('There is no edition nowhere');
    expect(() => assess({ ...request, claim: { ...request.claim, route: 'studio' } })).toThrow(
      'Claim claim-1 is no request of wenzhou-2020-58: parse it first',
    );
  });

  test('without the fact that decides who is responsible', () => {
    const { insuredDistrict, ...applicant } = request.claim.applicant;
    expect(() => assess({ ...request, claim: { ...request.claim, applicant } })).toThrow('parse it first');
    expect(insuredDistrict).toBe('longwan');
  });

  test('without the class, the course or the studio that its route has', () => {
    expect(without(ROUTE, { claim: { class: undefined } })).toThrow('Claim claim-1 is without a class: parse it first');
    expect(without('entrepreneurship/provider', { class: { subject: '烹饪' } })).toThrow(
      'Claim claim-1 is of no course: parse it first',
    );
    expect(without('master-apprentice/studio', { applicant: { studio: undefined } })).toThrow(
      'Claim claim-1 is of no studio: parse it first',
    );
  });
});

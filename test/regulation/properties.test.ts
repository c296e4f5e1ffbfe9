import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { assess } from '../../shared/regulation/assess.ts';
import type {
  Assessment,
  AssessmentRequest,
  Certificate,
  Finding,
  LineAssessment,
  TraineeLine,
} from '../../shared/regulation/contract.ts';
import { wenzhou202058 } from '../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import { parseRequest } from '../../shared/regulation/parse-request.ts';
import { RULES } from '../../shared/regulation/rules.ts';
import { anyRequest, SEED } from './random-requests.ts';
import type { RouteName } from './sample-requests.ts';
import { idNumber, SAMPLE_CERTIFICATES, sampleLine, sampleRequest } from './sample-requests.ts';
import { assessed } from './verdicts.ts';

// Hundreds of whole claims each: slow where the machine is busy.
vi.setConfig({ testTimeout: 60_000 });

const { apprenticeship, entrepreneurship, preJob, project, shortageUpliftPercent } = wenzhou202058.figures;
const findingsOf = ({ findings, lines }: Assessment): Finding[] => [
  ...findings,
  ...lines.flatMap((line) => line.findings),
];

/** The most that one line of a programme can earn. */
const HIGHEST = Math.max(...wenzhou202058.occupationClasses.flatMap((entry) => Object.values(entry.standards)));
const CAPS: Readonly<Record<string, number>> = {
  qualification: (HIGHEST * (100 + shortageUpliftPercent)) / 100,
  'master-apprentice': (HIGHEST * (100 + shortageUpliftPercent)) / 100,
  project: (project.cap * (100 + project.upliftPercent)) / 100,
  'pre-job': preJob.standard,
  apprenticeship: apprenticeship.cap,
  entrepreneurship: Math.max(...Object.values(entrepreneurship.courses).map((course) => course.standard)),
};

describe('every valid request gets a complete assessment', () => {
  test('one line assessment for each line, outcomes and totals as section 1 says', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const assessment = assessed(request);
        expect(assessment.lines.map((line) => line.id)).toEqual(request.claim.lines.map((line) => line.id));
        for (const line of assessment.lines) {
          const outcomes = new Set(line.findings.map((finding) => finding.outcome));
          const expected = outcomes.has('fail') ? 'ineligible' : outcomes.has('refer') ? 'referred' : 'eligible';
          expect(line.outcome).toBe(expected);
        }
        expect(assessment.outcome).toBe(claimOutcome(assessment.findings, assessment.lines));
        const sum = (outcome: string) =>
          assessment.lines
            .filter((line) => line.outcome === outcome)
            .reduce((total, line) => total + line.amountFen, 0);
        const count = (outcome: string) => assessment.lines.filter((line) => line.outcome === outcome).length;
        expect(assessment.totals).toEqual({
          lines: assessment.lines.length,
          eligible: count('eligible'),
          ineligible: count('ineligible'),
          referred: count('referred'),
          eligibleFen: sum('eligible'),
          referredFen: sum('referred'),
        });
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  test('amounts are whole, never negative, never above the cap, and the last number of their basis', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        for (const { amountFen, basis, outcome } of assessed(request).lines) {
          expect(Number.isSafeInteger(amountFen)).toBe(true);
          expect(amountFen).toBeGreaterThanOrEqual(0);
          expect(amountFen).toBeLessThanOrEqual(outcome === 'ineligible' ? 0 : (CAPS[request.claim.programme] ?? 0));
          const told = /：(\d+(?:\.\d\d)?)元(?:（[^：]*）)?$/u.exec(basis)?.[1];
          expect(Math.round(Number(told) * 100)).toBe(amountFen);
        }
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  test('the same request gives the same bytes', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const text = JSON.stringify(request);
        const first = JSON.stringify(assessed(request));
        expect(JSON.stringify(assessed(JSON.parse(text)))).toBe(first);
        expect(JSON.stringify(request)).toBe(text);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  test('no identity or card number stands in the clear, nor a birth date', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const text = JSON.stringify(findingsOf(assessed(request)));
        for (const { idNumber: number } of request.claim.lines.filter((line) => line.idNumber.length === 18)) {
          expect(text).not.toContain(number.slice(0, 8));
          expect(text).not.toContain(number.slice(6, 14));
          expect(text).not.toContain(`${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}"`);
        }
        expect(text).not.toContain('62000000');
      }),
      { seed: SEED, numRuns: 200 },
    );
  });
});

/** Section 1, claim. */
function claimOutcome(findings: readonly Finding[], lines: readonly LineAssessment[]): string {
  if (findings.some((finding) => finding.outcome === 'fail' && !finding.correctable)) return 'ineligible';
  if (findings.some((finding) => finding.outcome === 'fail')) return 'incomplete';
  const referred = [
    ...findings.map((finding) => finding.outcome === 'refer'),
    ...lines.map((line) => line.outcome === 'referred'),
  ];
  if (referred.includes(true)) return 'referred';
  return lines.some((line) => line.outcome === 'eligible') ? 'eligible' : 'ineligible';
}

describe('sentences', () => {
  /** A sentence without what it says of one case. */
  const pattern = (message: string) => message.replaceAll(/\d{4}-\d{2}-\d{2}|\d+/gu, '#').replaceAll(/“[^”]*”/gu, '“”');

  const ARTICLE = String.raw`(?:[一二三四五](?:\([一二三四五六]\))?[\d()①②]*|附件[124])`;
  const ENDS_WITH_ARTICLE = new RegExp(`（${ARTICLE}(?:、${ARTICLE})*）$`, 'u');

  test('every finding ends its sentence with an article, and no two rules share one', () => {
    const owners = new Map<string, string>();
    const seen = new Set<string>();
    for (const request of fc.sample(anyRequest, { seed: SEED, numRuns: 800 })) {
      for (const { article, message, outcome, rule } of findingsOf(assessed(request))) {
        seen.add(`${rule} ${outcome}`);
        const key = pattern(message);
        if (owners.get(key) === rule) continue;
        expect(message).toMatch(ENDS_WITH_ARTICLE);
        expect(article).toBe(RULES.find((each) => each.id === rule)?.article);
        expect(owners.get(key)).toBeUndefined();
        owners.set(key, rule);
      }
    }
    // Every rule was seen to pass and to do something else, so the comparison had its sentences.
    for (const { id } of RULES) {
      expect([id, seen.has(`${id} pass`)]).toEqual([id, true]);
      expect([id, seen.has(`${id} fail`) || seen.has(`${id} refer`)]).toEqual([id, true]);
    }
  });
});

describe('people in several lines', () => {
  /** Duplicate, annual quota and repeat, worked out line by line with nothing but arrays. */
  function plainly(request: AssessmentRequest, assessment: Assessment): string[][] {
    const { claim, history } = request;
    const same = (a: string, b: string) => a.replace(/x$/u, 'X') === b.replace(/x$/u, 'X');
    const name = (text: string | undefined) => (text ?? '').replaceAll(/\s/gu, '');
    const certificatesOf = (line: TraineeLine) =>
      claim.programme === 'apprenticeship' && line.apprentice?.kind === 'student' ? [] : line.certificates;
    const qualificationOf = (line: TraineeLine) =>
      certificatesOf(line).find((each) =>
        ['national-qualification', 'skill-level', 'special-ability'].includes(each.kind),
      );
    const inTerm = (each: Certificate) => each.issuedOn >= '2020-05-01' && each.issuedOn <= '2021-12-31';
    const issued = (each: Certificate) =>
      each.kind === 'skill-level'
        ? each.issuer === 'local-assessor' && each.registered === true
        : each.issuer === 'city-hr' || (each.kind === 'national-qualification' && each.issuer === 'province-hr');
    const keyOf = (line: TraineeLine): [string, string | undefined] | undefined => {
      const certificate = qualificationOf(line);
      const byCertificate: [string, string | undefined] = [name(certificate?.occupation), certificate?.level];
      const bySubject: [string, string | undefined] = [name(claim.class?.subject), undefined];
      const special = ['training-completion', 'special-operation', 'special-equipment'];
      const counting = line.certificates.find((each) => special.includes(each.kind));
      const full = certificate !== undefined && inTerm(certificate) && issued(certificate);
      const key = {
        qualification: byCertificate,
        'master-apprentice': byCertificate,
        apprenticeship: full ? byCertificate : undefined,
        project: counting?.renewal === true ? undefined : bySubject,
        entrepreneurship: bySubject,
        'pre-job': undefined,
      }[claim.programme];
      return key === undefined || key[0] === '' ? undefined : key;
    };
    return claim.lines.map((line, index) => {
      const earlier = claim.lines.slice(0, index).filter((each) => same(each.idNumber, line.idNumber));
      const counted = earlier.filter(
        (each) => assessment.lines.find((other) => other.id === each.id)?.outcome !== 'ineligible',
      );
      const mine = history.filter((entry) => same(entry.person, line.idNumber));
      const stated = (each: TraineeLine) => {
        const certificate = qualificationOf(each);
        return name(certificate?.occupation) !== '' && certificate?.level !== undefined
          ? `${name(certificate.occupation)} ${certificate.level}`
          : undefined;
      };
      const doubled = earlier.some(
        (each) => stated(each) === undefined || stated(line) === undefined || stated(each) === stated(line),
      );
      const year = Number(claim.submittedOn.slice(0, 4));
      const annual = mine.filter((entry) => entry.year === year).length + counted.length;
      const key = keyOf(line);
      const repeated =
        key !== undefined &&
        (mine.some((entry) => entry.kind === 'award' && name(entry.occupation) === key[0] && entry.level === key[1]) ||
          counted.some((each) => keyOf(each)?.[0] === key[0] && keyOf(each)?.[1] === key[1]));
      return [
        `roster.duplicate ${doubled ? 'fail' : 'pass'}`,
        `quota.annual ${annual < 3 ? 'pass' : 'fail'}`,
        ...(key === undefined ? [] : [`quota.repeat ${repeated ? 'fail' : 'pass'}`]),
      ];
    });
  }

  test('roster.duplicate, quota.annual and quota.repeat agree with plain arrays', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        const assessment = assessed(request);
        const rules = ['roster.duplicate', 'quota.annual', 'quota.repeat'];
        const found = assessment.lines.map((line) =>
          line.findings.filter((each) => rules.includes(each.rule)).map((each) => `${each.rule} ${each.outcome}`),
        );
        expect(found).toEqual(plainly(request, assessment));
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  test('where no person comes twice, the order of the lines does not matter', () => {
    fc.assert(
      fc.property(
        anyRequest.filter((request) => request.claim.lines.length > 1),
        fc.nat(),
        (request, turn) => {
          const lines = request.claim.lines.map((line, index) => ({
            ...line,
            idNumber: idNumber('1990-05-20', 'male', index),
          }));
          const at = turn % lines.length;
          const turned = [...lines.slice(at), ...lines.slice(0, at)].toReversed();
          const byId = (given: TraineeLine[]) =>
            assessed({ ...request, claim: { ...request.claim, lines: given } }).lines.toSorted((a, b) =>
              a.id < b.id ? -1 : 1,
            );
          expect(byId(turned)).toEqual(byId(lines));
        },
      ),
      { seed: SEED, numRuns: 200 },
    );
  });
});

describe('amounts grow with what they are computed from', () => {
  const amount = (route: RouteName, changes: Parameters<typeof sampleRequest>[1]) =>
    assessed(sampleRequest(route, changes)).lines[0]?.amountFen ?? -1;

  test('with class hours and hours attended', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 200 }),
        fc.constantFrom('above-scale' as const, 'trade-friction' as const),
        (hours, attendedHours, trait) => {
          const of = (more: number, attendedMore: number) =>
            amount('project/enterprise', {
              class: { hours: hours + more },
              line: { attendedHours: attendedHours + attendedMore },
              applicant: { traits: [trait] },
            });
          expect(of(1, 0)).toBeGreaterThanOrEqual(of(0, 0));
          expect(of(0, 1)).toBeGreaterThanOrEqual(of(0, 0));
          expect(of(1, 1)).toBeGreaterThanOrEqual(of(1, 0));
        },
      ),
      { seed: SEED, numRuns: 300 },
    );
  });

  test('with an apprentice’s cost, never by more than the cost itself: nothing jumps, at 4,000 yuan neither', () => {
    const cost = fc.oneof(
      fc.nat({ max: 1_200_000 }),
      fc.constantFrom(399_998, 399_999, 400_000, 400_001, 666_666, 999_999),
    );
    fc.assert(
      fc.property(cost, fc.boolean(), (actualCostFen, full) => {
        const of = (more: number) =>
          amount('apprenticeship/enterprise', {
            apprentice: { kind: 'employee', actualCostFen: actualCostFen + more },
            ...(full ? {} : { certificates: [SAMPLE_CERTIFICATES.completion] }),
          });
        const step = of(1) - of(0);
        expect(step).toBeGreaterThanOrEqual(0);
        expect(step).toBeLessThanOrEqual(1);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  test('with a student’s allowance, by the allowance up to the cap', () => {
    fc.assert(
      fc.property(fc.nat({ max: 400_000 }), (allowanceFen) => {
        const apprentice = { kind: 'student', allowanceFen, contractMonths: 12, socialInsured: true } as const;
        expect(amount('apprenticeship/enterprise', { apprentice })).toBe(
          Math.min(allowanceFen, apprenticeship.studentCap),
        );
      }),
      { seed: SEED, numRuns: 200 },
    );
  });
});

describe('nothing makes it throw', () => {
  /** Either a list of problems or a whole assessment. */
  function answered(input: unknown): boolean {
    const reading = parseRequest(input);
    if (!reading.ok) return reading.problems.length > 0 && reading.problems.every((problem) => problem.message !== '');
    return assess(reading.request).lines.length === reading.request.claim.lines.length;
  }

  test('any value at all', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything({ withNullPrototype: true }), fc.jsonValue()), (input) => {
        expect(answered(input)).toBe(true);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  test('a valid request with any part exchanged for anything', () => {
    fc.assert(
      fc.property(anyRequest, fc.array(fc.nat(), { maxLength: 6 }), fc.jsonValue(), (request, path, value) => {
        const copy: unknown = JSON.parse(JSON.stringify(request));
        let at = copy;
        for (const [index, step] of path.entries()) {
          if (typeof at !== 'object' || at === null) break;
          const keys = Object.keys(at);
          const key = keys[step % Math.max(keys.length, 1)];
          if (key === undefined) break;
          if (index === path.length - 1) Reflect.set(at, key, value);
          else at = Reflect.get(at, key);
        }
        expect(answered(copy)).toBe(true);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  test('lines whose facts are all missing', () => {
    for (const route of ['project/enterprise', 'apprenticeship/enterprise', 'qualification/college'] as const) {
      const line = { id: 'x', name: '', idNumber: '', statusVerified: false, certificates: [] };
      const request = sampleRequest(route, { claim: { lines: [line, { ...sampleLine(route), id: 'y' }] } });
      expect(assessed(request).lines.map((each) => each.outcome)).toEqual(['ineligible', 'eligible']);
    }
  });
});

import { describe, expect, test } from 'vitest';
import { assess, assessWith } from '../../../shared/regulation/assess.ts';
import { addDays } from '../../../shared/regulation/calendar-date.ts';
import type { AssessmentRequest, Certificate } from '../../../shared/regulation/contract.ts';
import type { EditionDefinition } from '../../../shared/regulation/edition.ts';
import { defineEdition, withParameters } from '../../../shared/regulation/edition.ts';
import {
  EDITIONS,
  editionInForce,
  editionRegistry,
  findEdition,
} from '../../../shared/regulation/editions/registry.ts';
import { wenzhou202058 } from '../../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import { jurisdictionOf } from '../../../shared/regulation/jurisdiction.ts';
import { parseRequest } from '../../../shared/regulation/parse-request.ts';
import { idNumber, sampleRequest, sampleVideo } from '../sample-requests.ts';
import { nextEdition } from './next-edition.ts';

const BOTH = editionRegistry([wenzhou202058, nextEdition]);

const COMPLETION: Certificate = {
  kind: 'training-completion',
  number: '海AQ2300001',
  issuedOn: '2023-05-10',
  issuer: 'training-body',
};

/** A project claim by the next edition, with changes to parts of it. */
function request(changes: { claim?: object; applicant?: object; class?: object; line?: object } = {}): unknown {
  return {
    edition: 'haicheng-2023-7',
    claim: {
      id: 'claim-1',
      programme: 'project',
      route: 'enterprise',
      submittedOn: '2023-06-01',
      applicant: {
        id: 'applicant-1',
        name: '海城船厂',
        kind: 'enterprise',
        insuredDistrict: 'xishan',
        traits: ['strategic-emerging'],
        ...changes.applicant,
      },
      class: {
        id: 'class-1',
        district: 'xishan',
        filedOn: '2023-04-01',
        filingAccepted: true,
        startsOn: '2023-04-03',
        endsOn: '2023-04-20',
        hours: 20,
        enrolled: 8,
        subject: '船舶焊接',
        ...changes.class,
      },
      materials: ['roster'],
      videos: [sampleVideo('a', 60_000), sampleVideo('b', 60_000)],
      lines: [
        {
          id: 'line-1',
          name: '样例学员',
          idNumber: idNumber('1970-01-01', 'male'),
          statusVerified: true,
          status: { employerId: 'applicant-1' },
          certificates: [COMPLETION],
          ...changes.line,
        },
      ],
      ...changes.claim,
    },
    history: [],
    shortage: [],
  };
}

function decided(input: unknown) {
  const reading = parseRequest(input, BOTH);
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return assessWith(reading.edition, reading.request);
}

const failing = (input: unknown) => {
  const { findings, lines } = decided(input);
  return [...findings, ...(lines[0]?.findings ?? [])]
    .filter((finding) => finding.outcome !== 'pass')
    .map((finding) => `${finding.rule} ${finding.outcome}`);
};

describe('the edition in force', () => {
  test('from its first to its last day, never before, never after', () => {
    const { appliesFrom, appliesTo } = wenzhou202058;
    const dates = [addDays(appliesFrom, -1), appliesFrom, appliesTo, addDays(appliesTo, 1)];
    expect(dates.map((date) => editionInForce(date)?.id)).toEqual([
      undefined,
      'wenzhou-2020-58',
      'wenzhou-2020-58',
      undefined,
    ]);
  });

  test('does not fall into a gap’s neighbours', () => {
    const dates = ['2020-01-01', '2021-12-31', '2022-01-01', '2023-02-28', '2023-03-01', '2024-02-29', '2024-03-01'];
    expect(dates.map((date) => BOTH.inForce(date)?.id)).toEqual([
      undefined,
      'wenzhou-2020-58',
      undefined,
      undefined,
      'haicheng-2023-7',
      'haicheng-2023-7',
      undefined,
    ]);
  });

  test('is that of the district, where counties have their own', () => {
    const county = defineEdition({
      ...wenzhou202058,
      id: 'yueqing',
      districts: wenzhou202058.districts.map((each) => ({ ...each, urban: each.code === 'yueqing' })),
    });
    const registry = editionRegistry([wenzhou202058, county]);
    expect(registry.inForce('2021-01-01', 'yueqing')?.id).toBe('yueqing');
    expect(registry.inForce('2021-01-01', 'ouhai')?.id).toBe('wenzhou-2020-58');
    expect(registry.inForce('2021-01-01', 'ruian')).toBeUndefined();
    expect(registry.inForce('2022-01-01', 'yueqing')).toBeUndefined();
    expect(registry.inForce('2021-01-01')?.id).toBe('wenzhou-2020-58');
    expect(editionInForce('2021-01-01', 'dongtou')).toBeUndefined();
  });

  test('is found by its id, and no other', () => {
    expect(findEdition('wenzhou-2020-58')).toBe(wenzhou202058);
    expect(findEdition('haicheng-2023-7')).toBeUndefined();
    expect(BOTH.find('haicheng-2023-7')).toBe(nextEdition);
    expect(EDITIONS.editions).toEqual([wenzhou202058]);
  });

  test('is one: no two of an id, nor of a day and a district', () => {
    expect(() => editionRegistry([wenzhou202058, wenzhou202058])).toThrow('share an id');
    const twin = (appliesFrom: string, appliesTo: string) =>
      defineEdition({ ...wenzhou202058, id: 'twin', appliesFrom, appliesTo });
    expect(() => editionRegistry([wenzhou202058, twin('2021-12-31', '2022-12-31')])).toThrow('share a day');
    expect(() => editionRegistry([twin('2019-01-01', '2020-05-01'), wenzhou202058])).toThrow('share a day');
    expect(() => editionRegistry([wenzhou202058, twin('2022-01-01', '2022-12-31')])).not.toThrow();
    expect(() => editionRegistry([twin('2019-01-01', '2020-04-30'), wenzhou202058])).not.toThrow();
  });
});

describe('the next edition is data', () => {
  test('it pays by its own figures, choices and accounts', () => {
    const assessment = decided(request());
    expect(assessment.outcome).toBe('eligible');
    expect(assessment.edition).toBe('haicheng-2023-7');
    expect(assessment.authority).toEqual({ kind: 'hr-bureau', district: 'xishan' });
    expect(assessment.fundAccount).toBe('donggang');
    // 31 × 20 = 620, uplifted by a third before the cap: 824.60
    expect(assessment.lines[0]).toMatchObject({
      amountFen: 82_460,
      basis: '31元×20课时为620元，上浮33%：824.60元（一(二)1、附件1）',
    });
    expect(decided(request({ class: { hours: 40 } })).totals.eligibleFen).toBe(93_001);
  });

  test('it knows its own districts only', () => {
    const reading = parseRequest(request({ applicant: { insuredDistrict: 'lucheng' } }), BOTH);
    expect(!reading.ok && reading.problems.map((problem) => problem.path)).toEqual(['claim.applicant.insuredDistrict']);
    expect(failing(request({ applicant: { insuredDistrict: 'nanxian' } }))).toEqual(['applicant.urban fail']);
  });

  test('it has its own routes, and says what each demands', () => {
    const wrong = parseRequest(request({ claim: { programme: 'pre-job' } }), BOTH);
    expect(!wrong.ok && wrong.problems[0]?.path).toBe('claim.route');
    const lines = [1, 2].map((each) => ({
      id: `l${each}`,
      name: '甲',
      idNumber: '',
      statusVerified: true,
      certificates: [],
    }));
    const two = request({
      claim: { programme: 'entrepreneurship', route: 'provider', lines },
      class: { subject: 'SYB' },
      applicant: { kind: 'training-institution' },
    });
    const onePerson = parseRequest(two, BOTH);
    expect(!onePerson.ok && onePerson.problems.map((problem) => problem.path)).toEqual(['claim.lines']);
  });

  test('its city is its own', () => {
    const department = (level: string, district: string) =>
      parseRequest(
        request({
          claim: { route: 'contractor' },
          applicant: { kind: 'hr-service', entrustedBy: { department: '局', level, district } },
        }),
        BOTH,
      ).ok;
    expect([department('city', 'haicheng'), department('city', 'xishan')]).toEqual([true, false]);
    expect([department('district', 'xishan'), department('district', 'haicheng')]).toEqual([true, false]);
    const jurisdiction = jurisdictionOf(nextEdition, 'project', 'contractor', {
      entrustedBy: { department: '局', level: 'city', district: 'haicheng' },
    });
    expect(jurisdiction?.fundAccount).toBe('haicheng');
  });

  test.each<[string, Parameters<typeof request>[0], string[]]>([
    ['filed two days ahead', {}, []],
    ['filed one day ahead', { class: { filedOn: '2023-04-02' } }, ['filing.before-start refer']],
    ['four hours', { class: { hours: 4 } }, []],
    ['three hours', { class: { hours: 3 } }, ['class.hours fail']],
    ['attended three', { line: { attendedHours: 3 } }, ['hours.attended fail']],
    ['one video', { claim: { videos: [sampleVideo('a', 60_000)] } }, ['evidence.videos fail']],
    [
      'a short video',
      { claim: { videos: [sampleVideo('a', 60_000), sampleVideo('b', 59_999)] } },
      ['evidence.videos fail'],
    ],
    ['submitted on its last day', { claim: { submittedOn: '2024-02-29' } }, []],
    ['submitted after it', { claim: { submittedOn: '2024-03-01' } }, ['claim.deadline refer']],
    ['submitted before it', { claim: { submittedOn: '2023-02-28' } }, ['class.dates fail', 'claim.deadline fail']],
    ['63 and a half', { line: { idNumber: idNumber('1959-10-01', 'male') } }, []],
    ['64', { line: { idNumber: idNumber('1959-04-03', 'male') } }, ['age.working refer']],
    ['17', { line: { idNumber: idNumber('2005-04-04', 'male') } }, ['age.working refer']],
    ['18', { line: { idNumber: idNumber('2005-04-03', 'male') } }, []],
    [
      'another city’s code',
      { line: { certificates: [{ ...COMPLETION, number: '温AP2300001' }] } },
      ['certificate.code fail'],
    ],
    ['no condition on the applicant', { applicant: { traits: [], kind: 'industry-association' } }, []],
    ['nothing handed in', { claim: { materials: [] } }, ['evidence.materials fail']],
  ])('%s', (_, changes, expected) => {
    expect(failing(request(changes))).toEqual(expected);
  });

  test('its quota is one a year, and insurance subsidies repeat', () => {
    const person = idNumber('1970-01-01', 'male');
    const history = (entry: object) => ({ ...(request() as AssessmentRequest), history: [{ person, ...entry }] });
    expect(failing(history({ year: 2023, kind: 'award' }))).toEqual(['quota.annual fail']);
    expect(failing(history({ year: 2022, kind: 'unemployment-insurance', occupation: '船舶焊接' }))).toEqual([
      'quota.repeat fail',
    ]);
  });

  test('its catalogue has no class for the others, and its own abilities', () => {
    const certified = (certificate: Partial<Certificate>, shortage: object[] = []) => ({
      edition: 'haicheng-2023-7',
      claim: {
        ...(request({ claim: { programme: 'qualification', class: undefined } }) as AssessmentRequest).claim,
        materials: ['roster', 'certificate-list'],
        videos: [],
        lines: [
          {
            id: 'line-1',
            name: '甲',
            idNumber: idNumber('1970-01-01', 'male'),
            statusVerified: true,
            certificates: [
              {
                kind: 'national-qualification',
                number: '1',
                issuedOn: '2023-05-10',
                issuer: 'city-hr',
                ...certificate,
              },
            ],
          },
        ],
      },
      history: [],
      shortage,
    });
    const paid = (...given: Parameters<typeof certified>) => decided(certified(...given)).lines[0];
    expect(paid({ occupation: '船工', level: 'junior' })).toMatchObject({ amountFen: 50_000 });
    const shortage = [{ occupation: '船工', from: '2023-05-10', to: '2023-05-10' }];
    expect(paid({ occupation: '船工', level: 'junior' }, shortage)).toMatchObject({ amountFen: 66_500 });
    expect(failing(certified({ occupation: '车工', level: 'junior' }))).toEqual(['certificate.catalogue fail']);
    const ability = { kind: 'special-ability', occupation: '潜水' } as const;
    expect(paid({ ...ability, level: 'technician' })).toMatchObject({ amountFen: 12_300 });
    expect(failing(certified({ ...ability, level: 'junior' }))).toEqual(['certificate.catalogue fail']);
  });

  test('its apprentices are paid by its figures, rounded once', () => {
    const apprentice = (changes: object, certificates: Certificate[] = [COMPLETION]) =>
      decided(
        request({
          claim: { programme: 'apprenticeship', materials: ['labour-contracts'] },
          line: { apprentice: changes, certificates },
        }),
      ).lines[0]?.amountFen;
    // 3,333.33 × 40% = 1,333.332
    expect(apprentice({ kind: 'employee', actualCostFen: 299_999 })).toBe(120_000);
    // 70% of 7,142.85 is 4,999.995, and 40% of that 1,999.998
    expect(apprentice({ kind: 'employee', actualCostFen: 714_285 })).toBe(200_000);
    expect(apprentice({ kind: 'employee', actualCostFen: 714_284 })).toBe(200_000);
    expect(apprentice({ kind: 'employee', actualCostFen: 714_283 })).toBe(199_999);
    expect(apprentice({ kind: 'student', allowanceFen: 200_001, contractMonths: 24, socialInsured: true })).toBe(
      200_000,
    );
    expect(apprentice({ kind: 'student', allowanceFen: 1, contractMonths: 23, socialInsured: true })).toBe(0);
  });

  test('an old claim keeps its edition', () => {
    const old = sampleRequest('project/enterprise');
    expect(decided(old)).toEqual(assess(old));
    expect(decided(old).edition).toBe('wenzhou-2020-58');
  });

  test('a route without a class rule set of its own shares nothing with another edition’s', () => {
    expect(decided(request())).toEqual(decided(request()));
    expect(assessWith(wenzhou202058, sampleRequest('project/enterprise')).outcome).toBe('eligible');
  });
});

describe('an edition whose data contradict themselves is refused', () => {
  test.each<[string, Partial<EditionDefinition>, string]>([
    ['ends before it begins', { appliesFrom: '2022-01-01' }, 'it ends before it begins'],
    [
      'a code used twice',
      { districts: [...wenzhou202058.districts, { code: 'city', name: 'x', urban: true }] },
      'a district code is used twice',
    ],
    ['a city that is no district', { cityDistrict: 'x' }, 'is no district'],
    ['an account that is no district', { fundedBy: { x: 'city' } }, 'the account x'],
    ['an account paid by no district', { fundedBy: { city: 'x' } }, 'or x is no district'],
    [
      'a route twice',
      { routes: [...wenzhou202058.routes, ...wenzhou202058.routes.slice(0, 1)] },
      'qualification/agency stands twice',
    ],
    [
      'a class that decides and is not there',
      { routes: wenzhou202058.routes.map((row) => ({ ...row, hasClass: false })) },
      'has no class',
    ],
    [
      'an occupation twice',
      {
        occupationClasses: [
          ...wenzhou202058.occupationClasses,
          ...wenzhou202058.occupationClasses.slice(0, 1).map((entry) => ({ ...entry, occupations: ['车 工'] })),
        ],
      },
      'annex 1 prints 车工 twice',
    ],
    [
      'two classes for the others',
      { occupationClasses: wenzhou202058.occupationClasses.map((entry) => ({ ...entry, others: true })) },
      'two classes take the others',
    ],
    [
      'an ability twice',
      { abilityLists: [{ level: 'junior', standard: 1, occupations: ['潜水', '潜 水'] }] },
      'annex 2 prints 潜水 twice for 初级',
    ],
    ['a blank ability', { abilityLists: [{ level: 'junior', standard: 1, occupations: [' '] }] }, 'a blank ability'],
  ])('%s', (_, changes, message) => {
    expect(() => defineEdition({ ...wenzhou202058, ...changes })).toThrow(message);
  });

  test('every contradiction is named at once', () => {
    expect(() => defineEdition({ ...wenzhou202058, appliesFrom: '2022-01-01', cityDistrict: 'x' })).toThrow(
      'Edition wenzhou-2020-58: it ends before it begins; the city',
    );
  });

  test('other choices leave the edition as it is', () => {
    const changed = withParameters(wenzhou202058, { ...wenzhou202058.parameters, ageOutside: 'refer' });
    expect(changed.parameters.ageOutside).toBe('refer');
    expect(wenzhou202058.parameters.ageOutside).toBe('fail');
    expect(changed.id).toBe(wenzhou202058.id);
    expect(changed.nameOf('ouhai')).toBe('瓯海区');
    expect(changed.nameOf('nowhere')).toBe('nowhere');
  });
});

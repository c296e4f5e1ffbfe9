import fc from 'fast-check';
import type { AssessmentRequest, Certificate, TraineeLine, TraineeStatus } from '../../shared/regulation/contract.ts';
import {
  APPLICANT_KIND_TERMS,
  CERTIFICATE_KIND_TERMS,
  COURSE_TERMS,
  ISSUER_TERMS,
  LEVEL_TERMS,
  MATERIAL_TERMS,
  ORIGIN_TERMS,
  TRAIT_TERMS,
} from '../../shared/regulation/contract.ts';
import { wenzhou202058 } from '../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import type { RouteName } from './sample-requests.ts';
import { idNumber, ROUTE_NAMES, sampleRequest } from './sample-requests.ts';

/*
 * Random requests that are valid, of every route, with values on both sides of every limit, and people that come back
 * in lines and in history. The same seed gives the same requests.
 */

export const SEED = 20_200_058;

function keysOf<Key extends string>(terms: Record<Key, string>): fc.Arbitrary<Key> {
  return fc.constantFrom(...(Object.keys(terms) as Key[]));
}

const perhaps = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined });
const date = fc.constantFrom(
  '2019-12-31',
  '2020-02-29',
  '2020-04-30',
  '2020-05-01',
  '2020-05-02',
  '2020-09-06',
  '2020-09-07',
  '2020-12-31',
  '2021-02-28',
  '2021-04-30',
  '2021-05-01',
  '2021-05-02',
  '2021-12-31',
  '2022-01-01',
);
const district = fc.constantFrom(...wenzhou202058.districts.map((each) => each.code));
const occupation = fc.constantFrom(
  '车工',
  ' 车 工',
  '美发师',
  '育婴员',
  '新职业',
  '皮鞋制板',
  '3D打印技术',
  '艾灸理疗',
  ' ',
);
const hours = fc.constantFrom(0, 1, 7, 8, 9, 63, 64, 79, 80, 81, 104, 106, 168, 500);

/** People who come back: boundaries of age, both sexes, a number that ends in x, and numbers that name nobody. */
const PEOPLE = [
  idNumber('1990-05-20', 'male'),
  idNumber('1990-05-20', 'female'),
  idNumber('1960-09-07', 'male'),
  idNumber('1960-09-06', 'male'),
  idNumber('1970-09-06', 'female'),
  idNumber('2004-09-08', 'male'),
  ...[idNumber('1990-05-20', 'male'), idNumber('1972-02-29', 'female', 3)].map((each) => each.replace('X', 'x')),
  '123',
  '',
];
const person = fc.constantFrom(...PEOPLE);

const certificate: fc.Arbitrary<Certificate> = fc.record(
  {
    kind: keysOf(CERTIFICATE_KIND_TERMS),
    number: fc.constantFrom('温AP2000001', '温 AP 21 00001', '温AP2000000', '123', ''),
    issuedOn: date,
    occupation,
    level: keysOf(LEVEL_TERMS),
    issuer: keysOf(ISSUER_TERMS),
    registered: fc.boolean(),
    obtainedVia: keysOf(ORIGIN_TERMS),
    assessedInWenzhou: fc.boolean(),
    renewal: fc.boolean(),
  },
  { requiredKeys: ['kind', 'number', 'issuedOn', 'issuer'] },
);

const status: fc.Arbitrary<TraineeStatus> = fc.record(
  {
    unemploymentInsurance: fc.record({ district, paidThrough: date, enterpriseEmployee: fc.boolean() }),
    hukouDistrict: district,
    residencePermitDistrict: district,
    registeredUnemployedDistrict: district,
    publicSectorStaff: fc.boolean(),
    graduate: fc.record({
      leftSchoolOn: date,
      employed: fc.boolean(),
      studiedInWenzhou: fc.boolean(),
      originWenzhou: fc.boolean(),
    }),
    student: fc.record({ collegeId: fc.constantFrom('applicant-1', 'college-2'), graduatesOn: date }),
    workDistrict: district,
    employerId: fc.constantFrom('applicant-1', 'enterprise-2'),
    contractSignedOn: date,
    domesticServiceWorker: fc.boolean(),
    publicWelfarePost: fc.boolean(),
    ageWaiver: fc.boolean(),
    businessLicence: fc.boolean(),
  },
  { requiredKeys: [] },
);

const apprentice = fc.record(
  {
    kind: fc.constantFrom('employee' as const, 'student' as const),
    actualCostFen: fc.oneof(fc.nat({ max: 1_500_000 }), fc.constantFrom(399_999, 400_000, 400_001, 666_667, 1_000_001)),
    allowanceFen: fc.constantFrom(0, 299_999, 300_000, 300_001),
    contractMonths: fc.constantFrom(11, 12, 13),
    socialInsured: fc.boolean(),
  },
  { requiredKeys: ['kind'] },
);

/** Half of the changes leave what the sample has, so that many lines come through. */
function changedLine(sample: TraineeLine): fc.Arbitrary<Omit<TraineeLine, 'id'>> {
  const mostly = <Value>(value: Value, other: fc.Arbitrary<Value>) =>
    fc.oneof({ arbitrary: fc.constant(value), weight: 3 }, { arbitrary: other, weight: 1 });
  return fc.record({
    name: mostly(sample.name, fc.constantFrom('', ' ', '丁')),
    idNumber: person,
    card: mostly(
      sample.card,
      perhaps(fc.record({ number: fc.constant('6200000000000000000'), activated: fc.boolean() })),
    ),
    statusVerified: mostly(true, fc.boolean()),
    status: mostly(sample.status, perhaps(status)),
    attendedHours: mostly(sample.attendedHours, perhaps(hours)),
    certificates: mostly(sample.certificates, fc.array(certificate, { maxLength: 3 })),
    apprentice: mostly(sample.apprentice, perhaps(apprentice)),
  });
}

function requestOf(route: RouteName): fc.Arbitrary<AssessmentRequest> {
  const sample = sampleRequest(route);
  const [line] = sample.claim.lines;
  if (line === undefined) throw new RangeError('a sample has a line');
  const onePerson = route === 'qualification/individual' || route === 'qualification/competition';
  const mostly = <Value>(value: Value, other: fc.Arbitrary<Value>) =>
    fc.oneof({ arbitrary: fc.constant(value), weight: 4 }, { arbitrary: other, weight: 1 });
  const { applicant, class: taught } = sample.claim;
  const subjects =
    route === 'entrepreneurship/provider' ? keysOf(COURSE_TERMS) : mostly(taught?.subject, perhaps(occupation));
  return fc
    .record({
      submittedOn: mostly(sample.claim.submittedOn, date),
      kind: mostly(applicant.kind, keysOf(APPLICANT_KIND_TERMS)),
      traits: mostly(applicant.traits, perhaps(fc.array(keysOf(TRAIT_TERMS), { maxLength: 2 }))),
      approval: mostly(
        applicant.approval,
        perhaps(
          fc.record({
            level: fc.constantFrom('city' as const, 'district' as const),
            district,
            crossDistrictConsent: perhaps(fc.boolean()),
          }),
        ),
      ),
      insured: mostly('ouhai', district),
      studio: fc.record({
        level: fc.constantFrom('county' as const, 'national' as const),
        hostKind: mostly('enterprise' as const, fc.constantFrom('college' as const, 'association' as const)),
        batchOfYear: fc.constantFrom(1, 4, 5),
      }),
      chargedTrainees: mostly(false, perhaps(fc.boolean())),
      taught: fc.record({
        district: mostly('lucheng', district),
        filedOn: mostly(taught?.filedOn, perhaps(date)),
        filingAccepted: mostly(true, fc.boolean()),
        startsOn: mostly(taught?.startsOn ?? '2020-09-07', date),
        endsOn: mostly(taught?.endsOn ?? '2020-09-25', date),
        hours,
        enrolled: fc.constantFrom(9, 10, 11, 50, 51),
        subject: subjects,
      }),
      materials: mostly(sample.claim.materials, fc.subarray(Object.keys(MATERIAL_TERMS) as never[])),
      durations: mostly([120_000, 120_000, 120_000], fc.array(fc.constantFrom(119_999, 120_000), { maxLength: 4 })),
      lines: fc.array(changedLine(line), { minLength: 1, maxLength: onePerson ? 1 : 8 }),
      history: fc.array(
        fc.record({
          person,
          year: fc.constantFrom(2019, 2020, 2021),
          occupation: perhaps(occupation),
          level: perhaps(keysOf(LEVEL_TERMS)),
          kind: fc.constantFrom('award' as const, 'unemployment-insurance' as const),
        }),
        { maxLength: 6 },
      ),
      shortage: fc.array(fc.record({ occupation, from: date, to: perhaps(date) }), { maxLength: 3 }),
    })
    .map(({ durations, history, insured, lines, shortage, taught: given, ...changes }) => ({
      edition: sample.edition,
      claim: {
        ...sample.claim,
        submittedOn: changes.submittedOn,
        applicant: {
          ...applicant,
          kind: changes.kind,
          traits: changes.traits,
          approval: changes.approval,
          chargedTrainees: changes.chargedTrainees,
          ...(applicant.insuredDistrict === undefined ? {} : { insuredDistrict: insured }),
          ...(applicant.studio === undefined ? {} : { studio: changes.studio }),
        },
        ...(taught === undefined ? {} : { class: { ...taught, ...given } }),
        materials: changes.materials,
        videos: durations.map((durationMs, index) => ({ id: `v${index}`, durationMs, sha256: `sha-${index % 3}` })),
        lines: lines.map((each, index) => ({ ...each, id: `line-${index + 1}` })),
      },
      history,
      shortage,
    }));
}

/** A valid request of any route. */
export const anyRequest: fc.Arbitrary<AssessmentRequest> = fc.oneof(...ROUTE_NAMES.map((route) => requestOf(route)));

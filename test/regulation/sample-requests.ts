import { addDays, addMonths } from '../../shared/regulation/calendar-date.ts';
import type {
  Applicant,
  AssessmentRequest,
  Certificate,
  Claim,
  Programme,
  Route,
  TraineeLine,
  TraineeStatus,
  TrainingClass,
} from '../../shared/regulation/contract.ts';
import { wenzhou202058 } from '../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import { checkCharacter } from '../../shared/regulation/identity-number.ts';
import { requiredMaterials } from '../../shared/regulation/provisions/1-0-materials.ts';

/*
 * For each route a request that is paid in full, and small changes to it. All people, bodies and numbers are made up:
 * the identity numbers begin with 999999, an area code that does not exist.
 */

export type RouteName = `${Programme}/${Route}`;

/** A valid identity number. `serial` 0 to 499; the same serial with another sex or birth date is another person. */
export function idNumber(birthDate: string, sex: 'male' | 'female', serial = 0): string {
  const sequence = serial * 2 + (sex === 'male' ? 1 : 0);
  const digits = `999999${birthDate.replaceAll('-', '')}${String(sequence).padStart(3, '0')}`;
  return `${digits}${checkCharacter(digits)}`;
}

const STARTS_ON = '2020-09-07';
const ENDS_ON = '2020-09-25';
const ISSUED_ON = '2020-10-10';
const SUBMITTED_ON = '2020-11-02';

const CLASS: TrainingClass = {
  id: 'class-1',
  district: 'lucheng',
  filedOn: addDays(STARTS_ON, -10),
  filingAccepted: true,
  startsOn: STARTS_ON,
  endsOn: ENDS_ON,
  hours: 60,
  enrolled: 10,
};

const QUALIFICATION: Certificate = {
  kind: 'national-qualification',
  number: '2033000000000001',
  issuedOn: ISSUED_ON,
  occupation: '车工',
  level: 'senior',
  issuer: 'city-hr',
  obtainedVia: 'training-institution',
  assessedInWenzhou: true,
};

const COMPLETION: Certificate = {
  kind: 'training-completion',
  number: '温AP2000001',
  issuedOn: ISSUED_ON,
  issuer: 'training-body',
};

const URBAN_EMPLOYEE: TraineeStatus = {
  unemploymentInsurance: { district: 'lucheng', paidThrough: '2020-12-31', enterpriseEmployee: true },
};

/** What distinguishes the sample of one route. */
interface Sample {
  readonly applicant: Omit<Applicant, 'id' | 'name'>;
  readonly class?: Partial<TrainingClass>;
  readonly status?: TraineeStatus;
  readonly certificates: readonly Certificate[];
  readonly line?: Partial<TraineeLine>;
  readonly videos?: true;
}

const SAMPLES: Readonly<Record<string, Sample>> = {
  'qualification/agency': {
    applicant: { kind: 'training-institution', approval: { level: 'city', district: 'city' } },
    class: {},
    status: URBAN_EMPLOYEE,
    certificates: [QUALIFICATION],
  },
  'qualification/individual': {
    applicant: { kind: 'individual', insuredDistrict: 'ouhai' },
    status: URBAN_EMPLOYEE,
    certificates: [{ ...QUALIFICATION, obtainedVia: 'self-study' }],
  },
  'qualification/competition': {
    applicant: { kind: 'individual', competition: { organiserDistrict: 'longwan' } },
    status: { hukouDistrict: 'ouhai' },
    certificates: [{ ...QUALIFICATION, obtainedVia: 'competition' }],
  },
  'qualification/enterprise': {
    applicant: { kind: 'enterprise', insuredDistrict: 'jingkai', selfEvaluation: true },
    certificates: [
      {
        ...QUALIFICATION,
        kind: 'skill-level',
        issuer: 'local-assessor',
        registered: true,
        obtainedVia: 'enterprise-evaluation',
      },
    ],
  },
  'qualification/college': {
    applicant: { kind: 'college' },
    class: {},
    status: { student: { collegeId: 'applicant-1', graduatesOn: '2020-06-30' } },
    certificates: [QUALIFICATION],
  },
  'project/enterprise': {
    applicant: { kind: 'enterprise', insuredDistrict: 'longwan', traits: ['above-scale'] },
    class: { subject: '数控加工' },
    status: { employerId: 'applicant-1' },
    certificates: [COMPLETION],
    videos: true,
  },
  'project/contractor': {
    applicant: {
      kind: 'training-institution',
      approval: { level: 'district', district: 'lucheng' },
      entrustedBy: { department: '应急管理局', level: 'city', district: 'city' },
    },
    class: { subject: '叉车操作' },
    certificates: [{ ...COMPLETION, kind: 'special-equipment', number: 'T-1', issuer: 'other' }],
    videos: true,
  },
  'project/college': {
    applicant: { kind: 'college' },
    class: { subject: '电商客服' },
    status: { workDistrict: 'ouhai' },
    certificates: [COMPLETION],
    videos: true,
  },
  'pre-job/enterprise': {
    applicant: { kind: 'enterprise', insuredDistrict: 'oujiangkou', independentLegalPerson: true },
    class: {},
    status: { employerId: 'applicant-1', contractSignedOn: '2020-07-01' },
    certificates: [COMPLETION],
    line: { attendedHours: 16 },
  },
  'pre-job/domestic-service': {
    applicant: { kind: 'training-institution', approval: { level: 'city', district: 'city' } },
    class: {},
    certificates: [COMPLETION],
    line: { attendedHours: 16 },
  },
  'apprenticeship/enterprise': {
    applicant: { kind: 'enterprise', insuredDistrict: 'ouhai' },
    class: {},
    status: { employerId: 'applicant-1' },
    certificates: [COMPLETION, { ...QUALIFICATION, obtainedVia: 'apprenticeship' }],
    line: { apprentice: { kind: 'employee', actualCostFen: 800_000 } },
    videos: true,
  },
  'master-apprentice/studio': {
    applicant: {
      kind: 'master-studio',
      insuredDistrict: 'lucheng',
      studio: { level: 'city', hostKind: 'enterprise', batchOfYear: 1 },
    },
    class: {},
    certificates: [{ ...QUALIFICATION, obtainedVia: 'master-apprentice' }],
  },
  'entrepreneurship/provider': {
    applicant: {
      kind: 'training-institution',
      approval: { level: 'city', district: 'city' },
      chargedTrainees: false,
    },
    class: { subject: 'SYB', hours: 64 },
    certificates: [{ ...COMPLETION, kind: 'entrepreneurship-completion' }],
    videos: true,
  },
};

/** The thirteen routes, in the order of the regulation. */
export const ROUTE_NAMES: readonly RouteName[] = wenzhou202058.routes.map(
  (row): RouteName => `${row.programme}/${row.route}`,
);

/** Changes to a sample. A function sees what it changes; `lines` replaces them all. */
export interface Changes {
  readonly claim?: Partial<Claim>;
  readonly applicant?: Partial<Applicant>;
  readonly class?: Partial<TrainingClass>;
  readonly line?: Partial<TraineeLine>;
  readonly status?: TraineeStatus;
  /** to the first certificate */
  readonly certificate?: Partial<Certificate>;
  readonly certificates?: readonly Certificate[];
  readonly apprentice?: TraineeLine['apprentice'];
  readonly history?: AssessmentRequest['history'];
  readonly shortage?: AssessmentRequest['shortage'];
}

/** A request of a route that is paid in full, with changes. */
export function sampleRequest(name: RouteName, changes: Changes = {}): AssessmentRequest {
  const sample = SAMPLES[name];
  const row = wenzhou202058.routes.find((candidate) => `${candidate.programme}/${candidate.route}` === name);
  if (sample === undefined || row === undefined) throw new RangeError(`There is no sample of ${name}`);
  const claim: Claim = {
    id: 'claim-1',
    programme: row.programme,
    route: row.route,
    submittedOn: SUBMITTED_ON,
    applicant: { id: 'applicant-1', name: '样例申领主体', ...sample.applicant, ...changes.applicant },
    ...(sample.class === undefined ? {} : { class: { ...CLASS, ...sample.class, ...changes.class } }),
    materials: [...(requiredMaterials(wenzhou202058, row.programme, row.route, true) ?? [])],
    videos: sample.videos === true ? ['a', 'b', 'c'].map((each) => sampleVideo(each)) : [],
    lines: [sampleLine(name, changes)],
    ...changes.claim,
  };
  return { edition: wenzhou202058.id, claim, history: changes.history ?? [], shortage: changes.shortage ?? [] };
}

/** A trainee line of a route's sample, with changes. */
export function sampleLine(name: RouteName, changes: Changes = {}): TraineeLine {
  const sample = SAMPLES[name];
  if (sample === undefined) throw new RangeError(`There is no sample of ${name}`);
  const status = sample.status === undefined && changes.status === undefined ? undefined : changes.status;
  const given = changes.certificates ?? sample.certificates;
  const [first, ...others] = given;
  return {
    id: 'line-1',
    name: '样例学员',
    idNumber: idNumber('1990-05-20', 'male'),
    card: { number: '6200000000000000000', activated: true },
    statusVerified: true,
    ...(sample.status === undefined && status === undefined ? {} : { status: { ...sample.status, ...status } }),
    ...sample.line,
    certificates: first === undefined ? [] : [{ ...first, ...changes.certificate }, ...others],
    ...(changes.apprentice === undefined ? {} : { apprentice: changes.apprentice }),
    ...changes.line,
  };
}

export function sampleVideo(sha256: string, durationMs = 120_000): Claim['videos'][number] {
  return { id: `video-${sha256}`, durationMs, sha256 };
}

/** The sample's certificates, to build others from. */
export const SAMPLE_CERTIFICATES = { qualification: QUALIFICATION, completion: COMPLETION } as const;

/** The dates of the samples. */
export const SAMPLE_DATES = {
  startsOn: STARTS_ON,
  endsOn: ENDS_ON,
  issuedOn: ISSUED_ON,
  submittedOn: SUBMITTED_ON,
  nextMonth: addMonths(SUBMITTED_ON, 1),
} as const;

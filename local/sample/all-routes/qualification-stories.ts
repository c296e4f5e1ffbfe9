import { turner } from './certificates.ts';
import { unifiedCode } from './check-digits.ts';
import type { RouteStory } from './route-story.ts';
import { card, trainee } from './trainees.ts';

const insured = (district: string) => ({
  unemploymentInsurance: { district, paidThrough: '2021-06-30', enterpriseEmployee: true },
});

/** Qualification subsidies (一(一)) by all five routes; amounts by annex 1, class A. */
export const qualificationStories: readonly RouteStory[] = [
  {
    programme: 'qualification',
    route: 'agency',
    applicant: {
      tenant: 'school-ouxiang',
      facts: {
        name: '温州瓯翔职业培训学校',
        kind: 'training-institution',
        unifiedCode: unifiedCode('52330302MJ1AGENC1'),
        approval: { level: 'district', district: 'lucheng' },
      },
    },
    authority: 'hr-bureau/lucheng',
    account: 'lucheng',
    payee: 'trainee',
    training: { district: 'lucheng', hours: 40, subject: '车工（中级）' },
    papers: ['id-copies', 'certificate-list'],
    lines: [0, 1].map((place) => ({
      line: {
        ...trainee(place, `L${place + 1}`),
        card: card(place),
        certificates: [turner(place, 'intermediate', 'training-institution')],
      },
      sharedRecord: insured('lucheng'),
      fen: 160_000,
      ends: 'paid',
    })),
    turn: 'bounced',
  },
  {
    programme: 'qualification',
    route: 'individual',
    applicant: {
      tenant: 'person-zhou',
      facts: { name: '周海生', kind: 'individual', insuredDistrict: 'longwan' },
    },
    authority: 'hr-bureau/longwan',
    account: 'longwan',
    payee: 'trainee',
    papers: ['id-copies', 'certificate-copy'],
    lines: [
      {
        line: { ...trainee(2, 'L1'), card: card(2), certificates: [turner(2, 'senior', 'self-study')] },
        sharedRecord: insured('longwan'),
        fen: 240_000,
        ends: 'paid',
      },
    ],
  },
  {
    programme: 'qualification',
    route: 'competition',
    applicant: { tenant: 'person-wu', facts: { name: '吴美玲', kind: 'individual', insuredDistrict: 'ouhai' } },
    authority: 'hr-bureau/lucheng',
    account: 'lucheng',
    payee: 'trainee',
    declaration: { competition: { organiserDistrict: 'lucheng' } },
    papers: ['id-copies', 'certificate-copy'],
    lines: [
      {
        line: { ...trainee(3, 'L1'), card: card(3), certificates: [turner(3, 'technician', 'competition')] },
        sharedRecord: insured('ouhai'),
        fen: 350_000,
        ends: 'paid',
      },
    ],
  },
  {
    programme: 'qualification',
    route: 'enterprise',
    applicant: {
      tenant: 'ent-ruifeng',
      facts: {
        name: '温州瑞丰机械有限公司',
        kind: 'enterprise',
        unifiedCode: unifiedCode('91330304MA2RUFNG1'),
        insuredDistrict: 'ouhai',
        selfEvaluation: true,
        bankAccount: { holder: '温州瑞丰机械有限公司', bank: '温州银行瓯海支行', number: '733000120190020001' },
      },
    },
    authority: 'hr-bureau/ouhai',
    account: 'ouhai',
    payee: 'applicant',
    papers: ['certificate-list'],
    lines: [4, 5].map((place, index) => ({
      line: { ...trainee(place, `L${index + 1}`), certificates: [turner(place, 'junior', 'enterprise-evaluation')] },
      fen: 120_000,
      ends: 'paid',
    })),
    turn: 'objection-dismissed',
  },
  {
    programme: 'qualification',
    route: 'college',
    applicant: {
      tenant: 'college-zhijiao',
      facts: {
        name: '温州东海职业技术学院',
        kind: 'college',
        unifiedCode: unifiedCode('12330300470CLGE01'),
        bankAccount: { holder: '温州东海职业技术学院', bank: '中国银行温州市分行', number: '733000120190020002' },
      },
    },
    authority: 'hr-bureau/city',
    account: 'city',
    payee: 'applicant',
    training: { district: 'city', hours: 40, subject: '车工（中级）' },
    papers: ['enrolment-proof', 'certificate-list'],
    lines: [6, 7].map((place, index) => ({
      line: {
        ...trainee(place, `L${index + 1}`, '2001'),
        certificates: [turner(place, 'intermediate', 'training-institution')],
      },
      sharedRecord: { student: { collegeId: 'college-zhijiao', graduatesOn: '2021-06-30' } },
      fen: 160_000,
      ends: 'paid',
    })),
  },
];

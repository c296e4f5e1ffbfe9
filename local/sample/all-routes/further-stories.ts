import { completion, entrepreneurship, turner } from './certificates.ts';
import { unifiedCode } from './check-digits.ts';
import type { RouteStory } from './route-story.ts';
import { trainee } from './trainees.ts';

/** Pre-job training (一(三)), apprenticeship (一(四)), a master's studio (一(五)) and entrepreneurship (一(六)). */
export const furtherStories: readonly RouteStory[] = [
  {
    programme: 'pre-job',
    route: 'enterprise',
    applicant: {
      tenant: 'ent-xinda',
      facts: {
        name: '温州信达鞋业有限公司',
        kind: 'enterprise',
        unifiedCode: unifiedCode('91330303MA2XNDA11'),
        insuredDistrict: 'longwan',
        independentLegalPerson: true,
        bankAccount: { holder: '温州信达鞋业有限公司', bank: '温州银行龙湾支行', number: '733000120190020006' },
      },
    },
    authority: 'hr-bureau/longwan',
    account: 'longwan',
    payee: 'applicant',
    training: { district: 'longwan', hours: 16, subject: '新员工岗前培训' },
    papers: ['id-copies', 'certificate-list'],
    lines: [14, 15].map((place, index) => ({
      line: { ...trainee(place, `L${index + 1}`), attendedHours: 16, certificates: [completion] },
      sharedRecord: { employerId: 'ent-xinda', contractSignedOn: '2021-03-01' },
      fen: 20_000,
      ends: 'paid',
    })),
    turn: 'returned',
  },
  {
    programme: 'pre-job',
    route: 'domestic-service',
    applicant: {
      tenant: 'school-anjia',
      facts: {
        name: '温州安家家政职业培训学校',
        kind: 'training-institution',
        unifiedCode: unifiedCode('52330301MJ1ANJA11'),
        approval: { level: 'city', district: 'city' },
        bankAccount: { holder: '温州安家家政职业培训学校', bank: '建设银行温州分行', number: '733000120190020007' },
      },
    },
    authority: 'hr-bureau/jingkai',
    account: 'jingkai',
    payee: 'applicant',
    training: { district: 'jingkai', hours: 16, subject: '家政服务员岗前培训' },
    papers: ['id-copies', 'certificate-list'],
    lines: [16, 17].map((place, index) => ({
      line: { ...trainee(place, `L${index + 1}`), attendedHours: 16, certificates: [completion] },
      fen: 20_000,
      ends: 'paid',
    })),
    turn: 'waits-for-funds',
  },
  {
    programme: 'apprenticeship',
    route: 'enterprise',
    applicant: {
      tenant: 'ent-oujiang',
      facts: {
        name: '温州瓯江口智能装备有限公司',
        kind: 'enterprise',
        unifiedCode: unifiedCode('91330305MA2UJNG11'),
        insuredDistrict: 'oujiangkou',
        bankAccount: { holder: '温州瓯江口智能装备有限公司', bank: '温州银行洞头支行', number: '733000120190020008' },
      },
    },
    // 三(三): what the bureau of 瓯江口 takes is paid by the city's account.
    authority: 'hr-bureau/oujiangkou',
    account: 'city',
    payee: 'applicant',
    training: { district: 'oujiangkou', hours: 40, subject: '企业新型学徒制' },
    papers: ['certificate-list', 'training-invoice', 'bank-account'],
    videos: true,
    lines: [18, 19].map((place, index) => ({
      line: {
        ...trainee(place, `L${index + 1}`),
        certificates: [completion],
        apprentice: { kind: 'employee', actualCostFen: 500_000 },
      },
      sharedRecord: { employerId: 'ent-oujiang' },
      // 5,000 yuan of cost give 4,000; half of it without a certificate of qualification.
      fen: 200_000,
      ends: 'paid',
    })),
  },
  {
    programme: 'master-apprentice',
    route: 'studio',
    applicant: {
      tenant: 'studio-ye',
      facts: {
        name: '叶氏车工技能大师工作室',
        kind: 'master-studio',
        unifiedCode: unifiedCode('91330302MA2TUDN11'),
        insuredDistrict: 'lucheng',
        studio: { level: 'city', hostKind: 'enterprise' },
        bankAccount: { holder: '温州叶氏机床有限公司', bank: '温州银行鹿城支行', number: '733000120190020009' },
      },
    },
    authority: 'hr-bureau/lucheng',
    account: 'lucheng',
    payee: 'applicant',
    training: { district: 'lucheng', hours: 40, subject: '车工带徒' },
    papers: ['training-plan-filing', 'apprenticeship-agreement', 'certificate-list'],
    lines: [20, 21].map((place, index) => ({
      line: { ...trainee(place, `L${index + 1}`), certificates: [turner(place, 'junior', 'master-apprentice')] },
      fen: 120_000,
      ends: 'paid',
    })),
    turn: 'unit-bounced',
  },
  {
    programme: 'entrepreneurship',
    route: 'provider',
    applicant: {
      tenant: 'college-chuangye',
      facts: {
        name: '温州创业学院',
        kind: 'college',
        unifiedCode: unifiedCode('12330303470CLGE03'),
        bankAccount: { holder: '温州创业学院', bank: '交通银行龙湾支行', number: '733000120190020010' },
      },
    },
    authority: 'hr-bureau/longwan',
    account: 'longwan',
    payee: 'applicant',
    training: { district: 'longwan', hours: 64, subject: 'SYB' },
    declaration: { chargedTrainees: false },
    papers: ['id-copies', 'sign-in-sheets', 'certificate-list'],
    videos: true,
    lines: [22, 23].map((place, index) => ({
      line: { ...trainee(place, `L${index + 1}`), certificates: [entrepreneurship(place)] },
      fen: 100_000,
      ends: index === 0 ? 'recovered' : 'paid',
    })),
    turn: 'recovered',
  },
];

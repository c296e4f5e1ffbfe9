import { completion } from './certificates.ts';
import { unifiedCode } from './check-digits.ts';
import type { RouteStory } from './route-story.ts';
import { trainee } from './trainees.ts';

const papers = ['sign-in-sheets', 'certificate-list'];

function lineOf(place: number, id: string) {
  return { ...trainee(place, id), attendedHours: 40, certificates: [completion] };
}

/** Project training (一(二)) by its three routes: 40 hours at 25 yuan. */
export const projectStories: readonly RouteStory[] = [
  {
    programme: 'project',
    route: 'enterprise',
    applicant: {
      tenant: 'ent-huatai',
      facts: {
        name: '温州华泰电气有限公司',
        kind: 'enterprise',
        unifiedCode: unifiedCode('91330302MA2HUATA1'),
        insuredDistrict: 'lucheng',
        independentLegalPerson: true,
        traits: ['key-industry'],
        bankAccount: { holder: '温州华泰电气有限公司', bank: '温州银行鹿城支行', number: '733000120190020003' },
      },
    },
    authority: 'hr-bureau/lucheng',
    account: 'lucheng',
    payee: 'applicant',
    training: { district: 'lucheng', hours: 40, subject: '低压电器装配' },
    papers,
    videos: true,
    lines: [
      // The records still name her former employer.
      {
        line: lineOf(8, 'L1'),
        sharedRecord: { employerId: 'ent-formerly' },
        isOverridden: true,
        fen: 100_000,
        ends: 'paid',
      },
      { line: lineOf(9, 'L2'), sharedRecord: { employerId: 'ent-huatai' }, fen: 100_000, ends: 'paid' },
    ],
  },
  {
    programme: 'project',
    route: 'contractor',
    applicant: {
      tenant: 'hr-zhongcai',
      facts: {
        name: '温州众才人力资源服务有限公司',
        kind: 'hr-service',
        unifiedCode: unifiedCode('91330300MA2HCHNG1'),
        bankAccount: {
          holder: '温州众才人力资源服务有限公司',
          bank: '工商银行温州分行',
          number: '733000120190020004',
        },
      },
    },
    authority: 'industry-department/city/city/市住建局',
    account: 'city',
    payee: 'applicant',
    training: {
      district: 'longwan',
      hours: 40,
      subject: '装配式建筑施工',
      entrustedBy: { department: '市住建局', level: 'city', district: 'city' },
    },
    papers,
    videos: true,
    lines: [10, 11].map((place, index) => ({ line: lineOf(place, `L${index + 1}`), fen: 100_000, ends: 'paid' })),
    turn: 'two-step-payment',
  },
  {
    programme: 'project',
    route: 'college',
    applicant: {
      tenant: 'college-ouhai',
      facts: {
        name: '温州瓯江学院',
        kind: 'college',
        unifiedCode: unifiedCode('12330304470CLGE02'),
        bankAccount: { holder: '温州瓯江学院', bank: '农业银行瓯海支行', number: '733000120190020005' },
      },
    },
    authority: 'hr-bureau/ouhai',
    account: 'ouhai',
    payee: 'applicant',
    training: { district: 'ouhai', hours: 40, subject: '电子商务直播' },
    papers,
    videos: true,
    lines: [12, 13].map((place, index) => ({
      line: lineOf(place, `L${index + 1}`),
      sharedRecord: { workDistrict: 'ouhai' },
      fen: 100_000,
      ends: index === 0 ? 'paid' : 'released',
    })),
    turn: 'objection-upheld',
  },
];

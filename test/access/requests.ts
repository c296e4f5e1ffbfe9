import { identityNumber, unifiedCode } from '../../local/sample/all-routes/check-digits.ts';
import type { Estate } from './named-things.ts';
import type { RoleName } from './routes.ts';

/** A class without its roster. */
export const filing = {
  programme: 'project',
  route: 'enterprise',
  district: 'lucheng',
  startsOn: '2021-03-08',
  endsOn: '2021-03-20',
  hours: 8,
  subject: '钳工基础',
  place: '实训楼',
  contact: '陈经办',
  sessions: [{ date: '2021-03-20', startsAt: '08:00', endsAt: '17:00', hours: 8, content: '钳工', teacher: '李工' }],
};
/** A trainee whom rosters name. */
export const person = { name: '丁一', idNumber: identityNumber('33030219900601101') };
const reason = { reason: '按规定办理此事项' };
const receipts = '转账编号,结果,银行流水号,原因\nJP00000000000000000000,成功,B1,';

/** A body for each route that takes one, such as its schema accepts: what is then refused is refused for who asks. */
export const bodies: Readonly<Record<string, object>> = {
  'POST /classes': { ...filing, trainees: [person] },
  'PUT /classes/{classId}': { ...filing, trainees: [person] },
  'POST /classes/{classId}/copies': { startsOn: '2021-04-20' },
  'POST /classes/{classId}/acceptance': { version: 2, ...reason },
  'POST /classes/{classId}/refusal': { version: 2, ...reason },
  'POST /classes/{classId}/certificates': { trainees: [person] },
  'POST /classes/{classId}/inspections': {
    heldAt: '2021-03-08T08:30:00+08:00',
    means: 'phone',
    inspectors: ['林科员', '周科长'],
    headCount: 1,
    findings: '电话回访学员，情况正常',
    result: 'normal',
  },
  'POST /inspection-plans': { from: '2021-03-01', to: '2021-03-31', byRisk: 1, byLot: 1 },
  'POST /claims': { programme: 'qualification', route: 'enterprise' },
  'PUT /claims/{claimId}/roster': { lines: [{ id: 'L1', ...person, certificates: [] }] },
  'POST /claims/{claimId}/withdrawal': { reason: '不再申请补贴' },
  'POST /claims/{claimId}/evidence': {
    kind: 'certificate-list',
    fileName: '清单.pdf',
    contentType: 'application/pdf',
    sizeBytes: 100,
    sha256: 'a'.repeat(64),
  },
  'POST /claims/{claimId}/evidence/{evidenceId}/completion': {},
  'POST /claims/{claimId}/return': { version: 1, reasons: [{ path: '花名册', message: '请核对后重新提交' }] },
  'POST /claims/{claimId}/lines/{lineId}/decision': { decision: 'refuse', reason: '经核实不符合' },
  'POST /claims/{claimId}/endorsement': { version: 1 },
  'POST /claims/{claimId}/approval': { version: 1 },
  'POST /claims/{claimId}/refusal': { version: 1, article: '三(三)', ...reason },
  'POST /claims/{claimId}/reconsideration': { version: 1, ...reason },
  'POST /desk/objections/{objectionId}/objector': reason,
  'POST /objections/{objectionId}/decision': { result: 'dismissed', ...reason },
  'POST /notices/{noticeId}/corrections': reason,
  'POST /notices/{noticeId}/withdrawals': { rows: [1], ...reason },
  'PUT /claims/{claimId}/notice-row': { unitName: '温州奥科阀门有限公司', ...reason },
  'PUT /desk/notice-settings': {
    authorityName: '鹿城区人力资源和社会保障局',
    contact: { office: '职建科', address: '学院中路', postcode: '325000', phone: '0577-12333', hours: '工作日' },
    period: { days: 5, unit: 'working', firstDayCounts: false },
    personProfile: 'P1',
    annexVisibleDays: 30,
  },
  'POST /notices/{noticeId}/objections': {
    rowNo: 1,
    by: { kind: 'anonymous' },
    reason: '据了解有学员并未参加培训，请予核实。',
  },
  'PUT /organisations/{organisationId}': {
    name: '温州奥科阀门有限公司',
    kind: 'enterprise',
    unifiedCode: unifiedCode('91330302MA2ABCDE1'),
    insuredDistrict: 'lucheng',
    independentLegalPerson: true,
  },
  'POST /organisations/{organisationId}/unblocking': reason,
  'POST /shared-records': {
    source: '浙江省公共数据平台',
    verifiedOn: '2021-03-08',
    records: [{ idNumber: person.idNumber, status: { employerId: 'ent-aoke' } }],
  },
  'POST /insurance-subsidies': { subsidies: [{ idNumber: person.idNumber, year: 2021, reference: 'SY-1' }] },
  'POST /insurance-subsidies/file': {
    file: Buffer.from(`身份证号,年度,凭证号\n${person.idNumber},2021,SY-2\n`).toString('base64'),
  },
  'POST /insurance-subsidies/{reference}/reversal': reason,
  'POST /catalogue/shortage-lists': {
    document: '温人社发〔2021〕1号',
    effectiveFrom: '2021-03-01',
    occupations: ['车工'],
  },
  'POST /catalogue/annex-changes': {
    document: '温人社发〔2021〕2号',
    title: '附件1调整',
    effectiveFrom: '2021-04-01',
    changes: [{ annex: 1, change: 'remove', occupation: '车工' }],
  },
  'POST /funds/{account}/allotments': { fen: 100, reference: '温财社〔2021〕1号', reason: '年初拨入' },
  // Another correction than the one that is asked for, so that this is refused for its own reason.
  'POST /funds/{account}/corrections': {
    corrects: '温财社〔2021〕1号',
    fen: 1,
    reference: '温财社〔2021〕1号',
    reason: '年初误拨',
  },
  'POST /payment-batches': { account: 'lucheng', payee: 'trainee' },
  'POST /payment-batches/{batchId}/receipts': { file: receipts },
  'POST /fund-applications': { receiptNumber: '浙财收2021-1' },
  'POST /fund-applications/{applicationId}/transfer': { bankSerial: 'B-2021-1', totalFen: 100 },
  'PUT /claims/{claimId}/lines/{lineId}/card': { number: '6217850020210001' },
  'POST /claims/{claimId}/recoveries': { document: '温人社监〔2021〕1号', reason: '责令退回' },
  'POST /certificates/{number}/cancellation': reason,
  'POST /claims/{claimId}/recoveries/{recoveryId}/receipts': {
    bankSerial: 'BACK-1',
    lines: [{ lineId: 'L1', fen: 100 }],
  },
  'POST /claims/{claimId}/recoveries/{recoveryId}/withdrawal': reason,
  'POST /settings/certificate-letters': { district: 'lucheng', letter: 'Q' },
  'POST /department-plans': { year: 2021, document: '温应急〔2021〕1号', plannedHeads: 10, plannedFen: 1000 },
  'POST /operations/redrives': { queue: 'verify', limit: 1 },
};

/** A department pays on what its own application brought in, finance from an account. */
export function bodyOf(route: string, role: RoleName | undefined, { applicationId }: Estate): object | undefined {
  return route === 'POST /payment-batches' && role === 'department' ? { applicationId } : bodies[route];
}

/** The query of each route that cannot do without one. */
export const queries: Readonly<Record<string, (estate: Estate, role: RoleName | undefined) => string>> = {
  // An authority sees its own; an auditor says whose.
  'GET /desk/objections': (_, role) => (role === 'auditor' ? '?authority=hr-bureau/lucheng' : ''),
  'GET /fund-applications': () => '?account=lucheng',
  'GET /inspection-plans': (_, role) => (role === 'auditor' ? '?authority=hr-bureau/lucheng' : ''),
  'GET /funds/{account}/ledger': () => '?from=2021-01-01&to=2021-12-31',
  'GET /reports/statistics': () => '?account=lucheng&from=2021-01-01&to=2021-12-31',
  'GET /department-plans/{year}': ({ authority }) => `?authority=${encodeURIComponent(authority)}`,
};

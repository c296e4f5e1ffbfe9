import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { LocalCloud } from '../../local/cloud.ts';
import { openSampleApi, type SamplePerson } from '../../local/sample/sample-api.ts';
import { systemActor } from '../../shared/access/actor.ts';
import { createCertificateTable } from '../../shared/aws/certificate-table.ts';
import { createClassTable } from '../../shared/aws/class-table.ts';
import { createPersonalData } from '../../shared/aws/keyed-personal-data.ts';
import { ephemeralKeyring } from '../../shared/aws/keyring.ts';
import { createOrganisationTable } from '../../shared/aws/organisation-table.ts';
import { createPaymentTable } from '../../shared/aws/payment-table.ts';
import { openTable, type Table } from '../../shared/aws/table.ts';
import { creation, writeAllOrThrow } from '../../shared/aws/transition.ts';
import { idFromCause } from '../../shared/clock/ids.ts';
import { itemsOfCloud, tableNameOf } from '../simulation/cloud-table.ts';
import { claimId as idOfApproved, seedApprovedClaim } from '../support/approved-claim.ts';
import { ampleRoom } from '../support/batch-room.ts';
import { putClaim, putLine } from '../support/stored-claim.ts';
import type { Estate } from './named-things.ts';
import { bodies, filing, person } from './requests.ts';
import type { RoleName } from './routes.ts';

const officer = { tenant: 'hr-bureau/lucheng', role: 'officer', name: '经办' };
const departments = ['industry-department/city/city/市应急管理局', 'industry-department/city/city/市住建局'] as const;

/** One person of each role; the officers of one bureau, each with one duty. */
export const people: Readonly<Record<RoleName, SamplePerson>> = {
  applicant: { sub: 'chen', tenant: 'ent-aoke', role: 'applicant', duties: [], name: '陈经办' },
  preparer: { ...officer, sub: 'lin', duties: ['preparer'] },
  approver: { ...officer, sub: 'zhou', duties: ['approver'] },
  department: {
    sub: 'he',
    tenant: departments[0],
    role: 'department',
    duties: ['preparer', 'approver'],
    name: '何科员',
  },
  finance: { sub: 'xu', tenant: 'finance', role: 'finance', duties: [], name: '徐会计' },
  auditor: { sub: 'jin', tenant: 'audit', role: 'auditor', duties: [], name: '金审计' },
  admin: { sub: 'ye', tenant: 'platform', role: 'admin', duties: [], name: '叶管理' },
};

interface Owner {
  tenant: string;
  authority: string;
  payer: string;
  account: string;
  plansOf: string;
}

const by = systemActor('test');
const at = new Date('2021-03-08T01:00:00Z');

async function putRecovery(table: Table, claimId: string): Promise<string> {
  const id = idFromCause('recovery', claimId);
  const sums = { lineCount: 1, demandedFen: 100_000, receivedFen: 0 };
  const key = { pk: `CLAIM#${claimId}`, sk: `RECOVERY#${id}` };
  const item = {
    ...key,
    type: 'recovery',
    st: 'demanded',
    id,
    claimId,
    document: '温人社监1号',
    reason: '责令退回',
    ...sums,
  };
  const line = { pk: key.pk, sk: `RECOVERYLINE#${id}#0001`, lineId: 'L1', lineNo: 1, ...sums };
  await writeAllOrThrow(table, [
    ...creation(table, claimId, item, { action: 'recovery-demanded', by, at: at.toISOString() }),
    { Put: { TableName: table.name, Item: line } },
  ]);
  return id;
}

async function putFundApplication(table: Table, authority: string, name: string): Promise<string> {
  const id = idFromCause('fund-application', name);
  const key = { pk: `FUNDAPPLICATION#${id}`, sk: 'META' };
  const item = {
    ...key,
    type: 'fund-application',
    st: 'applied',
    id,
    authority,
    account: 'city',
    receiptNumber: '浙财收1',
    count: 0,
    totalFen: 0,
  };
  await writeAllOrThrow(table, creation(table, id, item, { action: 'funds-applied-for', by, at: at.toISOString() }));
  return id;
}

async function putClass(table: Table, { tenant, authority }: Owner): Promise<string> {
  const id = idFromCause('class', tenant);
  const classes = createClassTable(table, createPersonalData(ephemeralKeyring()));
  const content = filing as never;
  const draft = await classes.create({ id, tenant, applicantName: tenant, authority, content }, [person], by, at);
  await classes.file(draft, { authority, filedOn: '2021-03-02', dueAt: at }, by, at);
  return id;
}

async function putCertificate(table: Table, classId: string, tenant: string): Promise<string> {
  const certificates = createCertificateTable(table, createPersonalData(ephemeralKeyring()));
  await certificates.setLetter('lucheng', 'B', by, at);
  const certified = { id: classId, tenant, subject: '钳工基础', district: 'lucheng' };
  const order = { class: certified, letter: 'B', issuedOn: '2021-03-08', trainees: [person] };
  const [issued] = await certificates.issue(order, by, at);
  return String(issued?.number);
}

/** Puts one of everything into the table for an owner. */
async function settle(cloud: LocalCloud, table: Table, owner: Owner): Promise<Estate> {
  const { tenant, authority, payer, account, plansOf } = owner;
  const api = openSampleApi(cloud.apiUrl, async (who) => cloud.token({ ...who }));
  const registrar = people.preparer;
  await api.good(registrar, `PUT /organisations/${tenant}`, bodies['PUT /organisations/{organisationId}']);
  const reference = `SY-${tenant}`;
  const subsidies = [{ idNumber: person.idNumber, year: 2021, reference }];
  await api.good(registrar, 'POST /insurance-subsidies', { subsidies });
  // A block of the past: its authority may lift it, and it keeps nobody from anything.
  const block = { until: '2020-12-31', authority, document: '温人社监1号' };
  const personal = createPersonalData(ephemeralKeyring());
  await createOrganisationTable(table, personal).block(tenant, block, by, at);
  const draft = await putClaim(table, `draft of ${tenant}`, { tenant, authority, st: 'draft' });
  await putLine(table, draft.id, 1);
  const named = { pk: `CLAIM#${draft.id}`, sk: 'LINEID#L1', type: 'line-id', lineNo: 1 };
  await writeAllOrThrow(table, [{ Put: { TableName: table.name, Item: named } }]);
  const uploader = { ...people.applicant, tenant };
  const upload = await api.good(
    uploader,
    `POST /claims/${draft.id}/evidence`,
    bodies['POST /claims/{claimId}/evidence'],
  );
  const batchId = idFromCause('batch', tenant);
  const payments = createPaymentTable(table, personal, createOrganisationTable(table, personal));
  const order = { id: batchId, account: 'nobody', payee: 'trainee' as const, payer };
  const classId = await putClass(table, owner);
  await payments.collect(await payments.openBatch(order, by, at), ampleRoom, by, at);
  return {
    claimId: draft.id,
    lineId: 'L1',
    classId,
    evidenceId: upload.evidence.id,
    ...(await publish(cloud, table, owner)),
    batchId,
    applicationId: await putFundApplication(table, payer, tenant),
    recoveryId: await putRecovery(table, draft.id),
    organisationId: tenant,
    account,
    reference,
    number: await putCertificate(table, classId, tenant),
    year: '2021',
    authority: plansOf,
  };
}

/** A running notice of the authority, and an objection that somebody of the public has lodged to its first row. */
async function publish(cloud: LocalCloud, table: Table, { tenant, authority }: Owner) {
  const id = idOfApproved(`N${tenant.replace(/[^a-z]/g, '')}`);
  await seedApprovedClaim(table, { id, tenant, authority, lines: [{ fen: 100_000 }] });
  await cloud.schedules.fire('publish-notices');
  await cloud.settle();
  const published = (await itemsOfCloud(cloud)).find(
    (item) => item['sk'] === 'META' && String(item['pk']).startsWith('NOTICE#') && item['authority'] === authority,
  );
  const noticeId = String(published?.['id']);
  const api = openSampleApi(cloud.apiUrl, async () => '');
  const route = 'POST /notices/{noticeId}/objections';
  const { receiptNumber } = await api.good(undefined, route.replace('{noticeId}', noticeId), bodies[route]);
  const lodged = (await itemsOfCloud(cloud)).find((item) => item['receiptNumber'] === receiptNumber);
  return { noticeId, receiptNumber: String(receiptNumber), objectionId: String(lodged?.['id']) };
}

/** What each role calls its own, and what is another's. */
export async function fillTable(
  cloud: LocalCloud,
): Promise<Readonly<Record<RoleName, { own: Estate; foreign: Estate }>>> {
  const { endpoints, region, credentials } = cloud;
  const client = new DynamoDBClient({ endpoint: endpoints.dynamodb, region, credentials });
  const table = openTable(tableNameOf(cloud), client);
  const [mine, theirs] = departments;
  const bureaus = { payer: 'finance', account: 'lucheng', plansOf: mine };
  const lucheng = await settle(cloud, table, { ...bureaus, tenant: 'ent-aoke', authority: 'hr-bureau/lucheng' });
  const ouhai = await settle(cloud, table, {
    ...bureaus,
    tenant: 'ent-bohai',
    authority: 'hr-bureau/ouhai',
    account: 'ouhai',
  });
  const department = await settle(cloud, table, {
    tenant: 'ent-canghai',
    authority: mine,
    payer: mine,
    account: 'city',
    plansOf: mine,
  });
  const other = await settle(cloud, table, {
    tenant: 'ent-dongtou',
    authority: theirs,
    payer: theirs,
    account: 'city',
    plansOf: theirs,
  });
  client.destroy();
  const bureau = { own: lucheng, foreign: ouhai };
  return {
    applicant: bureau,
    preparer: bureau,
    approver: bureau,
    department: { own: department, foreign: other },
    finance: { own: lucheng, foreign: department },
    auditor: { own: lucheng, foreign: department },
    admin: { own: lucheng, foreign: ouhai },
  };
}

import { readFile } from 'node:fs/promises';
import type { SampleCloud } from './cloud.ts';
import { samplePdf } from './documents.ts';
import { lyingClip } from './lying-clip.ts';
import { administrator, enterprise, finance, firstOfficer, otherEnterprise, secondOfficer } from './people.ts';
import { type Json, openSampleApi, type SampleApi } from './sample-api.ts';
import { expectSame, StepFailure, type Steps } from './step.ts';
import { handIn, type SampleFile } from './upload.ts';
import { shanghai, until } from './waiting.ts';

/** What the main job tells at its end; times are ISO instants of the virtual clock, money is in fen. */
export interface MainJobSummary {
  claimId: string;
  states: { state: string; at: string }[];
  clips: { evidenceId: string; durationMs: number; bytesRead: number; sizeBytes: number; requests: number }[];
  refusedClip: { evidenceId: string; message: string };
  findings: Record<string, { fail: number; refer: number }>;
  amounts: { claimedLines: number; approvedLines: number; approvedFen: number };
  notice: { id: string; address: string };
}

interface SamplePersonFile {
  people: {
    line: { id: string; name: string; idNumber: string; certificates: { number: string }[] };
    sharedRecord: Record<string, unknown> | null;
    insuranceSubsidies?: { year: number; reference: string }[];
    expect: { outcome: 'eligible' | 'ineligible' | 'referred'; rules: string[]; amountFen: number };
  }[];
}

const days = ['2021-03-15', '2021-03-16', '2021-03-17', '2021-03-18', '2021-03-19'];

async function readSample(name: string): Promise<Uint8Array> {
  return readFile(new URL(name, import.meta.url));
}

async function clip(name: string): Promise<SampleFile> {
  return { kind: 'teaching-video', fileName: name, contentType: 'video/mp4', bytes: await readSample(`clips/${name}`) };
}

/** The same clip with an empty box at its end: two parts of an upload need more than five mebibytes. */
function padded(file: SampleFile): SampleFile {
  const padding = new Uint8Array(5 * 1024 * 1024 + 4096);
  new DataView(padding.buffer).setUint32(0, padding.length);
  padding.set(new TextEncoder().encode('free'), 4);
  const bytes = new Uint8Array(file.bytes.length + padding.length);
  bytes.set(file.bytes);
  bytes.set(padding, file.bytes.length);
  return { ...file, bytes };
}

/** The class as the enterprise files it: five days of eight hours, six days ahead. */
function classFiling(people: SamplePersonFile['people']) {
  return {
    programme: 'project',
    route: 'enterprise',
    district: 'lucheng',
    startsOn: days[0],
    endsOn: days[4],
    hours: 40,
    subject: '数控车床操作',
    place: '温州市鹿城区工业园3号楼实训车间',
    contact: '陈经办 0577-88001234',
    sessions: days.map((date) => ({
      date,
      startsAt: '08:30',
      endsAt: '17:30',
      hours: 8,
      content: '数控车床操作',
      teacher: '李工',
    })),
    trainees: people.map(({ line: { name, idNumber } }) => ({ name, idNumber })),
  };
}

/**
 * The main job: project training (项目制培训) of an enterprise with 24 trainees, from the filed class to the cleared
 * claim. Every step is held against what the sample says; the first that differs fails the job.
 */
export async function runMainJob(cloud: SampleCloud, steps: Steps): Promise<MainJobSummary> {
  const api = openSampleApi(cloud.apiUrl, (person) => cloud.token({ ...person }));
  const { people }: SamplePersonFile = JSON.parse(new TextDecoder().decode(await readSample('trainees.json')));
  const states: MainJobSummary['states'] = [];
  const claimAt = async (claimId: string, state: string) => {
    const claim = await until(cloud, `the claim's state ${state}`, async () => {
      const found = await api.good(enterprise, `GET /claims/${claimId}`);
      return found.state === state ? found : undefined;
    });
    states.push({ state, at: cloud.clock.now().toISOString() });
    return claim;
  };

  await steps.run('bureau: unit registered, shared records imported, account allotted', async () =>
    prepare(api, people),
  );

  const classId: string = await steps.run(
    '1 enterprise files the class 6 days ahead, an officer accepts it',
    async () => {
      await cloud.clock.advance({ to: shanghai('2021-03-09T09:00') });
      const draft = await api.good(enterprise, 'POST /classes', classFiling(people));
      const filed = await api.good(enterprise, `POST /classes/${draft.id}/filing`);
      expectSame('days ahead', filed.lead.days, 6);
      const accepted = await api.good(firstOfficer, `POST /classes/${draft.id}/acceptance`, {
        version: filed.version,
        reason: '材料齐全，同意开班',
      });
      expectSame('state of the class', accepted.state, 'accepted');
      return draft.id;
    },
  );

  await steps.run('1 the class ends, and the bureau numbers the certificates of those who passed (附件4)', async () => {
    await cloud.clock.advance({ to: shanghai('2021-03-19T18:00') });
    await api.good(administrator, 'POST /settings/certificate-letters', { district: 'lucheng', letter: 'B' });
    const passed = people.filter(({ expect }) => expect.outcome !== 'ineligible').map(({ line }) => line);
    const trainees = passed.map(({ name, idNumber }) => ({ name, idNumber }));
    const { certificates } = await api.good(firstOfficer, `POST /classes/${classId}/certificates`, { trainees });
    const numbers = certificates.map(({ name, number }: Json) => `${name} ${number}`);
    const stated = passed.map(({ name, certificates: [first] }) => `${name} ${first?.number}`);
    expectSame('numbers of the certificates', numbers, stated);
  });

  const claimId: string = await steps.run('2 it opens a claim and puts in the roster of 24', async () => {
    await cloud.clock.advance({ to: shanghai('2021-03-22T09:00') });
    const claim = await api.good(enterprise, 'POST /claims', { programme: 'project', route: 'enterprise', classId });
    states.push({ state: claim.state, at: cloud.clock.now().toISOString() });
    await api.good(enterprise, `PUT /claims/${claim.id}/roster`, { lines: people.map(({ line }) => line) });
    await api.refused(otherEnterprise, `GET /claims/${claim.id}`, 'not-found');
    await api.refused(enterprise, `POST /claims/${claim.id}/submission`, 'claim-incomplete');
    return claim.id;
  });

  const uploads = await steps.run('2 it uploads the papers and three clips, one of them in two parts', async () => {
    const paper = (kind: string): SampleFile => ({
      kind,
      fileName: `${kind}.pdf`,
      contentType: 'application/pdf',
      bytes: samplePdf(`${kind} of class ${classId}`),
    });
    const papers = [paper('sign-in-sheets'), paper('certificate-list')];
    for (const file of papers) await handIn(api, enterprise, claimId, file);
    return [
      await handIn(api, enterprise, claimId, await clip('index-first.mp4')),
      await handIn(api, enterprise, claimId, padded(await clip('index-last.mp4')), true),
      await handIn(api, enterprise, claimId, await clip('fragmented.mp4')),
    ];
  });

  const liar: string = await steps.run('3 a fourth upload claims 121 seconds over 5 seconds of media', async () => {
    const honest = await clip('index-first.mp4');
    return handIn(api, enterprise, claimId, { ...honest, fileName: 'lying.mp4', bytes: lyingClip(honest.bytes) });
  });

  const decided = async (evidenceId: string) =>
    until(cloud, `the verdict on evidence ${evidenceId}`, async () => {
      const evidence = await api.good(enterprise, `GET /claims/${claimId}/evidence/${evidenceId}`);
      return evidence.state === 'verified' || evidence.state === 'rejected' ? evidence : undefined;
    });

  const { clips, refusedClip } = await steps.run(
    '3 the clips are proved by ranged reads and locked, the liar is refused',
    async () => {
      const proved = [];
      for (const evidenceId of uploads) {
        const evidence = await decided(evidenceId);
        expectSame(`verdict on ${evidence.fileName}`, evidence.state, 'verified');
        if (evidence.video.durationMs < 120_000)
          throw new StepFailure(`${evidence.fileName} measured ${evidence.video.durationMs} ms`);
        const { durationMs, bytesRead, requests } = evidence.video;
        proved.push({ evidenceId, durationMs, bytesRead, requests, sizeBytes: evidence.sizeBytes });
      }
      const lie = await decided(liar);
      expectSame('verdict on the liar', lie.state, 'rejected');
      return { clips: proved, refusedClip: { evidenceId: liar, message: lie.message } };
    },
  );

  const findings = await steps.run('4 the submission is assessed line by line', async () => {
    await api.good(enterprise, `POST /claims/${claimId}/submission`);
    states.push({ state: 'submitted', at: cloud.clock.now().toISOString() });
    await api.refused(enterprise, `POST /claims/${claimId}/submission`, 'state-not-permitted');
    return judged(await claimAt(claimId, 'assessed'), people);
  });

  const approved = await steps.run(
    '5 one officer decides the referred line and endorses, another approves',
    async () => {
      const referred = people.find(({ expect }) => expect.outcome === 'referred');
      await api.good(firstOfficer, `POST /claims/${claimId}/lines/${referred?.line.id}/decision`, {
        decision: 'accept',
        reason: '已核对劳动合同原件，确系本企业职工',
      });
      const { version } = await api.good(firstOfficer, `GET /claims/${claimId}`);
      await api.good(firstOfficer, `POST /claims/${claimId}/endorsement`, { version });
      const endorsed = { version: (await claimAt(claimId, 'endorsed')).version };
      await api.refused(firstOfficer, `POST /claims/${claimId}/approval`, 'same-person', endorsed);
      await api.refused(secondOfficer, `POST /claims/${claimId}/approval`, 'changed-meanwhile', { version });
      await api.good(secondOfficer, `POST /claims/${claimId}/approval`, endorsed);
      return claimAt(claimId, 'approved');
    },
  );

  const expectedFen = people.reduce((sum, { expect }) => sum + expect.amountFen, 0);
  expectSame('approved amount', approved.approval.fen, expectedFen);

  const notice = await steps.run('6 the scheduled job publishes the notice; it is read without log-in', async () => {
    await cloud.clock.advance({ to: shanghai('2021-03-23T08:31') });
    const claim = await claimAt(claimId, 'publicised');
    return readNotice(api, cloud.apiUrl, claim, expectedFen);
  });

  await steps.run("7 the notice's period of 5 working days ends and the lines are cleared", async () => {
    await cloud.clock.advance({ to: shanghai('2021-03-30T23:59') });
    await cloud.settle();
    expectSame('state on the last day', (await api.good(enterprise, `GET /claims/${claimId}`)).state, 'publicised');
    await cloud.clock.advance({ to: shanghai('2021-03-31T00:06') });
    const claim = await claimAt(claimId, 'cleared');
    const cleared = claim.lines.filter(({ state }: { state: string }) => state === 'cleared');
    expectSame('cleared lines', cleared.length, 15);
  });

  const amounts = { claimedLines: people.length, approvedLines: 15, approvedFen: expectedFen };
  return { claimId, states, clips, refusedClip, findings, amounts, notice };
}

async function prepare(api: SampleApi, people: SamplePersonFile['people']): Promise<void> {
  await api.good(firstOfficer, `PUT /organisations/${enterprise.tenant}`, {
    name: '温州奥科阀门有限公司',
    kind: 'enterprise',
    unifiedCode: '91330302MA2ABCDE11',
    insuredDistrict: 'lucheng',
    independentLegalPerson: true,
    traits: ['above-scale', 'strategic-emerging'],
    bankAccount: { holder: '温州奥科阀门有限公司', bank: '温州银行鹿城支行', number: '733000120190012345' },
  });
  const records = people.flatMap(({ line, sharedRecord }) =>
    sharedRecord === null ? [] : [{ idNumber: line.idNumber, status: sharedRecord }],
  );
  await api.good(firstOfficer, 'POST /shared-records', {
    source: '浙江省社保共享库',
    verifiedOn: '2021-03-08',
    records,
  });
  const subsidies = people.flatMap(({ line, insuranceSubsidies = [] }) =>
    insuranceSubsidies.map((subsidy) => ({ idNumber: line.idNumber, ...subsidy })),
  );
  await api.good(firstOfficer, 'POST /insurance-subsidies', { subsidies });
  await api.good(finance, 'POST /funds/lucheng/allotments', {
    fen: 100_000_000,
    reference: '温财社〔2021〕5号',
    reason: '2021年度职业技能提升行动专账资金',
  });
}

/** Holds the assessed lines against the sample, and counts the findings that are no passes by rule. */
function judged(claim: Json, people: SamplePersonFile['people']): MainJobSummary['findings'] {
  const counts: MainJobSummary['findings'] = {};
  const stateOf = { eligible: 'reserved', ineligible: 'refused', referred: 'referred' } as const;
  for (const { line, expect } of people) {
    const found = claim.lines.find(({ lineId }: Json) => lineId === line.id);
    expectSame(`state of line ${line.id}`, found?.state, stateOf[expect.outcome]);
    expectSame(`amount of line ${line.id}`, found.amounts.assessed?.fen ?? 0, expect.amountFen);
    const against = expect.outcome === 'referred' ? 'refer' : 'fail';
    const rules = found.findings
      .filter((finding: Json) => finding.outcome === against)
      .map((finding: Json) => finding.rule);
    expectSame(
      `rules against line ${line.id}`,
      rules.toSorted(),
      expect.outcome === 'eligible' ? [] : expect.rules.toSorted(),
    );
    for (const finding of found.findings) {
      if (finding.outcome === 'pass') continue;
      const count = counts[finding.rule] ?? { fail: 0, refer: 0 };
      count[finding.outcome as 'fail' | 'refer'] += 1;
      counts[finding.rule] = count;
    }
  }
  return counts;
}

async function readNotice(api: SampleApi, apiUrl: string, claim: Json, expectedFen: number) {
  const id: string = claim.noticeId;
  const data = await api.good(undefined, `GET /notices/${id}/data`);
  expectSame('amount in the notice', data.totals.amountFen, expectedFen);
  expectSame('heads in the notice', data.totals.heads, 15);
  expectSame('last day of the notice', data.period.lastDay, '2021-03-30');
  const page = await api.send(undefined, `GET /notices/${id}`, undefined, { accept: 'text/html' });
  if (page.status !== 200 || !String(page.body).includes('温州奥科阀门有限公司'))
    throw new StepFailure('the notice page does not name the unit');
  if (/陈建国|\d{17}[\dX]/.test(String(page.body))) throw new StepFailure('the notice page shows personal data');
  return { id, address: `${apiUrl.replace(/\/$/, '')}/notices/${id}` };
}

import { ThrottlingException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createHandler } from '../../functions/assess-claim/handler.ts';
import { systemActor } from '../../shared/access/actor.ts';
import { claimKey } from '../../shared/aws/entitlement-keys.ts';
import { quotaKey } from '../../shared/aws/person-table.ts';
import type { LineRecord, RosterLine } from '../../shared/claims/line-record.ts';
import { type ClaimWorld, certifiedLine, occupations, openClaimWorld, projectLine } from '../support/claim-world.ts';
import { enterprise, identityNumber, officerLin } from '../support/people.ts';
import { enterpriseFacts } from '../support/registered.ts';

/** A line of a person for one more occupation, with a certificate of its own. */
function furtherLine(person: number, occupation: string, serial: number): RosterLine {
  const line = certifiedLine(person, { occupation, number: `S9999${String(person).padStart(4, '0')}${serial}` });
  return { ...line, id: `L${person}-${serial}` };
}

const failed = ({ findings }: LineRecord) =>
  findings.filter(({ outcome }) => outcome === 'fail').map(({ rule }) => rule);

describe('assess-claim', () => {
  let world: ClaimWorld;
  // Every test has people of its own: quotas and locks are for life.
  let people = 0;
  const person = () => {
    people += 1;
    return people;
  };
  beforeAll(async () => {
    world = await openClaimWorld();
  });
  beforeEach(() => world.dieAt(Number.POSITIVE_INFINITY));
  afterAll(async () => world.stop());

  /** A claim of the enterprise for a class, with the papers and clips that any programme needs. */
  const classClaim = async (
    programme: string,
    classId: string,
    lines: RosterLine[],
    { isAssessed = true, isIssued = true } = {},
  ) => {
    for (const { idNumber } of lines) {
      const status = { employerId: enterprise.tenant, contractSignedOn: '2021-04-01' };
      const record = { status, verifiedOn: '2021-05-01', source: '社保' };
      await world.people.saveRecords([{ idNumber, record }], world.clock.now());
    }
    const opened = await world.asApplicant(enterprise, 'POST /claims', {
      body: { programme, route: 'enterprise', classId },
    });
    const claimId: string = opened.body.id;
    const videos = [1, 2, 3].map((n) => ({ id: `v${n}`, durationMs: 120_000, sha256: `h${n}` }));
    world.evidence.set(claimId, {
      videos,
      materials: [
        'id-copies',
        'sign-in-sheets',
        'certificate-list',
        'training-invoice',
        'bank-account',
        'allowance-vouchers',
        'labour-contracts',
        'social-insurance-proof',
      ],
      pending: [],
    });
    await world.asApplicant(enterprise, 'PUT /claims/{claimId}/roster', { path: { claimId }, body: { lines } });
    if (isIssued) await world.issueCompletions(claimId);
    await world.submit(claimId);
    if (isAssessed) await world.assess(claimId);
    return claimId;
  };
  const giveBackWith = async (claimId: string) => {
    await world.atDesk(officerLin, 'POST /claims/{claimId}/return', {
      path: { claimId },
      body: await world.asRead(claimId, { reasons: [{ path: '花名册', message: '请核对证书' }] }),
    });
    await world.assess(claimId);
  };

  describe('deciding', () => {
    test('grants lines with their amount, quota, locks, ledger entry and audit record, and moves the claim on', async () => {
      const [a, b] = [person(), person()];
      const claim = await world.find(await world.assessed([certifiedLine(a), certifiedLine(b, { level: 'junior' })]));
      expect(claim).toMatchObject({
        st: 'assessed',
        reservedLines: 2,
        referredLines: 0,
        refusedLines: 0,
        reservedFen: 360_000,
        assessment: { outcome: 'eligible', totals: { lines: 2, eligible: 2, eligibleFen: 360_000 } },
      });
      const [first] = await world.lines(claim.id);
      expect(first).toMatchObject({
        st: 'reserved',
        lineNo: 1,
        basis: expect.stringContaining('A类 车工 高级：2400元'),
        assessed: { fen: 240_000, by: { subject: 'system/assess-claim' } },
        claimed: { fen: 240_000, by: { subject: enterprise.subject } },
        holds: { quotaYear: 2021, occupationLock: { occupation: '车工', level: 'senior' } },
      });
      expect(await world.quota(certifiedLine(a).idNumber)).toEqual([`${claim.id}#0001`]);
      const entries = await world.items(`CLAIM#${claim.id}`, 'ENTRY#');
      expect(entries.map(({ kind, lineNo, fen }) => [kind, lineNo, fen])).toEqual([
        ['reserved', 1, 240_000],
        ['reserved', 2, 120_000],
      ]);
      const meta = await world.item(claimKey(claim.id));
      expect([meta?.['wpk'], meta?.['dsk']]).toEqual([
        'W#claim#assessed#0',
        expect.stringContaining('claim#assessed#2021-05-25'),
      ]);
      await world.demandSound(claim.id);
    });

    test('refuses, refers and grants side by side, each readable with its article', async () => {
      const [a, b, c] = [person(), person(), person()];
      const id = await world.assessed([
        certifiedLine(a),
        certifiedLine(b, { issuer: 'other' }),
        { ...certifiedLine(c), status: { hukouDistrict: 'lucheng' } },
      ]);
      expect(await world.states(id)).toEqual(['reserved', 'refused', 'referred']);
      const { body } = await world.asApplicant(enterprise, 'GET /claims/{claimId}', { path: { claimId: id } });
      expect(body.assessment).toMatchObject({
        outcome: 'referred',
        totals: { eligible: 1, ineligible: 1, referred: 1 },
      });
      const told = (at: number) =>
        body.lines[at].findings
          .filter((finding: { outcome: string }) => finding.outcome !== 'pass')
          .map((finding: { rule: string; article: string }) => `${finding.rule} ${finding.article}`);
      expect(told(1)).toEqual(['certificate.issuer 五(二)']);
      expect(told(2)).toEqual(['status.verified 二(二)']);
      expect(body.lines[1].amounts).toMatchObject({ claimed: { fen: 240_000 }, assessed: { fen: 0 } });
      expect(await world.quota(certifiedLine(c).idNumber)).toEqual([]);
      await world.demandSound(id);
    });

    test('a shared record makes the status verified; the roster’s own word does not', async () => {
      const classId = await world.acceptedClass();
      const [a, b] = [person(), person()];
      const record = { status: { employerId: enterprise.tenant }, verifiedOn: '2021-05-01', source: '社保' };
      await world.people.saveRecords([{ idNumber: projectLine(a).idNumber, record }], world.clock.now());
      const opened = await world.asApplicant(enterprise, 'POST /claims', {
        body: { programme: 'project', route: 'enterprise', classId },
      });
      const path = { claimId: opened.body.id };
      world.evidence.set(opened.body.id, {
        videos: [1, 2, 3].map((n) => ({ id: `v${n}`, durationMs: 120_000, sha256: `h${n}` })),
        materials: ['sign-in-sheets', 'certificate-list'],
        pending: [],
      });
      await world.asApplicant(enterprise, 'PUT /claims/{claimId}/roster', {
        path,
        body: { lines: [projectLine(a), projectLine(b)] },
      });
      await world.issueCompletions(opened.body.id);
      await world.submit(opened.body.id);
      await world.assess(opened.body.id);
      expect(await world.states(opened.body.id)).toEqual(['reserved', 'referred']);
      const [first] = await world.lines(opened.body.id);
      expect(first?.assessed?.fen).toBe(100_000);
      expect(first?.holds?.occupationLock).toEqual({ occupation: '阀门装配', level: '-' });
    });

    describe('shared records', () => {
      const status = {
        employerId: 'ent-secret',
        unemploymentInsurance: { district: 'ouhai', paidThrough: '2021-04-29', enterpriseEmployee: true },
        registeredUnemployedDistrict: 'longwan',
        contractSignedOn: '2021-04-28',
        publicWelfarePost: true,
      };
      const values = ['ent-secret', 'ouhai', '瓯海', '2021-04-29', 'longwan', '龙湾', '2021-04-28', '公益性岗位'];
      const shown = (reply: unknown) => values.filter((value) => JSON.stringify(reply).includes(value));

      test.each([
        ['project', '19850312'],
        ['pre-job', '19850312'],
        // Older than the limit: the age rule asks for the post.
        ['project', '19600312'],
      ])('what they say of a person of a %s claim born on %s stays with the authorities', async (programme, birth) => {
        const n = person();
        const idNumber = identityNumber(birth, n);
        await world.people.saveRecords(
          [{ idNumber, record: { status, verifiedOn: '2021-05-01', source: '社保' } }],
          world.clock.now(),
        );
        const classId = await world.acceptedClass({ programme, place: `车间${birth}` });
        const opened = await world.asApplicant(enterprise, 'POST /claims', {
          body: { programme, route: 'enterprise', classId },
        });
        const path = { claimId: opened.body.id };
        const videos = [1, 2, 3].map((at) => ({ id: `v${at}`, durationMs: 120_000, sha256: `h${at}` }));
        const materials = ['id-copies', 'sign-in-sheets', 'certificate-list'] as const;
        world.evidence.set(opened.body.id, { videos, materials: [...materials], pending: [] });
        const lines = [{ ...projectLine(n), idNumber, status: undefined }];
        await world.asApplicant(enterprise, 'PUT /claims/{claimId}/roster', { path, body: { lines } });
        const checked = await world.asApplicant(enterprise, 'POST /claims/{claimId}/pre-check', { path });
        await world.submit(opened.body.id);
        await world.assess(opened.body.id);
        const read = await world.asApplicant(enterprise, 'GET /claims/{claimId}', { path });
        const further = await world.asApplicant(enterprise, 'GET /claims/{claimId}/lines', { path });
        for (const { body } of [checked, read, further]) {
          expect(shown(body)).toEqual([]);
          const found = body.lines[0].findings.find(({ rule }: { rule: string }) => rule === 'recipient.condition');
          expect(found).toMatchObject({
            outcome: 'fail',
            facts: {},
            message: expect.stringContaining('不符合补贴对象条件'),
          });
        }
        const atDesk = await world.asApplicant(officerLin, 'GET /claims/{claimId}', { path });
        expect(shown(atDesk.body)).toContain('ent-secret');
      });

      test('the line keeps, sealed, what it was decided by, whoever decided it and whatever is imported later', async () => {
        const [a, b, c] = [person(), person(), person()];
        const lines = [
          certifiedLine(a),
          { ...certifiedLine(b), status: { hukouDistrict: 'lucheng' } },
          certifiedLine(c),
        ];
        const known = { status: { hukouDistrict: 'ouhai' }, verifiedOn: '2021-05-01', source: '公安' };
        const now = () => world.clock.now();
        await world.people.saveRecords([{ idNumber: certifiedLine(a).idNumber, record: known }], now());
        const id = await world.assessed(lines);
        const said = async (lineNo: number) => {
          const sealed = (await world.lines(id))[lineNo - 1]?.sealed.status;
          const context = { tenant: enterprise.tenant, record: id, field: `LINE#000${lineNo}.status` };
          return sealed === undefined ? undefined : JSON.parse(await world.personal.open(sealed, context));
        };
        const later = { ...known, status: { hukouDistrict: 'cangnan' }, verifiedOn: '2021-05-09' };
        for (const n of [a, b]) {
          await world.people.saveRecords([{ idNumber: certifiedLine(n).idNumber, record: later }], now());
        }
        expect(await Promise.all([1, 2, 3].map(said))).toEqual([known, undefined, undefined]);
        await world.atDesk(officerLin, 'POST /claims/{claimId}/lines/{lineId}/decision', {
          path: { claimId: id, lineId: `L${b}` },
          body: { decision: 'accept', reason: '核对无误' },
        });
        expect(await Promise.all([1, 2, 3].map(said))).toEqual([known, later, undefined]);
        await giveBackWith(id);
        await world.submit(id);
        await world.assess(id);
        expect(await Promise.all([1, 2, 3].map(said))).toEqual([later, later, undefined]);
        await world.demandSound(id);
      });
    });

    test('a completion certificate counts as issued by the register to this person for this class (附件4)', async () => {
      const [a, b, c, d] = [person(), person(), person(), person()];
      const classId = await world.acceptedClass({ subject: '数控铣床' });
      const otherClass = await world.acceptedClass({ subject: '钳工基础' });
      const [mine, elsewhere] = [projectLine(a), projectLine(b)];
      const earlier = await classClaim('project', otherClass, [elsewhere]);
      const numberOf = (line: RosterLine) => line.certificates[0]?.number ?? '';
      const borrowed = projectLine(c, { certificates: mine.certificates });
      await classClaim('project', classId, [mine], { isAssessed: false });
      const never = projectLine(d);
      const id = await classClaim('project', classId, [mine, elsewhere, borrowed, never], { isIssued: false });
      const found = (await world.lines(id)).map(({ st, findings }) => {
        const finding = findings.find(({ rule }) => rule === 'certificate.issued');
        return [st, finding?.outcome, finding?.article, finding?.facts['register']];
      });
      // The second has used its certificate already, and the third would use the first's.
      expect(await world.states(earlier)).toEqual(['reserved']);
      expect([numberOf(borrowed), found]).toEqual([
        numberOf(mine),
        [
          ['reserved', 'pass', '附件4', 'issued'],
          ['refused', 'refer', '附件4', 'another-class'],
          ['refused', 'refer', '附件4', 'another-person'],
          ['referred', 'refer', '附件4', 'none'],
        ],
      ]);
      await world.demandSound(id);
    });

    describe('an officer’s word', () => {
      const say = async (claimId: string, lineId: string, body: object) =>
        world.atDesk(officerLin, 'POST /claims/{claimId}/lines/{lineId}/decision', { path: { claimId, lineId }, body });

      test.each([
        [
          'a number of fifteen digits',
          (line: RosterLine) => ({ idNumber: line.idNumber.slice(0, 6) + line.idNumber.slice(8, 17) }),
        ],
        ['no name', () => ({ name: ' ' })],
      ])('grants nobody who has %s', async (_, broken) => {
        const line = certifiedLine(person());
        const id = await world.assessed([{ ...line, ...broken(line) }, certifiedLine(person())]);
        const word = await say(id, line.id, { decision: 'accept', reason: '已核对本人', expiresOn: '2021-12-31' });
        expect([word.status, word.body.title]).toEqual([422, 'not-eligible']);
        expect(word.body.detail).toContain('请退回更正身份证号');
        expect(await world.states(id)).toEqual(['refused', 'reserved']);
      });

      test('needs an end where it overrides the rules, none where an officer takes back his own refusal', async () => {
        const [a, b] = [person(), person()];
        const id = await world.assessed([certifiedLine(a), certifiedLine(b, { issuer: 'other' })]);
        await say(id, `L${a}`, { decision: 'refuse', reason: '证书存疑' });
        expect((await say(id, `L${a}`, { decision: 'accept', reason: '已向核发机构核实' })).status).toBe(200);
        const override = await say(id, `L${b}`, { decision: 'accept', reason: '已向核发机构核实' });
        expect([override.status, override.body.problems[0].path]).toEqual([400, 'body.expiresOn']);
        expect(await world.states(id)).toEqual(['reserved', 'refused']);
        await world.demandSound(id);
      });
    });

    test('all lines are decided by the same shortage lists, and the claim says how many were published', async () => {
      const { shortage } = world.deps;
      let reads = 0;
      world.deps.shortage = {
        inForce: async () => {
          reads += 1;
          // Another list appears with every reading.
          return { entries: [], version: reads };
        },
      };
      const n = person();
      const again = certifiedLine(person(), { occupation: '钳工' });
      const id = await world.submitted([certifiedLine(n), { ...again, idNumber: certifiedLine(n).idNumber }]);
      reads = 6;
      const { assessment } = await world.assess(id);
      world.deps.shortage = shortage;
      expect([assessment?.shortageVersion, reads]).toEqual([7, 7]);
      const records = await world.items(`AUDIT#${id}`, 'META#');
      expect(records.find(({ action }) => action === 'claim-assessed')).toMatchObject({
        facts: { shortageVersion: 7 },
      });
      const shown = await world.asApplicant(enterprise, 'GET /claims/{claimId}', { path: { claimId: id } });
      expect(shown.body.assessment.shortageVersion).toBe(7);
    });

    test('the shortage list in force when the certificate was issued raises the amount', async () => {
      const a = person();
      world.shortage.push({ occupation: '钳工', from: '2021-01-01' });
      const id = await world.assessed([certifiedLine(a, { occupation: '钳工' })]);
      world.shortage.length = 0;
      expect((await world.lines(id))[0]?.assessed?.fen).toBe(360_000);
    });

    test('a claim in which no line is granted waits for an officer; one that fails as a whole is refused', async () => {
      const lone = await world.find(await world.assessed([certifiedLine(person(), { issuer: 'other' })]));
      expect([lone.st, lone.assessment?.outcome]).toEqual(['assessed', 'ineligible']);
      expect(lone.dueAt).toBe('2021-05-25T01:00:00.000Z');
      expect((await world.item(claimKey(lone.id)))?.['wpk']).toBe('W#claim#assessed#0');
      await world.register(enterprise.tenant, enterpriseFacts);
      const whole = await world.find(await world.assessed([certifiedLine(person())]));
      await world.register(enterprise.tenant, { ...enterpriseFacts, selfEvaluation: true });
      expect(whole.st).toBe('refused');
      const [line] = await world.lines(whole.id);
      expect(line).toMatchObject({ st: 'refused', basis: expect.stringContaining('整件申请不符合') });
      expect(line && failed(line)).toEqual(['applicant.kind']);
      const meta = await world.item(claimKey(whole.id));
      // Nothing more is to be done with it than to lock its evidence for the years after.
      expect(meta?.['wpk']).toBe('W#claim#refused#0');
      await world.demandSound(lone.id, whole.id);
    });

    test('a claim whose papers are not there after all goes back with the reasons', async () => {
      const id = await world.submitted([certifiedLine(person())]);
      await world.table.client.send(
        new UpdateCommand({
          TableName: world.table.name,
          Key: claimKey(id),
          UpdateExpression: 'SET facts.materials = :none',
          ExpressionAttributeValues: { ':none': [] },
        }),
      );
      const claim = await world.assess(id);
      expect(claim).toMatchObject({
        st: 'returned',
        returnReasons: [{ path: 'application-form-unit' }, { path: 'certificate-list' }],
      });
      await world.assess(id);
      expect(await world.states(id)).toEqual(['pending']);
      expect((await world.find(id)).lineWork).toBeUndefined();
      await world.demandSound(id);
    });
  });

  describe('messages', () => {
    test('an unknown claim and one in another state are done; a poison message goes back, the others do not', async () => {
      const draft = await world.draft([certifiedLine(person())]);
      const good = await world.submitted([certifiedLine(person())]);
      const failedIds = await world.deliver(
        JSON.stringify({ claimId: '0'.repeat(26) }),
        '{not json',
        JSON.stringify({ claimId: draft, version: 1 }),
        JSON.stringify({ claim: 'x' }),
        JSON.stringify({ claimId: good, version: 3 }),
      );
      expect(failedIds).toEqual(['m1', 'm3']);
      expect((await world.find(draft)).st).toBe('draft');
      expect((await world.find(good)).st).toBe('assessed');
    });

    test('doubled, late and concurrent messages decide each line once', async () => {
      const lines = [person(), person(), person(), person()].map((n) => certifiedLine(n));
      const id = await world.submitted(lines);
      const message = JSON.stringify({ claimId: id });
      await Promise.all([world.deliver(message), world.deliver(message, message), world.deliver(message)]);
      await world.deliver(message);
      expect((await world.find(id)).st).toBe('assessed');
      expect(await world.states(id)).toEqual(['reserved', 'reserved', 'reserved', 'reserved']);
      for (const line of await world.lines(id)) expect(line.version).toBe(2);
      await world.demandSound(id);
    });
  });

  describe('quotas (四(二))', () => {
    test('the third subsidy of a year is granted, the fourth refused, and the refusal proves itself', async () => {
      const a = person();
      const claims: string[] = [];
      for (const [serial, occupation] of occupations.slice(0, 4).entries())
        claims.push(await world.assessed([furtherLine(a, occupation, serial)]));
      const states = await Promise.all(claims.map(async (id) => (await world.states(id))[0]));
      expect(states).toEqual(['reserved', 'reserved', 'reserved', 'refused']);
      const [line] = await world.lines(claims[3] ?? '');
      expect(line && failed(line)).toEqual(['quota.annual']);
      expect(await world.quota(certifiedLine(a).idNumber)).toHaveLength(3);
      await world.demandSound(...claims);
    });

    test('subsidies of the unemployment insurance count: with two, one more is granted', async () => {
      const a = person();
      const { idNumber } = certifiedLine(a);
      await world.people.saveSubsidies([
        { idNumber, year: 2021, reference: 'r1' },
        { idNumber, year: 2021, reference: 'r2' },
        { idNumber, year: 2020, reference: 'r3' },
      ]);
      const first = await world.assessed([furtherLine(a, '车工', 1)]);
      const second = await world.assessed([furtherLine(a, '钳工', 2)]);
      expect([await world.states(first), await world.states(second)]).toEqual([['reserved'], ['refused']]);
    });

    test('lines of one person in one claim count in order, those that wait for an officer too', async () => {
      const a = person();
      const lines = occupations.slice(0, 4).map((occupation, serial) => furtherLine(a, occupation, serial));
      const first = lines[0] as RosterLine;
      const id = await world.assessed([{ ...first, status: { hukouDistrict: 'lucheng' } }, ...lines.slice(1)]);
      expect(await world.states(id)).toEqual(['referred', 'reserved', 'reserved', 'refused']);
      const [, , , last] = await world.lines(id);
      expect(last && failed(last)).toEqual(['quota.annual']);
      expect(await world.quota(first.idNumber)).toHaveLength(2);
      await world.demandSound(id);
    });

    test('an occupation and level is paid once for life, by whatever route; another level is another subsidy', async () => {
      const a = person();
      const first = await world.assessed([furtherLine(a, '车工', 1)]);
      const again = await world.assessed([furtherLine(a, ' 车 工', 2)]);
      const junior = furtherLine(a, '车工', 3);
      const other = await world.assessed([
        { ...junior, certificates: junior.certificates.map((each) => ({ ...each, level: 'junior' as const })) },
      ]);
      expect([await world.states(first), await world.states(again), await world.states(other)]).toEqual([
        ['reserved'],
        ['refused'],
        ['reserved'],
      ]);
      const [line] = await world.lines(again);
      expect(line && failed(line)).toEqual(['quota.repeat']);
      await world.demandSound(first, again, other);
    });

    test('what the enterprise was paid for, the person cannot claim alone (I4)', async () => {
      const a = person();
      const worker = { ...enterprise, subject: `u-${a}`, tenant: `person-${a}` };
      const { idNumber } = certifiedLine(a);
      const status = {
        unemploymentInsurance: { district: 'lucheng', paidThrough: '2021-06-30', enterpriseEmployee: true },
      };
      await world.people.saveRecords(
        [{ idNumber, record: { status, verifiedOn: '2021-05-01', source: '社保' } }],
        world.clock.now(),
      );
      await world.organisations.save(
        worker.tenant,
        { name: '学员', kind: 'individual', insuredDistrict: 'lucheng' },
        systemActor('test'),
        world.clock.now(),
      );
      const alone = async (serial: number, occupation: string) => {
        const opened = await world.asApplicant(worker, 'POST /claims', {
          body: { programme: 'qualification', route: 'individual' },
        });
        world.evidence.set(opened.body.id, { videos: [], materials: ['id-copies', 'certificate-copy'], pending: [] });
        const line = furtherLine(a, occupation, serial);
        const certificates = line.certificates.map((each) => ({ ...each, obtainedVia: 'self-study' as const }));
        const card = { number: '6217001234567890', activated: true };
        await world.asApplicant(worker, 'PUT /claims/{claimId}/roster', {
          path: { claimId: opened.body.id },
          body: { lines: [{ ...line, certificates, card }] },
        });
        await world.submit(opened.body.id, worker);
        return world.assess(opened.body.id);
      };
      const byEnterprise = await world.assessed([furtherLine(a, '车工', 1)]);
      const refused = await alone(2, '车工');
      const granted = await alone(3, '电工');
      expect(await Promise.all([byEnterprise, refused.id, granted.id].map((id) => world.states(id)))).toEqual([
        ['reserved'],
        ['refused'],
        ['reserved'],
      ]);
      expect([refused.st, refused.assessment?.outcome, granted.st]).toEqual(['assessed', 'ineligible', 'assessed']);
      await world.demandSound(byEnterprise, refused.id, granted.id);
    });

    test('characters that nobody sees make neither another occupation nor another certificate', async () => {
      const a = person();
      const line = furtherLine(a, '茶艺师', 1);
      const written = (occupation: string, number: string): RosterLine => ({
        ...line,
        certificates: line.certificates.map((each) => ({ ...each, occupation, number })),
      });
      const { number } = line.certificates[0] ?? { number: '' };
      const first = await world.assessed([line]);
      const others = [
        written('茶\u200b艺师', `${number.slice(0, 3)}\u200b${number.slice(3)}`),
        written('\uF9FE艺师', `${number.slice(0, 3)}-${number.slice(3)}`),
        written('茶\uFE00艺师', 'S-OTHER-1'),
        written('美容师', ` ${number.slice(0, 3)}—${number.slice(3)}`),
      ];
      expect(await world.states(first)).toEqual(['reserved']);
      for (const [at, other] of others.entries()) {
        const id = await world.assessed([other]);
        expect([at, await world.states(id)]).toEqual([at, ['refused']]);
      }
    });

    test('one certificate pays once, whoever names it and however it is spelled', async () => {
      const [a, b, c] = [person(), person(), person()];
      const number = 'S00003303032199900001';
      const first = await world.assessed([certifiedLine(a, { number })]);
      const second = await world.assessed([
        certifiedLine(b, { number: ` ${number.toLowerCase()} `, occupation: '钳工' }),
        certifiedLine(c, { number: 'S-UNIQUE-1' }),
        certifiedLine(person(), { number: 'S-UNIQUE-1' }),
      ]);
      expect(await world.states(second)).toEqual(['refused', 'reserved', 'refused']);
      const [line, , doubled] = await world.lines(second);
      expect(line && failed(line)).toEqual(['certificate.once']);
      expect(doubled && failed(doubled)).toEqual(['certificate.once']);
      expect(doubled?.findings.at(-1)?.message).toContain('第2行');
      await world.demandSound(first, second);
    });

    test('a line whose certificate is used counts against no later line of its person', async () => {
      const [a, b] = [person(), person()];
      const number = 'S-TAKEN-0001';
      const elsewhere = await world.assessed([certifiedLine(a, { number })]);
      const { idNumber } = certifiedLine(b);
      await world.people.saveSubsidies([1, 2].map((n) => ({ idNumber, year: 2021, reference: `w${b}-${n}` })));
      const used = { ...certifiedLine(b, { number, occupation: '钳工' }), id: 'used' };
      const id = await world.draft([used, furtherLine(b, '车工', 1), furtherLine(b, '电工', 2)]);
      const checked = await world.asApplicant(enterprise, 'POST /claims/{claimId}/pre-check', {
        path: { claimId: id },
      });
      expect(checked.body.lines.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
        'ineligible',
        'eligible',
        'ineligible',
      ]);
      expect(checked.body.totals).toMatchObject({ eligible: 1, ineligible: 2, eligibleFen: 240_000 });
      await world.submit(id);
      await world.assess(id);
      expect(await world.states(id)).toEqual(['refused', 'reserved', 'refused']);
      const rules = (await world.lines(id)).map(failed);
      expect(rules).toEqual([['certificate.once'], [], ['quota.annual']]);
      await world.demandSound(elsewhere, id);
    });

    test('a certificate by which an apprentice earned the full rate pays nobody again (I4)', async () => {
      const [a, b] = [person(), person()];
      const [qualification] = certifiedLine(a, { occupation: '数控车工' }).certificates;
      const [completion] = projectLine(a).certificates;
      if (qualification === undefined || completion === undefined) throw new Error('no certificates');
      const classId = await world.acceptedClass({ programme: 'apprenticeship', subject: undefined });
      const apprentice = {
        ...certifiedLine(a),
        certificates: [completion, qualification],
        apprentice: { kind: 'employee' as const, actualCostFen: 600_000 },
      };
      const first = await classClaim('apprenticeship', classId, [apprentice]);
      const second = await world.assessed([
        certifiedLine(a, { number: qualification.number }),
        certifiedLine(b, { number: qualification.number, kind: 'national-qualification', issuer: 'city-hr' }),
      ]);
      expect([await world.states(first), await world.states(second)]).toEqual([['reserved'], ['refused', 'refused']]);
      expect((await world.lines(first))[0]?.holds?.certificateHashes).toHaveLength(2);
      for (const line of await world.lines(second)) expect(failed(line)).toEqual(['certificate.once']);
      await world.demandSound(first, second);
    });

    describe('one class pays a person once', () => {
      const student = (n: number): RosterLine => ({
        ...certifiedLine(n),
        certificates: [],
        apprentice: { kind: 'student', allowanceFen: 300_000, contractMonths: 12, socialInsured: true },
      });
      const employee = (n: number): RosterLine => ({
        ...projectLine(n),
        apprentice: { kind: 'employee', actualCostFen: 600_000 },
      });
      const fullRate = (n: number): RosterLine => ({
        ...employee(n),
        certificates: [...projectLine(2000 + n).certificates, ...certifiedLine(n).certificates],
      });
      const renewal = (n: number): RosterLine => ({
        ...projectLine(n),
        certificates: [
          {
            kind: 'special-operation',
            number: ' ',
            issuedOn: '2021-05-05',
            occupation: '电工作业',
            issuer: 'other',
            renewal: true,
          },
        ],
      });
      const another = (n: number): RosterLine => ({ ...projectLine(1000 + n), idNumber: projectLine(n).idNumber });
      const hired = (line: RosterLine): RosterLine => ({
        ...line,
        attendedHours: 16,
        status: { ...line.status, contractSignedOn: '2021-04-01' },
      });

      test.each([
        ['a student apprentice', 'apprenticeship', student, student],
        [
          'an apprentice with invented numbers',
          'apprenticeship',
          employee,
          (n) => ({ ...another(n), apprentice: employee(n).apprentice }),
        ],
        ['half of an apprentice and the whole', 'apprenticeship', employee, fullRate],
        ['a renewed card without a number', 'project', renewal, renewal],
        ['a new employee', 'pre-job', (n) => hired(projectLine(n)), (n) => hired(another(n))],
      ] as [string, string, (n: number) => RosterLine, (n: number) => RosterLine][])(
        '%s: a second claim for the class is refused with proof, until the first has given it back',
        async (what, programme, line, again) => {
          const n = person();
          const classId = await world.acceptedClass({ programme, subject: what });
          const first = await classClaim(programme, classId, [line(n)]);
          const second = await classClaim(programme, classId, [again(n)]);
          expect([await world.states(first), await world.states(second)]).toEqual([['reserved'], ['refused']]);
          const [refused] = await world.lines(second);
          expect(refused && failed(refused)).toEqual(['class.once']);
          expect(refused?.findings.at(-1)?.message).toContain('本期培训班已申领过补贴');
          await world.demandSound(first, second);
          await world.asApplicant(enterprise, 'POST /claims/{claimId}/withdrawal', {
            path: { claimId: first },
            body: { reason: '重复申领' },
          });
          await world.assess(first);
          const third = await classClaim(programme, classId, [again(n)]);
          expect(await world.states(third)).toEqual(['reserved']);
          await world.demandSound(first, second, third);
        },
      );

      test('another person of the class, and another class of the person, are other trainings', async () => {
        const [a, b] = [person(), person()];
        const classes = [await world.acceptedClass({ programme: 'apprenticeship', place: '一车间' })];
        classes.push(await world.acceptedClass({ programme: 'apprenticeship', place: '二车间' }));
        const states: string[] = [];
        for (const classId of classes) {
          const id = await classClaim('apprenticeship', classId, [student(a), student(b)]);
          states.push(...(await world.states(id)));
        }
        expect(states).toEqual(['reserved', 'reserved', 'reserved', 'reserved']);
      });

      test('lines of one claim that differ in occupation share the class', async () => {
        const n = person();
        const classId = await world.acceptedClass({ programme: 'apprenticeship', place: '三车间' });
        const [turner, fitter] = [certifiedLine(n), furtherLine(n, '钳工', 1)];
        const of = (line: RosterLine): RosterLine => ({
          ...employee(n),
          id: line.id,
          certificates: [...projectLine(3000 + line.id.length).certificates, ...line.certificates],
        });
        const id = await classClaim('apprenticeship', classId, [of(turner), of(fitter)]);
        expect(await world.states(id)).toEqual(['reserved', 'reserved']);
        await world.demandSound(id);
        await giveBackWith(id);
        expect(await world.states(id)).toEqual(['pending', 'pending']);
        await world.demandSound(id);
        const later = await classClaim('apprenticeship', classId, [student(n)]);
        expect(await world.states(later)).toEqual(['reserved']);
      });

      test('six claims at once for one apprentice and class: exactly one is granted, the others refused', async () => {
        const n = person();
        const classId = await world.acceptedClass({ programme: 'apprenticeship', place: '四车间' });
        const ids: string[] = [];
        for (let at = 0; at < 6; at += 1)
          ids.push(await classClaim('apprenticeship', classId, [student(n)], { isAssessed: false }));
        await Promise.all(ids.map((id) => world.deliver(JSON.stringify({ claimId: id }))));
        const states = (await Promise.all(ids.map((id) => world.states(id)))).flat().toSorted();
        expect(states).toEqual(['refused', 'refused', 'refused', 'refused', 'refused', 'reserved']);
        await world.demandSound(...ids);
      });

      test('an officer cannot grant what another claim was granted for the class', async () => {
        const [a, b] = [person(), person()];
        const classId = await world.acceptedClass({ programme: 'apprenticeship', place: '五车间' });
        await classClaim('apprenticeship', classId, [student(a)]);
        const id = await classClaim('apprenticeship', classId, [student(a), student(b)]);
        const word = await world.atDesk(officerLin, 'POST /claims/{claimId}/lines/{lineId}/decision', {
          path: { claimId: id, lineId: `L${a}` },
          body: { decision: 'accept', reason: '核对无误', expiresOn: '2021-12-31' },
        });
        expect([word.status, word.body.title]).toEqual([422, 'not-eligible']);
        expect(word.body.detail).toContain('本期培训班已申领过补贴');
      });
    });

    test('the year is the year of the submission in Asia/Shanghai', async () => {
      const a = person();
      world.clock.set('2020-12-31T15:59:59.999Z');
      const old = await world.assessed([furtherLine(a, '车工', 1)].map(issuedBefore));
      world.clock.set('2020-12-31T16:00:00Z');
      const young = await world.assessed([furtherLine(a, '钳工', 2)].map(issuedBefore));
      world.clock.set('2021-05-10T01:00:00Z');
      const { idNumber } = certifiedLine(a);
      expect(await world.quota(idNumber, 2020)).toEqual([`${old}#0001`]);
      expect(await world.quota(idNumber, 2021)).toEqual([`${young}#0001`]);
    });
    const issuedBefore = (line: RosterLine): RosterLine => ({
      ...line,
      certificates: line.certificates.map((each) => ({ ...each, issuedOn: '2020-11-01' })),
    });
  });

  describe('rivals', () => {
    test('five claims for one person at once: exactly three are granted', async () => {
      const a = person();
      const ids: string[] = [];
      for (const [serial, occupation] of occupations.slice(0, 5).entries())
        ids.push(await world.submitted([furtherLine(a, occupation, serial)]));
      await Promise.all(ids.map((id) => world.deliver(JSON.stringify({ claimId: id }))));
      const states = (await Promise.all(ids.map((id) => world.states(id)))).flat().toSorted();
      expect(states).toEqual(['refused', 'refused', 'reserved', 'reserved', 'reserved']);
      await world.demandSound(...ids);
    });

    test('fifty claims naming the same four people for one occupation, each delivered twice: one award a person', async () => {
      const four = [person(), person(), person(), person()];
      const ids: string[] = [];
      for (let n = 0; n < 50; n += 1) {
        ids.push(await world.submitted([furtherLine(four[n % 4] ?? 1, '车工', n)]));
      }
      const shuffled = [...ids, ...ids].map((id, at) => ({ id, place: (at * 37) % 101 }));
      shuffled.sort((x, y) => x.place - y.place);
      await Promise.all(shuffled.map(({ id }) => world.deliver(JSON.stringify({ claimId: id }))));
      for (const id of ids) if ((await world.find(id)).st === 'submitted') await world.assess(id);
      const states = (await Promise.all(ids.map((id) => world.states(id)))).flat();
      expect(states.filter((st) => st === 'reserved')).toHaveLength(4);
      expect(states.filter((st) => st === 'refused')).toHaveLength(46);
      await world.demandSound(...ids);
    }, 120_000);

    test('a slot that a rival takes in the last moment: the line is judged again, and refused with proof', async () => {
      const a = person();
      const { idNumber } = certifiedLine(a);
      await world.people.saveSubsidies([1, 2].map((n) => ({ idNumber, year: 2021, reference: `x${a}-${n}` })));
      const id = await world.submitted([furtherLine(a, '车工', 1)]);
      let isFirst = true;
      const lines: typeof world.deps.lines = {
        ...world.deps.lines,
        reserve: async (...decision) => {
          if (isFirst) await world.people.saveSubsidies([{ idNumber, year: 2021, reference: `x${a}-3` }]);
          isFirst = false;
          return world.deps.lines.reserve(...decision);
        },
      };
      const worker = createHandler({ ...world.deps, lines }, world.edge);
      await worker({ Records: [{ messageId: 'm', body: JSON.stringify({ claimId: id }) }] } as never, {} as never);
      expect(await world.states(id)).toEqual(['refused']);
    });

    test('a refusal that is no longer true when it is written is judged again, and granted', async () => {
      const a = person();
      const { idNumber } = certifiedLine(a);
      await world.people.saveSubsidies([1, 2, 3].map((n) => ({ idNumber, year: 2021, reference: `y${a}-${n}` })));
      const id = await world.submitted([furtherLine(a, '车工', 1)]);
      const hash = await world.personal.hash(idNumber);
      let refusals = 0;
      const lines: typeof world.deps.lines = {
        ...world.deps.lines,
        refuse: async (...decision) => {
          refusals += 1;
          await world.table.client.send(
            new UpdateCommand({
              TableName: world.table.name,
              Key: quotaKey(hash, 2021),
              UpdateExpression: 'DELETE #lines :gone',
              ExpressionAttributeNames: { '#lines': 'lines' },
              ExpressionAttributeValues: { ':gone': new Set([`insurance#y${a}-1`]) },
            }),
          );
          return world.deps.lines.refuse(...decision);
        },
      };
      const worker = createHandler({ ...world.deps, lines }, world.edge);
      await worker({ Records: [{ messageId: 'm', body: JSON.stringify({ claimId: id }) }] } as never, {} as never);
      expect([refusals, await world.states(id)]).toEqual([1, ['reserved']]);
      await world.demandSound(id);
    });

    test('facts that never hold still end with a person, not in a loop', async () => {
      const id = await world.submitted([certifiedLine(person())]);
      let tries = 0;
      const lines: typeof world.deps.lines = {
        ...world.deps.lines,
        reserve: async () => {
          tries += 1;
          return { kind: 'obstructed', obstacles: new Set(['quota'] as const) };
        },
      };
      const worker = createHandler({ ...world.deps, lines }, world.edge);
      await worker({ Records: [{ messageId: 'm', body: JSON.stringify({ claimId: id }) }] } as never, {} as never);
      expect([tries, await world.states(id)]).toEqual([5, ['referred']]);
      expect((await world.lines(id))[0]?.findings.at(-1)?.rule).toBe('decision.unsettled');
    });
  });

  describe('crashes', () => {
    const story = (a: number, b: number, c: number, d: number): RosterLine[] => [
      certifiedLine(a),
      certifiedLine(b, { issuer: 'other' }),
      { ...certifiedLine(c), status: { hukouDistrict: 'lucheng' } },
      furtherLine(a, '钳工', 2),
      certifiedLine(d),
    ];

    test('at every write of the worker, before and after its effect: the next try ends exactly where an unharmed one does', async () => {
      const calm = story(person(), person(), person(), person());
      const unharmed = await world.submitted(calm);
      world.dieAt(Number.POSITIVE_INFINITY);
      await world.assess(unharmed);
      const writes = world.fault.writes;
      const states = await world.states(unharmed);
      expect(states).toEqual(['reserved', 'refused', 'referred', 'reserved', 'reserved']);
      expect(writes).toBeGreaterThan(6);
      for (const when of ['before', 'after'] as const) {
        for (let at = 1; at <= writes; at += 1) {
          const id = await world.submitted(story(person(), person(), person(), person()));
          world.dieAt(at, when);
          await world.deliver(JSON.stringify({ claimId: id }));
          expect(world.fault.dead).toBe(true);
          world.dieAt(Number.POSITIVE_INFINITY);
          const claim = await world.assess(id);
          expect([when, at, claim.st, await world.states(id)]).toEqual([when, at, 'assessed', states]);
          expect(claim.reservedFen).toBe(720_000);
          expect(await world.items(`CLAIM#${id}`, 'ENTRY#')).toHaveLength(3);
          await world.demandSound(id);
        }
      }
    }, 120_000);

    test('what the claim itself was granted before the crash does not count against its next line', async () => {
      const a = person();
      const { idNumber } = certifiedLine(a);
      await world.people.saveSubsidies([{ idNumber, year: 2021, reference: `z${a}` }]);
      const id = await world.submitted([furtherLine(a, '车工', 1), furtherLine(a, '钳工', 2)]);
      // The first write makes the lines, the second grants the first of them.
      world.dieAt(2);
      await world.deliver(JSON.stringify({ claimId: id }));
      world.dieAt(Number.POSITIVE_INFINITY);
      expect(await world.states(id)).toEqual(['reserved', 'pending']);
      expect((await world.assess(id)).reservedLines).toBe(2);
      await world.demandSound(id);
    });

    test('while lines are given back: the next try gives back the rest, and nothing twice', async () => {
      const lines = () => [certifiedLine(person()), certifiedLine(person()), certifiedLine(person())];
      for (const when of ['before', 'after'] as const) {
        for (let at = 1; at <= 2; at += 1) {
          const id = await world.assessed(lines());
          await world.asApplicant(enterprise, 'POST /claims/{claimId}/withdrawal', {
            path: { claimId: id },
            body: { reason: '撤回' },
          });
          world.dieAt(at, when);
          await world.deliver(JSON.stringify({ claimId: id }));
          expect([when, at, world.fault.dead]).toEqual([when, at, true]);
          world.dieAt(Number.POSITIVE_INFINITY);
          await world.assess(id);
          expect(await world.states(id)).toEqual(['released', 'released', 'released']);
          expect((await world.find(id)).lineWork).toBeUndefined();
          await world.demandSound(id);
        }
      }
    });
  });

  describe('a table that is busy', () => {
    const failFirst = (times: number, error: () => Error) => {
      let left = times;
      world.engine.client.middlewareStack.add(
        (next, context) => async (args) => {
          if (context.commandName === 'TransactWriteItemsCommand' && left > 0) {
            left -= 1;
            throw error();
          }
          return next(args);
        },
        { step: 'initialize', name: 'busy' },
      );
    };
    afterEach(() => {
      world.engine.client.middlewareStack.remove('busy');
    });

    test('colliding transactions are tried again and decide each line once', async () => {
      const id = await world.submitted([certifiedLine(person()), certifiedLine(person())]);
      failFirst(4, () => {
        const CancellationReasons = [{ Code: 'None' }, { Code: 'TransactionConflict' }];
        return new TransactionCanceledException({ $metadata: {}, message: 'conflict', CancellationReasons });
      });
      expect((await world.assess(id)).st).toBe('assessed');
      expect(await world.states(id)).toEqual(['reserved', 'reserved']);
      await world.demandSound(id);
    });

    test('a throttled table sends the message back, and the next try finishes', async () => {
      const id = await world.submitted([certifiedLine(person()), certifiedLine(person())]);
      failFirst(1, () => new ThrottlingException({ $metadata: {}, message: 'slow down' }));
      expect(await world.deliver(JSON.stringify({ claimId: id }))).toEqual(['m0']);
      expect((await world.assess(id)).reservedLines).toBe(2);
      await world.demandSound(id);
    });
  });

  describe('rounds', () => {
    const giveBack = async (claimId: string) =>
      world.atDesk(officerLin, 'POST /claims/{claimId}/return', {
        path: { claimId },
        body: await world.asRead(claimId, { reasons: [{ path: '花名册', message: '请核对证书' }] }),
      });
    const put = async (claimId: string, lines: RosterLine[]) =>
      world.asApplicant(enterprise, 'PUT /claims/{claimId}/roster', { path: { claimId }, body: { lines } });

    test('a returned claim gives everything back, and is judged anew with its line numbers kept', async () => {
      const [a, b, c, d] = [person(), person(), person(), person()];
      const id = await world.assessed([certifiedLine(a), certifiedLine(b, { issuer: 'other' }), certifiedLine(c)]);
      const submittedOn = (await world.find(id)).submittedOn;
      expect((await giveBack(id)).body).toMatchObject({ state: 'returned', returnReasons: [{ path: '花名册' }] });
      await world.assess(id);
      expect(await world.states(id)).toEqual(['pending', 'pending', 'pending']);
      expect(await world.quota(certifiedLine(a).idNumber)).toEqual([]);
      await world.demandSound(id);
      const corrected = { ...certifiedLine(b), name: '更正' };
      await put(id, [corrected, certifiedLine(c), certifiedLine(d)]);
      world.clock.advance(3 * 86_400_000);
      await world.submit(id);
      await world.assess(id);
      const lines = await world.lines(id);
      expect(lines.map(({ lineNo, lineId, st }) => [lineNo, lineId, st])).toEqual([
        [1, `L${a}`, 'released'],
        [2, `L${b}`, 'reserved'],
        [3, `L${c}`, 'reserved'],
        [4, `L${d}`, 'reserved'],
      ]);
      expect(lines[1]?.name).toBe('更正');
      const claim = await world.find(id);
      expect([claim.submittedOn, claim.submissions.length]).toEqual([submittedOn, 2]);
      expect(claim.reservedFen).toBe(720_000);
      await world.demandSound(id);
      // A line that comes back gets its own number again.
      await giveBack(id);
      await world.assess(id);
      await put(id, [certifiedLine(a)]);
      await world.submit(id);
      await world.assess(id);
      expect((await world.lines(id)).map(({ st }) => st)).toEqual(['reserved', 'released', 'released', 'released']);
      await world.demandSound(id);
      world.clock.set('2021-05-10T01:00:00Z');
    });

    test('resubmitted before the lines were given back: the assessment does it first', async () => {
      const a = person();
      const id = await world.assessed([certifiedLine(a)]);
      await giveBack(id);
      await put(id, [{ ...certifiedLine(a), idNumber: identityNumber('19900101', a) }]);
      await world.submit(id);
      await world.assess(id);
      expect(await world.states(id)).toEqual(['reserved']);
      expect(await world.quota(certifiedLine(a).idNumber)).toEqual([]);
      expect(await world.quota(identityNumber('19900101', a))).toEqual([`${id}#0001`]);
      await world.demandSound(id);
    });

    test.each(['before', 'after'] as const)(
      'a refused line that the next roster drops is no part of the claim any more, handed in %s it was reopened',
      async (when) => {
        const [a, b] = [person(), person()];
        const id = await world.assessed([certifiedLine(a), certifiedLine(b, { issuer: 'other' })]);
        await giveBack(id);
        if (when === 'after') await world.assess(id);
        await put(id, [certifiedLine(a)]);
        await world.submit(id);
        await world.assess(id);
        expect(await world.states(id)).toEqual(['reserved', 'released']);
        const word = await world.atDesk(officerLin, 'POST /claims/{claimId}/lines/{lineId}/decision', {
          path: { claimId: id, lineId: `L${b}` },
          body: { decision: 'accept', reason: '核对无误', expiresOn: '2021-12-31' },
        });
        expect([word.status, word.body.title]).toEqual([409, 'state-not-permitted']);
        expect(word.body.detail).toContain('不在本次申请的花名册中');
        await world.demandSound(id);
      },
    );

    test('a claim that is returned while a worker decides it keeps no reservation', async () => {
      const lines = [certifiedLine(person()), certifiedLine(person()), certifiedLine(person())];
      const id = await world.submitted(lines);
      let isFirst = true;
      const slow: typeof world.deps.lines = {
        ...world.deps.lines,
        reserve: async (...decision) => {
          if (isFirst) {
            isFirst = false;
            await giveBack(id);
            await world.assess(id);
          }
          return world.deps.lines.reserve(...decision);
        },
      };
      const worker = createHandler({ ...world.deps, lines: slow }, world.edge);
      const event = { Records: [{ messageId: 'm', body: JSON.stringify({ claimId: id }) }] };
      const result = await worker(event as never, {} as never);
      expect(result).toEqual({ batchItemFailures: [] });
      expect((await world.find(id)).st).toBe('returned');
      expect(await world.states(id)).toEqual(['pending', 'pending', 'pending']);
      await world.demandSound(id);
    });

    /** Calls `act` before the n-th read of a claim's lines, and not again. */
    const beforeLineRead = (n: number, act: () => Promise<void>) => {
      let reads = 0;
      let isOver = false;
      world.engine.client.middlewareStack.add(
        (next, context) => async (args) => {
          const { input } = args as { input: { ExpressionAttributeValues?: Record<string, unknown> } };
          const isLines = JSON.stringify(input.ExpressionAttributeValues ?? {}).includes('LINE#');
          if (!isOver && context.commandName === 'QueryCommand' && isLines) {
            reads += 1;
            isOver = reads === n;
            if (isOver) await act();
          }
          return next(args);
        },
        { step: 'initialize', name: 'line-read' },
      );
    };
    afterEach(() => {
      world.engine.client.middlewareStack.remove('line-read');
    });
    const work = async (deps: typeof world.deps, claimId: string) =>
      createHandler(deps, world.edge)(
        { Records: [{ messageId: 'm', body: JSON.stringify({ claimId }) }] } as never,
        {} as never,
      );

    // Three reads make the lines ready: for those that are missing, for those to reopen or release, and of the outcome.
    test.each([1, 2, 3, 'after'] as const)(
      'a worker that was overtaken before its line read %s decides and releases nothing of the newer round',
      async (held) => {
        const [a, b, c] = [person(), person(), person()];
        const wrong = certifiedLine(a, { level: 'technician' });
        const right = { ...certifiedLine(b, { level: 'junior' }), id: wrong.id };
        const id = await world.submitted([wrong]);
        // The lines exist already: another worker made them and died.
        world.dieAt(1);
        await world.deliver(JSON.stringify({ claimId: id }));
        world.dieAt(Number.POSITIVE_INFINITY);

        let newer: Promise<unknown> | undefined;
        let letGo = () => {};
        const overtake = async () => {
          await giveBack(id);
          await world.assess(id);
          await put(id, [right, certifiedLine(c)]);
          await world.submit(id);
          const isLetGo = new Promise<void>((done) => {
            letGo = done;
          });
          // The newer worker has its lines ready and pauses before it decides them.
          await new Promise<void>((isReady) => {
            const prepare: typeof world.deps.lines.prepare = async (...args) => {
              const lines = await world.deps.lines.prepare(...args);
              isReady();
              await isLetGo;
              return lines;
            };
            newer = work({ ...world.deps, lines: { ...world.deps.lines, prepare } }, id);
          });
        };
        if (held !== 'after') beforeLineRead(held, overtake);
        const prepare: typeof world.deps.lines.prepare = async (...args) => {
          const lines = await world.deps.lines.prepare(...args);
          if (held === 'after') await overtake();
          return lines;
        };
        const stale = await work({ ...world.deps, lines: { ...world.deps.lines, prepare } }, id);
        expect(stale).toEqual({ batchItemFailures: [] });
        expect(await world.states(id)).toEqual(['pending', 'pending']);
        letGo();
        await newer;
        const claim = await world.find(id);
        expect([claim.st, claim.reservedLines, claim.reservedFen]).toEqual(['assessed', 2, 360_000]);
        const lines = await world.lines(id);
        expect(lines.map(({ st, name, round, rosterId }) => [st, name, round, rosterId])).toEqual([
          ['reserved', right.name, claim.round, claim.rosterId],
          ['reserved', certifiedLine(c).name, claim.round, claim.rosterId],
        ]);
        expect(await world.quota(wrong.idNumber)).toEqual([]);
        await world.demandSound(id);
      },
    );

    test('a worker that was overtaken by an approved claim releases none of its lines', async () => {
      const [a, b] = [person(), person()];
      const id = await world.submitted([certifiedLine(a)]);
      const entries: typeof world.deps.rosters.entries = async (claim) => {
        const read = await world.deps.rosters.entries(claim);
        await giveBack(id);
        await put(id, [certifiedLine(a), certifiedLine(b)]);
        await world.submit(id);
        await world.assess(id);
        return read;
      };
      const result = await work({ ...world.deps, rosters: { ...world.deps.rosters, entries } }, id);
      expect(result).toEqual({ batchItemFailures: [] });
      expect(await world.states(id)).toEqual(['reserved', 'reserved']);
      expect((await world.find(id)).reservedLines).toBe(2);
      await world.demandSound(id);
    });

    test('no decision is written to a line of another round than the claim’s, whatever was read', async () => {
      const id = await world.submitted([certifiedLine(person())]);
      const claim = await world.find(id);
      const [entry] = await world.deps.rosters.entries(claim);
      const by = systemActor('test');
      const at = world.clock.now();
      const [line] = await world.deps.lines.prepare(claim, entry === undefined ? [] : [entry], by, at);
      if (entry === undefined || line === undefined) throw new Error('no line');
      const verdict = { findings: [], basis: '', assessed: { fen: 1, by, at: at.toISOString(), why: '' } };
      const older = { ...claim, round: claim.round - 1 };
      const obstructed = { kind: 'obstructed', obstacles: new Set(['line']) };
      for (const read of [line, { ...line, round: older.round }]) {
        const decision = { claim: older, line: read, entry, verdict, sealedStatus: undefined, by, at };
        expect(await world.deps.lines.reserve(decision, { quotaYear: 2021 }, 3)).toEqual(obstructed);
        expect(await world.deps.lines.refer(decision)).toEqual(obstructed);
        expect(await world.deps.lines.refuse(decision, [])).toEqual(obstructed);
      }
      expect(await world.states(id)).toEqual(['pending']);
    });

    test('a claim is not concluded over a line of another round, another roster or no decision', async () => {
      const id = await world.submitted([certifiedLine(person())]);
      for (const change of [{ round: 7 }, { rosterId: 'another' }, { st: 'released' as const }]) {
        const all: typeof world.deps.lines.all = async (claimId) =>
          (await world.deps.lines.all(claimId)).map((line) => ({ ...line, ...change }));
        const result = await work({ ...world.deps, lines: { ...world.deps.lines, all } }, id);
        expect(result).toEqual({ batchItemFailures: [{ itemIdentifier: 'm' }] });
        expect((await world.find(id)).st).toBe('submitted');
      }
      expect((await world.assess(id)).st).toBe('assessed');
    });

    test('a claim that is withdrawn before a slow worker has made its lines gets none', async () => {
      const id = await world.submitted([certifiedLine(person())]);
      const slow: typeof world.deps.rosters = {
        ...world.deps.rosters,
        entries: async (claim) => {
          const entries = await world.deps.rosters.entries(claim);
          await world.asApplicant(enterprise, 'POST /claims/{claimId}/withdrawal', {
            path: { claimId: id },
            body: { reason: '撤回' },
          });
          await world.assess(id);
          return entries;
        },
      };
      const worker = createHandler({ ...world.deps, rosters: slow }, world.edge);
      const event = { Records: [{ messageId: 'm', body: JSON.stringify({ claimId: id }) }] };
      expect(await worker(event as never, {} as never)).toEqual({ batchItemFailures: [] });
      expect(await world.lines(id)).toEqual([]);
      expect((await world.find(id)).st).toBe('withdrawn');
    });
  });
});

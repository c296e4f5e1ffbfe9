import { ThrottlingException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createHandler } from '../../functions/assess-claim/handler.ts';
import { claimKey } from '../../shared/aws/entitlement-keys.ts';
import { quotaKey } from '../../shared/aws/person-table.ts';
import type { LineRecord, RosterLine } from '../../shared/claims/line-record.ts';
import { systemActor } from '../../shared/supervision/audit-chain.ts';
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
      await world.submit(opened.body.id);
      await world.assess(opened.body.id);
      expect(await world.states(opened.body.id)).toEqual(['reserved', 'referred']);
      const [first] = await world.lines(opened.body.id);
      expect(first?.assessed?.fen).toBe(100_000);
      expect(first?.holds?.occupationLock).toEqual({ occupation: '阀门装配', level: '-' });
    });

    test('the shortage list in force when the certificate was issued raises the amount', async () => {
      const a = person();
      world.shortage.push({ occupation: '钳工', from: '2021-01-01' });
      const id = await world.assessed([certifiedLine(a, { occupation: '钳工' })]);
      world.shortage.length = 0;
      expect((await world.lines(id))[0]?.assessed?.fen).toBe(360_000);
    });

    test('a claim in which no line is granted is refused, and so is one that fails as a whole', async () => {
      const lone = await world.find(await world.assessed([certifiedLine(person(), { issuer: 'other' })]));
      expect([lone.st, lone.assessment?.outcome]).toEqual(['refused', 'ineligible']);
      await world.organisations.save(enterprise.tenant, enterpriseFacts, systemActor('test'), world.clock.now());
      const whole = await world.find(await world.assessed([certifiedLine(person())]));
      await world.organisations.save(
        enterprise.tenant,
        { ...enterpriseFacts, selfEvaluation: true },
        systemActor('test'),
        world.clock.now(),
      );
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
      expect(claim).toMatchObject({ st: 'returned', returnReasons: [{ path: 'evidence.materials' }] });
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
      expect([await world.states(byEnterprise), refused.st, granted.st]).toEqual([['reserved'], 'refused', 'assessed']);
      await world.demandSound(byEnterprise, refused.id, granted.id);
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
        body: { reasons: [{ path: 'lines.L1', message: '请核对证书' }] },
      });
    const put = async (claimId: string, lines: RosterLine[]) =>
      world.asApplicant(enterprise, 'PUT /claims/{claimId}/roster', { path: { claimId }, body: { lines } });

    test('a returned claim gives everything back, and is judged anew with its line numbers kept', async () => {
      const [a, b, c, d] = [person(), person(), person(), person()];
      const id = await world.assessed([certifiedLine(a), certifiedLine(b, { issuer: 'other' }), certifiedLine(c)]);
      const submittedOn = (await world.find(id)).submittedOn;
      expect((await giveBack(id)).body).toMatchObject({ state: 'returned', returnReasons: [{ path: 'lines.L1' }] });
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

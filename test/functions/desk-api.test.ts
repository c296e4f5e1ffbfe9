import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deskClaimRoutes } from '../../functions/desk-api/claim-routes.ts';
import { claimKey, escrowKey } from '../../shared/aws/entitlement-keys.ts';
import type { RosterLine } from '../../shared/claims/line-record.ts';
import { createHttpHandler } from '../../shared/lambda/http-handler.ts';
import { type ClaimWorld, certifiedLine, openClaimWorld } from '../support/claim-world.ts';
import { call } from '../support/http.ts';
import { auditor, enterprise, finance, officerLin, officerOfOuhai, officerZhou } from '../support/people.ts';

const referredLine = (person: number): RosterLine => ({
  ...certifiedLine(person),
  status: { hukouDistrict: 'lucheng' },
});
const refusedLine = (person: number): RosterLine => certifiedLine(person, { issuer: 'other' });

describe('desk-api', () => {
  let world: ClaimWorld;
  let people = 0;
  const person = () => {
    people += 1;
    return people;
  };
  beforeAll(async () => {
    world = await openClaimWorld();
    await world.allot('lucheng', 10_000_000, '温财社〔2021〕1号');
  });
  afterAll(async () => world.stop());

  const decide = async (claimId: string, lineId: string, body: object, as = officerLin) =>
    world.atDesk(as, 'POST /claims/{claimId}/lines/{lineId}/decision', { path: { claimId, lineId }, body });
  const endorse = async (claimId: string, as = officerLin, body: object = {}) =>
    world.atDesk(as, 'POST /claims/{claimId}/endorsement', {
      path: { claimId },
      body: await world.asRead(claimId, body),
    });

  describe('the work list', () => {
    test('shows an authority its own claims by state and due time, never drafts or those of others', async () => {
      const late = await world.assessed([certifiedLine(person())]);
      world.clock.advance(86_400_000);
      const later = await world.assessed([certifiedLine(person())]);
      const draft = await world.draft([certifiedLine(person())]);
      world.clock.set('2021-05-10T01:00:00Z');
      const list = async (as: typeof officerLin, state?: string) => {
        const { body } = await world.atDesk(as, 'GET /desk/claims', state === undefined ? {} : { query: { state } });
        return body.claims.map((claim: { id: string }) => claim.id);
      };
      expect(await list(officerLin, 'assessed')).toEqual([late, later]);
      expect(await list(officerLin, 'endorsed')).toEqual([]);
      expect(await list(officerLin)).not.toContain(draft);
      expect(await list(officerOfOuhai)).toEqual([]);
      expect((await world.atDesk(enterprise, 'GET /desk/claims')).status).toBe(403);
      expect((await world.atDesk(officerLin, 'GET /desk/claims', { query: { state: 'lost' } })).status).toBe(400);
    });

    test('goes on from page to page', async () => {
      const authority = 'hr-bureau/longwan';
      const template = await world.item(claimKey(await world.draft([certifiedLine(1)])));
      for (let n = 0; n < 51; n += 1) {
        const id = String(n).padStart(26, '0');
        await world.table.client.send(
          new PutCommand({
            TableName: world.table.name,
            Item: {
              ...template,
              ...claimKey(id),
              id,
              authority,
              st: 'assessed',
              dpk: authority,
              dsk: `claim#assessed#2021-05-25#${id}`,
              tpk: 'nobody',
            },
          }),
        );
      }
      const officer = { ...officerLin, tenant: authority };
      const first = await world.atDesk(officer, 'GET /desk/claims');
      const second = await world.atDesk(officer, 'GET /desk/claims', { query: { cursor: first.body.next } });
      expect([first.body.claims.length, second.body.claims.length, second.body.next]).toEqual([50, 1, undefined]);
      expect(second.body.claims[0].id).toBe(String(50).padStart(26, '0'));
    }, 30_000);
  });

  describe('line decisions', () => {
    test('a referred line is granted by the same reserving write, with reason, amount and decider on record', async () => {
      const a = person();
      const id = await world.assessed([referredLine(a), certifiedLine(person())]);
      const answer = await decide(id, `L${a}`, { decision: 'accept', reason: '已核对户口簿' });
      expect(answer.body).toMatchObject({ state: 'reserved', assessedFen: 240_000, decidedFen: 240_000, lineNo: 1 });
      const [line] = await world.lines(id);
      expect(line?.decision).toMatchObject({
        decision: 'accept',
        of: 'referred',
        fen: 240_000,
        by: { subject: officerLin.subject },
        reason: '已核对户口簿',
      });
      const claim = await world.find(id);
      expect([claim.reservedLines, claim.referredLines, claim.reservedFen]).toEqual([2, 0, 480_000]);
      expect([claim.reviewCount, claim.reviewers]).toEqual([1, [officerLin.subject]]);
      await world.demandSound(id);
    });

    test('a referred line is refused, a granted one too, and its holds come back', async () => {
      const [a, b] = [person(), person()];
      const id = await world.assessed([referredLine(a), certifiedLine(b)]);
      expect((await decide(id, `L${a}`, { decision: 'refuse', reason: '户籍不符' })).body.state).toBe('refused');
      expect((await decide(id, `L${b}`, { decision: 'refuse', reason: '证书存疑' })).body.state).toBe('refused');
      expect(await world.quota(certifiedLine(b).idNumber)).toEqual([]);
      const claim = await world.find(id);
      expect([claim.reservedLines, claim.referredLines, claim.refusedLines, claim.reservedFen]).toEqual([0, 0, 2, 0]);
      await world.demandSound(id);
    });

    test('overriding a refusal wants an expiry of today or later, and at most the standard', async () => {
      const a = person();
      const id = await world.assessed([refusedLine(a), certifiedLine(person())]);
      const accept = async (more: object) =>
        decide(id, `L${a}`, { decision: 'accept', reason: '发证机构已核实', ...more });
      expect((await accept({})).body.problems[0].path).toBe('body.expiresOn');
      expect((await accept({ expiresOn: '2021-05-09' })).body.problems[0].path).toBe('body.expiresOn');
      const over = await accept({ expiresOn: '2021-05-10', amountFen: 240_001 });
      expect(over.body.problems[0].path).toBe('body.amountFen');
      expect((await accept({ expiresOn: '2021-05-10', amountFen: 240_000 })).body.state).toBe('reserved');
      await world.demandSound(id);
    });

    test('a claim whose only line the rules refused by a false hit is granted by an override and four eyes', async () => {
      const a = person();
      const id = await world.assessed([refusedLine(a)]);
      const { body } = await world.atDesk(officerLin, 'GET /desk/claims', { query: { state: 'assessed' } });
      expect(body.claims.map((claim: { id: string }) => claim.id)).toContain(id);
      const word = { decision: 'accept', reason: '发证机构已核实', expiresOn: '2021-05-31' };
      expect((await decide(id, `L${a}`, word)).body.state).toBe('reserved');
      expect((await endorse(id)).status).toBe(200);
      expect((await world.approve(id)).body).toMatchObject({ state: 'approved', approval: { lines: 1, fen: 240_000 } });
      await world.demandSound(id);
    });

    test('a claim that the rules refused rightly ends as refused by two officers, its evidence waiting for its locks', async () => {
      const id = await world.endorsed([refusedLine(person())]);
      expect((await world.approve(id, officerLin)).body.title).toBe('same-person');
      expect((await world.approve(id)).body.state).toBe('refused');
      expect((await world.item(claimKey(id)))?.['wpk']).toBe('W#claim#refused#0');
      expect(await world.item(escrowKey(id))).toBeUndefined();
      await world.demandSound(id);
    });

    test('an override that has run out is neither endorsed nor approved', async () => {
      const a = person();
      const id = await world.assessed([refusedLine(a)].concat(certifiedLine(person())));
      await decide(id, `L${a}`, { decision: 'accept', reason: '已核实', expiresOn: '2021-05-10' });
      world.clock.set('2021-05-11T01:00:00Z');
      const lapsed = await endorse(id);
      expect([lapsed.body.title, lapsed.body.problems[0].path]).toEqual(['state-not-permitted', `lines.L${a}`]);
      world.clock.set('2021-05-10T15:59:59Z');
      expect((await endorse(id)).status).toBe(200);
      world.clock.set('2021-05-10T16:00:00Z');
      expect((await world.approve(id)).body.title).toBe('state-not-permitted');
      world.clock.set('2021-05-10T01:00:00Z');
      expect((await world.approve(id)).status).toBe(200);
    });

    test('no officer’s word lifts a quota, a repeat or a used certificate', async () => {
      const a = person();
      const first = await world.assessed([certifiedLine(a)]);
      const repeated = certifiedLine(a, { number: `S-AGAIN-${a}` });
      const certificate = certifiedLine(person(), { number: certifiedLine(a).certificates[0]?.number ?? '' });
      const id = await world.assessed([repeated, certificate, certifiedLine(person())]);
      expect(await world.states(id)).toEqual(['refused', 'refused', 'reserved']);
      const word = { decision: 'accept', reason: '坚持核准', expiresOn: '2021-12-31' };
      const repeat = await decide(id, repeated.id, word);
      expect([repeat.status, repeat.body.title]).toEqual([422, 'not-eligible']);
      expect(repeat.body.detail).toContain('同一职业');
      expect((await decide(id, certificate.id, word)).body.detail).toContain('证书');
      const b = person();
      const { idNumber } = certifiedLine(b);
      await world.people.saveSubsidies([1, 2, 3].map((n) => ({ idNumber, year: 2021, reference: `d${b}-${n}` })));
      const full = await world.assessed([certifiedLine(b), certifiedLine(person())]);
      expect((await decide(full, `L${b}`, word)).body.detail).toContain('3次');
      await world.demandSound(first, id, full);
    });

    test('an amount that the facts do not give is stated by the officer, within the programme’s highest', async () => {
      const a = person();
      const line = refusedLine(a);
      const bare = { ...line, certificates: line.certificates.map(({ level: _level, ...rest }) => rest) };
      const id = await world.assessed([bare, certifiedLine(person())]);
      const word = { decision: 'accept', reason: '补充提供等级证明', expiresOn: '2021-12-31' };
      expect((await decide(id, bare.id, word)).body.problems[0].path).toBe('body.amountFen');
      expect((await decide(id, bare.id, { ...word, amountFen: 675_001 })).status).toBe(400);
      expect((await decide(id, bare.id, { ...word, amountFen: 675_000 })).body.decidedFen).toBe(675_000);
    });

    test('an officer’s amount stands beside the assessed one, which stays: claim, approval, money and lines follow it', async () => {
      const a = person();
      const id = await world.assessed([referredLine(a), certifiedLine(person())]);
      const [before] = await world.lines(id);
      const word = { decision: 'accept', reason: '核减一半', amountFen: 120_000 };
      expect((await decide(id, `L${a}`, word)).body).toMatchObject({ assessedFen: 240_000, decidedFen: 120_000 });
      const [line] = await world.lines(id);
      expect([line?.assessed, line?.basis]).toEqual([before?.assessed, before?.basis]);
      expect((await world.find(id)).reservedFen).toBe(360_000);
      // Taken back and granted anew for another sum, the claim counts the last word only.
      await decide(id, `L${a}`, { decision: 'refuse', reason: '存疑' });
      expect((await world.find(id)).reservedFen).toBe(240_000);
      await decide(id, `L${a}`, { ...word, amountFen: 100_000, expiresOn: '2021-12-31' });
      expect((await world.find(id)).reservedFen).toBe(340_000);
      await endorse(id);
      const records = await world.items(`AUDIT#${id}`, 'META#');
      expect(records.at(-1)?.['facts']).toMatchObject({ totals: { eligible: 2, eligibleFen: 340_000 } });
      expect((await world.approve(id)).body.approval).toMatchObject({ lines: 2, fen: 340_000 });
      expect(await world.item(escrowKey(id))).toMatchObject({ fen: 340_000 });
      const { body } = await world.asApplicant(enterprise, 'GET /claims/{claimId}', { path: { claimId: id } });
      expect(body.lines[0]).toMatchObject({
        amounts: { assessed: { fen: 240_000 }, approved: { fen: 100_000, by: officerZhou.name, why: '核减一半' } },
        decision: { fen: 100_000, by: officerLin.name, reason: '核减一半' },
      });
      await world.demandSound(id);
    });

    test('wants a reason, a preparer of the authority, a line that exists and is open', async () => {
      const a = person();
      const id = await world.assessed([referredLine(a), certifiedLine(person())]);
      const word = { decision: 'accept', reason: '已核对' };
      expect((await decide(id, `L${a}`, { decision: 'accept' })).body.problems[0].path).toBe('body.reason');
      expect((await decide(id, `L${a}`, word, { ...officerLin, duties: ['approver'] })).status).toBe(403);
      expect((await decide(id, `L${a}`, word, officerOfOuhai)).status).toBe(404);
      expect((await decide(id, 'L99999', word)).status).toBe(404);
      expect((await decide(id, `L${a}`, word)).status).toBe(200);
      expect((await decide(id, `L${a}`, word)).body.title).toBe('state-not-permitted');
    });

    test('two officers at once: one word holds', async () => {
      const a = person();
      const id = await world.assessed([referredLine(a), certifiedLine(person())]);
      const words = await Promise.all([
        decide(id, `L${a}`, { decision: 'accept', reason: '同意' }),
        decide(id, `L${a}`, { decision: 'refuse', reason: '不同意' }, officerZhou),
      ]);
      expect(words.map(({ status }) => String(status)).toSorted()).toEqual(['200', '409']);
      expect((await world.find(id)).reviewCount).toBe(1);
      await world.demandSound(id);
    });
  });

  describe('endorsing and approving', () => {
    test('a line that is still open keeps the claim back, and is named', async () => {
      const a = person();
      const id = await world.assessed([referredLine(a)]);
      const answer = await endorse(id);
      expect(answer.body).toMatchObject({ title: 'state-not-permitted', problems: [{ path: `lines.L${a}` }] });
    });

    test('where a rule left the claim itself to a person, the endorsement gives the reason', async () => {
      world.clock.set('2022-01-10T01:00:00Z');
      const id = await world.draftAfterTerm();
      await world.submit(id);
      await world.assess(id);
      expect((await world.find(id)).assessment?.findings.filter(({ outcome }) => outcome === 'refer')).not.toEqual([]);
      expect((await endorse(id)).body.problems[0].path).toBe('body.reason');
      expect((await endorse(id, officerLin, { reason: '截止前已受理纸质材料' })).status).toBe(200);
      world.clock.set('2021-05-10T01:00:00Z');
    });

    test('another officer approves: money, escrow and ledger move in the same write', async () => {
      const before = (await world.askFunds(finance, 'GET /funds/{account}', { path: { account: 'lucheng' } })).body;
      const id = await world.endorsed([certifiedLine(person()), certifiedLine(person()), refusedLine(person())]);
      const answer = await world.approve(id);
      expect(answer.body).toMatchObject({
        state: 'approved',
        approval: { by: officerZhou.name, lines: 2, fen: 480_000 },
      });
      const after = (await world.askFunds(finance, 'GET /funds/{account}', { path: { account: 'lucheng' } })).body;
      expect([before.available - after.available, after.escrow - before.escrow]).toEqual([480_000, 480_000]);
      expect(after.available + after.escrow + after.paid - after.recovered).toBe(after.allotted);
      expect(await world.item(escrowKey(id))).toMatchObject({ account: 'lucheng', fen: 480_000, openFen: 480_000 });
      const entries = await world.items(`CLAIM#${id}`, 'ENTRY#0000#');
      expect(entries).toMatchObject([{ kind: 'escrowed', fen: 480_000, debit: 'available', credit: 'escrow' }]);
      const meta = await world.item(claimKey(id));
      expect(meta?.['wpk']).toBe('W#claim#approved#0');
      const { body } = await world.asApplicant(enterprise, 'GET /claims/{claimId}', { path: { claimId: id } });
      expect(body.lines[0].amounts.approved).toMatchObject({ fen: 240_000, by: officerZhou.name });
      expect(body.lines[2].amounts.approved).toBeUndefined();
      await world.demandSound(id);
    });

    test('whoever endorsed or decided a line does not approve: same-person', async () => {
      const a = person();
      const id = await world.assessed([referredLine(a)]);
      await decide(id, `L${a}`, { decision: 'accept', reason: '已核对' }, officerZhou);
      await endorse(id);
      expect((await world.approve(id, officerLin)).body.title).toBe('same-person');
      expect((await world.approve(id, officerZhou)).body.title).toBe('same-person');
      expect((await world.approve(id, { ...officerLin, subject: 'o-third' })).body.state).toBe('approved');
    });

    test('four eyes are in the write: a claim read before it was endorsed anew by the approver is refused', async () => {
      const id = await world.endorsed([certifiedLine(person())]);
      const claim = await world.find(id);
      await world.table.client.send(
        new UpdateCommand({
          TableName: world.table.name,
          Key: claimKey(id),
          UpdateExpression: 'SET endorsedBy.#s = :zhou',
          ExpressionAttributeNames: { '#s': 'subject' },
          ExpressionAttributeValues: { ':zhou': officerZhou.subject },
        }),
      );
      const { subject, tenant, role, name } = officerZhou;
      const step = { by: { subject, tenant, role, name }, at: world.clock.now() };
      await expect(world.deps.approvals.approve(claim, step, 240_000)).rejects.toMatchObject({ code: 'same-person' });
    });

    test('two approvers at once set the money aside once', async () => {
      const id = await world.endorsed([certifiedLine(person())]);
      const third = { ...officerZhou, subject: 'o-third' };
      const answers = await Promise.all([world.approve(id), world.approve(id, third)]);
      expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['200', '409']);
      expect(await world.items(`CLAIM#${id}`, 'ENTRY#0000#')).toHaveLength(1);
      await world.demandSound(id);
    });

    test('a decision that lands between reading and endorsing spoils the endorsement', async () => {
      const [a, b] = [person(), person()];
      const id = await world.assessed([certifiedLine(a), certifiedLine(b)]);
      const lines: typeof world.deps.lines = {
        ...world.deps.lines,
        all: async (claimId) => {
          const read = await world.deps.lines.all(claimId);
          await decide(id, `L${a}`, { decision: 'refuse', reason: '存疑' });
          return read;
        },
      };
      const desk = createHttpHandler(
        deskClaimRoutes,
        { ...world.deps, lines, metrics: world.edge.metrics },
        world.edge,
      );
      const route = 'POST /claims/{claimId}/endorsement';
      const answer = await call(desk, { route, as: officerLin, path: { claimId: id }, body: await world.asRead(id) });
      expect([answer.status, answer.body.title]).toEqual([409, 'changed-meanwhile']);
      expect((await world.find(id)).st).toBe('assessed');
    });

    test('a claim in which officers refused every line ends as refused, by four eyes', async () => {
      const a = person();
      const id = await world.assessed([certifiedLine(a)]);
      await decide(id, `L${a}`, { decision: 'refuse', reason: '证书无效' });
      await endorse(id);
      expect((await world.approve(id, officerLin)).body.title).toBe('same-person');
      expect((await world.approve(id)).body.state).toBe('refused');
      expect(await world.item(escrowKey(id))).toBeUndefined();
      await world.demandSound(id);
    });

    test.each([
      ['endorsement', 'assessed', officerLin, {}],
      ['return', 'assessed', officerLin, { reasons: [{ path: '花名册', message: '请核对后重新提交' }] }],
      ['approval', 'endorsed', officerZhou, {}],
      ['refusal', 'endorsed', officerZhou, { article: '三(三)', reason: '未按计划培训' }],
      ['reconsideration', 'endorsed', officerZhou, { reason: '请核对证书' }],
    ])('%s of a version that is not the one on the desk, or of none, changes nothing', async (step, st, as, word) => {
      const lines = [certifiedLine(person())];
      const id = st === 'assessed' ? await world.assessed(lines) : await world.endorsed(lines);
      const before = await world.find(id);
      const say = async (version?: number) =>
        world.atDesk(as, `POST /claims/{claimId}/${step}`, {
          path: { claimId: id },
          body: { ...word, ...(version === undefined ? {} : { version }) },
        });
      const missing = await say();
      expect([missing.status, missing.body.problems[0].path]).toEqual([400, 'body.version']);
      for (const version of [before.version - 1, before.version + 1]) {
        const answer = await say(version);
        expect([answer.status, answer.body.title]).toEqual([409, 'changed-meanwhile']);
        expect(answer.body.detail).toContain('请刷新');
      }
      expect(await world.find(id)).toEqual(before);
      expect((await say(before.version)).status).toBe(200);
    });

    test('wants the duty, the authority and the state', async () => {
      const id = await world.assessed([certifiedLine(person())]);
      expect((await world.approve(id)).body.title).toBe('state-not-permitted');
      expect((await endorse(id, officerOfOuhai)).status).toBe(404);
      expect((await endorse(id, { ...officerLin, duties: ['approver'] })).status).toBe(403);
      expect((await endorse(id, auditor)).status).toBe(403);
      expect((await endorse(id)).status).toBe(200);
      expect((await endorse(id)).body.title).toBe('state-not-permitted');
      expect((await world.approve(id, { ...officerZhou, duties: ['preparer'] })).status).toBe(403);
    });
  });

  describe('refusing the whole of a claim', () => {
    const grounds = { article: '一(二)1', reason: '现场检查发现未开展培训' };
    const say = async (step: 'refusal' | 'reconsideration', id: string, as = officerZhou, word: object = grounds) =>
      world.atDesk(as, `POST /claims/{claimId}/${step}`, { path: { claimId: id }, body: await world.asRead(id, word) });

    test('proposed by one and confirmed by another, lines undecided: quota and locks come back, then its evidence waits', async () => {
      const [a, b] = [person(), person()];
      const id = await world.assessed([certifiedLine(a), referredLine(b)]);
      expect((await endorse(id, officerLin, { proposedRefusal: grounds })).body).toMatchObject({
        state: 'endorsed',
        endorsement: { by: officerLin.name, proposedRefusal: grounds },
      });
      const approved = await world.approve(id);
      expect([approved.body.title, approved.body.detail]).toEqual([
        'state-not-permitted',
        expect.stringContaining('不予补贴'),
      ]);
      expect((await say('refusal', id, officerLin)).body.title).toBe('same-person');
      expect((await say('refusal', id)).body).toMatchObject({
        state: 'refused',
        refusal: { ...grounds, by: officerZhou.name, at: '2021-05-10T01:00:00.000Z' },
      });
      expect((await world.item(claimKey(id)))?.['wpk']).toBe('W#claim#refusing#0');
      await world.assess(id);
      expect(await world.states(id)).toEqual(['released', 'released']);
      expect(await world.quota(certifiedLine(a).idNumber)).toEqual([]);
      const meta = await world.item(claimKey(id));
      expect([meta?.['wpk'], meta?.['lineWork']]).toEqual(['W#claim#refused#0', undefined]);
      const again = await world.assessed([certifiedLine(a)]);
      expect(await world.states(again)).toEqual(['reserved']);
      await world.demandSound(id, again);
    });

    test('by an approver against the endorsement; its record names article, reason and who', async () => {
      const id = await world.endorsed([certifiedLine(person())]);
      expect((await say('refusal', id)).status).toBe(200);
      const records = await world.items(`AUDIT#${id}`, 'META#');
      expect(records.at(-1)).toMatchObject({
        action: 'claim-refused',
        by: { subject: officerZhou.subject },
        reason: grounds.reason,
        facts: { article: grounds.article },
      });
      await world.assess(id);
      await world.demandSound(id);
    });

    test('four eyes are in the write', async () => {
      const id = await world.endorsed([certifiedLine(person())]);
      const claim = await world.find(id);
      const { subject, tenant, role, name } = officerLin;
      const step = { by: { subject, tenant, role, name }, at: world.clock.now() };
      const refused = world.deps.approvals.refuse(claim, 'claim-refused', step);
      await expect(refused).rejects.toMatchObject({ code: 'same-person' });
    });

    test('wants an approver, an article, and an endorsed claim of the authority', async () => {
      const id = await world.assessed([certifiedLine(person())]);
      expect((await say('refusal', id)).body.title).toBe('state-not-permitted');
      await endorse(id);
      expect((await say('refusal', id, { ...officerZhou, duties: ['preparer'] })).status).toBe(403);
      expect((await say('refusal', id, officerOfOuhai)).status).toBe(404);
      const nowhere = await say('refusal', id, officerZhou, { ...grounds, article: '领导意见' });
      expect(nowhere.body.problems[0].path).toBe('body.article');
    });

    test('an endorsed claim goes back to the desk: the endorsement falls, lines are decided anew, another endorses', async () => {
      const a = person();
      const id = await world.assessed([certifiedLine(a), certifiedLine(person())]);
      await endorse(id, officerLin, { proposedRefusal: grounds });
      world.clock.advance(86_400_000);
      const back = await say('reconsideration', id, officerZhou, { reason: '第1行证书存疑，请核对' });
      expect(back.body).toMatchObject({ state: 'assessed', dueAt: '2021-05-26T01:00:00.000Z' });
      expect(back.body.endorsement).toBeUndefined();
      expect((await world.find(id)).proposedRefusal).toBeUndefined();
      expect((await decide(id, `L${a}`, { decision: 'refuse', reason: '证书无效' })).status).toBe(200);
      expect((await endorse(id)).status).toBe(200);
      expect((await world.approve(id)).body).toMatchObject({ state: 'approved', approval: { lines: 1 } });
      expect((await say('reconsideration', id, officerZhou, { reason: '太晚了' })).body.title).toBe(
        'state-not-permitted',
      );
      world.clock.set('2021-05-10T01:00:00Z');
      await world.demandSound(id);
    });
  });

  describe('returning', () => {
    test('an approver returns an endorsed claim; an approved one is not returned', async () => {
      const body = { reasons: [{ path: 'materials.certificate-list', message: '发证名册缺页' }] };
      const id = await world.endorsed([certifiedLine(person())]);
      const approver = { ...officerZhou, duties: ['approver' as const] };
      const back = async () =>
        world.atDesk(approver, 'POST /claims/{claimId}/return', {
          path: { claimId: id },
          body: await world.asRead(id, body),
        });
      expect((await back()).body).toMatchObject({ state: 'returned', returnReasons: body.reasons });
      expect((await world.find(id)).endorsedBy).toBeUndefined();
      expect((await back()).body.title).toBe('state-not-permitted');
      const bare = await world.atDesk(approver, 'POST /claims/{claimId}/return', {
        path: { claimId: id },
        body: { version: 1, reasons: [] },
      });
      expect(bare.body.problems[0].path).toBe('body.reasons');
      const approved = await world.endorsed([certifiedLine(person())]);
      expect((await world.approve(approved)).body.state).toBe('approved');
      const late = await world.atDesk(approver, 'POST /claims/{claimId}/return', {
        path: { claimId: approved },
        body: await world.asRead(approved, { reasons: body.reasons }),
      });
      expect([late.status, late.body.title]).toEqual([409, 'state-not-permitted']);
      expect((await world.find(approved)).st).toBe('approved');
    });
  });

  describe('the reasons of a return', () => {
    test('name lines and materials that there are', async () => {
      const a = person();
      const id = await world.assessed([certifiedLine(a)]);
      const back = async (...paths: string[]) => {
        const reasons = paths.map((path) => ({ path, message: '请补正' }));
        const body = await world.asRead(id, { reasons });
        return world.atDesk(officerLin, 'POST /claims/{claimId}/return', { path: { claimId: id }, body });
      };
      const wrong = await back(`lines.L${a}`, 'lines.L99999', 'materials.certificate-list', 'materials.face', '其他');
      expect([wrong.status, wrong.body.problems.map(({ path }: { path: string }) => path)]).toEqual([
        400,
        ['body.reasons[1].path', 'body.reasons[3].path'],
      ]);
      expect((await world.find(id)).st).toBe('assessed');
      const right = [`lines.L${a}`, `lines.L${a}.certificates`, 'materials.teaching-video', '其他'];
      expect((await back(...right)).body.returnReasons.map(({ path }: { path: string }) => path)).toEqual(right);
    });
  });

  describe('funds', () => {
    const account = 'ouhai';
    const preparer = officerOfOuhai;
    const approver = { ...officerOfOuhai, subject: 'o-ouhai-2' };
    const endorsed = async (count: number) => {
      const id = await world.assessed(Array.from({ length: count }, () => certifiedLine(person())));
      await endorse(id, preparer);
      world.clock.advance(60_000);
      return id;
    };
    const balance = async () => (await world.askFunds(finance, 'GET /funds/{account}', { path: { account } })).body;
    const allot = async (fen: number, reference: string) =>
      world.askFunds(finance, 'POST /funds/{account}/allotments', {
        path: { account },
        body: { fen, reference, reason: '追加预算' },
      });
    beforeAll(async () => {
      const {
        tenant: _t,
        version: _v,
        registeredBy: _r,
        updatedAt: _u,
        ...facts
      } = (await world.organisations.find(enterprise.tenant)) ?? ({} as never);
      await world.register(enterprise.tenant, { ...facts, insuredDistrict: 'ouhai' });
    });

    test('without money claims wait, and go on in the order of their approval; nobody is overtaken', async () => {
      const [large, small, last] = [await endorsed(3), await endorsed(1), await endorsed(1)];
      for (const id of [large, small, last]) {
        expect((await world.approve(id, approver)).body.state).toBe('waiting-for-funds');
        world.clock.advance(60_000);
      }
      expect(await balance()).toMatchObject({ allotted: 0, available: 0, escrow: 0, waiting: 3 });
      // Enough for the small ones, not for the first: it keeps its place.
      expect((await allot(500_000, '追加-1')).body).toMatchObject({ resumed: 0, account: { available: 500_000 } });
      const fresh = await endorsed(1);
      expect((await world.approve(fresh, approver)).body.state).toBe('waiting-for-funds');
      expect((await allot(460_000, '追加-2')).body).toMatchObject({
        resumed: 2,
        account: { available: 0, waiting: 2 },
      });
      const states = await Promise.all([large, small, last, fresh].map(async (id) => (await world.find(id)).st));
      expect(states).toEqual(['approved', 'approved', 'waiting-for-funds', 'waiting-for-funds']);
      const withdrawn = await world.asApplicant(enterprise, 'POST /claims/{claimId}/withdrawal', {
        path: { claimId: last },
        body: { reason: '不再申领' },
      });
      expect(withdrawn.body.state).toBe('withdrawn');
      expect(await balance()).toMatchObject({ waiting: 1 });
      expect((await allot(240_000, '追加-3')).body).toMatchObject({ resumed: 1 });
      expect(await balance()).toMatchObject({ allotted: 1_200_000, available: 0, escrow: 1_200_000, waiting: 0 });
      await world.assess(last);
      await world.demandSound(large, small, last, fresh);
    });

    test('a double click allots once; the same reference for another sum is refused', async () => {
      const [first, second] = await Promise.all([allot(100, '重复-1'), allot(100, '重复-1')]);
      expect([first.status, second.status]).toEqual([201, 201]);
      const other = await allot(200, '重复-1');
      expect([other.status, other.body.title]).toEqual([409, 'already-exists']);
      const { allotments, available } = await balance();
      expect(allotments.filter(({ reference }: { reference: string }) => reference === '重复-1')).toHaveLength(1);
      expect(available).toBe(100);
    });

    test('only finance allots, only accounts that exist are there, every figure is a whole number of fen', async () => {
      const body = { fen: 100, reference: '文号', reason: '拨入' };
      const path = { account };
      expect((await world.askFunds(officerLin, 'POST /funds/{account}/allotments', { path, body })).status).toBe(403);
      for (const absent of ['oujiangkou', 'yueqing', 'mars']) {
        const answer = await world.askFunds(finance, 'POST /funds/{account}/allotments', {
          path: { account: absent },
          body,
        });
        expect(answer.status).toBe(404);
      }
      for (const fen of [0, -1, 0.5, '100']) {
        const answer = await world.askFunds(finance, 'POST /funds/{account}/allotments', {
          path,
          body: { ...body, fen },
        });
        expect(answer.body.problems[0].path).toBe('body.fen');
      }
      const { body: all } = await world.askFunds(auditor, 'GET /funds');
      expect(all.accounts.map((each: { account: string }) => each.account)).toEqual([
        'city',
        'lucheng',
        'longwan',
        'ouhai',
        'jingkai',
      ]);
    });
  });
});

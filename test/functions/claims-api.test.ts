import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemActor } from '../../shared/access/actor.ts';
import { type ClaimWorld, certifiedLine, openClaimWorld, projectLine } from '../support/claim-world.ts';
import { enterprise, finance, identityNumber, officerLin, officerOfOuhai, rivalEnterprise } from '../support/people.ts';
import { enterpriseFacts } from '../support/registered.ts';

const project = { programme: 'project', route: 'enterprise' };
const video = (n: number) => ({ id: `v${n}`, durationMs: 121_000, sha256: `hash-${n}` });

describe('claims-api', () => {
  let world: ClaimWorld;
  let classId: string;
  beforeAll(async () => {
    world = await openClaimWorld();
    classId = await world.acceptedClass();
    await world.organisations.save(
      rivalEnterprise.tenant,
      { ...enterpriseFacts, name: '温州渤海阀门有限公司' },
      systemActor('test'),
      world.clock.now(),
    );
  });
  afterAll(async () => world.stop());

  const open = async (body: object, as = enterprise, key?: string) =>
    world.asApplicant(as, 'POST /claims', { body, ...(key === undefined ? {} : { key }) });
  const get = async (claimId: string, as = enterprise) =>
    world.asApplicant(as, 'GET /claims/{claimId}', { path: { claimId } });
  const put = async (claimId: string, lines: unknown, as = enterprise) =>
    world.asApplicant(as, 'PUT /claims/{claimId}/roster', { path: { claimId }, body: { lines } });
  const submit = async (claimId: string, as = enterprise) =>
    world.asApplicant(as, 'POST /claims/{claimId}/submission', { path: { claimId } });

  describe('opening', () => {
    test('a claim for an accepted class takes its authority, account and edition from the routes table', async () => {
      const { status, body, headers } = await open({ ...project, classId });
      expect(status).toBe(201);
      expect(headers['location']).toBe(`/claims/${body.id}`);
      expect(body).toMatchObject({
        state: 'draft',
        classId,
        subject: '阀门装配',
        edition: 'wenzhou-2020-58',
        authority: 'hr-bureau/lucheng',
        fundAccount: 'lucheng',
        payee: 'applicant',
        lineCount: 0,
      });
    });

    test('the same key opens one claim, also when the first answer was lost', async () => {
      const first = await open({ ...project, classId }, enterprise, 'open-once-1');
      const again = await open({ ...project, classId }, enterprise, 'open-once-1');
      expect(again.body.id).toBe(first.body.id);
    });

    test("a class never filed and somebody else's are the same 404, byte for byte", async () => {
      const never = await open({ ...project, classId: '0'.repeat(26) });
      const foreign = await open({ ...project, classId }, rivalEnterprise);
      expect(never.status).toBe(404);
      expect(foreign.body).toEqual(never.body);
    });

    test.each([
      ['a route that the programme lacks', { programme: 'project', route: 'agency' }, 'body.route'],
      ['no class where the route has one', project, 'body.classId'],
      [
        'a class where the route has none',
        { programme: 'qualification', route: 'enterprise', classId: 'self' },
        'body.classId',
      ],
      ['a class of another programme', { programme: 'pre-job', route: 'enterprise', classId: 'self' }, 'body.classId'],
      ['a competition without its organiser', { programme: 'qualification', route: 'competition' }, 'body.competition'],
      [
        'an organiser in no district',
        { programme: 'qualification', route: 'competition', competition: { organiserDistrict: 'hangzhou' } },
        'body.competition.organiserDistrict',
      ],
      ['an unknown field', { ...project, amountFen: 5 }, 'body.amountFen'],
    ])('refuses %s and names the field', async (_, body, path) => {
      const answer = await open('classId' in body && body.classId === 'self' ? { ...body, classId } : body);
      expect(answer.status).toBe(400);
      expect(answer.body.problems.map((problem: { path: string }) => problem.path)).toContain(path);
    });

    test('refuses a class that is not accepted yet, an unregistered applicant, and a blocked one to its last day', async () => {
      const draft = await world.deps.classes.create(
        {
          id: '1'.repeat(26),
          tenant: enterprise.tenant,
          applicantName: '',
          authority: 'hr-bureau/lucheng',
          content: { ...(await world.deps.classes.find(classId))?.content } as never,
        },
        [],
        systemActor('test'),
        world.clock.now(),
      );
      expect((await open({ ...project, classId: draft.id })).body.title).toBe('state-not-permitted');
      const unregistered = { ...enterprise, tenant: 'ent-nobody' };
      expect((await open({ programme: 'qualification', route: 'enterprise' }, unregistered)).body.title).toBe(
        'not-eligible',
      );
      const blocked = { ...enterprise, tenant: 'ent-blocked' };
      const block = async (until: string) =>
        world.organisations.block(
          blocked.tenant,
          { until, authority: 'hr-bureau/lucheng', document: '温人社监1号' },
          systemActor('test'),
          world.clock.now(),
        );
      await world.register(blocked.tenant, enterpriseFacts);
      await block('2021-05-09');
      expect((await open({ programme: 'qualification', route: 'enterprise' }, blocked)).status).toBe(201);
      await block('2021-05-10');
      expect((await open({ programme: 'qualification', route: 'enterprise' }, blocked)).body.title).toBe(
        'provider-blocked',
      );
    });

    test('after the edition has ended only a class that it saw may still be claimed for', async () => {
      world.clock.set('2022-01-05T01:00:00Z');
      expect((await open({ programme: 'qualification', route: 'enterprise' })).body.title).toBe('not-eligible');
      expect((await open({ ...project, classId })).status).toBe(201);
      world.clock.set('2021-05-10T01:00:00Z');
    });
  });

  describe('reading', () => {
    test('a foreign claim and an absent one are the same 404; a draft is its applicant’s alone', async () => {
      const id = await world.draft([certifiedLine(1)]);
      const absent = await get('0'.repeat(26), rivalEnterprise);
      expect(absent.status).toBe(404);
      expect((await get(id, rivalEnterprise)).body).toEqual(absent.body);
      expect((await get(id, officerLin)).body).toEqual(absent.body);
      expect((await get('no-id-at-all', enterprise)).body).toEqual(absent.body);
      await world.submit(id);
      expect((await get(id, officerLin)).status).toBe(200);
      expect((await get(id, officerOfOuhai)).body).toEqual(absent.body);
      expect((await get(id, finance)).status).toBe(200);
    });

    test('numbers of people are masked in every reply and stored nowhere in the clear', async () => {
      const line = { ...certifiedLine(7), card: { number: '6217 0012 3456 7890', activated: true } };
      const id = await world.draft([line]);
      const { body } = await get(id);
      const text = JSON.stringify(body);
      expect(body.lines[0].idNumber).toBe(`330*************${line.idNumber.slice(16)}`);
      expect(body.lines[0].card).toBe('62************90');
      expect(body.lines[0].certificates[0].number).toMatch(/^S0\*+07$/);
      const stored = JSON.stringify(await world.items(`CLAIM#${id}`, ''));
      for (const number of [line.idNumber, '6217001234567890', '6217 0012', line.certificates[0]?.number ?? '?']) {
        expect(text).not.toContain(number);
        expect(stored).not.toContain(number);
      }
      expect(JSON.stringify(world.edge.logged)).not.toContain(line.idNumber);
    });

    test('lines come 100 a page, and a made-up cursor is refused', async () => {
      const lines = Array.from({ length: 230 }, (_, at) => certifiedLine(at + 1));
      const id = await world.draft(lines);
      const first = await get(id);
      expect(first.body.lines.map((line: { lineNo: number }) => line.lineNo)).toEqual(
        lines.slice(0, 100).map((_, at) => at + 1),
      );
      const page = async (cursor: string) =>
        world.asApplicant(enterprise, 'GET /claims/{claimId}/lines', { path: { claimId: id }, query: { cursor } });
      const second = await page(first.body.next);
      const third = await page(second.body.next);
      expect(second.body.lines[0].lineNo).toBe(101);
      expect(third.body.lines).toHaveLength(30);
      expect(third.body.next).toBeUndefined();
      for (const cursor of ['x', '-1', '99999']) expect((await page(cursor)).status).toBe(400);
      expect((await page('9999')).body.lines).toEqual([]);
    });

    test('the list shows the own claims, newest first, page after page', async () => {
      const lone = { ...enterprise, tenant: 'ent-lone', subject: 'u-lone' };
      await world.organisations.save(lone.tenant, enterpriseFacts, systemActor('test'), world.clock.now());
      const ids: string[] = [];
      for (let n = 0; n < 53; n += 1) {
        world.clock.advance(1000);
        ids.push((await open({ programme: 'qualification', route: 'enterprise' }, lone)).body.id);
      }
      const first = await world.asApplicant(lone, 'GET /claims');
      const cursor = first.body.next;
      const second = await world.asApplicant(lone, 'GET /claims', { query: { cursor } });
      const listed = [...first.body.claims, ...second.body.claims].map((claim: { id: string }) => claim.id);
      expect(listed).toEqual(ids.toReversed());
      expect(second.body.next).toBeUndefined();
      for (const bad of ['%%%', Buffer.from('class#x').toString('base64url')]) {
        expect((await world.asApplicant(lone, 'GET /claims', { query: { cursor: bad } })).status).toBe(400);
      }
    });
  });

  describe('the roster', () => {
    const empty = async () => (await open({ programme: 'qualification', route: 'enterprise' })).body.id as string;

    test('0 and 5,001 lines are refused, 1 and 5,000 are taken', async () => {
      const id = await empty();
      const many = (count: number) => Array.from({ length: count }, (_, at) => ({ ...certifiedLine(1), id: `L${at}` }));
      for (const count of [0, 5001]) {
        const answer = await put(id, many(count));
        expect(answer.status).toBe(400);
        expect(answer.body.problems[0].path).toBe('body.lines');
      }
      expect((await get(id)).body.lineCount).toBe(0);
      expect((await put(id, many(1))).body.lineCount).toBe(1);
      expect((await put(id, many(5000))).body.lineCount).toBe(5000);
      expect((await world.deps.rosters.entries(await world.find(id))).length).toBe(5000);
    }, 60_000);

    test('unknown fields, ids used twice, odd ids and a claim of verified status are refused with their paths', async () => {
      const id = await empty();
      const bad = [
        { ...certifiedLine(1), salary: 1 },
        { ...certifiedLine(2), statusVerified: true },
        { ...certifiedLine(3), id: 'a/b' },
        certifiedLine(4),
        certifiedLine(4),
        { ...certifiedLine(5), status: { hukouDistrict: 'atlantis', employerId: 'x'.repeat(201) } },
      ];
      const answer = await put(id, bad);
      expect(answer.status).toBe(400);
      const paths = answer.body.problems.map((problem: { path: string }) => problem.path);
      expect(paths).toEqual(
        expect.arrayContaining([
          'body.lines[0].salary',
          'body.lines[1].statusVerified',
          'body.lines[2].id',
          'body.lines[5].status.hukouDistrict',
        ]),
      );
      const twice = await put(id, [certifiedLine(4), certifiedLine(4)]);
      expect(twice.body.problems).toEqual([{ path: 'body.lines[1].id', message: expect.stringContaining('第1行') }]);
      const long = await put(id, [{ ...certifiedLine(5), status: { employerId: 'x'.repeat(201) } }]);
      expect(long.body.problems[0].path).toBe('body.lines[0].status.employerId');
    });

    test('broken numbers, repeated people and blank names are taken, and told as warnings', async () => {
      const id = await empty();
      const good = certifiedLine(1);
      const answer = await put(id, [
        good,
        { ...certifiedLine(2), idNumber: `  ${good.idNumber}` },
        { ...certifiedLine(3), idNumber: '330302198503120000' },
        { ...certifiedLine(4), idNumber: '12345' },
        { ...certifiedLine(5), name: ' ' },
      ]);
      expect(answer.status).toBe(200);
      expect(answer.body.lineCount).toBe(5);
      expect(answer.body.warnings).toEqual([
        { lineId: 'L2', path: 'lines[1].idNumber', message: expect.stringContaining('与第1行') },
        { lineId: 'L3', path: 'lines[2].idNumber', message: expect.stringContaining('Excel') },
        { lineId: 'L4', path: 'lines[3].idNumber', message: expect.stringContaining('18位') },
        { lineId: 'L5', path: 'lines[4].name', message: expect.stringContaining('姓名') },
      ]);
    });

    test('full width, spaces and a small x name the same person', async () => {
      const id = await empty();
      const number = identityNumber('19491231', 2);
      expect(number.endsWith('X') || number.length === 18).toBe(true);
      const spelled = `${number.slice(0, 6)} ${number.slice(6, 17)}`.replace(/\d/g, (digit) =>
        String.fromCharCode(digit.charCodeAt(0) + 0xfee0),
      );
      await put(id, [
        { ...certifiedLine(1), idNumber: number },
        { ...certifiedLine(2), idNumber: `${spelled}${number.slice(17).toLowerCase()}` },
      ]);
      const [a, b] = await world.deps.rosters.entries(await world.find(id));
      expect(b?.personHash).toBe(a?.personHash);
    });

    test('a line id keeps its number for ever, and no number is given twice', async () => {
      const id = await empty();
      const numbers = async () =>
        (await get(id)).body.lines.map((line: { lineId: string; lineNo: number }) => [line.lineId, line.lineNo]);
      await put(id, [certifiedLine(1), certifiedLine(2), certifiedLine(3)]);
      await put(id, [certifiedLine(3), certifiedLine(1), certifiedLine(9)]);
      expect(await numbers()).toEqual([
        ['L1', 1],
        ['L3', 3],
        ['L9', 4],
      ]);
      await put(id, [certifiedLine(8)]);
      await put(id, [certifiedLine(2), certifiedLine(7), certifiedLine(9)]);
      expect(await numbers()).toEqual([
        ['L2', 2],
        ['L9', 4],
        ['L7', 6],
      ]);
    });

    test('rosters that were replaced are thrown away, the one in force is not', async () => {
      const id = await empty();
      await put(id, [certifiedLine(1)]);
      await put(id, [certifiedLine(2)]);
      const stored = await world.items(`CLAIM#${id}`, 'ROSTER#');
      const claim = await world.find(id);
      expect(new Set(stored.map(({ sk }) => String(sk).split('#')[1]))).toEqual(new Set([claim.rosterId]));
    });

    test('a foreign roster is a 404, a submitted claim takes none', async () => {
      const id = await world.submitted([certifiedLine(1)]);
      expect((await put(id, [certifiedLine(1)], rivalEnterprise)).status).toBe(404);
      expect((await put(id, [certifiedLine(1)])).body.title).toBe('state-not-permitted');
      expect((await put(id, [certifiedLine(1)], officerLin)).status).toBe(403);
    });
  });

  describe('a crash while a roster or a submission is written', () => {
    test('leaves the old roster in force or the new one, whole, and the next try succeeds', async () => {
      const many = (from: number, count: number) => Array.from({ length: count }, (_, at) => certifiedLine(from + at));
      for (const when of ['before', 'after'] as const) {
        for (let at = 1; at <= 6; at += 1) {
          const { id } = (await open({ programme: 'qualification', route: 'enterprise' })).body;
          await put(id, many(1, 60));
          world.dieAt(at, when);
          const answer = await put(id, many(51, 120));
          world.dieAt(Number.POSITIVE_INFINITY);
          expect([when, at, answer.status]).toEqual([when, at, 500]);
          const { lineCount } = await world.find(id);
          const entries = await world.deps.rosters.entries(await world.find(id));
          expect([60, 120]).toContain(lineCount);
          const whole = lineCount === 60 ? many(1, 60) : many(51, 120);
          expect(entries.map(({ lineId }) => lineId)).toEqual(whole.map((line) => line.id));
          expect(entries).toHaveLength(lineCount);
          expect((await put(id, many(51, 120))).status).toBe(200);
          const numbers = (await world.deps.rosters.entries(await world.find(id))).map((entry) => [
            entry.lineId,
            entry.lineNo,
          ]);
          expect(numbers).toEqual(many(51, 120).map((line, place) => [line.id, 51 + place]));
          const stored = await world.items(`CLAIM#${id}`, 'ROSTER#');
          expect(new Set(stored.map(({ sk }) => String(sk).split('#')[1])).size).toBe(1);
        }
      }
    }, 60_000);

    test('hands the claim in once, whether the answer arrived or not', async () => {
      for (const when of ['before', 'after'] as const) {
        for (let at = 1; at <= 3; at += 1) {
          const id = await world.draft([certifiedLine(1)]);
          const key = `crash-${when}-${at}`;
          const request = { path: { claimId: id }, key };
          world.dieAt(at, when);
          await world.asApplicant(enterprise, 'POST /claims/{claimId}/submission', request);
          world.dieAt(Number.POSITIVE_INFINITY);
          world.clock.advance(61_000);
          const again = await world.asApplicant(enterprise, 'POST /claims/{claimId}/submission', request);
          expect([200, 409]).toContain(again.status);
          const claim = await world.find(id);
          expect([claim.st, claim.submissions.length, claim.version]).toEqual(['submitted', 1, 3]);
          await world.demandSound(id);
        }
      }
    });
  });

  test('a roster whose every text is as long as it may be is stored, page by page', async () => {
    const { body: opened } = await open({ ...project, classId });
    const lines = Array.from({ length: 101 }, (_, n) => ({
      ...projectLine(n),
      id: `L${n}`.padEnd(40, 'x'),
      name: '汉'.repeat(50),
      card: { number: '汉'.repeat(40), activated: true },
      status: { employerId: '汉'.repeat(200), student: { collegeId: '汉'.repeat(200), graduatesOn: '2021-07-01' } },
      certificates: Array.from({ length: 8 }, (__, at) => ({
        kind: 'entrepreneurship-completion',
        number: `${'汉'.repeat(63)}${at}`,
        issuedOn: '2021-03-01',
        occupation: '汉'.repeat(60),
        level: 'senior-technician',
        issuer: 'local-assessor',
        registered: true,
        obtainedVia: 'enterprise-evaluation',
        assessedInWenzhou: true,
        renewal: false,
      })),
    }));
    expect((await put(opened.id, lines)).status).toBe(200);
    const first = await get(opened.id);
    const second = await world.asApplicant(enterprise, 'GET /claims/{claimId}/lines', {
      path: { claimId: opened.id },
      query: { cursor: first.body.next },
    });
    const shown = [...first.body.lines, ...second.body.lines].map(({ lineId }: { lineId: string }) => lineId);
    expect([first.body.lines.length, shown]).toEqual([100, lines.map(({ id }) => id)]);
    expect(second.body.next).toBeUndefined();
  });

  describe('pre-check and submission', () => {
    const projectClaim = async (lines: unknown[]) => {
      const { id } = (await open({ ...project, classId })).body;
      await put(id, lines);
      return id as string;
    };
    const check = async (claimId: string) =>
      world.asApplicant(enterprise, 'POST /claims/{claimId}/pre-check', {
        path: { claimId },
        headers: { 'idempotency-key': '' },
      });

    test('the pre-check tells every line and everything missing, and stores nothing', async () => {
      const id = await projectClaim([projectLine(1), projectLine(2, { attendedHours: 0 })]);
      const before = await world.items(`CLAIM#${id}`, '');
      const { status, body } = await check(id);
      expect(status).toBe(200);
      expect(body).toMatchObject({ storesNothing: true, outcome: 'incomplete' });
      expect(body.missing.map((item: { kind: string }) => item.kind)).toEqual([
        'sign-in-sheets',
        'certificate-list',
        'teaching-video',
      ]);
      expect(body.lines.map((line: { outcome: string }) => line.outcome)).toEqual(['referred', 'ineligible']);
      expect(body.lines[1].findings.map((finding: { rule: string }) => finding.rule)).toContain('hours.attended');
      expect(body.lines[0].findings.every((finding: { outcome: string }) => finding.outcome !== 'pass')).toBe(true);
      expect(await world.items(`CLAIM#${id}`, '')).toEqual(before);
    });

    test('an incomplete claim is refused with the list of what is missing, and nothing is lost', async () => {
      const id = await projectClaim([projectLine(1)]);
      world.evidence.set(id, {
        videos: [video(1), video(2)],
        materials: ['sign-in-sheets'],
        pending: [
          { id: 'e1', kind: 'certificate-list' },
          { id: 'e2', kind: 'teaching-video' },
        ],
      });
      const { status, body } = await submit(id);
      expect(status).toBe(422);
      expect(body.title).toBe('claim-incomplete');
      expect(body.problems).toEqual([
        { path: 'certificate-list', message: expect.stringMatching(/缺少发证名册.*1份还在核验/) },
        { path: 'teaching-video', message: expect.stringMatching(/差1个.*1份还在核验/) },
      ]);
      const claim = await get(id);
      expect(claim.body).toMatchObject({ state: 'draft', lineCount: 1 });
      world.evidence.set(id, {
        videos: [video(1), video(2), video(3)],
        materials: ['sign-in-sheets', 'certificate-list'],
        pending: [],
      });
      expect((await submit(id)).body.state).toBe('submitted');
    });

    test('a claim without a roster is incomplete', async () => {
      const { id } = (await open({ ...project, classId })).body;
      expect((await submit(id)).body.title).toBe('claim-incomplete');
      expect((await check(id)).body.title).toBe('claim-incomplete');
    });

    test('submitting twice is refused, under the same key it is the same reply', async () => {
      const id = await world.draft([certifiedLine(1)]);
      const first = await world.asApplicant(enterprise, 'POST /claims/{claimId}/submission', {
        path: { claimId: id },
        key: 'submit-key-1',
      });
      const replayed = await world.asApplicant(enterprise, 'POST /claims/{claimId}/submission', {
        path: { claimId: id },
        key: 'submit-key-1',
      });
      expect(replayed.body).toEqual(first.body);
      const again = await submit(id);
      expect([again.status, again.body.title]).toEqual([409, 'state-not-permitted']);
      expect((await world.find(id)).submissions).toHaveLength(1);
    });

    test('a claim whose applicant is insured elsewhere by the hand-in lies on the desk of that bureau', async () => {
      const id = await world.draft([certifiedLine(801)]);
      const facts = { ...enterpriseFacts, selfEvaluation: true };
      const register = async (insuredDistrict: string) =>
        world.register(enterprise.tenant, { ...facts, insuredDistrict });
      await register('ouhai');
      await world.submit(id);
      await register('lucheng');
      expect((await world.find(id)).authority).toBe('hr-bureau/ouhai');
      const desk = async (as: typeof officerLin) =>
        (await world.atDesk(as, 'GET /desk/claims', { query: { state: 'submitted' } })).body.claims;
      expect((await desk(officerOfOuhai)).map((claim: { id: string }) => claim.id)).toEqual([id]);
      expect((await desk(officerLin)).map((claim: { id: string }) => claim.id)).not.toContain(id);
    });

    test('people who were not filed with the class are named to the authority and in the pre-check', async () => {
      const [one, two, three] = [projectLine(811), projectLine(812), projectLine(813)];
      const filed = await world.acceptedClass({ subject: '对照名册' }, [one, { ...two, name: '另写的名字' }]);
      const body = { programme: 'project', route: 'enterprise', classId: filed };
      const { id } = (await world.asApplicant(enterprise, 'POST /claims', { body })).body;
      const path = { claimId: id };
      const lines = [two, three];
      await world.asApplicant(enterprise, 'PUT /claims/{claimId}/roster', { path, body: { lines } });
      const expected = { filed: 2, claimed: 2, notFiled: [three.id] };
      const checked = await world.asApplicant(enterprise, 'POST /claims/{claimId}/pre-check', { path });
      expect(checked.body.filedRoster).toEqual(expected);
      const videos = [1, 2, 3].map((n) => ({ id: `v${n}`, durationMs: 120_000, sha256: `filed-${n}` }));
      world.evidence.set(id, { pending: [], videos, materials: ['sign-in-sheets', 'certificate-list'] });
      await world.submit(id);
      const seenBy = async (as: typeof officerLin) =>
        (await world.asApplicant(as, 'GET /claims/{claimId}', { path })).body.filedRoster;
      expect(await seenBy(officerLin)).toEqual(expected);
      expect(await seenBy(enterprise)).toBeUndefined();
    });

    test('a class that is accepted for another programme since the opening takes no claim of this one', async () => {
      const id = await world.draftAfterTerm();
      const claim = await world.find(id);
      const filed = await world.deps.classes.find(claim.classId ?? '');
      if (filed === undefined) throw new Error('no class');
      const by = systemActor('test');
      const content = { ...filed.content, programme: 'pre-job' as const };
      const filing = { filedOn: '2021-04-01', dueAt: world.clock.now() };
      const change = { content, authority: filed.authority, trainees: [], filing };
      const changed = await world.deps.classes.change(filed, change, by, world.clock.now());
      const accepted = { ...filed.accepted, contentVersion: 2, content } as never;
      await world.deps.classes.accept(changed, accepted, false, '受理');
      const answer = await world.asApplicant(enterprise, 'POST /claims/{claimId}/submission', {
        path: { claimId: id },
      });
      expect([answer.status, answer.body.problems?.[0].path]).toEqual([400, 'body.classId']);
      expect((await world.find(id)).st).toBe('draft');
    });

    test('two submissions at once: one holds', async () => {
      const id = await world.draft([certifiedLine(1)]);
      const answers = await Promise.all([submit(id), submit(id), submit(id)]);
      expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['200', '409', '409']);
      expect((await world.find(id)).version).toBe(3);
      await world.demandSound(id);
    });

    test('the facts of the day of submission count, whatever is registered later', async () => {
      const id = await world.draft([certifiedLine(1)]);
      await world.submit(id);
      await world.register(enterprise.tenant, { ...enterpriseFacts, selfEvaluation: false });
      const claim = await world.assess(id);
      await world.register(enterprise.tenant, { ...enterpriseFacts, selfEvaluation: true });
      expect(claim.st).toBe('assessed');
      expect(claim.facts?.applicant.selfEvaluation).toBe(true);
    });

    test('the day in Asia/Shanghai is the day of submission', async () => {
      const id = await world.draft([certifiedLine(1)]);
      world.clock.set('2021-05-10T16:00:00Z');
      await world.submit(id);
      expect((await world.find(id)).submittedOn).toBe('2021-05-11');
      world.clock.set('2021-05-10T01:00:00Z');
    });
  });

  describe('withdrawal', () => {
    const withdraw = async (claimId: string, as = enterprise) =>
      world.asApplicant(as, 'POST /claims/{claimId}/withdrawal', { path: { claimId }, body: { reason: '信息填错' } });

    test('gives back everything that the lines held', async () => {
      const lines = [certifiedLine(301), certifiedLine(302)];
      const id = await world.assessed(lines);
      expect(await world.states(id)).toEqual(['reserved', 'reserved']);
      expect((await withdraw(id)).body.state).toBe('withdrawn');
      await world.assess(id);
      expect(await world.states(id)).toEqual(['released', 'released']);
      expect(await world.quota(lines[0]?.idNumber ?? '')).toEqual([]);
      await world.demandSound(id);
      const again = await world.assessed(lines);
      expect(await world.states(again)).toEqual(['reserved', 'reserved']);
      const stored = await world.item({ pk: `CLAIM#${id}`, sk: 'META' });
      expect([stored?.['wpk'], stored?.['lineWork']]).toEqual([undefined, undefined]);
    });

    test('needs a reason, the own claim, and a state that allows it', async () => {
      const id = await world.draft([certifiedLine(1)]);
      const bare = await world.asApplicant(enterprise, 'POST /claims/{claimId}/withdrawal', {
        path: { claimId: id },
        body: {},
      });
      expect(bare.status).toBe(400);
      expect((await withdraw(id, rivalEnterprise)).status).toBe(404);
      expect((await withdraw(id)).status).toBe(200);
      expect((await withdraw(id)).body.title).toBe('state-not-permitted');
    });
  });

  test('whoever reviews a claim sees what was found when its class was inspected, as it stands; finance does not', async () => {
    const inspected = await world.acceptedClass({ subject: '巡查班' });
    const { id } = (await open({ ...project, classId: inspected })).body;
    const videos = [1, 2, 3].map(video);
    world.evidence.set(id, { videos, materials: ['sign-in-sheets', 'certificate-list'], pending: [] });
    await put(id, [projectLine(950)]);
    expect((await submit(id)).status).toBe(200);
    expect((await get(id, officerLin)).body.inspections).toEqual([]);
    const inspection = {
      classId: inspected,
      tenant: enterprise.tenant,
      authority: officerLin.tenant,
      heldAt: '2021-04-15T01:30:00Z',
      means: 'on-site' as const,
      inspectors: ['林科员', '周科长'],
      headCount: 12,
      enrolled: 24,
      findings: '实到12人，半数缺席。',
      result: 'irregular' as const,
      reason: '实到人数不足名册一半',
    };
    const first = { ...inspection, id: 'A'.repeat(26), headCount: 21 };
    await world.deps.inspections.add(first, systemActor('test'), world.clock.now());
    const second = { ...inspection, id: 'B'.repeat(26), corrects: first.id };
    await world.deps.inspections.add(second, systemActor('test'), world.clock.now());
    const { heldAt, means, headCount, enrolled, result, reason } = inspection;
    const seen = [{ id: second.id, heldAt, means, headCount, enrolled, result, reason }];
    for (const reader of [officerLin, enterprise]) expect((await get(id, reader)).body.inspections).toEqual(seen);
    expect((await get(id, finance)).body).not.toHaveProperty('inspections');
    const { id: classless } = (await open({ programme: 'qualification', route: 'enterprise' })).body;
    expect((await get(classless)).body).not.toHaveProperty('inspections');
  });
});

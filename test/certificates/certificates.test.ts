import { PutCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { certificateRoutes } from '../../functions/records-api/certificate-routes.ts';
import { systemActor } from '../../shared/access/actor.ts';
import { createAuditTrails } from '../../shared/aws/audit-table.ts';
import { createCertificateTable } from '../../shared/aws/certificate-table.ts';
import { createIdempotencyTable } from '../../shared/aws/idempotency-table.ts';
import { createPersonalData } from '../../shared/aws/keyed-personal-data.ts';
import { ephemeralKeyring } from '../../shared/aws/keyring.ts';
import { certificateNumber, lastSerial } from '../../shared/certificates/certificate-number.ts';
import type { ClassRecord } from '../../shared/classes/class-filing.ts';
import { idFromCause } from '../../shared/clock/ids.ts';
import { createHttpHandler } from '../../shared/lambda/http-handler.ts';
import { EDITIONS } from '../../shared/regulation/editions/registry.ts';
import { canonicalIdentityNumber } from '../../shared/regulation/identity-number.ts';
import { verifyAudit } from '../../shared/supervision/audit-export.ts';
import { call, recordedEdge, settableClock } from '../support/http.ts';
import { admin, enterprise, identityNumber, officerLin, officerOfOuhai } from '../support/people.ts';
import { openTestTable } from '../support/table.ts';

describe('certificate numbers', () => {
  test('the example of annex 4, and the last of a year', () => {
    expect(certificateNumber('A', 2020, 1)).toBe('温AP2000001');
    expect(certificateNumber('Z', 2009, lastSerial)).toBe('温ZP0999999');
  });

  test.each([
    ['A', 0],
    ['A', lastSerial + 1],
    ['A', 1.5],
    ['a', 1],
    ['AB', 1],
    ['', 1],
  ])('%j with serial %d is no number', (letter, serial) => {
    expect(() => certificateNumber(letter, 2020, serial)).toThrow(RangeError);
  });

  test('different serials never share a number', () => {
    const serial = fc.integer({ min: 1, max: lastSerial });
    fc.assert(
      fc.property(serial, serial, (a, b) => {
        expect(certificateNumber('B', 2021, a) === certificateNumber('B', 2021, b)).toBe(a === b);
      }),
      { seed: 58 },
    );
  });
});

describe('issuing', () => {
  let engine: Awaited<ReturnType<typeof openTestTable>>;
  const clock = settableClock('2021-03-20T01:00:00Z');
  const personal = createPersonalData(ephemeralKeyring());
  const classes = new Map<string, ClassRecord>();
  let handler: ReturnType<typeof createHttpHandler>;
  // Whom the classes were filed with, by the stored roster: `r` is the accepted one unless a test says otherwise.
  const rosters = new Map<string, { name: string; idNumber: string }[]>();
  const store = () => createCertificateTable(engine.table, personal);

  const content = {
    programme: 'project',
    route: 'enterprise',
    district: 'lucheng',
    endsOn: '2021-03-19',
    subject: '数控车床操作',
  };
  const newClass = (name: string, district = 'lucheng', isAccepted = true): string => {
    const id = idFromCause(name);
    const owner = { tenant: enterprise.tenant, authority: 'hr-bureau/lucheng' };
    const record = { id, ...owner, content: { ...content, district }, rosterId: 'r', filedOn: '2021-03-01' };
    classes.set(id, {
      ...record,
      ...(isAccepted ? { accepted: { content: record.content, rosterId: 'r' } } : {}),
    } as unknown as ClassRecord);
    return id;
  };
  const people = (from: number, count: number) =>
    Array.from({ length: count }, (_, n) => ({
      name: `学员${from + n}`,
      idNumber: identityNumber('19900101', from + n),
    }));

  beforeAll(async () => {
    engine = await openTestTable();
    rosters.set('r', people(1, 999));
    const trainees = async (_: string, rosterId: string) =>
      Promise.all(
        (rosters.get(rosterId) ?? []).map(async ({ name, idNumber }) => {
          return { name, idMasked: '', personHash: await personal.hash(canonicalIdentityNumber(idNumber)) };
        }),
      );
    const filed = { find: async (id: string) => classes.get(id), trainees };
    const deps = { certificates: store(), classes: filed, personal, editions: EDITIONS, clock };
    handler = createHttpHandler(certificateRoutes, deps, recordedEdge(createIdempotencyTable(engine.table), clock));
    await store().setLetter('lucheng', 'B', systemActor('test'), clock.now());
  });
  afterAll(async () => engine.stop());

  const issue = async (classId: string, trainees: unknown, as = officerLin) =>
    call(handler, { route: 'POST /classes/{classId}/certificates', path: { classId }, body: { trainees }, as });
  const check = async (number: string) => call(handler, { route: 'GET /certificates/{number}', path: { number } });
  const numbersOf = (answer: { body: { certificates: { number: string }[] } }) =>
    answer.body.certificates.map(({ number }) => number);

  test('many officers at once: no gap, no repeat, one per person and class', async () => {
    const ids = Array.from({ length: 6 }, (_, n) => newClass(`rush-${n}`));
    const answers = await Promise.all([...ids, ...ids].map(async (id, n) => issue(id, people(100 + (n % 6) * 20, 15))));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const numbers = new Set(answers.flatMap(numbersOf));
    const expected = Array.from({ length: 90 }, (_, n) => certificateNumber('B', 2021, n + 1));
    expect([...numbers].toSorted()).toEqual(expected);
  });

  test('a list longer than a transaction is issued whole; a repeated person gets one', async () => {
    const id = newClass('long');
    const list = people(300, 65);
    const first = list[0] as { name: string; idNumber: string };
    const issued = await issue(id, [...list, { ...first, idNumber: ` ${first.idNumber} ` }]);
    expect(numbersOf(issued)).toHaveLength(65);
    expect(numbersOf(await issue(id, list))).toEqual(numbersOf(issued));
  });

  test('the year turns in Shanghai, and each year counts anew', async () => {
    clock.set('2021-12-31T15:59:59.999Z');
    const [old] = numbersOf(await issue(newClass('old-year'), people(400, 1)));
    clock.set('2021-12-31T16:00:00Z');
    const [fresh] = numbersOf(await issue(newClass('new-year'), people(401, 1)));
    expect([old?.slice(0, 5), fresh]).toEqual(['温BP21', '温BP2200001']);
    clock.set('2021-03-20T01:00:00Z');
  });

  test('the last number of a year is given, the one after it is not, and nothing of that list is issued', async () => {
    await store().setLetter('ouhai', 'C', systemActor('test'), clock.now());
    const Item = { pk: 'CERTIFICATECOUNTER#C#2021', sk: 'COUNTER', last: lastSerial - 1 };
    await engine.table.client.send(new PutCommand({ TableName: 'jipei', Item }));
    const two = await issue(newClass('full-2', 'ouhai'), people(500, 2));
    expect(two.body.title).toBe('numbers-exhausted');
    expect(numbersOf(await issue(newClass('full-1', 'ouhai'), people(502, 1)))).toEqual(['温CP2199999']);
    expect((await issue(newClass('full-0', 'ouhai'), people(503, 1))).body.title).toBe('numbers-exhausted');
  });

  test('anybody can check a number, and learns no more than the paper shows', async () => {
    const [number = ''] = numbersOf(
      await issue(newClass('check'), [{ name: '学员600', idNumber: identityNumber('19900101', 600) }]),
    );
    expect((await check(` ${number}`)).body).toEqual({
      number,
      subject: '数控车床操作',
      issuedOn: '2021-03-20',
      holder: '学****',
    });
    expect((await check('温BP2199998')).status).toBe(404);
    // The HTTP API has decoded the path once: whoever asks for %25 asks for a number that is a per cent sign.
    for (const odd of ['%', '%25', '%E0%A4%A']) expect((await check(odd)).status).toBe(404);
  });

  test.each([
    ['a class not accepted', () => newClass('draft', 'lucheng', false), 409],
    ['a place without a letter', () => newClass('nowhere', 'longwan'), 422],
    ['an unknown class', () => idFromCause('none'), 404],
  ])('%s gets none', async (_, make, status) => {
    expect((await issue(make(), people(700, 1))).status).toBe(status);
  });

  test('a class that still runs, a foreign officer, a wrong number', async () => {
    const id = newClass('guarded');
    clock.set('2021-03-18T15:59:59Z');
    expect((await issue(id, people(701, 1))).status).toBe(409);
    clock.set('2021-03-18T16:00:00Z');
    expect((await issue(id, people(701, 1))).status).toBe(200);
    expect((await issue(id, people(702, 1), officerOfOuhai)).status).toBe(404);
    expect((await issue(id, [{ name: '甲', idNumber: '330302199001011234' }])).body.problems).toHaveLength(1);
    clock.set('2021-03-20T01:00:00Z');
  });

  test('only whom the class was filed with, by the name on the accepted roster; a problem for each who is not', async () => {
    const id = newClass('roster');
    const [first, second, third] = people(710, 3);
    const stranger = { name: '某人', idNumber: identityNumber('19880101', 1) };
    const refused = await issue(id, [first, stranger, { ...second, name: '学圆711' }, third]);
    expect([refused.status, refused.body.problems.map(({ path }: { path: string }) => path)]).toEqual([
      400,
      ['body.trainees[1].idNumber', 'body.trainees[2].name'],
    ]);
    expect(await store().ofClass(id)).toEqual([]);
    expect(numbersOf(await issue(id, [first, second, third]))).toHaveLength(3);
  });

  test('a roster that still waits for acceptance certifies nobody', async () => {
    const id = newClass('changed');
    const record = classes.get(id) as ClassRecord;
    rosters.set('new', people(720, 1));
    rosters.set('accepted', people(721, 1));
    classes.set(id, { ...record, rosterId: 'new', accepted: { ...record.accepted, rosterId: 'accepted' } as never });
    expect((await issue(id, people(720, 1))).status).toBe(400);
    expect(numbersOf(await issue(id, people(721, 1)))).toHaveLength(1);
  });

  test('the answer names those who were asked for, however many the class has', async () => {
    const id = newClass('asked');
    await issue(id, people(730, 3));
    expect((await issue(id, people(732, 2))).body.certificates.map(({ name }: { name: string }) => name)).toEqual([
      '学员732',
      '学员733',
    ]);
    expect((await issue(id, people(1, 501))).status).toBe(400);
  });

  test('a list that would run out half way is refused before its first number', async () => {
    await store().setLetter('dongtou', 'E', systemActor('test'), clock.now());
    const Item = { pk: 'CERTIFICATECOUNTER#E#2021', sk: 'COUNTER', last: lastSerial - 34 };
    await engine.table.client.send(new PutCommand({ TableName: 'jipei', Item }));
    const id = newClass('half-way', 'dongtou');
    expect((await issue(id, people(740, 35))).body.title).toBe('numbers-exhausted');
    expect(await store().ofClass(id)).toEqual([]);
    expect(numbersOf(await issue(id, people(740, 34)))).toHaveLength(34);
  });

  test('a wrong certificate is cancelled with its reason; its number is never used again, its holder gets another', async () => {
    const id = newClass('cancelled');
    const [number = ''] = numbersOf(await issue(id, people(790, 1)));
    const cancel = async (as = officerLin, key?: string) =>
      call(handler, {
        route: 'POST /certificates/{number}/cancellation',
        path: { number },
        body: { reason: '姓名有误' },
        as,
        ...(key === undefined ? {} : { key }),
      });
    expect((await cancel(officerOfOuhai)).status).toBe(404);
    expect((await cancel(enterprise)).status).toBe(403);
    expect((await cancel()).body).toMatchObject({ number, cancelledOn: '2021-03-20' });
    expect((await cancel()).body.title).toBe('state-not-permitted');
    expect((await check(number)).body).toMatchObject({ number, cancelledOn: '2021-03-20' });
    const [another = ''] = numbersOf(await issue(id, people(790, 1)));
    expect(another > number).toBe(true);
    expect((await check(another)).body.cancelledOn).toBeUndefined();
    expect((await store().ofClass(id)).map((issued) => issued.number)).toEqual([another]);
    const trail = await createAuditTrails(engine.table).read(number, `CERTIFICATENUMBER#${number}`);
    expect(verifyAudit(trail).holds).toBe(true);
    expect(trail.records.map(({ action, reason }) => [action, reason])).toEqual([
      ['certificate-issued', undefined],
      ['certificate-cancelled', '姓名有误'],
    ]);
  });

  describe('letters', () => {
    const set = async (district: string, letter: string, as = admin) =>
      call(handler, { route: 'POST /settings/certificate-letters', body: { district, letter }, as });

    test('a letter stays once a number was issued under it, and belongs to one place', async () => {
      await issue(newClass('in-use'), people(750, 1));
      expect((await set('lucheng', 'B')).status).toBe(200);
      expect((await set('lucheng', 'D')).body.title).toBe('already-exists');
      expect((await set('longwan', 'B')).body.title).toBe('already-exists');
      expect((await set('longwan', 'D', officerLin)).status).toBe(403);
    });

    test('a slip is corrected as long as no number was issued under it, also of another year', async () => {
      expect((await set('longwan', 'F')).status).toBe(200);
      expect((await set('longwan', 'G')).body.letters).toMatchObject({ longwan: 'G' });
      expect((await set('jingkai', 'F')).body.letters).toMatchObject({ jingkai: 'F', longwan: 'G' });
      await issue(newClass('first-of-g', 'longwan'), people(751, 1));
      clock.set('2023-01-05T01:00:00Z');
      expect((await set('longwan', 'H')).body.title).toBe('already-exists');
      clock.set('2021-03-20T01:00:00Z');
    });

    test('a place that no edition knows has none', async () => {
      expect((await set('atlantis', 'J')).body.problems).toMatchObject([{ path: 'body.district' }]);
    });

    test('a letter that was corrected after it was read numbers nothing', async () => {
      await set('oujiangkou', 'K');
      const certified = { id: newClass('raced', 'oujiangkou'), tenant: '', subject: '', district: 'oujiangkou' };
      await set('oujiangkou', 'L');
      const order = { class: certified, letter: 'K', issuedOn: '2021-03-20', trainees: people(760, 1) };
      await expect(store().issue(order, systemActor('test'), clock.now())).rejects.toMatchObject({
        code: 'changed-meanwhile',
      });
    });
  });
});

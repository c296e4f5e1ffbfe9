import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemActor } from '../../shared/access/actor.ts';
import { createClassTable } from '../../shared/aws/class-table.ts';
import { createFundApplicationTable } from '../../shared/aws/fund-application-table.ts';
import { createPersonalData } from '../../shared/aws/keyed-personal-data.ts';
import { ephemeralKeyring } from '../../shared/aws/keyring.ts';
import { createNoticeTable } from '../../shared/aws/notice-table.ts';
import { createObjectionTable } from '../../shared/aws/objection-table.ts';
import { createOrganisationTable } from '../../shared/aws/organisation-table.ts';
import { createPaymentTable } from '../../shared/aws/payment-table.ts';
import { createRecoveryTable } from '../../shared/aws/recovery-table.ts';
import type { Item, Key } from '../../shared/aws/table.ts';
import { creation, writeAllOrThrow } from '../../shared/aws/transition.ts';
import type { ClassRecord } from '../../shared/classes/class-filing.ts';
import { type ClassState, classStates } from '../../shared/classes/class-states.ts';
import { idFromCause } from '../../shared/clock/ids.ts';
import { applicationStates, type FundApplication } from '../../shared/payments/fund-application.ts';
import {
  type BankWord,
  type BatchMove,
  type BatchState,
  batchStates,
  type PaymentBatch,
  type Transfer,
  type TransferState,
  transferStates,
} from '../../shared/payments/transfer.ts';
import type { PublishedNotice } from '../../shared/publicity/notice.ts';
import { noticePeriod } from '../../shared/publicity/notice-period.ts';
import { defaultNoticeSettings } from '../../shared/publicity/notice-settings.ts';
import {
  type NoticeState,
  noticeStates,
  type ObjectionState,
  objectionStates,
} from '../../shared/publicity/notice-states.ts';
import type { Objection } from '../../shared/publicity/objection.ts';
import { claimId, seedApprovedClaim } from '../support/approved-claim.ts';
import { ampleRoom } from '../support/batch-room.ts';
import { classContent } from '../support/class-content.ts';
import { seedAccount, seedClearedClaim } from '../support/cleared-claim.ts';
import { enterpriseFacts } from '../support/registered.ts';
import { openTestTable } from '../support/table.ts';

const by = systemActor('test');
const at = new Date('2021-03-08T01:00:00Z');
const act = { by, at };

/*
 * Moves of claims and lines have tests of their own (claim-writes, line-writes), evidence too (evidence-table). Here are
 * the others: each move tried from each state that the table really has, once with the record as it is, and once with
 * one that pretends to be in a state that permits the move.
 */
describe('moves of notices, objections, filings, batches, transfers, fund applications and recoveries', () => {
  let engine: Awaited<ReturnType<typeof openTestTable>>;
  const personal = createPersonalData(ephemeralKeyring());
  beforeAll(async () => {
    engine = await openTestTable();
    await createOrganisationTable(engine.table, personal).save('ent-moves', enterpriseFacts, by, at);
  });
  afterAll(async () => engine.stop());

  const get = async (Key: Key): Promise<Item> =>
    (await engine.table.client.send(new GetCommand({ TableName: 'jipei', Key, ConsistentRead: true }))).Item ?? {};
  const force = async (Key: Key, st: string) =>
    engine.table.client.send(
      new UpdateCommand({
        TableName: 'jipei',
        Key,
        UpdateExpression: 'SET st = :st',
        ExpressionAttributeValues: { ':st': st },
      }),
    );

  /** Tries a move on an item in a state, and tells whether it took place: a step of the version, or none. */
  const tried = async (key: Key, stored: string, move: () => Promise<unknown>): Promise<boolean> => {
    await force(key, stored);
    const before = await get(key);
    const refusal = await move().then(
      () => undefined,
      (error: { code?: string }) => error.code ?? error,
    );
    const after = await get(key);
    const steps = Number(after['version']) - Number(before['version']);
    expect(after).toEqual(steps === 0 ? before : expect.objectContaining({ version: Number(before['version']) + 1 }));
    expect([undefined, 'changed-meanwhile', 'state-not-permitted']).toContain(refusal);
    return steps === 1;
  };

  describe('a notice', () => {
    const period = noticePeriod('2021-03-08', { days: 5, unit: 'working', firstDayCounts: false });
    const totals = { units: 1, persons: 0, heads: 1, amountFen: 1 };
    const store = () => createNoticeTable(engine.table);
    const moves: Record<string, { from: readonly NoticeState[]; go: (notice: PublishedNotice) => Promise<unknown> }> = {
      publish: {
        from: ['preparing'],
        go: async (notice) =>
          store().publish(notice, { period, totals, snapshotHash: 'h', unpublishedRows: [], leftOut: [] }, act),
      },
      drop: { from: ['preparing'], go: async (notice) => store().drop(notice, act) },
      close: { from: ['running'], go: async (notice) => store().close(notice, '2021-04-30', act) },
      'take rows down of': {
        from: ['running', 'closed', 'archived'],
        go: async (notice) =>
          store().withdraw(notice, { withdrawn: [], shownHash: 'h3', rowNos: [1], reason: '名称有误' }, act),
      },
      'take the annex down of': {
        from: ['closed'],
        go: async (notice) => store().removeAnnex(notice, 'h2', '2021-05-01', act),
      },
      archive: { from: ['closed'], go: async (notice) => store().archive(notice, act) },
    };
    const numbered = async (name: string, isPublished: boolean): Promise<string> => {
      const id = claimId(name);
      const authority = `hr-bureau/${name.toLowerCase()}`;
      await seedApprovedClaim(engine.table, { id, authority, lines: [{ fen: 1 }] });
      const settings = defaultNoticeSettings(authority, 5);
      const series = { authority, programme: 'project' as const };
      const draft = { series, year: 2021, edition: 'wenzhou-2020-58', settings, candidates: [id], mostRows: 10 };
      const notice = await store().begin(draft, act);
      if (notice === undefined) throw new Error('not begun');
      if (isPublished)
        await store().publish(notice, { period, totals, snapshotHash: 'h', unpublishedRows: [], leftOut: [] }, act);
      return notice.id;
    };

    test.each(Object.keys(moves))('to %s it is possible in its own states, whatever was read', async (name) => {
      const { from, go } = moves[name] ?? { from: ['preparing' as const], go: async () => undefined };
      for (const st of noticeStates) {
        const id = await numbered(
          `${name.replace(/[^a-z]/g, '').slice(0, 8)}${st}`,
          st !== 'preparing' || (name !== 'publish' && name !== 'drop'),
        );
        const key = { pk: `NOTICE#${id}`, sk: 'META' };
        const read = async () => (await store().find(id)) as PublishedNotice;
        const [permitted = st] = from;
        const pretended =
          !from.includes(st) && (await tried(key, st, async () => go({ ...(await read()), st: permitted })));
        expect([st, pretended]).toEqual([st, false]);
        expect([st, await tried(key, st, async () => go(await read()))]).toEqual([st, from.includes(st)]);
      }
    });
  });

  describe('an objection', () => {
    const store = () => createObjectionTable(engine.table);
    const stored = async (name: string, st: ObjectionState): Promise<Objection> => {
      const id = idFromCause('objection', name, st);
      const noticeId = idFromCause('notice', name, st);
      const own = claimId(`OB${name}${st}`);
      await seedApprovedClaim(engine.table, { id: own, lines: [{ fen: 1 }] });
      await engine.table.client.send(
        new UpdateCommand({
          TableName: 'jipei',
          Key: { pk: `CLAIM#${own}`, sk: 'META' },
          UpdateExpression: 'SET st = :p, openObjections = :one',
          ExpressionAttributeValues: { ':p': 'publicised', ':one': 1 },
        }),
      );
      const item = {
        pk: `NOTICE#${noticeId}`,
        sk: `OBJECTION#${id}`,
        type: 'objection',
        st,
        id,
        noticeId,
        noticeTitle: '公示',
        claimId: own,
        rowNo: 1,
        authority: 'hr-bureau/lucheng',
        kind: 'anonymous',
        receiptNumber: id,
        sealedReason: 'v1.x',
        sealedObjector: 'v1.y',
        contentHash: 'h',
        dueAt: at.toISOString(),
        decision: { result: 'dismissed', reason: '经核查不实', by, at: at.toISOString() },
      };
      const pointer = { pk: `OBJECTION#${id}`, sk: 'NOTICE', noticeId, objectionId: id };
      const audit = { action: 'objection-lodged', by, at: at.toISOString() };
      await writeAllOrThrow(engine.table, [
        ...creation(engine.table, noticeId, item, audit),
        { Put: { TableName: 'jipei', Item: pointer } },
      ]);
      const objection = await store().find(id);
      if (objection === undefined) throw new Error('not stored');
      return objection;
    };
    const decision = { result: 'dismissed', reason: '经核查不实', by, at: at.toISOString() } as const;

    test.each([
      ['decided', 'open', async (one: Objection) => store().decide(one, decision)],
      ['ended', 'deciding', async (one: Objection) => store().finish(one, false, act)],
    ] as const)('is %s in one state, whatever was read', async (name, from, go) => {
      for (const st of objectionStates) {
        const objection = await stored(name, st);
        const key = { pk: `NOTICE#${objection.noticeId}`, sk: `OBJECTION#${objection.id}` };
        expect([st, await tried(key, st, async () => go({ ...objection, st: from }))]).toEqual([st, st === from]);
        const asItIs = st !== from && (await tried(key, st, async () => go(objection)));
        expect([st, asItIs]).toEqual([st, false]);
        const claim = await get({ pk: `CLAIM#${objection.claimId}`, sk: 'META' });
        expect([st, claim['openObjections']]).toEqual([st, name === 'ended' && st === from ? 0 : 1]);
      }
    });
  });

  describe('a filing', () => {
    const store = () => createClassTable(engine.table, personal);
    const content = classContent;
    const accepted = {
      contentVersion: 1,
      content,
      enrolled: 0,
      filedOn: '2021-03-08',
      acceptedBy: by,
      acceptedAt: at.toISOString(),
    };
    const filing = { authority: 'hr-bureau/lucheng', filedOn: '2021-03-08', dueAt: at };
    const change = { content, authority: filing.authority, trainees: [], filing };
    const moves: Record<string, { from: readonly ClassState[]; go: (record: ClassRecord) => Promise<unknown> }> = {
      changed: { from: classStates, go: async (record) => store().change(record, change, by, at) },
      filed: { from: ['draft'], go: async (record) => store().file(record, filing, by, at) },
      accepted: { from: ['filed'], go: async (record) => store().accept(record, accepted, false, '同意受理') },
      refused: { from: ['filed'], go: async (record) => store().refuse(record, '材料不符', by, at) },
    };

    test.each(Object.keys(moves))('is %s in the states that permit it, whatever was read', async (name) => {
      const { from, go } = moves[name] ?? { from: [], go: async () => undefined };
      for (const st of classStates) {
        const id = idFromCause('class', name, st);
        const key = { pk: `CLASS#${id}`, sk: 'META' };
        const draft = { id, tenant: 'ent-aoke', applicantName: '奥科', authority: 'hr-bureau/lucheng', content };
        await store().create(draft, [], by, at);
        const read = async () => (await store().find(id)) as ClassRecord;
        const permitted = from[0] ?? 'draft';
        const pretended =
          !from.includes(st) && (await tried(key, st, async () => go({ ...(await read()), st: permitted })));
        expect([st, pretended]).toEqual([st, false]);
        expect([st, await tried(key, st, async () => go(await read()))]).toEqual([st, from.includes(st)]);
        const stale = { ...(await read()), version: 99 };
        expect([st, await tried(key, permitted, async () => go({ ...stale, st: permitted }))]).toEqual([st, false]);
      }
    });
  });

  describe('a transfer', () => {
    const words: readonly BankWord[] = ['paid', 'bounced', 'unknown'];
    /** What the bank may say of a transfer in each state, written down beside the product's own table. */
    const effects: Readonly<Record<TransferState, Readonly<Record<BankWord, 'applied' | 'known' | 'contradicts'>>>> = {
      prepared: { paid: 'applied', bounced: 'applied', unknown: 'applied' },
      unknown: { paid: 'applied', bounced: 'applied', unknown: 'known' },
      paid: { paid: 'known', bounced: 'applied', unknown: 'contradicts' },
      bounced: { paid: 'contradicts', bounced: 'known', unknown: 'contradicts' },
    };
    const saying: Readonly<Record<TransferState, readonly BankWord[]>> = {
      prepared: [],
      unknown: ['unknown'],
      paid: ['paid'],
      bounced: ['bounced'],
    };

    /** To a trainee of one line or of several, and to a unit for all its lines. */
    const payees = [
      { payee: 'trainee', fens: [100] },
      { payee: 'trainee', fens: [100, 40, 5] },
      { payee: 'applicant', fens: [100, 40, 5] },
    ] as const;

    test.each(
      payees.flatMap((to) =>
        transferStates.flatMap((st) => words.map((word) => [to.payee, to.fens.length, st, word, to] as const)),
      ),
    )('to the %s of %i lines, %s, of which the bank says %s', async (payee, lines, st, word, { fens }) => {
      const account = `t-${payee}-${lines}-${st}-${word}`;
      const own = idFromCause('claim', account);
      const sum = fens.reduce((all: number, fen) => all + fen, 0);
      const payments = createPaymentTable(engine.table, personal, createOrganisationTable(engine.table, personal));
      await seedAccount(engine.table, account, 0, sum);
      await seedClearedClaim(engine.table, personal, { id: own, account, payee, tenant: 'ent-moves', fens });
      const order = {
        id: idFromCause('batch', account),
        account,
        payee,
        payer: 'finance',
      };
      const batch = await payments.collect(await payments.openBatch(order, by, at), ampleRoom, by, at);
      const transfers = await payments.transfersOf(batch.id);
      expect(transfers.map(({ fen }) => fen).toSorted((a, b) => b - a)).toEqual(payee === 'trainee' ? fens : [sum]);
      const { reference, fen } = transfers[0] as Transfer;
      const say = async (one: BankWord) =>
        (await payments.apply(batch, [{ row: 2, reference, word: one, bankSerial: 'B1', reason: '' }], by, at))[0];
      for (const before of saying[st]) await say(before);
      const key = { pk: `BATCH#${batch.id}`, sk: `TRANSFER#${reference}` };
      const balanceKey = { pk: `FUND#${account}#0`, sk: 'BALANCE' };
      const was = [await get(key), await get(balanceKey)];
      expect(was[0]?.['st']).toBe(st);
      const effect = effects[st][word];
      expect(await say(word)).toBe(effect);
      const is = [await get(key), await get(balanceKey)];
      const version = Number(was[0]?.['version']);
      expect(is[0]).toMatchObject(effect === 'applied' ? { st: word, version: version + 1 } : (was[0] ?? {}));
      const paid = is[0]?.['st'] === 'paid' ? fen : 0;
      expect(is[1]).toMatchObject({ available: 0, escrow: sum - paid, paid });
      // The same word again finds it known; two at once move the money once.
      expect(new Set(await Promise.all([say(word), say(word)]))).toEqual(
        new Set([effect === 'contradicts' ? effect : 'known']),
      );
      expect(await get(balanceKey)).toEqual(is[1]);
    });
  });

  describe('a payment batch', () => {
    const account = 'b-moves';
    const stores = () => createPaymentTable(engine.table, personal, createOrganisationTable(engine.table, personal));
    interface Move {
      from: readonly BatchState[];
      go: (batch: PaymentBatch) => Promise<unknown>;
      /** It looks at the batch again by itself: what its caller read is no matter. */
      looksAgain?: true;
    }
    const moves: Record<BatchMove, Move> = {
      'batch-closed': {
        from: ['collecting'],
        go: async (batch) => stores().collect(batch, ampleRoom, by, at),
        looksAgain: true,
      },
      'bank-file-exported': {
        from: ['ready', 'settled'],
        go: async (batch) => stores().recordExport(batch, 'h', by, at),
      },
      'batch-settled': { from: ['ready'], go: async (batch) => stores().closeBatch(batch, by, at) },
    };

    test.each(Object.keys(moves) as BatchMove[])(
      '%s only in the states that permit it, whatever was read',
      async (name) => {
        const { from, go, looksAgain = false } = moves[name];
        for (const st of batchStates) {
          const mayByItself = looksAgain && from.includes(st);
          const id = idFromCause('batch', name, st);
          const key = { pk: `BATCH#${id}`, sk: 'META' };
          await stores().openBatch({ id, account, payee: 'trainee', payer: 'finance' }, by, at);
          const read = async () => (await stores().findBatch(id)) as PaymentBatch;
          for (const pretended of batchStates.filter((each) => each !== st)) {
            const forged = async () => go({ ...(await read()), st: pretended });
            expect([st, pretended, await tried(key, st, forged)]).toEqual([st, pretended, mayByItself]);
          }
          expect([st, await tried(key, st, async () => go(await read()))]).toEqual([st, from.includes(st)]);
          const late = async () => go({ ...(await read()), version: 99 });
          expect([st, await tried(key, st, late)]).toEqual([st, mayByItself]);
        }
      },
    );
  });

  test.each(applicationStates)('a fund application that is %s is paid out only as applied for', async (st) => {
    const store = createFundApplicationTable(engine.table);
    const authority = `industry-department/city/city/局-${st}`;
    const order = { id: idFromCause('application', st), authority, receiptNumber: 'SJ-1' };
    const own = idFromCause('claim', authority);
    await seedClearedClaim(engine.table, personal, {
      id: own,
      account: 'f-1',
      authority,
      payee: 'applicant',
      fens: [5],
    });
    expect((await store.apply(order, by, at))?.totalFen).toBe(5);
    const key = { pk: `FUNDAPPLICATION#${order.id}`, sk: 'META' };
    const read = async () => (await store.find(order.id)) as FundApplication;
    for (const pretended of applicationStates.filter((each) => each !== st)) {
      const forged = async () =>
        store.fund({ ...(await read()), st: pretended }, { bankSerial: 'S-1', totalFen: 5 }, by, at);
      expect([pretended, await tried(key, st, forged)]).toEqual([pretended, false]);
    }
    expect(await tried(key, st, async () => store.fund(await read(), { bankSerial: 'S-1', totalFen: 5 }, by, at))).toBe(
      st === 'applied',
    );
    expect(
      await tried(key, 'applied', async () =>
        store.fund({ ...(await read()), version: 99 }, { bankSerial: 'S-1', totalFen: 5 }, by, at),
      ),
    ).toBe(false);
  });

  test('a settled recovery takes no more money, whatever was read', async () => {
    const recoveries = createRecoveryTable(engine.table, personal);
    const payments = createPaymentTable(engine.table, personal, createOrganisationTable(engine.table, personal));
    const [account, own] = ['r-1', idFromCause('claim', 'recovered')];
    await seedAccount(engine.table, account, 0, 100);
    await seedClearedClaim(engine.table, personal, { id: own, account, fens: [100] });
    const order = {
      id: idFromCause('batch', account),
      account,
      payee: 'trainee' as const,
      payer: 'finance',
    };
    const batch = await payments.collect(await payments.openBatch(order, by, at), ampleRoom, by, at);
    const [transfer] = await payments.transfersOf(batch.id);
    const receipt = {
      row: 2,
      reference: transfer?.reference ?? '',
      word: 'paid' as const,
      bankSerial: 'B2',
      reason: '',
    };
    await payments.apply(batch, [receipt], by, at);
    await payments.settleClaim(batch.id, own, by, at);
    const claim = await recoveries.claim(own);
    if (claim === undefined) throw new Error('no claim');
    const lines = [{ lineId: 'L1', lineNo: 1, version: claim.lines[0]?.version ?? 0, demandedFen: 40 }];
    const demanded = await recoveries.demand(claim, { id: 'R1', document: '文书', reason: '责令退回', lines }, by, at);
    const whole = { bankSerial: 'S1', digest: 'd', lines: [{ lineId: 'L1', fen: 40 }] };
    const settled = await recoveries.receive(claim, demanded, whole, by, at);
    expect(settled.st).toBe('settled');
    const balance = await get({ pk: `FUND#${account}#0`, sk: 'BALANCE' });
    for (const read of [settled, demanded, { ...settled, st: 'demanded' as const }]) {
      const more = recoveries.receive(
        claim,
        read,
        { bankSerial: `S-${read.st}-${read.version}`, digest: 'd', lines: [{ lineId: 'L1', fen: 10 }] },
        by,
        at,
      );
      await expect(more).rejects.toMatchObject({ code: 'changed-meanwhile' });
    }
    expect(await get({ pk: `FUND#${account}#0`, sk: 'BALANCE' })).toEqual(balance);
  });
});

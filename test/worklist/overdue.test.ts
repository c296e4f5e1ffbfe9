import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHandler } from '../../functions/sweep-work/handler.ts';
import { createFundApplicationTable } from '../../shared/aws/fund-application-table.ts';
import { createPersonalData } from '../../shared/aws/keyed-personal-data.ts';
import { ephemeralKeyring } from '../../shared/aws/keyring.ts';
import { moveLine } from '../../shared/aws/line-writes.ts';
import { noticeWorkKeys } from '../../shared/aws/notice-items.ts';
import { createPaymentTable } from '../../shared/aws/payment-table.ts';
import { readPartition } from '../../shared/aws/read.ts';
import type { Key } from '../../shared/aws/table.ts';
import { writeAllOrThrow } from '../../shared/aws/transition.ts';
import { createWorklistTable } from '../../shared/aws/worklist-table.ts';
import type { ClaimState } from '../../shared/claims/claim-states.ts';
import type { ClassState } from '../../shared/classes/class-states.ts';
import type { FundApplication } from '../../shared/payments/fund-application.ts';
import type { PaymentBatch, TransferState } from '../../shared/payments/transfer.ts';
import { lodgeObjection } from '../../shared/publicity/lodge-objection.ts';
import type { NoticeState, ObjectionState } from '../../shared/publicity/notice-states.ts';
import { type WorklistKind, worklistKinds, worklistPartition } from '../../shared/worklist/worklist-kinds.ts';
import { claimId, seedApprovedClaim } from '../support/approved-claim.ts';
import { seedClearedClaim } from '../support/cleared-claim.ts';
import { recordedEdge, settableClock } from '../support/http.ts';
import { openNoticeWorld } from '../support/notice-world.ts';
import { putClaim, putLine } from '../support/stored-claim.ts';
import { openTestTable } from '../support/table.ts';

const day = 24 * 60 * 60_000;
const minute = 60_000;

/** By when what waits in a state rings: days after `wsk`, or why nobody is waited for. */
type Watch = { kind: `${string}/${string}`; days: number } | { rings: string } | { over: string };

// One line for every state there is: the compiler finds a state that is forgotten.
const claims: Record<ClaimState, Watch> = {
  draft: { over: 'the applicant has handed nothing in' },
  submitted: { kind: 'claim/submitted', days: 0 },
  assessed: { kind: 'claim/assessed', days: 0 },
  endorsed: { kind: 'claim/endorsed', days: 0 },
  approved: { kind: 'claim/approved', days: 10 },
  'waiting-for-funds': { rings: 'claims-waiting-for-funds, at once' },
  publicised: { kind: 'claim/publicised', days: 30 },
  cleared: { kind: 'claim/cleared', days: 30 },
  paying: { kind: 'claim/paying', days: 15 },
  paid: { over: 'final' },
  returned: { kind: 'claim/correcting', days: 30 },
  refused: { over: 'final' },
  withdrawn: { over: 'final' },
};
const classes: Record<ClassState, Watch> = {
  draft: { over: 'nobody was asked to decide' },
  filed: { kind: 'class/filed', days: 0 },
  accepted: { over: 'final' },
  refused: { over: 'final' },
};
const notices: Record<NoticeState, Watch> = {
  preparing: { kind: 'notice/preparing', days: 10 },
  running: { kind: 'notice/running', days: 1 },
  closed: { over: 'its claims wait for themselves; only its annex is to be taken down' },
  archived: { over: 'final' },
  dropped: { over: 'final' },
};
const objections: Record<ObjectionState, Watch> = {
  open: { kind: 'objection/open', days: 0 },
  deciding: { kind: 'objection/deciding', days: 1 },
  upheld: { over: 'final' },
  dismissed: { over: 'final' },
};
const batches: Record<PaymentBatch['st'], Watch> = {
  collecting: { kind: 'payment/collect', days: 1 },
  // Its claims are `paying` until the bank has spoken about each.
  ready: { kind: 'claim/paying', days: 15 },
  settled: { over: 'final' },
};
const transfers: Record<TransferState, Watch> = {
  prepared: { kind: 'claim/paying', days: 15 },
  unknown: { kind: 'claim/paying', days: 15 },
  paid: { kind: 'payment/settle', days: 1 },
  bounced: { kind: 'line/bounced', days: 30 },
};
const applications: Record<FundApplication['st'], Watch> = {
  applied: { kind: 'fund-application/applied', days: 15 },
  funded: { kind: 'claim/cleared', days: 30 },
};

const watched = [claims, classes, notices, objections, batches, transfers, applications].flatMap((states) =>
  Object.values(states).flatMap((watch) => ('kind' in watch ? [watch] : [])),
);
const kindOf = (name: string): WorklistKind | undefined =>
  worklistKinds.find(({ kind, state }) => `${kind}/${state}` === name);

/** Keys of an item of each entity, and what the log calls it. */
const itemOf: Record<WorklistKind['kind'], { key: (id: string) => Key; name: string }> = {
  claim: { key: (id) => ({ pk: `CLAIM#${id}`, sk: 'META' }), name: 'claimId' },
  line: { key: (id) => ({ pk: `CLAIM#${id}`, sk: 'LINE#0001' }), name: 'claimId' },
  evidence: { key: (id) => ({ pk: `CLAIM#${id}`, sk: `EVIDENCE#${id}` }), name: 'evidenceId' },
  class: { key: (id) => ({ pk: `CLASS#${id}`, sk: 'META' }), name: 'classId' },
  notice: { key: (id) => ({ pk: `NOTICE#${id}`, sk: 'META' }), name: 'noticeId' },
  objection: { key: (id) => ({ pk: 'NOTICE#n', sk: `OBJECTION#${id}` }), name: 'objectionId' },
  payment: { key: (id) => ({ pk: `BATCH#${id}`, sk: 'META' }), name: 'batchId' },
  'fund-application': { key: (id) => ({ pk: `FUNDAPPLICATION#${id}`, sk: 'META' }), name: 'applicationId' },
};

const by = { subject: 'xu', tenant: 'finance', role: 'finance', name: '徐' };
const start = new Date('2021-05-10T01:00:00.000Z');

describe('what waits too long', () => {
  let engine: Awaited<ReturnType<typeof openTestTable>>;
  beforeAll(async () => {
    engine = await openTestTable();
  });
  afterAll(async () => engine.stop());

  function sweeper(table = engine.table) {
    const clock = settableClock(start.toISOString());
    const edge = recordedEdge(undefined as never, clock);
    const handler = createHandler(
      {
        worklist: createWorklistTable(table),
        queues: { send: async () => undefined },
        chores: [],
        countWaitingForFunds: async () => 0,
        balances: async () => [],
        clock,
      },
      edge,
    );
    /** What rings at an instant: how many, and the lines that name them. */
    return async (at: Date) => {
      clock.set(at.toISOString());
      edge.logged.length = 0;
      edge.counted.length = 0;
      await handler({}, {} as never);
      const lines = edge.logged.filter(({ event }) => event === 'overdue').map(({ fields }) => fields);
      return { count: edge.counted.find(({ name }) => name === 'ClaimsOverdue')?.value, lines };
    };
  }

  const itemAt = async ({ pk, sk }: Key) => {
    for await (const item of readPartition(engine.table, pk, sk)) return item;
    throw new Error(`nothing at ${pk} ${sk}`);
  };

  test('every state that waits is on the list of the sweep, under the days it is promised', () => {
    for (const { kind, days } of watched) {
      const found = kindOf(kind);
      expect([kind, found?.isDue === true ? 0 : found?.overdueAfterMs]).toEqual([kind, days * day]);
    }
    const overdue = worklistKinds.filter(({ isDue, overdueAfterMs }) => isDue === true || overdueAfterMs !== undefined);
    expect(overdue.map(({ kind, state }) => `${kind}/${state}`).toSorted()).toEqual(
      [...new Set(watched.map(({ kind }) => kind))].toSorted(),
    );
  });

  test.each([...new Set(watched.map(({ kind }) => kind))])('%s rings at its instant, by its name', async (name) => {
    const kind = kindOf(name);
    if (kind === undefined) throw new Error(`no kind ${name}`);
    const world = await openTestTable();
    const sweep = sweeper(world.table);
    const id = 'X'.padEnd(26, '0');
    const { key, name: field } = itemOf[kind.kind];
    const Item = {
      ...key(id),
      wpk: worklistPartition(kind),
      wsk: start.toISOString(),
      authority: 'hr-bureau/lucheng',
      ...(kind.isDue === true ? { dueAt: start.toISOString() } : {}),
    };
    await world.table.client.send(new PutCommand({ TableName: world.table.name, Item }));
    const due = start.getTime() + (kind.overdueAfterMs ?? 0);
    expect((await sweep(new Date(due - 1))).count).toBe(0);
    // What has a queue is sent again by the first of the two, and rests after it.
    for (const at of kind.queue === undefined ? [due, due + 1] : [due + 10 * minute]) {
      const line = { [field]: id, state: name, authority: 'hr-bureau/lucheng' };
      expect(await sweep(new Date(at))).toMatchObject({ count: 1, lines: [line] });
    }
    await world.stop();
  });

  test('of many that are late, all are counted and the fifty that wait longest are named', async () => {
    const world = await openTestTable();
    const sweep = sweeper(world.table);
    for (let i = 0; i < 52; i += 1) {
      const wsk = new Date(start.getTime() - 31 * day + i).toISOString();
      const Item = { pk: `CLAIM#${i}`, sk: 'META', wpk: 'W#claim#cleared#0', wsk };
      await world.table.client.send(new PutCommand({ TableName: world.table.name, Item }));
    }
    const { count, lines } = await sweep(start);
    expect([count, lines.length, lines[0]]).toEqual([52, 50, { claimId: '0', state: 'claim/cleared' }]);
    await world.stop();
  });

  test('a line whose money came back waits until somebody has said where it shall go', async () => {
    const { table } = engine;
    const claim = await putClaim(table, 'bounced', { st: 'paid' });
    const line = await putLine(table, claim.id, 1, { st: 'paid' });
    const key = { pk: `CLAIM#${claim.id}`, sk: 'LINE#0001' };
    const audit = { by, at: start.toISOString() };
    await writeAllOrThrow(table, moveLine(table, line, 'line-bounced', { audit }));
    const bounced = await itemAt(key);
    expect([bounced['wpk'], bounced['wsk']]).toEqual(['W#line#bounced#0', start.toISOString()]);
    await writeAllOrThrow(table, moveLine(table, bounced as never, 'line-reapplied', { audit }));
    expect((await itemAt(key))['wpk']).toBeUndefined();
  });

  test('a fund application waits until the bureau has transferred', async () => {
    const { table } = engine;
    const personal = createPersonalData(ephemeralKeyring());
    await seedClearedClaim(table, personal, {
      id: claimId('D'),
      authority: 'department/lucheng/agriculture',
      fens: [100],
    });
    const store = createFundApplicationTable(table);
    const id = 'F'.padEnd(26, '0');
    const order = { id, authority: 'department/lucheng/agriculture', receiptNumber: '1' };
    const application = await store.apply(order, by, start);
    if (application === undefined) throw new Error('nothing to apply for');
    const key = { pk: `FUNDAPPLICATION#${id}`, sk: 'META' };
    const waiting = await itemAt(key);
    expect([waiting['wpk'], waiting['wsk']]).toEqual(['W#fund-application#applied#0', start.toISOString()]);
    await store.fund(application, { bankSerial: 'B-1', totalFen: 100 }, by, start);
    expect((await itemAt(key))['wpk']).toBeUndefined();
  });

  test('batches and notices stand where the sweep looks', async () => {
    const { table } = engine;
    const personal = createPersonalData(ephemeralKeyring());
    const payments = createPaymentTable(table, personal, { find: async () => undefined });
    const id = 'B'.padEnd(26, '0');
    const order = { id, account: 'lucheng', payee: 'applicant', payer: 'finance' } as const;
    await payments.openBatch(order, by, start);
    const partitions = [
      (await itemAt({ pk: `BATCH#${id}`, sk: 'META' }))['wpk'],
      noticeWorkKeys('preparing', '').set['wpk'],
      noticeWorkKeys('running', '').set['wpk'],
    ];
    expect(partitions).toEqual([
      worklistPartition({ kind: 'payment', state: 'collect' }),
      worklistPartition({ kind: 'notice', state: 'preparing' }),
      worklistPartition({ kind: 'notice', state: 'running' }),
    ]);
  });

  test('an objection that nobody decides rings from its due time on, and names its notice and its authority', async () => {
    const world = await openNoticeWorld('2021-12-13T00:30:00Z');
    const id = await seedApprovedClaim(world.table, { id: claimId('A'), name: '甲公司', lines: [{ fen: 300 }] });
    await world.publish();
    const { noticeId = '' } = await world.claimState(id);
    const reason = '该单位所报学员中有人并未参加培训，请核实签到表。';
    const body = { rowNo: 1, by: { kind: 'anonymous' as const }, reason };
    const cause = { creationId: 'Q'.padEnd(26, '0'), source: '192.0.2.1' };
    world.clock.set('2021-12-14T02:00:00Z');
    const { id: objectionId, dueAt } = await lodgeObjection(world.lodging, noticeId, body, cause);
    const sweep = sweeper(world.table);
    const named = async (at: number) =>
      (await sweep(new Date(at))).lines.filter((line) => JSON.stringify(line).includes('objection/'));
    expect(await named(Date.parse(dueAt) - 1)).toEqual([]);
    const line = { noticeId, objectionId, state: 'objection/open', authority: 'hr-bureau/lucheng' };
    expect(await named(Date.parse(dueAt))).toEqual([line]);
    expect(await named(Date.parse(dueAt) + minute)).toEqual([line]);
    await world.engine.stop();
  });
});

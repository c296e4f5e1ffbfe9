import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createHandler } from '../../functions/sweep-work/handler.ts';
import { claimKey } from '../../shared/aws/entitlement-keys.ts';
import { evidenceItemKey } from '../../shared/aws/evidence-items.ts';
import { createFundTable } from '../../shared/aws/fund-table.ts';
import { createWorklistTable } from '../../shared/aws/worklist-table.ts';
import { resumeWaitingClaims } from '../../shared/claims/resume-waiting-claims.ts';
import { type WorkMessage, worklistPartition } from '../../shared/worklist/worklist-kinds.ts';
import { type ClaimWorld, certifiedLine, openClaimWorld } from '../support/claim-world.ts';
import { classContent } from '../support/class-content.ts';
import { enterprise, officerLin, officerZhou } from '../support/people.ts';

const start = '2021-05-10T01:00:00Z';
const at = (instant: string, ms: number) => new Date(Date.parse(instant) + ms).toISOString();
const minute = 60_000;

describe('sweep-work', () => {
  let world: ClaimWorld;
  let sent: { queue: string; message: WorkMessage }[] = [];
  let broken: string | undefined;
  let handler: ReturnType<typeof createHandler>;
  let balances: { account: string; allotted: number; available: number }[] = [];
  let people = 0;
  const person = () => {
    people += 1;
    return people;
  };

  beforeAll(async () => {
    world = await openClaimWorld(start);
    const { approvals } = world.deps;
    handler = createHandler(
      {
        worklist: createWorklistTable(world.table),
        queues: {
          send: async (queue, messages) => {
            if (queue === broken) throw new Error('queue is gone');
            for (const message of messages) sent.push({ queue, message });
          },
        },
        chores: [
          { name: 'funds/lucheng', run: () => resumeWaitingClaims({ approvals, clock: world.clock }, 'lucheng') },
        ],
        countWaitingForFunds: async () => (await approvals.waitingFor('lucheng')).length,
        balances: async () => balances,
        clock: world.clock,
      },
      world.edge,
    );
  });
  beforeEach(() => {
    sent = [];
    broken = undefined;
    world.edge.counted.length = 0;
  });
  afterAll(async () => world.stop());

  const sweep = async () => handler({}, {} as never);
  const counted = (name: string) => world.edge.counted.findLast((metric) => metric.name === name)?.value;
  const sentTo = (claimId: string) => sent.filter(({ message }) => message.claimId === claimId);

  test('a submitted claim whose event was lost is found after two minutes, and then assessed', async () => {
    world.clock.set(start);
    const id = await world.submitted([certifiedLine(person())]);
    world.clock.set(at(start, 2 * minute - 1));
    await sweep();
    expect(sentTo(id)).toEqual([]);
    world.clock.set(at(start, 2 * minute));
    await sweep();
    expect(sentTo(id)).toEqual([{ queue: 'assess', message: { claimId: id } }]);
    expect([counted('SweepFound'), counted('SweepHeartbeat')]).toEqual([1, 1]);
    await world.deliver(JSON.stringify(sent[0]?.message));
    expect((await world.find(id)).st).toBe('assessed');
    await sweep();
    expect(sentTo(id)).toHaveLength(1);
  });

  test('a reminder rests ten minutes before it is sent again', async () => {
    world.clock.set(start);
    const id = await world.submitted([certifiedLine(person())]);
    for (const [ms, times] of [
      [2 * minute, 1],
      [7 * minute, 1],
      [12 * minute - 1, 1],
      [12 * minute, 2],
    ] as const) {
      world.clock.set(at(start, ms));
      await sweep();
      expect([ms, sentTo(id).length]).toEqual([ms, times]);
    }
    const { version } = await world.find(id);
    expect(version).toBe(3);
    await world.assess(id);
  });

  test('lines that are still to be given back are found', async () => {
    world.clock.set(start);
    const id = await world.assessed([certifiedLine(person())]);
    const body = { reason: '撤回' };
    await world.asApplicant(enterprise, 'POST /claims/{claimId}/withdrawal', { path: { claimId: id }, body });
    world.clock.set(at(start, 2 * minute));
    await sweep();
    expect(sentTo(id)).toHaveLength(1);
    await world.assess(id);
    world.clock.set(at(start, 60 * minute));
    await sweep();
    expect(sentTo(id)).toHaveLength(1);
    expect(await world.states(id)).toEqual(['released']);
  });

  test('a returned claim waits for its applicant once its lines have given back what they held', async () => {
    world.clock.set(start);
    const id = await world.assessed([certifiedLine(person())]);
    const body = await world.asRead(id, { reasons: [{ path: '花名册', message: '请补交证书' }] });
    await world.atDesk(officerLin, 'POST /claims/{claimId}/return', { path: { claimId: id }, body });
    world.clock.set(at(start, 5 * minute));
    await world.assess(id);
    const place = async () => {
      const item = await world.item(claimKey(id));
      return [item?.['wpk'], item?.['wsk']];
    };
    expect(await place()).toEqual(['W#claim#correcting#0', at(start, 0)]);
    const overdue = async (ms: number) => {
      world.clock.set(at(start, ms));
      world.edge.logged.length = 0;
      await sweep();
      return world.edge.logged.filter(
        ({ event, fields }) => event === 'overdue' && JSON.stringify(fields).includes(id),
      );
    };
    const due = 30 * 24 * 60 * minute;
    expect(await overdue(due - 1)).toEqual([]);
    const fields = { claimId: id, state: 'claim/correcting', authority: 'hr-bureau/lucheng' };
    expect(await overdue(due)).toEqual([{ event: 'overdue', fields }]);
    expect(sentTo(id)).toEqual([]);
    world.clock.set(start);
    await world.submit(id);
    expect(await place()).toEqual(['W#claim#submitted#0', expect.any(String)]);
    await world.assess(id);
  });

  test('uploads are found when their time has come', async () => {
    const reference = { claimId: 'C'.padEnd(26, '1'), evidenceId: 'E'.padEnd(26, '1') };
    const Item = {
      ...evidenceItemKey(reference),
      wpk: worklistPartition({ kind: 'evidence', state: 'awaiting-upload' }),
      wsk: at(start, 0),
    };
    await world.table.client.send(new PutCommand({ TableName: world.table.name, Item }));
    world.clock.set(at(start, -1));
    await sweep();
    expect(sent).toEqual([]);
    world.clock.set(start);
    await sweep();
    expect(sent).toEqual([{ queue: 'verify', message: reference }]);
  });

  test('claims past their due time are counted until somebody acts', async () => {
    world.clock.set(start);
    const before = async () => {
      await sweep();
      return counted('ClaimsOverdue') ?? 0;
    };
    const id = await world.assessed([certifiedLine(person())]);
    const due = 15 * 24 * 60 * minute;
    world.clock.set(at(start, due - 1));
    const early = await before();
    world.clock.set(at(start, due));
    const late = await before();
    expect(late - early).toBeGreaterThanOrEqual(1);
    const body = await world.asRead(id);
    await world.atDesk(officerLin, 'POST /claims/{claimId}/endorsement', { path: { claimId: id }, body });
    expect(late - (await before())).toBe(1);
    world.clock.set(start);
  });

  test('filings that wait for acceptance past their due time are counted too, until they are accepted', async () => {
    const { classes } = world.deps;
    const by = { subject: 'u-chen', tenant: 'ent-aoke', role: 'applicant', name: '陈经办' };
    const authority = 'hr-bureau/lucheng';
    const draft = {
      id: 'K'.padEnd(26, '9'),
      tenant: by.tenant,
      applicantName: '奥科',
      authority,
      content: classContent,
    };
    world.clock.set(start);
    const due = new Date(at(start, 60 * minute));
    const filing = { authority, filedOn: '2021-05-10', dueAt: due };
    const filed = await classes.file(await classes.create(draft, [], by, new Date(start)), filing, by, new Date(start));
    const overdueAt = async (ms: number) => {
      world.clock.set(at(start, ms));
      await sweep();
      return counted('ClaimsOverdue') ?? 0;
    };
    const [early, late] = [await overdueAt(60 * minute - 1), await overdueAt(60 * minute)];
    expect(late - early).toBe(1);
    await classes.refuse(filed, '材料不符', by, new Date(start));
    expect(await overdueAt(60 * minute)).toBe(early);
    world.clock.set(start);
  });

  test('claims that wait for money go on, even when nobody told them that it came', async () => {
    world.clock.set(start);
    const id = await world.endorsed([certifiedLine(person())]);
    await world.approve(id, officerZhou);
    expect((await world.find(id)).st).toBe('waiting-for-funds');
    await sweep();
    expect(counted('ClaimsWaitingForFunds')).toBe(1);
    const funds = createFundTable(world.table);
    const by = { subject: 'f', tenant: 'finance', role: 'finance', name: '徐会计' };
    await funds.allot({ account: 'lucheng', reference: 'r-1', fen: 240_000, reason: '拨入', by, at: start });
    await sweep();
    expect((await world.find(id)).st).toBe('approved');
    expect(counted('ClaimsWaitingForFunds')).toBe(0);
  });

  test.each([
    [0, 0, 0],
    [100, 11, 0],
    [100, 10, 0],
    [100, 9, 1],
    [100, 0, 1],
  ])('of %i fen allotted, %i left: %i accounts are low', async (allotted, available, low) => {
    balances = [
      { account: 'city', allotted: 5, available: 5 },
      { account: 'ouhai', allotted, available },
    ];
    world.edge.logged.length = 0;
    await sweep();
    expect(counted('FundsLow')).toBe(low);
    const named = world.edge.logged.filter(({ event }) => event === 'funds-low').map(({ fields }) => fields);
    expect(named).toEqual(low === 0 ? [] : [{ account: 'ouhai', fen: available }]);
    balances = [];
  });

  test('a queue that is gone stops nothing else, but the heartbeat stays away and the run fails', async () => {
    world.clock.set(start);
    const id = await world.submitted([certifiedLine(person())]);
    world.clock.set(at(start, 60 * minute));
    broken = 'verify';
    const reference = { claimId: 'C'.padEnd(26, '2'), evidenceId: 'E'.padEnd(26, '2') };
    const Item = {
      ...evidenceItemKey(reference),
      wpk: worklistPartition({ kind: 'evidence', state: 'uploaded' }),
      wsk: at(start, 0),
    };
    await world.table.client.send(new PutCommand({ TableName: world.table.name, Item }));
    await expect(sweep()).rejects.toThrow(/^sweep-work failed$/);
    expect(sentTo(id)).toHaveLength(1);
    expect(counted('SweepHeartbeat')).toBeUndefined();
    broken = undefined;
    await sweep();
    expect(sent.filter(({ queue }) => queue === 'verify').map(({ message }) => message)).toContainEqual(reference);
  });

  test('an index that lags behind is not believed: what has moved on meanwhile is left alone', async () => {
    world.clock.set(start);
    const ids = [await world.submitted([certifiedLine(person())]), await world.submitted([certifiedLine(person())])];
    world.clock.set(at(start, 60 * minute));
    const worklist = createWorklistTable(world.table);
    const kind = { kind: 'claim', state: 'submitted', queue: 'assess' } as const;
    const until = at(start, 120 * minute);
    const found: string[] = [];
    for await (const item of worklist.waiting(kind, world.clock.now())) {
      found.push(item.names.claimId ?? '');
      // Both move on while the page that named them is being worked through.
      for (const id of ids) await world.assess(id);
      await worklist.postpone(kind, item, new Date(until));
    }
    expect(found).toHaveLength(1);
    for (const id of ids) {
      const meta = await world.item(claimKey(id));
      expect(meta?.['wpk']).toBe('W#claim#assessed#0');
      expect(meta?.['wsk']).not.toBe(until);
    }
  });

  test('an item that waits in another state by now is not taken for this one', async () => {
    const worklist = createWorklistTable(world.table);
    const kind = { kind: 'evidence', state: 'awaiting-upload', queue: 'verify' } as const;
    const uploads = ['7', '8'].map((digit) => ({ claimId: 'C'.padEnd(26, digit), evidenceId: 'E'.padEnd(26, digit) }));
    const store = async (state: string) => {
      for (const reference of uploads) {
        const wpk = worklistPartition({ kind: 'evidence', state });
        const Item = { ...evidenceItemKey(reference), wpk, wsk: at(start, -minute) };
        await world.table.client.send(new PutCommand({ TableName: world.table.name, Item }));
      }
    };
    await store('awaiting-upload');
    const found: string[] = [];
    for await (const { names } of worklist.waiting(kind, new Date(at(start, -minute)))) {
      found.push(names.claimId ?? '');
      await store('uploaded');
    }
    expect(found).toHaveLength(1);
  });
});

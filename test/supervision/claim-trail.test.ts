import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAuditTrails } from '../../shared/aws/audit-table.ts';
import type { ChainFault } from '../../shared/supervision/audit-chain.ts';
import { verifyAudit } from '../../shared/supervision/audit-export.ts';
import { type ClaimWorld, certifiedLine, openClaimWorld } from '../support/claim-world.ts';
import { enterprise, officerLin } from '../support/people.ts';

describe('the trail of a claim through its life', () => {
  let world: ClaimWorld;
  let claimId: string;
  beforeAll(async () => {
    world = await openClaimWorld();
    await world.allot('lucheng', 10_000_000, '温财社1号');
  });
  afterAll(async () => world.stop());

  const faults = async (): Promise<ChainFault[]> =>
    verifyAudit(await createAuditTrails(world.table).read(claimId, `CLAIM#${claimId}`)).faults;
  /** The next person comes a while later. */
  const later = () => world.clock.advance(60_000);
  const atDesk = async (route: string, more: Record<string, unknown> = {}) => {
    later();
    const { path, body: word } = more as { path?: Record<string, string>; body?: object };
    // A word on the whole claim names the version that was read; one on a line has a version of its own.
    const body = path === undefined ? await world.asRead(claimId, word) : word;
    return (await world.atDesk(officerLin, route, { path: { claimId, ...path }, body })).status;
  };

  test('holds after every decision: returned, handed in with another roster, decided by hand, endorsed, approved', async () => {
    const lines = [certifiedLine(1), certifiedLine(2), certifiedLine(3, { issuedOn: '2017-01-01' }), certifiedLine(4)];
    claimId = await world.assessed(lines);
    expect(await world.states(claimId)).toContain('refused');
    expect(await faults()).toEqual([]);
    const reasons = [{ path: '花名册', message: '请核对后重新提交' }];
    expect(await atDesk('POST /claims/{claimId}/return', { body: { reasons } })).toBe(200);
    later();
    const body = { lines: [lines[0], lines[1], certifiedLine(5)] };
    await world.asApplicant(enterprise, 'PUT /claims/{claimId}/roster', { path: { claimId }, body });
    await world.submit(claimId);
    later();
    await world.assess(claimId);
    expect(await faults()).toEqual([]);
    const decision = { decision: 'refuse', reason: '经核实不符合' };
    const ofLine = { path: { lineId: 'L5' }, body: decision };
    expect(await atDesk('POST /claims/{claimId}/lines/{lineId}/decision', ofLine)).toBe(200);
    expect(await atDesk('POST /claims/{claimId}/endorsement')).toBe(200);
    later();
    expect((await world.approve(claimId)).status).toBe(200);
    expect(await faults()).toEqual([]);
  });

  test('does not hold when a line is gone with all its records', async () => {
    const remove = async (Key: Record<string, string>) =>
      world.table.client.send(new DeleteCommand({ TableName: world.table.name, Key }));
    for (const { pk, sk } of await world.items(`AUDIT#${claimId}`, 'LINE#0002'))
      await remove({ pk: String(pk), sk: String(sk) });
    await remove({ pk: `CLAIM#${claimId}`, sk: 'LINE#0002' });
    const found = await faults();
    expect(new Set(found.map(({ fault }) => fault))).toEqual(new Set(['lines-differ']));
    // Both assessments, the endorsement and the approval name it.
    expect(found).toHaveLength(4);
  });
});

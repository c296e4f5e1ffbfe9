import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { actorOf } from '../../shared/access/actor.ts';
import { claimKey } from '../../shared/aws/entitlement-keys.ts';
import type { ClaimRecord } from '../../shared/claims/claim-record.ts';
import type { LineDecision } from '../../shared/claims/line-record.ts';
import { type ClaimWorld, certifiedLine, openClaimWorld } from '../support/claim-world.ts';
import { officerLin, officerZhou } from '../support/people.ts';

/* What officers write holds for the claim as they read it, and by other people than prepared it, whatever was looked at before. */
describe('writes of officers', { timeout: 60_000 }, () => {
  let world: ClaimWorld;
  let people = 0;
  beforeAll(async () => {
    world = await openClaimWorld();
    await world.allot('lucheng', 300_000, '温财社〔2021〕1号');
  });
  afterAll(async () => world.stop());

  const person = () => {
    people += 1;
    return people;
  };
  const addReviewer = async (claimId: string, subject: string) =>
    world.table.client.send(
      new UpdateCommand({
        TableName: world.table.name,
        Key: claimKey(claimId),
        UpdateExpression: 'ADD reviewers :who',
        ExpressionAttributeValues: { ':who': new Set([subject]) },
      }),
    );

  test.each([
    ['the account has the money', 240_000],
    ['the claim would have to wait', 900_000],
  ])('whoever decided a line after the approver looked does not approve: %s', async (_, fen) => {
    const id = await world.endorsed([certifiedLine(person())]);
    const claim = await world.find(id);
    await addReviewer(id, officerZhou.subject);
    const step = { by: actorOf(officerZhou), at: world.clock.now() };
    await expect(world.deps.approvals.approve(claim, step, fen)).rejects.toMatchObject({ code: 'same-person' });
    expect((await world.find(id)).st).toBe('endorsed');
    expect(await world.items(`CLAIM#${id}`, 'ENTRY#0000#')).toEqual([]);
  });

  describe('the decision of a line', () => {
    const decisionOf = (decision: 'accept' | 'refuse', of: LineDecision['of']): LineDecision => ({
      decision,
      reason: '已核对',
      by: actorOf(officerLin),
      at: world.clock.now().toISOString(),
      of,
    });
    const decide = {
      accept: async (claim: ClaimRecord) => {
        const [line] = await world.lines(claim.id);
        if (line === undefined) throw new Error('no line');
        return world.deps.lines.accept(
          { claim, line, decision: decisionOf('accept', line.st) },
          100,
          { quotaYear: 2021 },
          3,
        );
      },
      refuse: async (claim: ClaimRecord) => {
        const [line] = await world.lines(claim.id);
        if (line === undefined) throw new Error('no line');
        return world.deps.lines.reject({ claim, line, decision: decisionOf('refuse', line.st) });
      },
    };
    const lineFor = {
      accept: () => ({ ...certifiedLine(person()), status: { hukouDistrict: 'lucheng' } }),
      refuse: () => certifiedLine(person()),
    };
    const stateOf = { accept: 'referred', refuse: 'reserved' };
    const obstructed = { kind: 'obstructed', obstacles: new Set(['line']) };

    test.each(['accept', 'refuse'] as const)('%s counts only while its claim is as it was read', async (word) => {
      const id = await world.assessed([lineFor[word]()]);
      const claim = await world.find(id);
      const before = [await world.find(id), await world.lines(id)];
      // The same state in another round of the claim, and another state.
      for (const stale of [
        { ...claim, version: claim.version - 1 },
        { ...claim, st: 'submitted' as const },
      ])
        expect(await decide[word](stale)).toEqual(obstructed);
      expect([await world.find(id), await world.lines(id)]).toEqual(before);
      expect(await world.states(id)).toEqual([stateOf[word]]);
      expect(await decide[word](claim)).toEqual({ kind: 'done' });
      await world.demandSound(id);
    });
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { occupationLockKey } from '../../shared/aws/entitlement-keys.ts';
import { quotaKey } from '../../shared/aws/person-table.ts';
import { readMany } from '../../shared/aws/read.ts';
import type { RosterLine } from '../../shared/claims/line-record.ts';
import { yuan } from '../../shared/regulation/money.ts';
import { type AuditRecord, verifyChain } from '../../shared/supervision/audit-chain.ts';
import { type ClaimWorld, certifiedLine, openClaimWorld } from '../support/claim-world.ts';
import { enterprise, identityNumber } from '../support/people.ts';

const size = 5000;

/** What becomes of a line, by its place among fifty: its state and its amount. */
interface Fate {
  st: 'reserved' | 'referred' | 'refused';
  fen: number;
}

function fateOf(index: number): Fate {
  switch (index % 50) {
    case 10: // a certificate that nobody registered
    case 49: // the same certificate's occupation and level as the line before, of the same person
      return { st: 'refused', fen: 0 };
    case 20: // a status that no shared record confirms
      return { st: 'referred', fen: yuan(2400) };
    case 30: // a shortage occupation
      return { st: 'reserved', fen: yuan(3600) };
    case 35:
      return { st: 'reserved', fen: yuan(1200) };
    default:
      return { st: 'reserved', fen: yuan(2400) };
  }
}

/** Two lines of each fifty are further lines of the person before: one for another occupation, one for the same. */
function personOf(index: number): number {
  return index % 50 === 47 || index % 50 === 49 ? index - 1 : index;
}

function lineOf(index: number): RosterLine {
  const person = personOf(index);
  const birth = `19${75 + (person % 25)}0${1 + (Math.floor(person / 25) % 9)}${10 + (Math.floor(person / 225) % 18)}`;
  const changes: Record<number, Parameters<typeof certifiedLine>[1]> = {
    10: { issuer: 'other' },
    30: { occupation: '钳工' },
    35: { level: 'junior' },
    47: { occupation: '焊工' },
  };
  return {
    ...certifiedLine(index, changes[index % 50]),
    idNumber: identityNumber(birth, Math.floor(person / 4050)),
    ...(index % 50 === 20 ? { status: { hukouDistrict: 'lucheng' as const } } : {}),
  };
}

const indexes = Array.from({ length: size }, (_, index) => index);
const count = (st: Fate['st']) => indexes.filter((index) => fateOf(index).st === st).length;
const sum = (st: Fate['st']) =>
  indexes.reduce((total, index) => total + (fateOf(index).st === st ? fateOf(index).fen : 0), 0);

describe('a claim of 5,000 lines', { timeout: 600_000 }, () => {
  let world: ClaimWorld;
  beforeAll(async () => {
    world = await openClaimWorld();
    world.shortage.push({ occupation: '钳工', from: '2021-01-01' });
  });
  afterAll(async () => world.stop());

  test('is decided line by line, each once, although the worker dies in the middle', async () => {
    const id = await world.submitted(indexes.map(lineOf));
    // Dead at a write of the deciding; the queue brings the message again.
    world.dieAt(2500);
    expect(await world.deliver(JSON.stringify({ claimId: id }))).toEqual(['m0']);
    world.dieAt(Number.POSITIVE_INFINITY);
    const decided = (await world.states(id)).filter((st) => st !== 'pending').length;
    expect(decided).toBeGreaterThan(0);
    expect(decided).toBeLessThan(size);
    const claim = await world.assess(id);
    expect(claim).toMatchObject({
      st: 'assessed',
      reservedLines: count('reserved'),
      referredLines: count('referred'),
      refusedLines: count('refused'),
      reservedFen: sum('reserved'),
      assessment: {
        outcome: 'referred',
        totals: {
          lines: size,
          eligible: 4700,
          ineligible: 200,
          referred: 100,
          eligibleFen: yuan(11_280_000),
          referredFen: yuan(240_000),
        },
      },
    });
    // Once more, as a doubled message would: there is nothing left to do.
    expect(await world.deliver(JSON.stringify({ claimId: id }))).toEqual([]);
    expect((await world.find(id)).version).toBe(claim.version);

    const lines = await world.lines(id);
    expect(lines.map(({ st, assessed }) => ({ st, fen: assessed?.fen ?? 0 }))).toEqual(indexes.map(fateOf));
    expect(lines.map(({ lineNo }) => lineNo)).toEqual(indexes.map((index) => index + 1));

    // One entry of the ledger for each line that is granted, and none for another.
    const entries = await world.items(`CLAIM#${id}`, 'ENTRY#');
    expect(entries.map(({ kind, lineNo, fen }) => ({ kind, lineNo, fen }))).toEqual(
      indexes.flatMap((index) => {
        const { st, fen } = fateOf(index);
        return st === 'reserved' ? [{ kind: 'reserved', lineNo: index + 1, fen }] : [];
      }),
    );

    // Each line was put in once and decided once, and its chain holds.
    const chains = new Map<string, AuditRecord[]>();
    for (const { pk: _pk, sk: _sk, type: _type, ...record } of await world.items(`AUDIT#${id}`, 'LINE#')) {
      const entity = String(record['entity']);
      chains.set(entity, [...(chains.get(entity) ?? []), record as unknown as AuditRecord]);
    }
    expect(chains.size).toBe(size);
    for (const line of lines) {
      const entity = `LINE#${String(line.lineNo).padStart(4, '0')}`;
      const chain = chains.get(entity) ?? [];
      expect(chain.map(({ to }) => to)).toEqual(['pending', line.st]);
      expect(verifyChain(entity, chain, line)).toEqual([]);
    }

    // What people hold is what their granted lines hold: the year's count, and the occupation.
    const granted = lines.filter(({ st }) => st === 'reserved');
    const hashes = [...new Set(granted.map(({ personHash }) => personHash))];
    const quotas = await readMany(
      world.table,
      hashes.map((hash) => quotaKey(hash, 2021)),
    );
    const counted = quotas.flatMap(({ lines: held }) => [...(held as Set<string>)]);
    expect(counted.toSorted()).toEqual(granted.map(({ lineNo }) => `${id}#${String(lineNo).padStart(4, '0')}`));
    expect(quotas.filter(({ lines: held }) => (held as Set<string>).size === 2)).toHaveLength(size / 50);
    const locks = await readMany(
      world.table,
      granted.map(({ holds, personHash }) => {
        const { occupation = '', level = '' } = holds?.occupationLock ?? {};
        return occupationLockKey(personHash, occupation, level);
      }),
    );
    expect(locks).toHaveLength(count('reserved'));
    expect(world.edge.counted.filter(({ name }) => name === 'ClaimsAssessed')).toHaveLength(1);

    // The applicant reads the end of the roster as well as its beginning.
    const { body } = await world.asApplicant(enterprise, 'GET /claims/{claimId}', { path: { claimId: id } });
    expect(body.review).toEqual({
      reservedLines: 4700,
      referredLines: 100,
      refusedLines: 200,
      reservedFen: yuan(11_280_000),
    });
  });
});

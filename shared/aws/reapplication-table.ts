import type { Actor } from '../access/actor.ts';
import type { PersonalData } from '../access/personal-data.ts';
import { sealCard } from '../claims/sealed-line.ts';
import type { ReapplicationStore } from '../payments/reapply.ts';
import { readClaimItem } from './claim-items.ts';
import { claimKey, lineKey } from './entitlement-keys.ts';
import { moveLine, readLines, stepLines } from './line-writes.ts';
import { markDue } from './payment-receipts.ts';
import { settleClaim } from './payment-settlement.ts';
import { readMany } from './read.ts';
import type { Table } from './table.ts';
import { transition, type WriteItem, writeAllOrThrow } from './transition.ts';

// A line that a recovery asks for is not paid anew, whoever was faster.
const notDemanded = { expression: 'attribute_not_exists(demandedBy)' };

/** Re-applications after a bounce, in the table. */
export function createReapplicationTable(table: Table, personal: PersonalData): ReapplicationStore {
  const read = async (claimId: string) => {
    const [item] = await readMany(table, [claimKey(claimId)]);
    return item === undefined ? undefined : readClaimItem(item);
  };

  /** The batch that the claim was last paid from. */
  const batchOf = async (claimId: string): Promise<string | undefined> => (await read(claimId))?.payment?.batchId;

  // With every line that can be paid anew goes the mark by which the schedule finds its claim: when a crash keeps the
  // claim from following, nobody else would.
  const mark = (batchId: string | undefined, claimId: string, at: Date): WriteItem[] =>
    batchId === undefined ? [] : [markDue(table, batchId, claimId, at)];

  /** Lines that can be paid anew take their claim back to `cleared`, once none of its transfers is under way. */
  const reopen = async (batchId: string | undefined, claimId: string, by: Actor, at: Date): Promise<void> => {
    if (batchId !== undefined) await settleClaim(table, batchId, claimId, { by, at });
  };

  return {
    async claim(claimId) {
      const claim = await read(claimId);
      if (claim === undefined) return undefined;
      const { id, tenant, authority, payee, st } = claim;
      const lines = (await readLines(table, claimId)).map((line) => ({
        lineId: line.lineId,
        lineNo: line.lineNo,
        st: line.st,
        hasCard: line.sealed.card !== undefined,
        isDemanded: line.demandedBy !== undefined,
      }));
      return { id, tenant, authority, payee, st, lines };
    },
    async replaceCard({ id: claimId, tenant }, lineNo, number, by, at) {
      const line = (await readLines(table, claimId)).find((candidate) => candidate.lineNo === lineNo);
      if (line === undefined) throw new Error('line of a re-application vanished');
      const card = await sealCard(personal, { tenant, claimId }, lineNo, number);
      const set = { sealed: { ...line.sealed, card: card.sealed }, cardMasked: card.masked };
      const audit = { by, at: at.toISOString(), reason: '更换市民卡账号' };
      const { st, version, auditHead } = line;
      const entity = { key: lineKey(claimId, lineNo), st, version, auditHead };
      const writes =
        st === 'bounced'
          ? moveLine(table, line, 'line-reapplied', { audit, set, remove: ['payment'], condition: notDemanded })
          : transition(table, { chain: claimId, entity, to: st, audit: { action: 'line-card-given', ...audit }, set });
      const batchId = await batchOf(claimId);
      await writeAllOrThrow(table, [...writes, ...mark(batchId, claimId, at)]);
      await reopen(batchId, claimId, by, at);
    },
    async reapply({ id: claimId, lines }, by, at) {
      const audit = { by, at: at.toISOString(), reason: '退汇后重新申请拨付' };
      const batchId = await batchOf(claimId);
      const moved = await stepLines(
        table,
        claimId,
        (line) =>
          line.st === 'bounced'
            ? moveLine(table, line, 'line-reapplied', { audit, remove: ['payment'], condition: notDemanded })
            : [],
        () => mark(batchId, claimId, at),
      );
      await reopen(batchId, claimId, by, at);
      return moved + lines.filter(({ st }) => st === 'cleared').length;
    },
  };
}

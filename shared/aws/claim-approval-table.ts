import type { ApprovalStore } from '../claims/approval-store.ts';
import type { ClaimRecord } from '../claims/claim-record.ts';
import type { ClaimStep } from '../claims/claim-store.ts';
import { DomainError } from '../errors/domain-error.ts';
import { readClaimItem } from './claim-items.ts';
import { claimChange, readClaim } from './claim-table.ts';
import { moveClaim } from './claim-writes.ts';
import { type BudgetEscrow, createFundEscrow } from './fund-escrow.ts';
import { query, readMany } from './read.ts';
import type { Table } from './table.ts';
import { type Transition, type WriteItem, writeAll, writeAllOrThrow } from './transition.ts';

/** Approvals in the table: the claim's move and its account's money in one transaction. */
export function createClaimApprovalTable(table: Table, escrow: BudgetEscrow = createFundEscrow(table)): ApprovalStore {
  const found = async (claimId: string): Promise<ClaimRecord> => {
    const claim = await readClaim(table, claimId);
    if (claim === undefined) throw new Error('claim vanished after it was written');
    return claim;
  };

  // Four eyes hold in the write itself, whatever was read before it.
  const fourEyes = (subject: string): NonNullable<Transition['condition']> => ({
    expression: 'endorsedBy.#subject <> :approver AND NOT contains(reviewers, :approver)',
    names: { '#subject': 'subject' },
    values: { ':approver': subject },
  });

  const money = ({ by, at }: ClaimStep, fen: number) => ({ fen, by, at: at.toISOString() });

  const explain = async (claim: ClaimRecord, subject: string): Promise<DomainError> => {
    const now = await found(claim.id);
    const isSame = now.endorsedBy?.subject === subject || now.reviewers.includes(subject);
    return now.version === claim.version && isSame
      ? new DomainError('same-person', '初核和复核须由不同人员办理，请由另一位有复核权限的人员办理。')
      : new DomainError('changed-meanwhile', '该申请刚刚已被他人更新，请刷新后按最新内容办理。');
  };

  const wait = async (claim: ClaimRecord, step: ClaimStep): Promise<ClaimRecord> => {
    const change = { ...claimChange(step), attentionAt: step.at.toISOString(), condition: fourEyes(step.by.subject) };
    const writes = [...moveClaim(table, claim, 'claim-left-waiting-for-funds', change), ...escrow.enqueue(claim)];
    const result = await writeAll(table, writes);
    if (result.kind === 'refused') throw await explain(claim, step.by.subject);
    return found(claim.id);
  };

  return {
    async approve(claim, step, approvedFen) {
      const change = claimChange({ ...step, attentionAt: step.at, set: { ...step.set, escrowed: true } });
      const move = moveClaim(table, claim, 'claim-approved', { ...change, condition: fourEyes(step.by.subject) });
      const writes: WriteItem[] = [...move, ...escrow.setAside(claim, money(step, approvedFen), false)];
      const result = await writeAll(table, writes);
      if (result.kind === 'done') return found(claim.id);
      if (!result.failed.has(0) && result.failed.has(move.length)) return wait(claim, step);
      throw await explain(claim, step.by.subject);
    },
    async refuse(claim, move, step) {
      const change = { ...claimChange(step), condition: fourEyes(step.by.subject) };
      const result = await writeAll(table, moveClaim(table, claim, move, change));
      if (result.kind === 'refused') throw await explain(claim, step.by.subject);
      return found(claim.id);
    },
    async waitingFor(account) {
      const keys = [];
      const input = {
        IndexName: 'worklist',
        KeyConditionExpression: 'wpk = :w',
        ExpressionAttributeValues: { ':w': 'W#claim#waiting-for-funds#0' },
      };
      for await (const item of query(table, input)) keys.push({ pk: String(item['pk']), sk: String(item['sk']) });
      return (await readMany(table, keys))
        .map(readClaimItem)
        .filter(({ st, fundAccount }) => st === 'waiting-for-funds' && fundAccount === account)
        .toSorted((a, b) => ((a.approvedAt ?? '') < (b.approvedAt ?? '') ? -1 : 1));
    },
    async fund(claim, step) {
      const change = claimChange({ ...step, attentionAt: step.at, set: { ...step.set, escrowed: true } });
      const move = moveClaim(table, claim, 'claim-funded', change);
      const writes = [...move, ...escrow.setAside(claim, money(step, claim.approvedFen ?? 0), true)];
      const result = await writeAll(table, writes);
      if (result.kind === 'done') return 'funded';
      return result.failed.has(0) ? 'moved' : 'short';
    },
    async withdrawWaiting(claim, step) {
      await writeAllOrThrow(table, [
        ...moveClaim(table, claim, 'claim-withdrawn', claimChange(step)),
        ...escrow.dequeue(claim),
      ]);
      return found(claim.id);
    },
  };
}

import { actorOf } from '../access/actor.ts';
import { demand } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import type { Clock } from '../clock/clock.ts';
import { DomainError, type Problem } from '../errors/domain-error.ts';
import type { Actor } from '../supervision/audit-chain.ts';

/** What a recovery asks back of one line, fen. */
export interface RecoveredLine {
  lineId: string;
  lineNo: number;
  demandedFen: number;
  receivedFen: number;
}

/** A recovery (追回) of paid money, 四(三): demanded 已责令退回 · settled 已全部退回. */
export interface Recovery {
  id: string;
  claimId: string;
  st: 'demanded' | 'settled';
  version: number;
  auditHead: string;
  document: string;
  reason: string;
  lines: RecoveredLine[];
  blockUntil?: string;
  createdAt: string;
  updatedAt: string;
}

/** The claim as a recovery sees it. */
export interface RecoverableClaim {
  id: string;
  tenant: string;
  authority: string;
  fundAccount: string;
  lines: { lineId: string; lineNo: number; paidFen: number; recoveredFen: number }[];
}

export interface RecoveryStore {
  claim(claimId: string): Promise<RecoverableClaim | undefined>;
  find(claimId: string, recoveryId: string): Promise<Recovery | undefined>;
  listOf(claimId: string): Promise<Recovery[]>;
  /** Puts the demand on record; an earlier one under this id is given back. Blocks the applicant when asked. */
  demand(claim: RecoverableClaim, recovery: NewRecovery, by: Actor, at: Date): Promise<Recovery>;
  /** Whether money with this serial number of the bank was booked before, for whatever claim. */
  isBooked(bankSerial: string): Promise<boolean>;
  /**
   * Books money that came back, once per serial number of the bank: reversal entry, account, line. A line all of whose
   * money came back is `recovered` and gives back its quota and locks.
   * @throws DomainError `changed-meanwhile` when somebody else booked at the same moment.
   */
  receive(
    claim: RecoverableClaim,
    recovery: Recovery,
    receipt: RecoveryReceipt,
    by: Actor,
    at: Date,
  ): Promise<Recovery>;
}

export type NewRecovery = Pick<Recovery, 'id' | 'document' | 'reason' | 'lines' | 'blockUntil'>;

export interface RecoveryReceipt {
  lineId: string;
  fen: number;
  bankSerial: string;
}

interface Dependencies {
  recoveries: RecoveryStore;
  clock: Clock;
}

/** What is asked back, line by line, and everything that is wrong with asking it. */
function demandedLines(
  claim: RecoverableClaim,
  asked: readonly { lineId: string; fen?: number | undefined }[] | undefined,
): RecoveredLine[] {
  const open = claim.lines.filter(({ paidFen, recoveredFen }) => paidFen > recoveredFen);
  const wanted = asked ?? open.map(({ lineId }) => ({ lineId, fen: undefined }));
  const problems: Problem[] = [];
  const lines = wanted.flatMap(({ lineId, fen }, index) => {
    const line = open.find((candidate) => candidate.lineId === lineId);
    const most = line === undefined ? 0 : line.paidFen - line.recoveredFen;
    const path = `body.lines[${index}]`;
    if (line === undefined) problems.push({ path, message: `明细${lineId}没有已拨付而未追回的金额` });
    else if (fen !== undefined && fen > most) {
      problems.push({ path, message: `明细${lineId}最多可追回${(most / 100).toFixed(2)}元，请更正金额` });
    } else if (wanted.findIndex((other) => other.lineId === lineId) < index) {
      problems.push({ path, message: `明细${lineId}重复，请合并填写` });
    } else return [{ lineId, lineNo: line.lineNo, demandedFen: fen ?? most, receivedFen: 0 }];
    return [];
  });
  if (problems.length > 0) throw new DomainError('validation-failed', '追回明细有误，请按提示更正。', problems);
  if (lines.length === 0) throw new DomainError('state-not-permitted', '该申请没有已拨付而未追回的金额。');
  return lines;
}

/** Demands money back, in full or in part, with the document that orders it (四(三)). */
export async function demandRecovery(
  deps: Dependencies,
  principal: Principal,
  claimId: string,
  id: string,
  order: {
    document: string;
    reason: string;
    lines?: readonly { lineId: string; fen?: number | undefined }[] | undefined;
    blockUntil?: string | undefined;
  },
): Promise<Recovery> {
  const claim = demand(principal, 'recovery.demand', await deps.recoveries.claim(claimId));
  const existing = await deps.recoveries.find(claimId, id);
  if (existing !== undefined) return existing;
  const open = (await deps.recoveries.listOf(claimId)).filter(({ st }) => st === 'demanded');
  if (open.length > 0)
    throw new DomainError('state-not-permitted', '该申请已有未结清的追回，请先办结或在原追回中登记。');
  const { document, reason, blockUntil } = order;
  const recovery = {
    id,
    document,
    reason,
    lines: demandedLines(claim, order.lines),
    ...(blockUntil === undefined ? {} : { blockUntil }),
  };
  return deps.recoveries.demand(claim, recovery, actorOf(principal), deps.clock.now());
}

/** Books a sum that came back. */
export async function receiveRecovery(
  deps: Dependencies,
  principal: Principal,
  claimId: string,
  recoveryId: string,
  receipt: RecoveryReceipt,
): Promise<Recovery> {
  const claim = demand(principal, 'recovery.receive', await deps.recoveries.claim(claimId));
  const recovery = await deps.recoveries.find(claimId, recoveryId);
  demand(principal, 'recovery.receive', recovery === undefined ? undefined : { authority: claim.authority });
  const line = recovery?.lines.find(({ lineId }) => lineId === receipt.lineId);
  const owed = line === undefined ? 0 : line.demandedFen - line.receivedFen;
  if (await deps.recoveries.isBooked(receipt.bankSerial)) {
    throw new DomainError('already-exists', `银行流水${receipt.bankSerial}已登记过，无需重复登记。`);
  }
  if (recovery === undefined || receipt.fen > owed) {
    throw new DomainError('validation-failed', '退回金额多于尚欠金额。', [
      { path: 'body.fen', message: `明细${receipt.lineId}尚欠${(owed / 100).toFixed(2)}元，请核对` },
    ]);
  }
  return deps.recoveries.receive(claim, recovery, receipt, actorOf(principal), deps.clock.now());
}

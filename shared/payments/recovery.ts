import { createHash } from 'node:crypto';
import { type Actor, actorOf } from '../access/actor.ts';
import { demand } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import type { Clock } from '../clock/clock.ts';
import { DomainError, type Problem } from '../errors/domain-error.ts';

/** What a recovery asks back of one line, fen. */
export interface RecoveredLine {
  lineId: string;
  lineNo: number;
  demandedFen: number;
  receivedFen: number;
  /** Serial numbers of the bank under which some of it came back. */
  serials: readonly string[];
}

/** demanding 登记中 · demanded 已责令退回 · settled 已全部退回 · withdrawn 已撤销 */
export const recoveryStates = ['demanding', 'demanded', 'settled', 'withdrawn'] as const;
export type RecoveryState = (typeof recoveryStates)[number];

/**
 * A recovery (追回) of paid money, 四(三). It is `demanding` until every line that it asks for is in it and the applicant
 * is blocked; a repetition of the request goes on from there. A line is under one open recovery at a time.
 */
export interface Recovery {
  id: string;
  claimId: string;
  st: RecoveryState;
  version: number;
  auditHead: string;
  document: string;
  reason: string;
  lineCount: number;
  /** Sums over its lines, fen. */
  demandedFen: number;
  receivedFen: number;
  /** Last calendar date on which the applicant may claim nothing new. */
  blockUntil?: string;
  createdAt: string;
  updatedAt: string;
}

/** A paid line as a recovery sees it, fen. */
export interface RecoverableLine {
  lineId: string;
  lineNo: number;
  paidFen: number;
  recoveredFen: number;
  version: number;
  /** The open recovery that asks for it. */
  demandedBy?: string;
}

/** The claim as a recovery sees it. */
export interface RecoverableClaim {
  id: string;
  tenant: string;
  authority: string;
  fundAccount: string;
  lines: RecoverableLine[];
}

/** What is asked of one line, which must be as it was read. */
export type DemandedLine = Pick<RecoverableLine, 'lineId' | 'lineNo' | 'version'> & { demandedFen: number };

export type NewRecovery = Pick<Recovery, 'id' | 'document' | 'reason' | 'blockUntil'> & {
  lines: readonly DemandedLine[];
};

type ReceiptLines = readonly { lineId: string; fen: number }[];

/** Money that came back in one transfer of the bank, and for which lines it is, fen. */
export interface RecoveryReceipt {
  bankSerial: string;
  lines: ReceiptLines;
}

/** Whether a receipt is the one that was booked under its serial number. */
function digestOf({ lines }: RecoveryReceipt): string {
  const text = JSON.stringify(lines.map(({ lineId, fen }) => [lineId, fen]));
  return createHash('sha256').update(text).digest('hex');
}

export interface RecoveryStore {
  claim(claimId: string): Promise<RecoverableClaim | undefined>;
  find(claimId: string, recoveryId: string): Promise<Recovery | undefined>;
  /** Recoveries of a claim, oldest first. */
  listOf(claimId: string): Promise<Recovery[]>;
  linesOf(claimId: string, recoveryId: string): Promise<RecoveredLine[]>;
  /** What is booked under a serial number of the bank, for whatever claim. */
  receiptOf(bankSerial: string): Promise<{ recoveryId: string; digest: string } | undefined>;
  /** Lines of a recovery, some hundred at a time. */
  pageOfLines(claimId: string, recoveryId: string, cursor?: string): Promise<{ lines: RecoveredLine[]; next?: string }>;
  /**
   * Puts the demand on record, its lines and the block of the applicant; goes on with what an earlier try under this id
   * began.
   * @throws DomainError `changed-meanwhile` when another recovery asks for one of the lines
   */
  demand(claim: RecoverableClaim, recovery: NewRecovery, by: Actor, at: Date): Promise<Recovery>;
  /**
   * Books money that came back: reversal entries, account, lines, and the serial number of the bank, in as many
   * transactions as it takes. A line all of whose money came back is `recovered` and gives back its quota and locks.
   * @throws DomainError `changed-meanwhile` when somebody else booked at the same moment.
   */
  receive(
    claim: RecoverableClaim,
    recovery: Recovery,
    receipt: RecoveryReceipt & { digest: string },
    by: Actor,
    at: Date,
  ): Promise<Recovery>;
  /** Asks for nothing more: its lines are free again. What came back stays booked. */
  withdraw(recovery: Recovery, reason: string, by: Actor, at: Date): Promise<Recovery>;
}

interface Dependencies {
  recoveries: RecoveryStore;
  clock: Clock;
}

const yuan = (fen: number) => (fen / 100).toFixed(2);

/** What is asked back, line by line, and everything that is wrong with asking it. */
function demandedLines(
  claim: RecoverableClaim,
  id: string,
  asked: readonly { lineId: string; fen?: number | undefined }[] | undefined,
): DemandedLine[] {
  const owing = new Map(
    claim.lines.filter(({ paidFen, recoveredFen }) => paidFen > recoveredFen).map((line) => [line.lineId, line]),
  );
  const isFree = ({ demandedBy }: RecoverableLine) => demandedBy === undefined || demandedBy === id;
  const wanted = asked ?? [...owing.values()].filter(isFree).map(({ lineId }) => ({ lineId, fen: undefined }));
  const problems: Problem[] = [];
  const seen = new Set<string>();
  const lines = wanted.flatMap(({ lineId, fen }, index) => {
    const line = owing.get(lineId);
    const most = line === undefined ? 0 : line.paidFen - line.recoveredFen;
    const say = (message: string) => problems.push({ path: `body.lines[${index}]`, message });
    if (line === undefined) say(`明细${lineId}没有已拨付而未追回的金额`);
    else if (!isFree(line)) say(`明细${lineId}已在追回${line.demandedBy}中，请在该追回中登记，或先撤销该追回`);
    else if (fen !== undefined && fen > most) say(`明细${lineId}最多可追回${yuan(most)}元，请更正金额`);
    else if (seen.has(lineId)) say(`明细${lineId}重复，请合并填写`);
    else {
      seen.add(lineId);
      return [{ lineId, lineNo: line.lineNo, version: line.version, demandedFen: fen ?? most }];
    }
    return [];
  });
  if (problems.length > 0) throw new DomainError('validation-failed', '追回明细有误，请按提示更正。', problems);
  if (lines.length === 0) {
    const isUnderWay = owing.size > 0;
    throw new DomainError(
      'state-not-permitted',
      isUnderWay
        ? '该申请尚未退回的款项均已在未结清的追回中，请先办结或在原追回中登记。'
        : '该申请没有已拨付而未追回的金额。',
    );
  }
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
  if (existing !== undefined && existing.st !== 'demanding') return existing;
  const { document, reason, blockUntil } = order;
  const lines = demandedLines(claim, id, order.lines);
  const recovery = { id, document, reason, lines, ...(blockUntil === undefined ? {} : { blockUntil }) };
  return deps.recoveries.demand(claim, recovery, actorOf(principal), deps.clock.now());
}

/** The recovery, for whoever may do this with the claim that it is of. */
async function recoveryOf(
  deps: Pick<Dependencies, 'recoveries'>,
  principal: Principal,
  action: 'claim.read' | 'recovery.demand' | 'recovery.receive',
  claimId: string,
  recoveryId: string,
) {
  const claim = demand(principal, action, await deps.recoveries.claim(claimId));
  const recovery = await deps.recoveries.find(claimId, recoveryId);
  demand(principal, action, recovery === undefined ? undefined : claim);
  return { claim, recovery: recovery as Recovery };
}

/** The recoveries of a claim, as everybody may see them who may see the claim. */
export async function listRecoveries(
  deps: Pick<Dependencies, 'recoveries'>,
  principal: Principal,
  claimId: string,
): Promise<Recovery[]> {
  const claim = demand(principal, 'claim.read', await deps.recoveries.claim(claimId));
  return deps.recoveries.listOf(claim.id);
}

/** A recovery with some hundred of its lines; `cursor` leads to the next ones. */
export async function readRecovery(
  deps: Pick<Dependencies, 'recoveries'>,
  principal: Principal,
  claimId: string,
  recoveryId: string,
  cursor?: string,
) {
  const { recovery } = await recoveryOf(deps, principal, 'claim.read', claimId, recoveryId);
  return { recovery, ...(await deps.recoveries.pageOfLines(claimId, recoveryId, cursor)) };
}

/** Everything that is wrong with what is to be booked for these lines. */
function receiptProblems(lines: readonly RecoveredLine[], receipt: RecoveryReceipt, rest: ReceiptLines): Problem[] {
  const known = new Map(lines.map((line) => [line.lineId, line]));
  const seen = new Set<string>();
  return receipt.lines.flatMap(({ lineId, fen }, index) => {
    const line = known.get(lineId);
    const path = `body.lines[${index}]`;
    if (seen.has(lineId)) return [{ path, message: `明细${lineId}重复，请合并填写` }];
    seen.add(lineId);
    const owed = line === undefined ? 0 : line.demandedFen - line.receivedFen;
    const isOpen = rest.some((one) => one.lineId === lineId);
    return isOpen && fen > owed ? [{ path, message: `明细${lineId}尚欠${yuan(owed)}元，请核对` }] : [];
  });
}

/**
 * Books what came back in one transfer of the bank, for as many lines as it was for. The same receipt again goes on where
 * a crash left it; once it is booked, its serial number counts no more.
 */
export async function receiveRecovery(
  deps: Dependencies,
  principal: Principal,
  claimId: string,
  recoveryId: string,
  receipt: RecoveryReceipt,
): Promise<Recovery> {
  const { claim, recovery } = await recoveryOf(deps, principal, 'recovery.receive', claimId, recoveryId);
  const { bankSerial } = receipt;
  const [known, lines] = await Promise.all([
    deps.recoveries.receiptOf(bankSerial),
    deps.recoveries.linesOf(claimId, recoveryId),
  ]);
  const booked = new Set(lines.filter(({ serials }) => serials.includes(bankSerial)).map(({ lineId }) => lineId));
  const rest = receipt.lines.filter(({ lineId }) => !booked.has(lineId));
  const digest = digestOf(receipt);
  const isSame = known?.recoveryId === recoveryId && known.digest === digest;
  if (known !== undefined && (!isSame || rest.length === 0)) {
    throw new DomainError('already-exists', `银行流水${bankSerial}已登记过，无需重复登记。`);
  }
  const problems = receiptProblems(lines, receipt, rest);
  if (problems.length > 0) throw new DomainError('validation-failed', '退回金额多于尚欠金额。', problems);
  const order = { bankSerial, digest, lines: rest };
  return deps.recoveries.receive(claim, recovery, order, actorOf(principal), deps.clock.now());
}

/** Withdraws a demand (撤销追回) with a reason; the block that it set is lifted by itself (`liftBlock`). */
export async function withdrawRecovery(
  deps: Dependencies,
  principal: Principal,
  claimId: string,
  recoveryId: string,
  reason: string,
): Promise<Recovery> {
  const { recovery } = await recoveryOf(deps, principal, 'recovery.demand', claimId, recoveryId);
  if (recovery.st === 'settled' || recovery.st === 'withdrawn') {
    throw new DomainError('state-not-permitted', '该追回已结清或已撤销，无需撤销。');
  }
  return deps.recoveries.withdraw(recovery, reason, actorOf(principal), deps.clock.now());
}

import { actorOf } from '../access/actor.ts';
import type { Principal } from '../access/principal.ts';
import { businessDate } from '../clock/clock.ts';
import { DomainError, notFound } from '../errors/domain-error.ts';
import type { Finding } from '../regulation/contract.ts';
import type { Edition } from '../regulation/edition.ts';
import { formatYuan } from '../regulation/money.ts';
import type { AssessDependencies } from './assess-claim.ts';
import type { ClaimRecord } from './claim-record.ts';
import { findClaim } from './find-claim.ts';
import { editionAsPublished } from './gather-facts.ts';
import { highestAmount } from './highest-amount.ts';
import { type JudgedLine, judgeClaim } from './judge-claim.ts';
import type { LineDecision, LineRecord } from './line-record.ts';
import type { DecisionResult, Obstacle } from './line-store.ts';
import { openLine, sealStatus } from './sealed-line.ts';

/** What an officer says of a line. */
export interface LineWord {
  decision: 'accept' | 'refuse';
  reason: string;
  /** Fen; left out, the standard counts. */
  amountFen?: number | undefined;
  /** Last calendar date on which an override may still be approved. */
  expiresOn?: string | undefined;
}

const obstacleTerms: Readonly<Record<Obstacle, string>> = {
  line: '该明细刚刚已被他人更新，请刷新后按最新内容办理',
  quota: '该学员本年度已享受3次补贴，不能再核准（四(二)）',
  repeat: '该学员已享受过同一职业（工种）同一等级的补贴，不能再核准（四(二)）',
  class: '该学员在本期培训班已申领过补贴，不能再核准（四(二)）',
  certificate: '该证书已用于其他补贴申领，不能再核准（四(二)）',
  proof: '该明细的依据刚刚发生变化，请刷新后重新办理',
};

function demandDone(result: DecisionResult): void {
  if (result.kind === 'done') return;
  const [first = 'line'] = result.obstacles;
  if (result.obstacles.has('line')) throw new DomainError('changed-meanwhile', `${obstacleTerms.line}。`);
  const problems = [...result.obstacles].map((obstacle) => ({
    path: 'body.decision',
    message: obstacleTerms[obstacle],
  }));
  throw new DomainError('not-eligible', `${obstacleTerms[first]}。`, problems);
}

function invalid(path: string, message: string): DomainError {
  return new DomainError('validation-failed', '提交的内容有误，请按下列提示更正。', [
    { path: `body.${path}`, message },
  ]);
}

function demandOpen(claim: ClaimRecord, line: LineRecord, { decision }: LineWord): void {
  if (claim.st !== 'assessed') {
    throw new DomainError('state-not-permitted', '只有初审完成、尚未初核的申请才能逐人认定，请刷新后查看最新状态。');
  }
  const isOpen = decision === 'accept' ? ['referred', 'refused'] : ['referred', 'reserved'];
  if (isOpen.includes(line.st)) return;
  if (line.st === 'released')
    throw new DomainError('state-not-permitted', '该学员已不在本次申请的花名册中，无需认定。');
  const state = line.st === 'refused' ? '不予补贴' : '予以补贴';
  throw new DomainError('state-not-permitted', `该学员已认定为${state}，无需重复办理。`);
}

/** Judges the line again, with the earlier lines of its person: for its standard and for what it would occupy. */
async function judgedNow(
  deps: AssessDependencies,
  edition: Edition,
  claim: ClaimRecord,
  line: LineRecord,
): Promise<JudgedLine> {
  const { facts, submittedOn } = claim;
  if (facts === undefined || submittedOn === undefined) throw new Error('assessed claim without its facts');
  const place = { tenant: claim.tenant, claimId: claim.id };
  const entries = (await deps.rosters.entries(claim)).filter(
    ({ lineNo, personHash }) => personHash === line.personHash && lineNo <= line.lineNo,
  );
  const opened = await Promise.all(
    entries.map(async (entry) => ({ entry, line: await openLine(deps.personal, place, entry) })),
  );
  const { lines } = await judgeClaim(deps, edition, claim, facts, submittedOn, opened);
  const judged = lines.at(-1);
  if (judged === undefined || judged.entry.lineNo !== line.lineNo) throw new Error('line is not in its roster');
  return judged;
}

function isFailure({ outcome }: Finding): boolean {
  return outcome === 'fail';
}

/** Whoever is not known by a number of his own has no year and no locks: nobody could be kept from being paid twice. */
function demandIdentified({ findings }: JudgedLine): void {
  const broken = findings.find((finding) => finding.rule === 'roster.identity' && isFailure(finding));
  if (broken === undefined) return;
  throw new DomainError(
    'not-eligible',
    '该学员的姓名或身份证号有误，不能核准，请退回更正身份证号（姓名）后重新审核（四(二)）。',
    [{ path: 'body.decision', message: broken.message }],
  );
}

function grantedFen(edition: Edition, claim: ClaimRecord, judged: JudgedLine, word: LineWord): number {
  const { standard } = judged;
  const highest = standard.fen > 0 ? standard.fen : highestAmount(edition, claim.programme);
  const fen = word.amountFen ?? standard.fen;
  if (fen <= 0) throw invalid('amountFen', '按申报信息算不出补贴金额，请填写核定金额（分）');
  if (fen > highest) throw invalid('amountFen', `核定金额不能超过补贴标准${formatYuan(highest)}`);
  return fen;
}

/**
 * An officer decides one line of an assessed claim (审核, 二(二)), always with a reason. Granting a line that the rules
 * refused is an override: it says until when it may be approved. No word of an officer lifts the quotas of 四(二).
 * @throws DomainError `not-eligible` when the person's year, occupation, class or certificate is taken, or nobody is
 *   identified by the line
 */
export async function decideLine(
  deps: AssessDependencies,
  principal: Principal,
  claimId: string,
  lineId: string,
  word: LineWord,
): Promise<LineRecord> {
  const claim = await findClaim(deps.claims, principal, 'claim.review', claimId);
  const line = await deps.lines.find(claimId, lineId);
  if (line === undefined) throw notFound();
  demandOpen(claim, line, word);
  const now = deps.clock.now();
  // What an officer alone refused, the rules had not: to grant it after all overrides nobody but him.
  const isOverride = word.decision === 'accept' && line.st === 'refused' && line.findings.some(isFailure);
  if (isOverride && word.expiresOn === undefined) {
    throw invalid('expiresOn', '推翻系统的不予补贴结论时，须写明核准的截止日期');
  }
  if (word.expiresOn !== undefined && word.expiresOn < businessDate(now)) {
    throw invalid('expiresOn', '截止日期不能早于今天');
  }
  const by = actorOf(principal);
  const at = now.toISOString();
  const decision: LineDecision = {
    decision: word.decision,
    reason: word.reason,
    by,
    at,
    of: line.st,
    ...(word.expiresOn === undefined ? {} : { expiresOn: word.expiresOn }),
  };
  if (word.decision === 'refuse') {
    demandDone(await deps.lines.reject({ claim, line, decision }));
  } else {
    const edition = await editionAsPublished(deps, claim);
    const judged = await judgedNow(deps, edition, claim, line);
    demandIdentified(judged);
    const fen = grantedFen(edition, claim, judged, word);
    const limit = edition.figures.subsidiesPerYear;
    const sealedStatus = await sealStatus(deps.personal, { tenant: claim.tenant, claimId }, line.lineNo, judged.record);
    demandDone(await deps.lines.accept({ claim, line, decision, sealedStatus }, fen, judged.holds, limit));
  }
  const [decided] = await deps.lines.some(claimId, [line.lineNo]);
  if (decided === undefined) throw new Error('line vanished after it was decided');
  return decided;
}

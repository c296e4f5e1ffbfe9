import type { PersonalData } from '../access/personal-data.ts';
import type { Clock } from '../clock/clock.ts';
import type { Finding } from '../regulation/contract.ts';
import type { Edition } from '../regulation/edition.ts';
import { assessor } from './actor.ts';
import { atMost } from './at-most.ts';
import type { StatedAmount } from './claim.ts';
import type { ClaimRecord } from './claim-record.ts';
import { certificateOnce, classOnce, type JudgedLine, type Judgement, type OpenedLine } from './judge-claim.ts';
import type { LineRecord } from './line-record.ts';
import type { DecisionResult, LineStore, LineVerdict, RefusalProof, RuleDecision } from './line-store.ts';

import { sealStatus } from './sealed-line.ts';

/** Persons worked on at once. More would only wait for the table. */
const width = 16;

/** How often the facts of one line may change under its decision before a person is asked. */
const tries = 5;

/** One run over the lines of a submitted claim. */
export interface DecidingRun {
  claim: ClaimRecord;
  edition: Edition;
  /** Claim-level failures: with any, no line is granted. */
  obstacles: readonly Finding[];
  judgement: Judgement;
  opened: readonly OpenedLine[];
  /** The lines as they stand, in the roster's order. */
  lines: readonly LineRecord[];
  /** Judges some lines again by what is known now. */
  rejudge: (some: OpenedLine[]) => Promise<Judgement>;
}

interface DecidingDependencies {
  personal: PersonalData;
  lines: LineStore;
  clock: Clock;
}

/** The rules whose failure may pass when others give back what they hold: a refusal by them proves its reason. */
const provable = ['quota.annual', 'quota.repeat', classOnce, certificateOnce];

/**
 * Decides every pending line in a transaction of its own (四(二)): granted, referred or refused. Lines that depend on each
 * other go in order, one after the other; the rest side by side.
 */
export async function decideLines(deps: DecidingDependencies, run: DecidingRun): Promise<void> {
  const judged = new Map(run.judgement.lines.map((line) => [line.entry.lineNo, line]));
  const stored = new Map(run.lines.map((line) => [line.lineNo, line]));
  await atMost(width, dependentLines(run), async (own) => {
    for (const [at, { entry }] of own.entries()) {
      const line = stored.get(entry.lineNo);
      const verdict = judged.get(entry.lineNo);
      if (line === undefined || verdict === undefined) throw new Error('line vanished while it was decided');
      if (line.st === 'pending') await decideLine(deps, run, own.slice(0, at + 1), line, verdict, stored);
    }
  });
}

/** The lines in groups, each in order: those of one person, and those that name one certificate, belong together. */
function dependentLines({ opened, judgement }: DecidingRun): OpenedLine[][] {
  const parents = opened.map((_, at) => at);
  const rootOf = (at: number): number => {
    let root = at;
    while (parents[root] !== root) root = parents[root] ?? root;
    parents[at] = root;
    return root;
  };
  const firsts = new Map<string, number>();
  opened.forEach(({ entry }, at) => {
    for (const name of [entry.personHash, ...(judgement.lines[at]?.holds.certificateHashes ?? [])]) {
      const first = firsts.get(name);
      if (first === undefined) firsts.set(name, at);
      else parents[rootOf(at)] = rootOf(first);
    }
  });
  const groups = new Map<number, OpenedLine[]>();
  opened.forEach((line, at) => {
    const root = rootOf(at);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [line]);
    else group.push(line);
  });
  return [...groups.values()];
}

/** Decides one line; `own` are the lines it depends on and itself, `stored` is what has become of them. */
async function decideLine(
  deps: DecidingDependencies,
  run: DecidingRun,
  own: OpenedLine[],
  line: LineRecord,
  first: JudgedLine,
  stored: Map<number, LineRecord>,
): Promise<void> {
  let judged: JudgedLine | undefined = first;
  for (let left = tries; left > 0; left -= 1) {
    if (judged === undefined) throw new Error('line was not judged');
    const result = await write(deps, run, line, judged, own, stored);
    if (result.kind === 'done' || result.obstacles.has('line')) {
      await refresh(deps, line, stored);
      return;
    }
    judged = (await run.rejudge(own)).lines.at(-1);
  }
  const decision = await decisionOn(deps, run, line, judged ?? first);
  await deps.lines.refer({ ...decision, verdict: unsettled(decision.verdict) });
  await refresh(deps, line, stored);
}

/** What the line is now: decided by this run, or by another worker that was faster. */
async function refresh(deps: DecidingDependencies, line: LineRecord, stored: Map<number, LineRecord>): Promise<void> {
  const [now] = await deps.lines.some(line.claimId, [line.lineNo]);
  if (now !== undefined) stored.set(line.lineNo, now);
}

async function decisionOn(
  deps: DecidingDependencies,
  run: DecidingRun,
  line: LineRecord,
  judged: JudgedLine,
): Promise<RuleDecision> {
  const { claim } = run;
  const at = deps.clock.now();
  const place = { tenant: claim.tenant, claimId: claim.id };
  const sealedStatus = await sealStatus(deps.personal, place, line.lineNo, judged.record);
  return { claim, line, entry: judged.entry, verdict: verdictOf(run, judged, at), sealedStatus, by: assessor, at };
}

function verdictOf({ claim, obstacles }: DecidingRun, judged: JudgedLine, now: Date): LineVerdict {
  const at = now.toISOString();
  const isRefused = obstacles.length > 0;
  const basis = isRefused ? `整件申请不符合：${obstacles.map(({ message }) => message).join('；')}` : judged.basis;
  const fen = isRefused ? 0 : judged.amountFen;
  return {
    findings: [...(isRefused ? obstacles : []), ...judged.findings],
    basis,
    claimed: claimedAmount(claim, judged),
    assessed: { fen, by: assessor, at, why: basis },
  };
}

/** The amount asked for (申请金额): the roster's own column, or what the standards give for the line as declared. */
function claimedAmount(claim: ClaimRecord, { entry, standard }: JudgedLine): StatedAmount {
  const handedIn = claim.submissions.at(-1);
  if (handedIn === undefined) throw new Error('submitted claim was never handed in');
  const { by, at } = handedIn;
  if (entry.claimedFen !== undefined) return { fen: entry.claimedFen, by, at, why: '花名册填报的补贴金额' };
  return { fen: standard.fen, by, at, why: `花名册未填报补贴金额，按补贴标准计算：${standard.basis}` };
}

/** An officer decides where the facts will not hold still. */
function unsettled(verdict: LineVerdict): LineVerdict {
  const message = '该学员或证书的其他补贴正在同时办理，名额反复变化，请经办人员核实后认定（四(二)）';
  const finding: Finding = {
    rule: 'decision.unsettled',
    article: '四(二)',
    outcome: 'refer',
    correctable: false,
    message,
    facts: {},
  };
  return { ...verdict, findings: [...verdict.findings, finding] };
}

async function write(
  deps: DecidingDependencies,
  run: DecidingRun,
  line: LineRecord,
  judged: JudgedLine,
  own: readonly OpenedLine[],
  stored: ReadonlyMap<number, LineRecord>,
): Promise<DecisionResult> {
  const decision = await decisionOn(deps, run, line, judged);
  if (run.obstacles.length > 0) return deps.lines.refuse(decision, []);
  if (judged.outcome === 'ineligible') return deps.lines.refuse(decision, proofsOf(run, judged, own, stored));
  if (judged.outcome === 'referred') return deps.lines.refer(decision);
  return deps.lines.reserve(decision, judged.holds, run.edition.figures.subsidiesPerYear);
}

/** What must hold while the refusal is written. A reason in the line's own facts needs no proof: they are frozen. */
function proofsOf(
  { edition }: DecidingRun,
  judged: JudgedLine,
  own: readonly OpenedLine[],
  stored: ReadonlyMap<number, LineRecord>,
): RefusalProof[] {
  const failed = judged.findings.filter(({ outcome }) => outcome === 'fail');
  if (failed.some(({ rule }) => !provable.includes(rule))) return [];
  const { personHash, lineNo } = judged.entry;
  // An earlier line that waits for an officer counts, though it holds nothing yet.
  const waiting = own
    .map(({ entry }) => entry)
    .filter((entry) => entry.personHash === personHash && entry.lineNo < lineNo)
    .filter((entry) => stored.get(entry.lineNo)?.st === 'referred');
  return failed.flatMap(({ rule, facts }): RefusalProof[] => {
    if (rule === 'quota.annual') {
      const atLeast = edition.figures.subsidiesPerYear - waiting.length;
      return [
        ...(atLeast > 0 ? [{ kind: 'quota' as const, year: judged.holds.quotaYear, atLeast }] : []),
        ...waiting.map((earlier) => ({ kind: 'earlier-line' as const, lineNo: earlier.lineNo })),
      ];
    }
    const earlier = facts['earlierLine'];
    if (typeof earlier === 'number') return [{ kind: 'earlier-line', lineNo: earlier }];
    const { usedCertificate } = judged;
    const { classLock, occupationLock } = judged.holds;
    if (rule === certificateOnce)
      return usedCertificate === undefined ? [] : [{ kind: 'certificate', hash: usedCertificate }];
    if (rule === classOnce) return classLock === undefined ? [] : [{ kind: 'class', classId: classLock }];
    return occupationLock === undefined ? [] : [{ kind: 'repeat', ...occupationLock }];
  });
}

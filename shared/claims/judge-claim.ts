import { DomainError } from '../errors/domain-error.ts';
import type { SharedRecord } from '../people/shared-record.ts';
import { assessWith } from '../regulation/assess.ts';
import { yearOf } from '../regulation/calendar-date.ts';
import type {
  Assessment,
  AssessmentRequest,
  Finding,
  HistoryEntry,
  LineAssessment,
  TraineeLine,
} from '../regulation/contract.ts';
import { levelSchema } from '../regulation/contract.ts';
import type { Edition } from '../regulation/edition.ts';
import { parseRequest } from '../regulation/parse-request.ts';
import type { Amount } from '../regulation/standard.ts';
import type { CertificateHolder, JudgingSources } from './claim-context.ts';
import type { ClaimRecord, SubmittedFacts } from './claim-record.ts';
import {
  claimOfReference,
  classLockName,
  type EntitlementStore,
  type HeldLock,
  lineReference,
  occupationLockName,
} from './entitlement-store.ts';
import { entitlementsOf, type LineEntitlement } from './line-entitlements.ts';
import type { RosterLine } from './line-record.ts';
import type { RosterEntry } from './sealed-line.ts';
import type { LineHolds } from './trainee-line.ts';

export interface JudgingDependencies extends JudgingSources {
  entitlements: EntitlementStore;
}

/** A line of the roster with its numbers opened, for as long as it is judged. */
export interface OpenedLine {
  entry: RosterEntry;
  line: RosterLine;
}

/** What the rules say of one line, and what it would occupy. */
export interface JudgedLine extends LineAssessment {
  entry: RosterEntry;
  /** The line as judged: with the status that shared records gave. */
  judged: TraineeLine;
  /** What shared records said of the person; absent where they said nothing. */
  record?: SharedRecord;
  holds: LineHolds;
  /** The number of the completion certificate that counts. */
  completion?: string;
  /** The hash of the certificate by which `certificateOnce` refuses it, where another claim's line has used it. */
  usedCertificate?: string;
  /** What the standards give for it, whatever the rules say. */
  standard: Amount;
}

/** A line with what it would occupy, before any rule has judged it. */
type WeighedLine = Pick<JudgedLine, 'entry' | 'judged' | 'record' | 'holds' | 'standard' | 'completion'>;

export interface Judgement {
  assessment: Assessment;
  lines: JudgedLine[];
}

/*
 * The rules that the product itself adds to those of `assess`: it alone sees all claims at once.
 */

/** One certificate pays once (一证一补). */
export const certificateOnce = 'certificate.once';

/** A completion certificate is the one that was numbered centrally (统一编码, 附件4), for this person and class. */
export const certificateIssued = 'certificate.issued';

/** One class pays a person once, whichever claim names him (坚决杜绝重复培训, 四(二)). */
export const classOnce = 'class.once';

/** The request to `assess` for a claim or some of its lines. */
export function requestFor(
  claim: ClaimRecord,
  facts: SubmittedFacts,
  submittedOn: string,
  lines: TraineeLine[],
  known: Pick<AssessmentRequest, 'history' | 'shortage'> = { history: [], shortage: [] },
): AssessmentRequest {
  const { applicant, materials, videos } = facts;
  return {
    edition: claim.edition,
    claim: {
      id: claim.id,
      programme: claim.programme,
      route: claim.route,
      submittedOn,
      applicant,
      ...(facts.class === undefined ? {} : { class: facts.class }),
      materials,
      videos,
      lines,
    },
    ...known,
  };
}

/** A line as its roster states it: nothing of its status is verified. */
export function declaredLine({ claimedFen: _claimed, ...line }: RosterLine): TraineeLine {
  return { ...line, statusVerified: false };
}

async function withStatus(
  deps: JudgingSources,
  lines: readonly OpenedLine[],
): Promise<{ judged: TraineeLine; record?: SharedRecord }[]> {
  const records = await deps.people.recordsOf([...new Set(lines.map(({ entry }) => entry.personHash))]);
  return lines.map(({ entry, line }) => {
    const record = records.get(entry.personHash);
    const declared = declaredLine(line);
    if (record === undefined) return { judged: declared };
    return { judged: { ...declared, status: record.status, statusVerified: true }, record };
  });
}

/** What others' lines and the insurance have already used up, as `assess` wants to be told of it. */
function historyOf(
  claim: ClaimRecord,
  year: number,
  lines: readonly { entry: RosterEntry; judged: TraineeLine; holds: LineHolds }[],
  quotas: ReadonlyMap<string, readonly string[]>,
  locks: ReadonlyMap<string, HeldLock>,
): HistoryEntry[] {
  const entries = new Map<string, HistoryEntry>();
  for (const { entry, judged, holds } of lines) {
    const { personHash } = entry;
    const person = judged.idNumber;
    for (const reference of quotas.get(personHash) ?? []) {
      const owner = claimOfReference(reference);
      if (owner === claim.id) continue;
      const name = `${personHash} ${reference}`;
      const kind = owner === 'insurance' ? 'unemployment-insurance' : 'award';
      if (!entries.has(name)) entries.set(name, { person, year, kind });
    }
    const lock = holds.occupationLock;
    const held = lock === undefined ? undefined : locks.get(occupationLockName({ personHash, ...lock }));
    if (lock === undefined || held === undefined || claimOfReference(held.line) === claim.id) continue;
    // The lock names an award that the year's quota may have counted already: one subsidy, one entry.
    const level = levelSchema.safeParse(lock.level);
    entries.set(`${personHash} ${held.line}`, {
      person,
      year: held.year,
      occupation: lock.occupation,
      kind: 'award',
      ...(level.success ? { level: level.data } : {}),
    });
  }
  return [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
}

/** What other lines hold now of what the lines that are judged would take. */
interface Taken {
  /** by `classLockName`, the claim */
  classes: ReadonlyMap<string, string>;
  /** by hash */
  certificates: ReadonlyMap<string, HeldLock>;
  /** by the number of a completion certificate, whose it is */
  holders: ReadonlyMap<string, CertificateHolder>;
}

/**
 * Whether the completion certificate that counts was issued to this person for this class. An officer decides where it
 * was not: certificates from before the register are on paper only. A wrong code (`certificate.code`) says it already.
 */
function issuedFinding(claim: ClaimRecord, line: JudgedLine, { holders }: Taken): Finding | undefined {
  const { completion, entry, findings } = line;
  const isMiscoded = findings.some(({ rule, outcome }) => rule === 'certificate.code' && outcome === 'fail');
  if (completion === undefined || isMiscoded) return undefined;
  const holder = holders.get(completion);
  const tell = (outcome: Finding['outcome'], message: string, register: string): Finding => {
    return { rule: certificateIssued, article: '附件4', outcome, correctable: false, message, facts: { register } };
  };
  if (holder === undefined)
    return tell('refer', '培训合格证书编号没有统一核发的记录，请核对编号，由受理部门对照发证名册认定（附件4）', 'none');
  if (holder.personHash !== entry.personHash)
    return tell(
      'refer',
      '该编号的培训合格证书是核发给另一名学员的，请核对编号，由受理部门认定（附件4）',
      'another-person',
    );
  if (holder.classId !== claim.classId)
    return tell(
      'refer',
      '该编号的培训合格证书是另一个培训班核发的，请核对编号，由受理部门认定（附件4）',
      'another-class',
    );
  return tell('pass', '培训合格证书由人力社保部门统一编号核发（附件4）', 'issued');
}

/** A refusal by a rule of the product itself. */
interface OwnRefusal {
  finding: Finding;
  basis: string;
  /** The hash of the certificate that another line has used. */
  usedCertificate?: string;
}

function refusal(rule: string, message: string, facts: Finding['facts'], basis: string): OwnRefusal {
  return { finding: { rule, article: '四(二)', outcome: 'fail', correctable: false, message, facts }, basis };
}

/** A class that another claim was granted for this person. Where 四(二) refuses the repeat already, that is said once. */
function classRefusal(claim: ClaimRecord, line: JudgedLine, { classes }: Taken): OwnRefusal | undefined {
  const { classLock } = line.holds;
  if (classLock === undefined) return undefined;
  const holder = classes.get(classLockName({ personHash: line.entry.personHash, classId: classLock }));
  const isRepeat = line.findings.some(({ rule, outcome }) => rule === 'quota.repeat' && outcome === 'fail');
  if (holder === undefined || holder === claim.id || isRepeat) return undefined;
  return refusal(
    classOnce,
    '该学员在本期培训班已申领过补贴，同一期培训只能享受一次补贴，请删去该行（四(二)）',
    {},
    '同一期培训只补贴一次（四(二)），不予补贴：0元',
  );
}

/**
 * A certificate that another line has used: of any other claim, or an earlier one of this (`here`, by hash). While a
 * claim is not being assessed, locks of its own are left over from an earlier round and about to be given back.
 */
function certificateRefusal(
  claim: ClaimRecord,
  { entry, holds }: JudgedLine,
  { certificates }: Taken,
  here: ReadonlyMap<string, number>,
): OwnRefusal | undefined {
  const refuse = (where: string, facts: Finding['facts']) =>
    refusal(
      certificateOnce,
      `该证书已用于${where}，一个证书只能享受一次补贴；如证书编号填错，请更正后重新提交（四(二)）`,
      facts,
      '不符合一证一补（四(二)），不予补贴：0元',
    );
  for (const hash of holds.certificateHashes ?? []) {
    const earlierLine = here.get(hash);
    if (earlierLine !== undefined) return refuse(`本次申领的第${earlierLine}行`, { earlierLine });
    const holder = certificates.get(hash)?.line;
    const isOld = holder !== undefined && claimOfReference(holder) === claim.id && claim.st !== 'submitted';
    if (holder !== undefined && !isOld && holder !== lineReference(claim.id, entry.lineNo))
      return { ...refuse('其他补贴申领', {}), usedCertificate: hash };
  }
  return undefined;
}

function withIssued(claim: ClaimRecord, line: JudgedLine, taken: Taken): JudgedLine {
  const finding = issuedFinding(claim, line, taken);
  if (finding === undefined) return line;
  const isReferred = finding.outcome === 'refer' && line.outcome === 'eligible';
  return { ...line, outcome: isReferred ? 'referred' : line.outcome, findings: [...line.findings, finding] };
}

/** The lines with what the product's own rules say of each. */
function byOwnRules(claim: ClaimRecord, lines: readonly JudgedLine[], taken: Taken): JudgedLine[] {
  const here = new Map<string, number>();
  return lines.map((judged) => {
    const line = withIssued(claim, judged, taken);
    const found = [classRefusal(claim, line, taken), certificateRefusal(claim, line, taken, here)];
    const refusals = found.filter((each) => each !== undefined);
    const [first] = refusals;
    if (first === undefined) {
      if (line.outcome !== 'ineligible')
        for (const hash of line.holds.certificateHashes ?? []) here.set(hash, line.entry.lineNo);
      return line;
    }
    const usedCertificate = refusals.at(-1)?.usedCertificate;
    return {
      ...line,
      outcome: 'ineligible',
      amountFen: 0,
      basis: line.outcome === 'ineligible' ? line.basis : first.basis,
      findings: [...line.findings, ...refusals.map(({ finding }) => finding)],
      ...(usedCertificate === undefined ? {} : { usedCertificate }),
    };
  });
}

/** The lines of an assessment with what else is known of each. */
function linesOf(assessment: Assessment, counted: readonly WeighedLine[]): JudgedLine[] {
  return assessment.lines.map((line, at) => ({
    ...withLineNumbers(line, counted),
    ...(counted[at] as WeighedLine),
  }));
}

function isOwnRefusal(line: JudgedLine): boolean {
  return fails(line, [classOnce, certificateOnce]);
}

function fails({ findings }: JudgedLine, rules: readonly string[]): boolean {
  return findings.some(({ rule, outcome }) => outcome === 'fail' && rules.includes(rule));
}

/**
 * The lines by the rules of the edition and the product's own together. What the product refuses is no subsidy, and
 * counts against no later line of its person: those are assessed again without it (四(二)). Whoever repeats a refused
 * line still repeats it.
 */
function byAllRules(
  weighed: readonly WeighedLine[],
  assess: (counted: readonly WeighedLine[]) => JudgedLine[],
  own: (lines: readonly JudgedLine[]) => JudgedLine[],
): JudgedLine[] {
  const whole = assess(weighed);
  const uncounted = new Set<JudgedLine['entry']>();
  let lines = own(whole);
  for (;;) {
    const refused = lines.filter((line) => isOwnRefusal(line) && !uncounted.has(line.entry));
    const isFollowed = ({ personHash, lineNo }: RosterEntry) =>
      lines.some(
        (later) => later.entry.personHash === personHash && later.entry.lineNo > lineNo && !isOwnRefusal(later),
      );
    if (!refused.some(({ entry }) => isFollowed(entry))) return lines;
    for (const { entry } of refused) uncounted.add(entry);
    const counted = weighed.filter(({ entry }) => !uncounted.has(entry));
    const again = new Map(assess(counted).map((line) => [line.entry, line]));
    lines = own(whole.map((line) => (fails(line, ['roster.duplicate']) ? line : (again.get(line.entry) ?? line))));
  }
}

/** What a judged line tells of its entitlement as it is. */
function told({ standard, completion }: LineEntitlement): Pick<JudgedLine, 'standard' | 'completion'> {
  return { standard, ...(completion === undefined ? {} : { completion }) };
}

/** `assess` names an earlier line by its place in the request; people know it by its number in the roster. */
function withLineNumbers(line: LineAssessment, lines: readonly { entry: RosterEntry }[]): LineAssessment {
  const findings = line.findings.map((finding): Finding => {
    const place = finding.facts['earlierLine'];
    if (typeof place !== 'number') return finding;
    const lineNo = lines[place - 1]?.entry.lineNo ?? place;
    const message = finding.message.replace(`第${place}行`, `第${lineNo}行`);
    return { ...finding, message, facts: { ...finding.facts, earlierLine: lineNo } };
  });
  return { ...line, findings };
}

/** Totals and outcome over lines that the product's own rules have changed. */
function recounted(assessment: Assessment, lines: readonly JudgedLine[]): Assessment {
  const totals = { lines: lines.length, eligible: 0, ineligible: 0, referred: 0, eligibleFen: 0, referredFen: 0 };
  for (const { outcome, amountFen } of lines) {
    totals[outcome] += 1;
    if (outcome === 'eligible') totals.eligibleFen += amountFen;
    if (outcome === 'referred') totals.referredFen += amountFen;
  }
  const isOpen = assessment.outcome === 'eligible' || assessment.outcome === 'referred';
  const refers = totals.referred > 0 || assessment.findings.some(({ outcome }) => outcome === 'refer');
  const outcome = refers ? 'referred' : totals.eligible > 0 ? 'eligible' : 'ineligible';
  return { ...assessment, totals, outcome: isOpen ? outcome : assessment.outcome };
}

/**
 * Judges a claim, or some of its lines, by everything that is known now: the rules of its edition, shared records, the
 * subsidies that the same people already had, and the classes and certificates already used. Stores nothing.
 *
 * Lines of one person depend on each other; `lines` therefore holds, in order, at least all earlier lines of each
 * person that it names.
 */
export async function judgeClaim(
  deps: JudgingDependencies,
  edition: Edition,
  claim: ClaimRecord,
  facts: SubmittedFacts,
  submittedOn: string,
  lines: readonly OpenedLine[],
): Promise<Judgement> {
  const year = yearOf(submittedOn);
  const [known, { entries: shortage }] = await Promise.all([withStatus(deps, lines), deps.shortage.inForce()]);
  const plain = requestFor(
    claim,
    facts,
    submittedOn,
    known.map(({ judged }) => judged),
    { history: [], shortage: [...shortage] },
  );
  demandWellFormed(plain);
  const entitlements = entitlementsOf(edition, plain);
  const holds = await Promise.all(
    entitlements.map(async ({ occupationLock, classLock, certificates }): Promise<LineHolds> => {
      const hashes = await Promise.all(certificates.map(async (name) => deps.personal.hash(name)));
      return {
        quotaYear: year,
        ...(occupationLock === undefined ? {} : { occupationLock }),
        ...(classLock === undefined ? {} : { classLock }),
        ...(hashes.length === 0 ? {} : { certificateHashes: hashes }),
      };
    }),
  );
  const weighed = lines.map(
    ({ entry }, at): WeighedLine => ({
      entry,
      ...(known[at] as (typeof known)[number]),
      holds: holds[at] as LineHolds,
      ...told(entitlements[at] as LineEntitlement),
    }),
  );
  const [quotas, locks, classes, certificates, holders] = await Promise.all([
    deps.entitlements.quotas([...new Set(lines.map(({ entry }) => entry.personHash))], year),
    deps.entitlements.occupationLocks(
      weighed.flatMap(({ entry, holds: { occupationLock } }) =>
        occupationLock === undefined ? [] : [{ personHash: entry.personHash, ...occupationLock }],
      ),
    ),
    deps.entitlements.classLocks(
      weighed.flatMap(({ entry: { personHash }, holds: { classLock } }) =>
        classLock === undefined ? [] : [{ personHash, classId: classLock }],
      ),
    ),
    deps.entitlements.certificateLocks(weighed.flatMap(({ holds: { certificateHashes = [] } }) => certificateHashes)),
    deps.certificates.holdersOf(weighed.flatMap(({ completion }) => (completion === undefined ? [] : [completion]))),
  ]);
  const history = historyOf(claim, year, weighed, quotas, locks);
  const assess = (counted: readonly WeighedLine[]) =>
    assessWith(edition, {
      ...plain,
      claim: { ...plain.claim, lines: counted.map(({ judged }) => judged) },
      history,
    });
  const assessment = assess(weighed);
  const result = byAllRules(
    weighed,
    (counted) => linesOf(counted === weighed ? assessment : assess(counted), counted),
    (some) => byOwnRules(claim, some, { classes, certificates, holders }),
  );
  return { assessment: recounted(assessment, result), lines: result };
}

/**
 * Checks a request against the contract: what was registered or filed may not be what the route needs.
 * @throws DomainError `not-eligible` that names what does not fit
 */
export function demandWellFormed(request: AssessmentRequest): void {
  const reading = parseRequest(request);
  if (reading.ok) return;
  throw new DomainError(
    'not-eligible',
    '登记、备案或花名册的信息与本申请的补贴项目不符，请按下列提示更正，或联系受理部门。',
    reading.problems.slice(0, 50),
  );
}

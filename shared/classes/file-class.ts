import { actorOf } from '../access/actor.ts';
import { demand } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import { demandAsRead } from '../access/read-version.ts';
import { businessDate, type Clock } from '../clock/clock.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { OrganisationStore } from '../organisations/organisation-store.ts';
import type { Edition, RouteDefinition } from '../regulation/edition.ts';
import type { AcceptedFiling, ClassContent, ClassFiling, ClassRecord } from './class-filing.ts';
import type { ClassStore } from './class-store.ts';
import { consentOf } from './cross-district.ts';
import { findClass } from './find-class.ts';
import { authorityOfClass, editionOfClass, filingProblems, type LeadTime, leadTime } from './judge-filing.ts';

export interface ClassDependencies {
  classes: ClassStore;
  organisations: Pick<OrganisationStore, 'find'>;
  /** The edition that applies on a date; undefined where none does. */
  editionInForce: (date: string) => Edition | undefined;
  clock: Clock;
}

/**
 * The applicant as it is registered, where it may file classes.
 * @throws DomainError `not-eligible`, `provider-blocked`
 */
export async function registeredBody(deps: ClassDependencies, principal: Principal) {
  const organisation = await deps.organisations.find(principal.tenant);
  if (organisation === undefined) {
    throw new DomainError('not-eligible', '本单位尚未在人力社保部门登记，请先办理单位登记，再申报开班。');
  }
  const today = businessDate(deps.clock.now());
  if (organisation.blockedUntil !== undefined && today <= organisation.blockedUntil) {
    throw new DomainError(
      'provider-blocked',
      `本单位在${organisation.blockedUntil}（含当日）前暂停申报（四(三)），如有疑问请联系主管部门。`,
    );
  }
  return organisation;
}

function split({ trainees, ...content }: ClassFiling): { content: ClassContent; trainees: ClassFiling['trainees'] } {
  return { content, trainees };
}

function demandComplete(content: ClassContent, enrolled: number, route: RouteDefinition, edition: Edition): void {
  const problems = filingProblems(content, enrolled, route, edition);
  if (problems.length > 0)
    throw new DomainError('validation-failed', '开班备案还不完整，请按下列提示补充后再备案。', problems);
}

/** Starts a filing as a draft; nothing is judged yet but where it would go. */
export async function draftClass(
  deps: ClassDependencies,
  principal: Principal,
  id: string,
  filing: ClassFiling,
): Promise<ClassRecord> {
  const organisation = await registeredBody(deps, principal);
  const { content, trainees } = split(filing);
  const { authority } = authorityOfClass(editionOfClass(deps, content), content, organisation.insuredDistrict);
  const draft = { id, tenant: principal.tenant, applicantName: organisation.name, authority, content };
  return deps.classes.create(draft, trainees, actorOf(principal), deps.clock.now());
}

async function own(deps: ClassDependencies, principal: Principal, classId: string): Promise<ClassRecord> {
  return demand(principal, 'class.file', await deps.classes.find(classId));
}

/**
 * Changes a class: a draft is replaced; what was filed or accepted gets a next version that waits for acceptance,
 * while the accepted one stays in force. Earlier versions are kept (三(一)).
 */
export async function changeClass(
  deps: ClassDependencies,
  principal: Principal,
  classId: string,
  changed: ClassFiling,
): Promise<{ record: ClassRecord; lead: LeadTime }> {
  const record = await own(deps, principal, classId);
  const organisation = await registeredBody(deps, principal);
  const { content, trainees } = split(changed);
  const edition = editionOfClass(deps, content);
  const { route, authority } = authorityOfClass(edition, content, organisation.insuredDistrict);
  if (authority !== record.authority && record.st !== 'draft') {
    throw new DomainError('state-not-permitted', '变更后受理部门不同，请另行新建开班备案。');
  }
  const isDraft = record.st === 'draft';
  if (!isDraft) demandComplete(content, trainees.length, route, edition);
  const now = deps.clock.now();
  const filedOn = countedFiling(record, content, businessDate(now));
  const filing = isDraft ? {} : { filing: { filedOn, dueAt: acceptanceDue(now) } };
  const change = { content, authority, trainees, ...filing };
  const next = await deps.classes.change(record, change, actorOf(principal), now);
  return { record: next, lead: leadTime(filedOn, content.startsOn, route) };
}

/** Sends a draft to its authority; judged by the date in Asia/Shanghai. */
export async function fileClass(
  deps: ClassDependencies,
  principal: Principal,
  classId: string,
): Promise<{ record: ClassRecord; lead: LeadTime }> {
  const record = await own(deps, principal, classId);
  const organisation = await registeredBody(deps, principal);
  const { content, enrolled } = record;
  if (record.st !== 'draft')
    throw new DomainError('state-not-permitted', '该班级已备案，无需重复提交；如需修改请使用变更。');
  const edition = editionOfClass(deps, content);
  // By the register as it is now: the unit may have moved since the draft was begun.
  const { route, authority } = authorityOfClass(edition, content, organisation.insuredDistrict);
  demandComplete(content, enrolled, route, edition);
  const now = deps.clock.now();
  const filing = { authority, filedOn: businessDate(now), dueAt: acceptanceDue(now) };
  const filed = await deps.classes.file(record, filing, actorOf(principal), now);
  return { record: filed, lead: leadTime(filing.filedOn, content.startsOn, route) };
}

// The regulation sets no period for the answer. Filed five days ahead (三(一)), a body should know before its first day.
const daysToAccept = 3;

function acceptanceDue(now: Date): Date {
  return new Date(now.getTime() + daysToAccept * 24 * 60 * 60_000);
}

// What a class is; a change of any of these is a new filing whose lead time is judged from its own day.
const decisive = ['programme', 'route', 'district', 'startsOn', 'endsOn', 'hours', 'subject', 'place'] as const;

function isSameClass(a: ClassContent, b: ClassContent): boolean {
  return decisive.every((name) => a[name] === b[name]);
}

/** From which day a new content counts as filed: a class that stays what it is keeps the day that it had. */
function countedFiling(
  { accepted, content: last, filedOn }: ClassRecord,
  content: ClassContent,
  today: string,
): string {
  if (accepted !== undefined && isSameClass(accepted.content, content)) return accepted.filedOn;
  return filedOn !== undefined && isSameClass(last, content) ? filedOn : today;
}

async function filedWithUs(
  deps: ClassDependencies,
  principal: Principal,
  classId: string,
  version: number,
): Promise<ClassRecord & { filedOn: string }> {
  const record = await findClass(deps.classes, principal, 'class.judge', classId);
  const { filedOn } = record;
  if (record.st !== 'filed' || filedOn === undefined)
    throw new DomainError('state-not-permitted', '该班级当前不在待受理状态，请刷新后查看最新状态。');
  demandAsRead(record, version);
  return { ...record, filedOn };
}

/** The number in the studio's year that the class has already (期, 一(五)); undefined when it counts anew or not at all. */
function keptBatch({ accepted, content }: ClassRecord): number | undefined {
  const isKept =
    content.programme === 'master-apprentice' &&
    accepted?.content.programme === 'master-apprentice' &&
    accepted.content.startsOn.slice(0, 4) === content.startsOn.slice(0, 4);
  return isKept ? accepted.batchOfYear : undefined;
}

/**
 * An officer takes the filing on (受理); for a studio it becomes the next batch of the year of its start.
 * @throws DomainError `changed-meanwhile` for a version that was read before the current one, `validation-failed` when
 *   the consent to an institution of another district is neither given nor refused
 */
export async function acceptClass(
  deps: ClassDependencies,
  principal: Principal,
  classId: string,
  decision: { version: number; reason: string; crossDistrictConsent?: boolean | undefined },
): Promise<ClassRecord> {
  const record = await filedWithUs(deps, principal, classId, decision.version);
  const organisation = await deps.organisations.find(record.tenant);
  const edition = editionOfClass(deps, record.content);
  const crossDistrictConsent = consentOf(record, decision.crossDistrictConsent, organisation, edition);
  const batchOfYear = keptBatch(record);
  const at = deps.clock.now();
  const accepted: Omit<AcceptedFiling, 'rosterId'> = {
    contentVersion: record.contentVersion,
    content: record.content,
    enrolled: record.enrolled,
    filedOn: record.filedOn,
    acceptedBy: actorOf(principal),
    acceptedAt: at.toISOString(),
    ...(crossDistrictConsent === undefined ? {} : { crossDistrictConsent }),
    ...(batchOfYear === undefined ? {} : { batchOfYear }),
  };
  const countBatch = record.content.programme === 'master-apprentice' && batchOfYear === undefined;
  return deps.classes.accept(record, accepted, countBatch, decision.reason);
}

/** An officer refuses the filing or the change, with the reason; a version accepted before stays in force. */
export async function refuseClass(
  deps: ClassDependencies,
  principal: Principal,
  classId: string,
  { version, reason }: { version: number; reason: string },
): Promise<ClassRecord> {
  const record = await filedWithUs(deps, principal, classId, version);
  return deps.classes.refuse(record, reason, actorOf(principal), deps.clock.now());
}

import { actorOf } from '../access/actor.ts';
import { demand } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import { businessDate, type Clock } from '../clock/clock.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { OrganisationStore } from '../organisations/organisation-store.ts';
import type { Edition } from '../regulation/edition.ts';
import type { AcceptedFiling, ClassContent, ClassFiling, ClassRecord } from './class-filing.ts';
import type { ClassStore } from './class-store.ts';
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

function demandComplete(content: ClassContent, enrolled: number): void {
  const problems = filingProblems(content, enrolled);
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
  filing: ClassFiling,
): Promise<{ record: ClassRecord; lead: LeadTime }> {
  const record = await own(deps, principal, classId);
  const organisation = await registeredBody(deps, principal);
  const { content, trainees } = split(filing);
  const { route, authority } = authorityOfClass(editionOfClass(deps, content), content, organisation.insuredDistrict);
  if (authority !== record.authority && record.st !== 'draft') {
    throw new DomainError('state-not-permitted', '变更后受理部门不同，请另行新建开班备案。');
  }
  const isDraft = record.st === 'draft';
  if (!isDraft) demandComplete(content, trainees.length);
  const today = businessDate(deps.clock.now());
  const filed = isDraft ? {} : { filedOn: today };
  const change = { content, authority, trainees, to: isDraft ? ('draft' as const) : ('filed' as const), ...filed };
  const changed = await deps.classes.change(record, change, actorOf(principal), deps.clock.now());
  return { record: changed, lead: leadTime(countedFiling(changed, today), content.startsOn, route) };
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
  demandComplete(content, enrolled);
  const { route } = authorityOfClass(editionOfClass(deps, content), content, organisation.insuredDistrict);
  const today = businessDate(deps.clock.now());
  const filed = await deps.classes.file(record, today, actorOf(principal), deps.clock.now());
  return { record: filed, lead: leadTime(today, content.startsOn, route) };
}

// What a class is; a change of any of these is a new filing whose lead time is judged from its own day.
const decisive = ['programme', 'route', 'district', 'startsOn', 'endsOn', 'hours', 'subject', 'place'] as const;

function countedFiling(record: ClassRecord, today: string): string {
  const { accepted, content, filedOn } = record;
  if (accepted === undefined) return filedOn ?? today;
  const moved = decisive.some((name) => accepted.content[name] !== content[name]);
  return moved ? (filedOn ?? today) : accepted.filedOn;
}

async function filedWithUs(deps: ClassDependencies, principal: Principal, classId: string): Promise<ClassRecord> {
  const record = demand(principal, 'class.judge', await deps.classes.find(classId));
  if (record.st !== 'filed')
    throw new DomainError('state-not-permitted', '该班级当前不在待受理状态，请刷新后查看最新状态。');
  return record;
}

/** An officer takes the filing on (受理); for a studio it becomes the next batch of the year of its start. */
export async function acceptClass(
  deps: ClassDependencies,
  principal: Principal,
  classId: string,
  decision: { reason: string; crossDistrictConsent?: boolean | undefined },
): Promise<ClassRecord> {
  const record = await filedWithUs(deps, principal, classId);
  const at = deps.clock.now();
  const accepted: AcceptedFiling = {
    contentVersion: record.contentVersion,
    content: record.content,
    enrolled: record.enrolled,
    filedOn: countedFiling(record, businessDate(at)),
    acceptedBy: actorOf(principal),
    acceptedAt: at.toISOString(),
    ...(decision.crossDistrictConsent === undefined ? {} : { crossDistrictConsent: decision.crossDistrictConsent }),
    ...(record.accepted?.batchOfYear === undefined ? {} : { batchOfYear: record.accepted.batchOfYear }),
  };
  const countBatch = record.content.programme === 'master-apprentice' && record.accepted === undefined;
  return deps.classes.accept(record, accepted, countBatch, decision.reason);
}

/** An officer refuses the filing or the change, with the reason; a version accepted before stays in force. */
export async function refuseClass(
  deps: ClassDependencies,
  principal: Principal,
  classId: string,
  reason: string,
): Promise<ClassRecord> {
  const record = await filedWithUs(deps, principal, classId);
  return deps.classes.refuse(record, reason, actorOf(principal), deps.clock.now());
}

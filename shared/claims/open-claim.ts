import { actorOf } from '../access/actor.ts';
import { authorityId } from '../access/authority.ts';
import { demand } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import type { ClassRecord } from '../classes/class-filing.ts';
import { businessDate } from '../clock/clock.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { Organisation } from '../organisations/organisation.ts';
import type { Programme, Route } from '../regulation/contract.ts';
import type { Edition, RouteDefinition } from '../regulation/edition.ts';
import { type Jurisdiction, jurisdictionOf } from '../regulation/jurisdiction.ts';
import type { ClaimSources } from './claim-context.ts';
import type { ClaimDeclaration, ClaimRecord } from './claim-record.ts';
import type { ClaimStore } from './claim-store.ts';
import { applicantFacts, registeredApplicant } from './gather-facts.ts';

export interface OpenClaimDependencies extends ClaimSources {
  claims: ClaimStore;
}

export interface ClaimRequest {
  programme: Programme;
  route: Route;
  classId?: string | undefined;
  declaration: ClaimDeclaration;
}

function invalid(path: string, message: string): DomainError {
  return new DomainError('validation-failed', '提交的内容有误，请按下列提示更正。', [
    { path: `body.${path}`, message },
  ]);
}

/** @throws DomainError `provider-blocked` while the applicant may not claim (四(三)) */
export function demandNotBlocked({ blockedUntil }: Organisation, today: string): void {
  if (blockedUntil === undefined || today > blockedUntil) return;
  throw new DomainError(
    'provider-blocked',
    `申请人在${blockedUntil}（含当日）前暂停申领（四(三)），如有疑问请联系主管部门。`,
  );
}

/**
 * Whose claim it becomes, by the routes table (一, 三(三)).
 * @throws DomainError `not-eligible` when the register lacks the fact that decides it
 */
export function responsibleFor(
  edition: Edition,
  { programme, route, declaration }: ClaimRequest,
  organisation: Organisation,
  filed: ClassRecord | undefined,
): Jurisdiction {
  const applicant = applicantFacts(organisation, filed, declaration);
  const jurisdiction = jurisdictionOf(edition, programme, route, {
    classDistrict: filed?.accepted?.content.district ?? filed?.content.district,
    insuredDistrict: applicant.insuredDistrict,
    organiserDistrict: applicant.competition?.organiserDistrict,
    entrustedBy: applicant.entrustedBy,
  });
  if (jurisdiction === undefined) {
    throw new DomainError(
      'not-eligible',
      '无法确定受理部门：尚未登记失业保险缴费地，或备案未写明委托的行业主管部门。请联系人力社保部门补充登记。',
    );
  }
  return jurisdiction;
}

function routeIn(edition: Edition, { programme, route, classId, declaration }: ClaimRequest): RouteDefinition {
  const row = edition.routeOf(programme, route);
  if (row === undefined) throw invalid('route', '该补贴项目没有这一申领途径，请重新选择（一）');
  if (row.hasClass && classId === undefined)
    throw invalid('classId', '该途径须先办理开班备案，请选择已受理的班级（三(一)）');
  if (!row.hasClass && classId !== undefined) throw invalid('classId', '该途径没有开班备案，请删去班级编号');
  const { competition } = declaration;
  if (row.decidedBy === 'competition' && competition === undefined) {
    throw invalid('competition', '请填写技能竞赛的组织选送地（一(一)2(1)②）');
  }
  if (competition !== undefined && !edition.districts.some(({ code }) => code === competition.organiserDistrict)) {
    throw invalid('competition.organiserDistrict', '请从本办法的区划代码中选择组织选送地');
  }
  return row;
}

/**
 * Demands that a class is accepted for what is claimed: at the opening, and again at every hand-in, since the class may
 * have been changed between them.
 * @throws DomainError `state-not-permitted`, `validation-failed`
 */
export function demandAcceptedFor(
  { accepted }: Pick<ClassRecord, 'accepted'>,
  { programme, route }: Pick<ClaimRequest, 'programme' | 'route'>,
): void {
  if (accepted === undefined) {
    throw new DomainError('state-not-permitted', '该班级的开班备案尚未受理，受理后才能提出申请（三(一)）。');
  }
  if (accepted.content.programme !== programme || accepted.content.route !== route) {
    throw invalid('classId', '该班级备案的补贴项目或申领途径与本申请不同，请核对');
  }
}

async function acceptedClass(
  deps: OpenClaimDependencies,
  principal: Principal,
  request: ClaimRequest,
): Promise<ClassRecord | undefined> {
  if (request.classId === undefined) return undefined;
  // A class that was never filed and one of somebody else look the same from here.
  const filed = demand(principal, 'claim.write', await deps.classes.find(request.classId));
  demandAcceptedFor(filed, request);
  return filed;
}

/**
 * Opens a claim (补贴申请) as a draft. The edition of the regulation is fixed here: the one in force today, or, for a
 * class that was held while an edition lasted, that one.
 */
export async function openClaim(
  deps: OpenClaimDependencies,
  principal: Principal,
  id: string,
  request: ClaimRequest,
): Promise<ClaimRecord> {
  const now = deps.clock.now();
  const today = businessDate(now);
  const filed = await acceptedClass(deps, principal, request);
  const edition =
    deps.editions.inForce(today) ??
    (filed?.accepted === undefined ? undefined : deps.editions.inForce(filed.accepted.content.startsOn));
  if (edition === undefined) {
    throw new DomainError('not-eligible', `${today}没有适用的补贴管理办法，不能提出申请（五(四)）。`);
  }
  routeIn(edition, request);
  const organisation = await registeredApplicant(deps, principal.tenant);
  demandNotBlocked(organisation, today);
  const { authority, fundAccount, payee } = responsibleFor(edition, request, organisation, filed);
  const subject = filed?.accepted?.content.subject;
  const claim = {
    id,
    tenant: principal.tenant,
    applicantName: organisation.name,
    authority: authorityId(authority),
    fundAccount,
    payee,
    programme: request.programme,
    route: request.route,
    edition: edition.id,
    declaration: request.declaration,
    ...(filed === undefined ? {} : { classId: filed.id }),
    ...(subject === undefined ? {} : { subject }),
  };
  return deps.claims.create(claim, actorOf(principal), now);
}

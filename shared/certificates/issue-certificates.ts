import { actorOf } from '../access/actor.ts';
import type { PersonalData } from '../access/personal-data.ts';
import { demand, demandClass } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import type { ClassRecord, FiledTrainee } from '../classes/class-filing.ts';
import type { ClassStore } from '../classes/class-store.ts';
import { businessDate, type Clock } from '../clock/clock.ts';
import { DomainError, notFound, type Problem } from '../errors/domain-error.ts';
import { canonicalIdentityNumber, readIdentityNumber } from '../regulation/identity-number.ts';
import type { CertificateCheck, CertificateStore, IssuedCertificate } from './certificate.ts';

export interface CertificateDependencies {
  certificates: CertificateStore;
  classes: Pick<ClassStore, 'find' | 'trainees'>;
  personal: Pick<PersonalData, 'hash'>;
  clock: Clock;
}

function trainedClass(record: ClassRecord, issuedOn: string): NonNullable<ClassRecord['accepted']> {
  const { accepted } = record;
  if (accepted === undefined)
    throw new DomainError('state-not-permitted', '该班级的开班备案尚未受理，不能核发证书（三(一)）。');
  if (issuedOn < accepted.content.endsOn) {
    throw new DomainError(
      'state-not-permitted',
      `该班级到${accepted.content.endsOn}才结束，结业考核后方可核发证书（附件3）。`,
    );
  }
  return accepted;
}

function identityProblems(trainees: readonly FiledTrainee[]): Problem[] {
  return trainees.flatMap(({ idNumber }, index) =>
    readIdentityNumber(canonicalIdentityNumber(idNumber)).valid
      ? []
      : [{ path: `body.trainees[${index}].idNumber`, message: `第${index + 1}人的身份证号有误，请更正后再核发` }],
  );
}

/**
 * Who of a list is not on the accepted roster (学员名册, 三(一)) or is called otherwise there: a certificate names a person
 * whom the class was filed with.
 */
async function rosterProblems(
  deps: Pick<CertificateDependencies, 'classes' | 'personal'>,
  record: ClassRecord,
  rosterId: string,
  trainees: readonly FiledTrainee[],
): Promise<Problem[]> {
  const roster = await deps.classes.trainees(record.id, rosterId);
  const names = new Map(roster.map(({ personHash, name }) => [personHash, name]));
  const problems: Problem[] = [];
  for (const [index, { name, idNumber }] of trainees.entries()) {
    const filed = names.get(await deps.personal.hash(canonicalIdentityNumber(idNumber)));
    const place = `第${index + 1}人${name}`;
    if (filed === undefined) {
      const message = `${place}不在已受理的学员名册中，请核对身份证号；确须增加人员的，请培训主体先变更开班备案（三(一)）`;
      problems.push({ path: `body.trainees[${index}].idNumber`, message });
    } else if (filed !== name) {
      const message = `${place}在已受理的学员名册中名为“${filed}”，请按名册填写；名册有误的，请培训主体先变更开班备案（三(一)）`;
      problems.push({ path: `body.trainees[${index}].name`, message });
    }
  }
  return problems;
}

/**
 * An officer has the bureau issue numbered certificates to trainees of the accepted roster who passed (统一编码, 附件4).
 * @throws DomainError `validation-failed` with a problem for each person who cannot be certified: none is issued
 */
export async function issueCertificates(
  deps: CertificateDependencies,
  principal: Principal,
  classId: string,
  trainees: readonly FiledTrainee[],
): Promise<IssuedCertificate[]> {
  const record = demandClass(principal, 'certificate.issue', await deps.classes.find(classId));
  const at = deps.clock.now();
  const issuedOn = businessDate(at);
  const { content, rosterId } = trainedClass(record, issuedOn);
  const misread = identityProblems(trainees);
  const problems = misread.length > 0 ? misread : await rosterProblems(deps, record, rosterId, trainees);
  if (problems.length > 0) throw new DomainError('validation-failed', '发证名单有误，本次未核发任何证书。', problems);
  const letter = (await deps.certificates.letters())[content.district];
  if (letter === undefined) {
    throw new DomainError('not-eligible', '培训所在地还没有设定证书代码字母（附件4），请联系系统管理员设定后再核发。');
  }
  const order = {
    class: { id: record.id, tenant: record.tenant, subject: content.subject ?? '', district: content.district },
    letter,
    issuedOn,
    trainees,
  };
  return deps.certificates.issue(order, actorOf(principal), at);
}

/** @throws DomainError `not-found` for a number that was never issued. */
export async function checkCertificate(
  deps: Pick<CertificateDependencies, 'certificates'>,
  number: string,
): Promise<CertificateCheck> {
  const check = await deps.certificates.check(number.replace(/\s/g, ''));
  if (check === undefined) throw notFound();
  return check;
}

/**
 * Takes a wrong certificate out of force (作废), such as one that misspells its holder: the number stays on record with
 * the reason and is never used again; whoever held it may be issued another.
 */
export async function cancelCertificate(
  deps: CertificateDependencies,
  principal: Principal,
  number: string,
  reason: string,
): Promise<CertificateCheck> {
  const certificate = await deps.certificates.find(number);
  if (certificate === undefined) throw notFound();
  demand(principal, 'certificate.issue', await deps.classes.find(certificate.classId));
  if (certificate.st === 'cancelled')
    throw new DomainError('state-not-permitted', `证书${number}已经作废，无需重复办理。`);
  return deps.certificates.cancel(certificate, reason, actorOf(principal), deps.clock.now());
}

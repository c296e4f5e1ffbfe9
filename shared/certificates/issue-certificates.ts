import { actorOf } from '../access/actor.ts';
import { demand } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import type { ClassRecord, FiledTrainee } from '../classes/class-filing.ts';
import type { ClassStore } from '../classes/class-store.ts';
import { businessDate, type Clock } from '../clock/clock.ts';
import { DomainError, notFound, type Problem } from '../errors/domain-error.ts';
import { canonicalIdentityNumber, readIdentityNumber } from '../regulation/identity-number.ts';
import type { CertificateCheck, CertificateStore, IssuedCertificate } from './certificate.ts';

export interface CertificateDependencies {
  certificates: CertificateStore;
  classes: Pick<ClassStore, 'find'>;
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

/** An officer has the bureau issue numbered certificates to trainees who passed (统一编码, 附件4). */
export async function issueCertificates(
  deps: CertificateDependencies,
  principal: Principal,
  classId: string,
  trainees: readonly FiledTrainee[],
): Promise<IssuedCertificate[]> {
  const record = demand(principal, 'certificate.issue', await deps.classes.find(classId));
  const at = deps.clock.now();
  const issuedOn = businessDate(at);
  const { content } = trainedClass(record, issuedOn);
  const problems = identityProblems(trainees);
  if (problems.length > 0) throw new DomainError('validation-failed', '发证名单有误，本次未核发任何证书。', problems);
  const letter = (await deps.certificates.letters())[content.district];
  if (letter === undefined) {
    throw new DomainError('not-eligible', '培训所在地还没有设定证书代码字母（附件4），请联系系统管理员设定后再核发。');
  }
  const order = {
    class: { id: record.id, tenant: record.tenant, subject: content.subject ?? '' },
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

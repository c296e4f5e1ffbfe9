import { asRead, comparable } from '../access/written-text.ts';
import { STANDARDS } from '../regulation/assess.ts';
import { claimFacts } from '../regulation/claim-facts.ts';
import type { AssessmentRequest, Certificate, CertificateKind, Programme } from '../regulation/contract.ts';
import type { Edition } from '../regulation/edition.ts';
import { LineFacts } from '../regulation/line-facts.ts';
import { earnsFullRate } from '../regulation/provisions/1-4-apprenticeship.ts';
import { repeatSubjectOf } from '../regulation/provisions/4-2-quotas.ts';
import type { Amount } from '../regulation/standard.ts';

/** What a line would earn and occupy if it were granted, so that nobody is paid for the same twice (四(二)). */
export interface LineEntitlement {
  /** The standard (补贴标准) by its declared facts, whatever the rules say of it; 0 fen where the facts give none. */
  standard: Amount;
  /** occupation, project or course, and level (`-` for none); absent where the line has no repeat key */
  occupationLock?: { occupation: string; level: string };
  /** id of the class whose training the line pays; absent where a certificate's occupation and level bound it */
  classLock?: string;
  /** names of the certificates that earn it; those without a number have none */
  certificates: string[];
  /** number of the completion certificate (培训合格证书) that counts, as annex 4 writes it; absent where none counts */
  completion?: string;
}

/** Programmes that pay for a certificate, by its occupation and level. All others pay for a class, to a person once. */
const paidByCertificate: readonly Programme[] = ['qualification', 'master-apprentice'];

/** Kinds that share their numbers: what a certificate is called must not make two of it. */
const sharedNumbers: Partial<Readonly<Record<CertificateKind, string>>> = {
  'national-qualification': 'occupational',
  'skill-level': 'occupational',
  'special-operation': 'operator',
  'special-equipment': 'operator',
};

/**
 * The name of a certificate for "one certificate pays once". Cards of special operations carry their holder's identity
 * number instead of a number of their own, on every card and every renewal: what tells those apart is what they are for
 * and when they were issued.
 */
export function certificateName({ kind, number, occupation, issuedOn }: Certificate): string | undefined {
  const canonical = comparable(number);
  if (canonical === '') return undefined;
  const family = sharedNumbers[kind] ?? kind;
  return JSON.stringify(
    family === 'operator' ? [family, canonical, comparable(occupation ?? ''), issuedOn] : [family, canonical],
  );
}

/** The number of a certificate without white space. */
function numberOf({ number }: Certificate): string {
  return asRead(number).replace(/\s/gu, '');
}

/** The certificates that earn a line its amount: the one that counts, and the one that earns an apprentice the full rate. */
function earningCertificates({ counting, qualification, apprentice }: LineFacts, isFullRate: boolean): string[] {
  const earning = [counting, ...(apprentice !== undefined && isFullRate ? [qualification] : [])];
  const names = earning.flatMap((each) => (each === undefined ? [] : [certificateName(each)]));
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** What each line of a request would earn and occupy, in the request's order. */
export function entitlementsOf(edition: Edition, request: AssessmentRequest): LineEntitlement[] {
  const standard = STANDARDS[request.claim.programme];
  const claim = claimFacts(edition, { ...request, history: [] }, new Set(standard.counts));
  return request.claim.lines.map((line, index) => {
    const facts = new LineFacts(claim, line, index + 1);
    const subject = repeatSubjectOf(facts);
    const classId = request.claim.class?.id;
    const isBoundByClass = subject === undefined || !paidByCertificate.includes(request.claim.programme);
    return {
      standard: standard.amountOf(facts),
      ...(subject === undefined
        ? {}
        : { occupationLock: { occupation: subject.occupation, level: subject.level ?? '-' } }),
      ...(classId === undefined || !isBoundByClass ? {} : { classLock: classId }),
      ...(facts.counting?.kind === 'training-completion' ? { completion: numberOf(facts.counting) } : {}),
      certificates: earningCertificates(facts, earnsFullRate(facts)),
    };
  });
}

import { STANDARDS } from '../regulation/assess.ts';
import { claimFacts } from '../regulation/claim-facts.ts';
import type { AssessmentRequest, Certificate } from '../regulation/contract.ts';
import type { Edition } from '../regulation/edition.ts';
import { LineFacts } from '../regulation/line-facts.ts';
import { repeatSubjectOf } from '../regulation/provisions/4-2-quotas.ts';
import type { Amount } from '../regulation/standard.ts';

/** What a line would earn and occupy if it were granted, so that nobody is paid for the same twice (四(二)). */
export interface LineEntitlement {
  /** The standard (补贴标准) by its declared facts, whatever the rules say of it; 0 fen where the facts give none. */
  standard: Amount;
  /** occupation, project or course, and level (`-` for none); absent where the line has no repeat key */
  occupationLock?: { occupation: string; level: string };
  /** names the certificate that counts, kind and number; absent where there is none or its number is blank */
  certificate?: string;
}

/**
 * The name of a certificate for "one certificate pays once". Cards of special operations carry their holder's identity
 * number instead of a number of their own, on every card and every renewal: what tells those apart is what they are for
 * and when they were issued.
 */
export function certificateName({ kind, number, occupation, issuedOn }: Certificate): string | undefined {
  const canonical = number.normalize('NFKC').replace(/\s/gu, '').toUpperCase();
  if (canonical === '') return undefined;
  const isOfPerson = kind === 'special-operation' || kind === 'special-equipment';
  return JSON.stringify(isOfPerson ? [kind, canonical, occupation ?? '', issuedOn] : [kind, canonical]);
}

/** What each line of a request would earn and occupy, in the request's order. */
export function entitlementsOf(edition: Edition, request: AssessmentRequest): LineEntitlement[] {
  const standard = STANDARDS[request.claim.programme];
  const claim = claimFacts(edition, { ...request, history: [] }, new Set(standard.counts));
  return request.claim.lines.map((line, index) => {
    const facts = new LineFacts(claim, line, index + 1);
    const subject = repeatSubjectOf(facts);
    const certificate = facts.counting === undefined ? undefined : certificateName(facts.counting);
    return {
      standard: standard.amountOf(facts),
      ...(subject === undefined
        ? {}
        : { occupationLock: { occupation: subject.occupation, level: subject.level ?? '-' } }),
      ...(certificate === undefined ? {} : { certificate }),
    };
  });
}

import type {
  Applicant,
  AssessmentRequest,
  CertificateKind,
  Claim,
  Programme,
  Route,
  TrainingClass,
} from './contract.ts';
import { PROGRAMME_TERMS, ROUTE_TERMS } from './contract.ts';
import type { Edition, RouteDefinition } from './edition.ts';
import type { Jurisdiction } from './jurisdiction.ts';
import { jurisdictionOf } from './jurisdiction.ts';
import { Roll } from './roll.ts';
import { ShortageList } from './shortage-list.ts';

/** What the rules read of one claim, worked out once for all of them. */
export interface ClaimFacts {
  readonly edition: Edition;
  readonly route: RouteDefinition;
  readonly claim: Claim;
  readonly applicant: Applicant;
  readonly class: TrainingClass | undefined;
  readonly jurisdiction: Jurisdiction;
  /** the kinds of certificate that count in the programme */
  readonly counts: ReadonlySet<CertificateKind>;
  readonly shortage: ShortageList;
  readonly roll: Roll;
}

/** @throws RangeError where the request names a route that the edition lacks, or lacks the fact that its route needs */
export function claimFacts(
  edition: Edition,
  request: AssessmentRequest,
  counts: ReadonlySet<CertificateKind>,
): ClaimFacts {
  const { claim } = request;
  const { applicant } = claim;
  const route = edition.routeOf(claim.programme, claim.route);
  const jurisdiction = jurisdictionOf(edition, claim.programme, claim.route, {
    classDistrict: claim.class?.district,
    insuredDistrict: applicant.insuredDistrict,
    organiserDistrict: applicant.competition?.organiserDistrict,
    entrustedBy: applicant.entrustedBy,
  });
  if (route === undefined || jurisdiction === undefined) {
    throw new RangeError(`Claim ${claim.id} is no request of ${edition.id}: parse it first`);
  }
  return {
    edition,
    route,
    claim,
    applicant,
    class: claim.class,
    jurisdiction,
    counts,
    shortage: new ShortageList(request.shortage),
    roll: new Roll(request.history),
  };
}

/** `项目制培训（企业申领）` */
export function routeTerm(route: { readonly programme: Programme; readonly route: Route }): string {
  return `${PROGRAMME_TERMS[route.programme]}（${ROUTE_TERMS[route.route]}）`;
}

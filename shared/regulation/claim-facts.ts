import type {
  Applicant,
  AssessmentRequest,
  CertificateKind,
  Claim,
  Course,
  Programme,
  Route,
  Studio,
  TrainingClass,
} from './contract.ts';
import { courseSchema, PROGRAMME_TERMS, ROUTE_TERMS } from './contract.ts';
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
    throw unparsed(claim, `no request of ${edition.id}`);
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

function unparsed({ id }: Claim, what: string): RangeError {
  return new RangeError(`Claim ${id} is ${what}: parse it first`);
}

/** The class (培训班) of a claim on a route that has one. @throws RangeError where the request was not parsed */
export function taughtClass({ claim }: ClaimFacts): TrainingClass {
  if (claim.class === undefined) throw unparsed(claim, 'without a class');
  return claim.class;
}

/** The course (创业培训课程) that a class teaches. @throws RangeError where the request was not parsed */
export function taughtCourse(claim: ClaimFacts): Course {
  const course = courseSchema.safeParse(taughtClass(claim).subject);
  if (!course.success) throw unparsed(claim.claim, 'of no course');
  return course.data;
}

/** The studio (技能大师工作室) that claims. @throws RangeError where the request was not parsed */
export function claimingStudio({ applicant, claim }: ClaimFacts): Studio {
  if (applicant.studio === undefined) throw unparsed(claim, 'of no studio');
  return applicant.studio;
}

/** `项目制培训（企业申领）` */
export function routeTerm(route: { readonly programme: Programme; readonly route: Route }): string {
  return `${PROGRAMME_TERMS[route.programme]}（${ROUTE_TERMS[route.route]}）`;
}

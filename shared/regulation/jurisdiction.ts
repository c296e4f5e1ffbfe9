import type { Authority, District, GovernmentLevel, Payee, Programme, Route } from './contract.ts';
import type { Edition, RouteDefinition } from './edition.ts';
import { fundAccountOf } from './provisions/3-3-fund-accounts.ts';

/** The facts that decide who receives a claim or a class filing; each route reads one of them. */
export interface JurisdictionFacts {
  /** 开班备案地 */
  readonly classDistrict?: District | undefined;
  /** 失业保险缴费地 */
  readonly insuredDistrict?: District | undefined;
  /** 竞赛组织选送地 */
  readonly organiserDistrict?: District | undefined;
  /** 委托的行业主管部门 */
  readonly entrustedBy?:
    | { readonly department: string; readonly level: GovernmentLevel; readonly district: District }
    | undefined;
}

/** Who receives and decides (受理单位), whose special account (专账) pays, and who is paid. */
export interface Jurisdiction {
  readonly authority: Authority;
  readonly fundAccount: District;
  readonly payee: Payee;
  /** the district that decided it */
  readonly district: District;
}

/**
 * Who is responsible for a route, by the routes table of an edition (一, 三(三)); usable before there is a claim.
 * Undefined where the pair is no route of the edition, or the one fact that the route needs is missing.
 */
export function jurisdictionOf(
  edition: Edition,
  programme: Programme,
  route: Route,
  facts: JurisdictionFacts,
): Jurisdiction | undefined {
  const row = edition.routeOf(programme, route);
  if (row === undefined) return undefined;
  const authority = authorityOf(row, facts);
  if (authority === undefined) return undefined;
  return {
    authority,
    fundAccount: fundAccountOf(edition, authority),
    payee: row.payee,
    district: authority.district,
  };
}

function authorityOf(row: RouteDefinition, facts: JurisdictionFacts): Authority | undefined {
  switch (row.decidedBy) {
    case 'class':
      return bureauOf(facts.classDistrict);
    case 'insurance':
      return bureauOf(facts.insuredDistrict);
    case 'competition':
      return bureauOf(facts.organiserDistrict);
    default: {
      const by = facts.entrustedBy;
      if (by === undefined) return undefined;
      return { kind: 'industry-department', department: by.department, level: by.level, district: by.district };
    }
  }
}

function bureauOf(district: District | undefined): Authority | undefined {
  return district === undefined ? undefined : { kind: 'hr-bureau', district };
}

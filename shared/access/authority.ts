/** Who handles classes and claims: a bureau (人力社保部门) of a district, or an industry department (行业主管部门). */
export type AuthorityRef =
  | { readonly kind: 'hr-bureau'; readonly district: string }
  | {
      readonly kind: 'industry-department';
      readonly department: string;
      readonly level: 'city' | 'district';
      readonly district: string;
    };

/** The id of an authority, as its people's tokens carry it in `tenant`. */
export function authorityId(authority: AuthorityRef): string {
  if (authority.kind === 'hr-bureau') return `hr-bureau/${authority.district}`;
  return `industry-department/${authority.level}/${authority.district}/${authority.department}`;
}

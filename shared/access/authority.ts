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

/** What an authority id names; undefined for what is no such id. */
export function authorityKind(id: string): AuthorityRef['kind'] | undefined {
  const [kind, ...parts] = id.split('/');
  if (parts.length === 0 || parts.some((part) => part === '')) return undefined;
  if (kind === 'hr-bureau' && parts.length === 1) return kind;
  return kind === 'industry-department' && parts.length >= 3 ? kind : undefined;
}

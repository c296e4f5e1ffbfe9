const issuedOn = '2021-03-22';
const serial = (place: number): string => String(58_001 + place);

/** A completion certificate (培训合格证书); its number is the bureau's to give, by annex 4. */
export const completion = { kind: 'training-completion', issuedOn, issuer: 'training-body' };

/** A completion certificate of an entrepreneurship course (创业培训合格证书). */
export function entrepreneurship(place: number) {
  return { kind: 'entrepreneurship-completion', number: `CY21${serial(place)}`, issuedOn, issuer: 'training-body' };
}

/** A skill-level certificate (职业技能等级证书) of a turner (车工), class A of annex 1. */
export function turner(place: number, level: string, obtainedVia: string) {
  return {
    kind: 'skill-level',
    number: `S0000333021${serial(place)}`,
    issuedOn,
    occupation: '车工',
    level,
    issuer: 'local-assessor',
    registered: true,
    obtainedVia,
    assessedInWenzhou: true,
  };
}

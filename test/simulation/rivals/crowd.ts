import { identityNumber, unifiedCode } from '../../../local/sample/all-routes/check-digits.ts';
import type { SamplePerson } from '../../../local/sample/sample-api.ts';
import type { Seeded } from '../seeded.ts';

const occupations = ['车工', '钳工', '焊工', '电工', '铣工', '茶艺师', '保育员', '育婴员'] as const;

/** How often claims may win a person, whoever comes first, and why not more often. */
export const kinds = [
  { name: 'one occupation and level in every claim', awards: 1 },
  { name: 'two occupations in turn', awards: 2 },
  { name: 'eight occupations, three subsidies a year', awards: 3 },
  { name: 'one certificate under every occupation', awards: 1 },
  { name: 'eight occupations, one subsidy of the insurance and so two of ours', awards: 2 },
] as const;

/** Which kind a person of the crowd is: of each five, one of every kind. */
export function kindOf(person: number): number {
  return person % kinds.length;
}

export interface Rival {
  person: SamplePerson;
  facts: Record<string, unknown>;
}

/** Enterprises of one district, so that one bureau takes all their claims and one account pays them. */
export function rivalNo(n: number): Rival {
  const two = String(n).padStart(2, '0');
  const name = `温州竞发第${n}机械有限公司`;
  return {
    person: { sub: `clerk-${two}`, tenant: `ent-rival-${two}`, role: 'applicant', duties: [], name: `经办${n}` },
    facts: {
      name,
      kind: 'enterprise',
      unifiedCode: unifiedCode(`91330302MA2RW${two}A1`),
      insuredDistrict: 'lucheng',
      independentLegalPerson: true,
      traits: ['above-scale'],
      selfEvaluation: true,
      bankAccount: { holder: name, bank: '温州银行鹿城支行', number: `7330001201900${two}001` },
    },
  };
}

/** 1,000 people have a serial each for one day of birth. */
function numberOf(person: number): string {
  const day = 10 + Math.floor(person / 999);
  return identityNumber(`330302198503${day}${String((person % 999) + 1).padStart(3, '0')}`);
}

function lineOf(person: number, claim: number) {
  const kind = kindOf(person);
  const turn = [1, 2, occupations.length, occupations.length, occupations.length][kind] ?? 1;
  const occupation = occupations[claim % turn] ?? '车工';
  // Where the certificate is not what limits, claims name it as they like: the same one, or one of their own.
  const paper = kind === 3 ? 0 : person % 2 === 0 ? 1 + (claim % turn) : 100 + claim;
  return {
    id: `P${person}`,
    name: `学员${person}`,
    idNumber: numberOf(person),
    certificates: [
      {
        kind: 'skill-level',
        number: `S0000330303${String(person).padStart(5, '0')}${String(paper).padStart(5, '0')}`,
        issuedOn: '2021-03-01',
        issuer: 'local-assessor',
        registered: true,
        occupation,
        level: 'senior',
      },
    ],
  };
}

/** What the unemployment insurance paid to the crowd in this year, as it is imported before the first claim. */
export function insuranceSubsidies(people: number) {
  const crowd = Array.from({ length: people }, (_, person) => person);
  return crowd
    .filter((person) => kindOf(person) === 4)
    .map((person) => ({ idNumber: numberOf(person), year: 2021, reference: `SY-2021-${person}` }));
}

/** The roster of one of the rival claims: the whole crowd in an order of its own, and one person whom nobody else names. */
export function rosterOf(claim: number, people: number, order: Seeded) {
  const crowd = Array.from({ length: people }, (_, person) => lineOf(person, claim));
  return order.shuffled([...crowd, lineOf(5 * (people + claim), claim)]);
}

/** How many lines may be granted in all, whatever the order. */
export function allowedAwards(claims: number, people: number): number {
  let awards = claims;
  for (let person = 0; person < people; person += 1) awards += kinds[kindOf(person)]?.awards ?? 0;
  return awards;
}

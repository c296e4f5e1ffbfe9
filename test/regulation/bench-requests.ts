import { addDays } from '../../shared/regulation/calendar-date.ts';
import type { AssessmentRequest } from '../../shared/regulation/contract.ts';
import { checkCharacter } from '../../shared/regulation/identity-number.ts';
import type { RouteName } from './sample-requests.ts';
import { sampleLine, sampleRequest } from './sample-requests.ts';

/** The `index`-th of many people who differ; invented, as all of the samples. */
function person(index: number): string {
  const birthDate = addDays('1975-01-01', index % 9000).replaceAll('-', '');
  const digits = `999999${birthDate}${String(Math.floor(index / 9000) % 1000).padStart(3, '0')}`;
  return `${digits}${checkCharacter(digits)}`;
}

/**
 * A claim of so many people, of whom every tenth is refused or referred for one reason or another, with a subsidy in
 * history for every third.
 *
 * @param first the number of the first person, so that claims name different ones
 */
export function benchRequest(route: RouteName, lines: number, first = 0): AssessmentRequest {
  const people = Array.from({ length: lines }, (_, index) => ({
    id: `line-${index}`,
    idNumber: person(first + index),
  }));
  const request = sampleRequest(route, {
    claim: {
      id: `claim-${first}`,
      lines: people.map((line, index) => sampleLine(route, { line: { ...line, ...variation(index) } })),
    },
    shortage: [{ occupation: '车工', from: '2020-06-01' }],
    history: people
      .filter((_, index) => index % 3 === 0)
      .map(({ idNumber }) => ({ person: idNumber, year: 2020, occupation: '铣工', level: 'senior', kind: 'award' })),
  });
  return request;
}

function variation(index: number): object {
  if (index % 10 !== 9) return {};
  const variations = [{ statusVerified: false }, { certificates: [] }, { name: '' }, { status: undefined }];
  return variations[Math.floor(index / 10) % variations.length] ?? {};
}

import type { SamplePerson } from '../sample-api.ts';
import type { RouteStory } from './route-story.ts';

/** Whoever acts for the applicant of a story. */
export function applicantOf({ applicant }: RouteStory): SamplePerson {
  const { tenant, facts } = applicant;
  return { sub: `${tenant}-clerk`, tenant, role: 'applicant', duties: [], name: facts.name };
}

const roleAt = (authority: string): string => (authority.startsWith('hr-bureau/') ? 'officer' : 'department');

/** The authority's person who decides lines and endorses (初核). */
export function preparerAt(authority: string): SamplePerson {
  const role = roleAt(authority);
  return { sub: `${authority}/lin`, tenant: authority, role, duties: ['preparer'], name: '林科员' };
}

/** The authority's person who approves (复核); never the one who endorsed. */
export function approverAt(authority: string): SamplePerson {
  const role = roleAt(authority);
  return { sub: `${authority}/zhou`, tenant: authority, role, duties: ['approver'], name: '周科长' };
}

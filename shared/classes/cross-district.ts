import { DomainError } from '../errors/domain-error.ts';
import type { Organisation } from '../organisations/organisation.ts';
import type { Edition } from '../regulation/edition.ts';
import { countsAsInstitution } from '../regulation/provisions/5-3-institutions.ts';
import type { ClassRecord } from './class-filing.ts';

/** Whether the place of a class must agree to its institution, which another district approved (跨区域培训, 三(二)). */
function needsConsent({ content }: ClassRecord, organisation: Organisation | undefined, edition: Edition): boolean {
  const route = edition.routeOf(content.programme, content.route);
  if (organisation === undefined || route === undefined || !countsAsInstitution(organisation, route)) return false;
  const { approval } = organisation;
  return approval?.level === 'district' && approval.district !== content.district;
}

/**
 * The consent of the place of training to an institution of another district, as an acceptance puts it on record: what
 * the officer says, else what was said of the version in force, as long as the class stays in that district.
 * @throws DomainError `validation-failed` where the law wants it and nobody has said yes or no
 */
export function consentOf(
  record: ClassRecord,
  said: boolean | undefined,
  organisation: Organisation | undefined,
  edition: Edition,
): boolean | undefined {
  const { accepted, content } = record;
  const stays = accepted?.content.district === content.district;
  const consent = said ?? (stays ? accepted.crossDistrictConsent : undefined);
  if (consent !== undefined || !needsConsent(record, organisation, edition)) return consent;
  throw new DomainError('validation-failed', '跨区域培训须经培训所在地人力社保部门同意，请明确是否同意（三(二)）。', [
    {
      path: 'body.crossDistrictConsent',
      message: `该机构由${edition.nameOf(organisation?.approval?.district ?? '')}批准，本班在${edition.nameOf(content.district)}：同意填 true，不同意填 false`,
    },
  ]);
}

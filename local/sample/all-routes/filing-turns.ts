import type { Json } from '../sample-api.ts';
import { expectSame, StepFailure } from '../step.ts';
import { applicantOf, preparerAt } from './cast.ts';
import { filingOf } from './file-classes.ts';
import { type RouteStory, storyName } from './route-story.ts';
import type { Stage } from './stage.ts';

const authority = 'hr-bureau/ouhai';

/** A class that an institution of one district teaches in another (跨区域培训, 三(二)). */
export interface DistantClass {
  story: RouteStory;
  classId: string;
}

/**
 * An institution that 鹿城 approved files a class in 瓯海: it is refused with the reason, changed, judged by its lead time
 * again and accepted with the consent of the place where it is taught; every version is kept (三(一), 三(二)).
 */
export async function fileDistantClass({ api }: Stage, stories: readonly RouteStory[]): Promise<DistantClass> {
  const story = stories.find(({ programme, route }) => programme === 'qualification' && route === 'agency');
  const filing = story && filingOf(story);
  if (story === undefined || filing === undefined) throw new StepFailure('no institution files a class');
  const applicant = applicantOf(story);
  const officer = preparerAt(authority);
  const away = { ...filing, district: 'ouhai' };
  const { id } = await api.good(applicant, 'POST /classes', away);
  const filed = await api.good(applicant, `POST /classes/${id}/filing`);
  expectSame('who takes the filing', filed.authority, authority);
  const reason = '培训地点未写明教室，请更正后重新备案';
  const refused = await api.good(officer, `POST /classes/${id}/refusal`, { version: filed.version, reason });
  expectSame('refusal of the filing', [refused.state, refused.decision.reason], ['refused', reason]);
  const changed = await api.good(applicant, `PUT /classes/${id}`, { ...away, place: '瓯海区新桥街道实训楼302教室' });
  expectSame(
    'changed filing',
    [changed.state, changed.contentVersion, changed.filedOn, changed.lead.days],
    ['filed', 2, '2021-03-09', 6],
  );
  const acceptance = { version: changed.version, reason: '材料齐全，同意跨区开班', crossDistrictConsent: true };
  const { accepted } = await api.good(officer, `POST /classes/${id}/acceptance`, acceptance);
  expectSame('accepted filing', [accepted.contentVersion, accepted.crossDistrictConsent], [2, true]);
  const { versions } = await api.good(officer, `GET /classes/${id}`);
  const places = versions.map(({ contentVersion, content }: Json) => [contentVersion, content.place]);
  expectSame('kept versions', places, [
    [1, filing.place],
    [2, '瓯海区新桥街道实训楼302教室'],
  ]);
  return { story, classId: id };
}

/**
 * Before it hands anything in, the institution has its draft for that class checked (提交前体检): what is missing, and
 * that the consent counts. Nothing is kept of it; the draft is withdrawn.
 */
export async function preCheck({ api }: Stage, { story, classId }: DistantClass): Promise<void> {
  const { programme, route } = story;
  const applicant = applicantOf(story);
  const claim = await api.good(applicant, 'POST /claims', { programme, route, classId });
  const roster = { lines: story.lines.map(({ line }) => line) };
  await api.good(applicant, `PUT /claims/${claim.id}/roster`, roster);
  const checked = await api.good(applicant, `POST /claims/${claim.id}/pre-check`);
  const name = storyName(story);
  expectSame(
    `missing papers of ${name}`,
    checked.missing.map(({ kind }: Json) => kind).toSorted(),
    [...story.papers].toSorted(),
  );
  const sums = checked.lines.map(({ id, amountFen }: Json) => [id, amountFen]);
  expectSame(
    `lines that were checked of ${name}`,
    sums,
    story.lines.map(({ line, fen }) => [line.id, fen]),
  );
  const consent = checked.findings.find(({ article }: Json) => article.startsWith('三(二)'));
  expectSame(`the consent in the check of ${name}`, consent?.outcome, 'pass');
  expectSame('state after the check', (await api.good(applicant, `GET /claims/${claim.id}`)).state, 'draft');
  await api.good(applicant, `POST /claims/${claim.id}/withdrawal`, { reason: '仅作提交前体检，不申请补贴' });
}

import { administrator } from '../people.ts';
import type { Json } from '../sample-api.ts';
import { expectSame, StepFailure } from '../step.ts';
import { until } from '../waiting.ts';
import { applicantOf, preparerAt } from './cast.ts';
import type { Carried } from './route-story.ts';
import type { Stage } from './stage.ts';

const offsetMs = 8 * 60 * 60 * 1000;

/** The end, in Asia/Shanghai, of the same calendar day five years after an instant. */
function fiveYearsOn(instant: Date): string {
  const day = new Date(instant.getTime() + offsetMs);
  return new Date(Date.UTC(day.getUTCFullYear() + 5, day.getUTCMonth(), day.getUTCDate() + 1) - offsetMs).toISOString();
}

/** Every upload of a paid claim is locked until five years after the day of payment are over (台账保存, 三(二)). */
export async function expectRetained(stage: Stage, claims: readonly Carried[]): Promise<void> {
  const fifthYearsEnd = fiveYearsOn(stage.cloud.clock.now());
  await stage.cloud.clock.advance({ ms: 6 * 60_000 });
  for (const { claimId, story } of claims) {
    await until(stage.cloud, `the lock of the evidence of ${story.programme}/${story.route}`, async () => {
      const { evidence } = await stage.api.good(preparerAt(story.authority), `GET /claims/${claimId}/evidence`);
      const locks = evidence.map(({ kept }: Json) => kept?.lockedUntil);
      return locks.length > 0 && locks.every((lock: unknown) => lock === fifthYearsEnd) ? locks : undefined;
    });
  }
}

/** The next term's class is started from this one (照上期开班, 三(一)): a draft of the same shape, without its roster. */
export async function copyClass({ api }: Stage, { classId, story }: Carried): Promise<void> {
  if (classId === undefined) throw new StepFailure(`${story.programme}/${story.route} has no class to copy`);
  const applicant = applicantOf(story);
  const copy = await api.good(applicant, `POST /classes/${classId}/copies`, { startsOn: '2021-06-14' });
  const { content, copiedFrom, enrolled, state } = copy;
  expectSame(
    'copy of the class',
    { copiedFrom, enrolled, state },
    { copiedFrom: classId, enrolled: 0, state: 'draft' },
  );
  const dates = content.sessions.map(({ date }: Json) => date);
  expectSame(
    'days of the copied class',
    [content.startsOn, dates[0], dates.at(-1)],
    ['2021-06-14', '2021-06-14', content.endsOn],
  );
}

/** The city bureau changes annex 1 by publication (附件1 备注): the day before and the day of are told apart. */
export async function changeCatalogue({ api }: Stage): Promise<void> {
  const publication = {
    document: '温人社发〔2021〕30号',
    title: '关于调整温州市职业技能提升行动补贴标准目录的通知',
    effectiveFrom: '2021-05-01',
    changes: [{ annex: 1, change: 'reclassify', occupation: '茶艺师', class: 'B' }],
  };
  const { published, version } = await api.good(administrator, 'POST /catalogue/annex-changes', publication);
  expectSame('publication', { published, version }, { published: true, version: 1 });
  const classOn = async (day: string) => {
    const { annex1 } = await api.good(administrator, `GET /catalogue/annexes?on=${day}`);
    return annex1.find(({ occupations }: Json) => occupations.includes('茶艺师')).class;
  };
  expectSame('class of 茶艺师', [await classOn('2021-04-30'), await classOn('2021-05-01')], ['C', 'B']);
}

import type { Json } from '../sample-api.ts';
import { expectSame, StepFailure } from '../step.ts';
import { preparerAt } from './cast.ts';
import { type Carried, storyName } from './route-story.ts';
import { claimIn, type Stage } from './stage.ts';

/** An objection (异议) as its lodger knows it. */
export interface Lodged {
  carried: Carried;
  receiptNumber: string;
}

/** Somebody of the public objects to the claim's row in its running notice, found by the claim's reference. */
export async function object(stage: Stage, carried: Carried): Promise<Lodged> {
  const { noticeId } = await claimIn(stage, carried, 'publicised');
  const notice = await stage.api.good(undefined, `GET /notices/${noticeId}/data`);
  const rows: Json[] = notice.annexes.flatMap((annex: Json) => annex.rows);
  const row = rows.find(({ reference }) => carried.claimId.endsWith(reference));
  if (row === undefined) throw new StepFailure(`the notice does not list ${storyName(carried.story)}`);
  const { receiptNumber } = await stage.api.good(undefined, `POST /notices/${noticeId}/objections`, {
    rowNo: row.rowNo,
    by: { kind: 'named', name: '何先生', contact: '温州市信访局转' },
    reason: '据了解该单位有学员并未参加全部培训课程，请予核实。',
  });
  return { carried, receiptNumber };
}

/** The authority decides; the objector reads the result by the receipt (二(三)). */
export async function decide({ api }: Stage, { carried, receiptNumber }: Lodged): Promise<void> {
  const { story, claimId } = carried;
  const officer = preparerAt(story.authority);
  const { objections } = await api.good(officer, 'GET /desk/objections?state=open');
  const open = objections.find((objection: Json) => objection.claimId === claimId);
  if (open === undefined) throw new StepFailure(`no open objection on the desk for ${storyName(story)}`);
  const released = story.lines.filter(({ ends }) => ends === 'released').map(({ line }) => line.id);
  const result = released.length > 0 ? 'upheld' : 'dismissed';
  await api.good(officer, `POST /objections/${open.id}/decision`, {
    result,
    reason: result === 'upheld' ? '核查签到表，一名学员未参加培训' : '核查签到和鉴定记录，未发现所述情况',
    ...(result === 'upheld' ? { lines: released } : {}),
  });
  const told = await api.good(undefined, `GET /objections/${receiptNumber}`);
  expectSame(`result of the objection to ${storyName(story)}`, told.state, result);
}

import type { Json } from '../sample-api.ts';
import { expectSame, StepFailure } from '../step.ts';
import { preparerAt } from './cast.ts';
import { type Carried, storyName } from './route-story.ts';
import { claimIn, type Stage } from './stage.ts';

const contact = {
  office: '龙湾区人力资源和社会保障局职业能力建设科',
  address: '温州市龙湾区行政管理中心2号楼315室',
  postcode: '325058',
  phone: '0577-86968001',
  hours: '工作日 8:30—12:00、14:00—17:30',
};

/** Before its first notice an authority says where objections are received; until then the default stands (二(二)). */
export async function setUpNotices({ api }: Stage, { story }: Carried): Promise<void> {
  const officer = preparerAt(story.authority);
  const before = await api.good(officer, 'GET /desk/notice-settings');
  expectSame(`whether the settings of ${story.authority} are the default`, before.isDefault, true);
  await api.good(officer, 'PUT /desk/notice-settings', { ...before.settings, contact });
  const after = await api.good(officer, 'GET /desk/notice-settings');
  expectSame('settings in force', [after.isDefault, after.settings.contact], [false, contact]);
}

async function rowIn(
  stage: Stage,
  { claimId, story }: Carried,
  noticeId: string,
): Promise<{ notice: Json; row: Json }> {
  const notice = await stage.api.good(undefined, `GET /notices/${noticeId}/data`);
  const rows: Json[] = notice.annexes.flatMap((annex: Json) => annex.rows);
  const row = rows.find(({ reference }) => claimId.endsWith(reference));
  if (row === undefined) throw new StepFailure(`the notice does not list ${storyName(story)}`);
  return { notice, row };
}

/** A running notice, which says where objections are received, is wrong in one row; the row is put right (更正). */
export async function correct(stage: Stage, carried: Carried): Promise<{ from: string; remark: string }> {
  const { noticeId } = await claimIn(stage, carried, 'publicised');
  const { notice, row } = await rowIn(stage, carried, noticeId);
  expectSame('where objections are received', notice.contact, contact);
  const remark = '岗前培训在本企业内组织';
  const correction = await stage.api.good(
    preparerAt(carried.story.authority),
    `POST /notices/${noticeId}/corrections`,
    { reason: '备注遗漏培训组织方式', rows: [{ rowNo: row.rowNo, remark }] },
  );
  expectSame('state of the correction', correction.state, 'preparing');
  return { from: noticeId, remark };
}

/** The next publishing job has put up the changed row, and that alone, with a period of its own. */
export async function expectCorrected(
  stage: Stage,
  carried: Carried,
  { from, remark }: { from: string; remark: string },
): Promise<void> {
  const { noticeId } = await claimIn(stage, carried, 'publicised');
  const { notice, row } = await rowIn(stage, carried, noticeId);
  const rows = notice.annexes.flatMap((annex: Json) => annex.rows);
  expectSame('rows of the correction', [rows.length, row.remark], [1, remark]);
  expectSame(
    'what is corrected, and until when it can be objected to',
    [notice.supersedes.noticeId, notice.period.publishedOn, notice.period.lastDay],
    [from, '2021-03-25', '2021-04-01'],
  );
}

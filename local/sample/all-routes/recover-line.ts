import { finance } from '../people.ts';
import { expectSame } from '../step.ts';
import { shanghai } from '../waiting.ts';
import { applicantOf, approverAt } from './cast.ts';
import type { Carried } from './route-story.ts';
import type { Stage } from './stage.ts';

/** Near, so that the journey sees its end; in life it is months away. */
const blockUntil = '2021-04-02';
const lastMinute = '2021-04-02T23:59';
const dayAfter = '2021-04-03T00:00';

/** A line is demanded back in full (追回, 四(三)); the money comes in two sums, each with its serial number. */
export async function recoverLines({ api }: Stage, { story, claimId }: Carried): Promise<void> {
  const demanded = story.lines.filter(({ ends }) => ends === 'recovered');
  const recovery = await api.good(approverAt(story.authority), `POST /claims/${claimId}/recoveries`, {
    document: '温人社监〔2021〕7号',
    reason: '检查发现该学员的签到系他人代签，责令退回补贴',
    lines: demanded.map(({ line }) => ({ lineId: line.id })),
    blockUntil,
  });
  const receipts = `POST /claims/${claimId}/recoveries/${recovery.id}/receipts`;
  let state: string = recovery.state;
  for (const { line, fen } of demanded) {
    const half = Math.floor(fen / 2);
    for (const [index, sum] of [half, fen - half].entries()) {
      const bankSerial = `BACK-${line.id}-${index + 1}`;
      state = (
        await api.good(finance, receipts, {
          bankSerial,
          lines: [{ lineId: line.id, fen: sum }],
        })
      ).state;
    }
  }
  expectSame('state of the recovery', state, 'settled');
}

/** The provider can claim nothing new until the date that the recovery names is over (四(三)), and from then on again. */
export async function expectBlocked({ api, cloud }: Stage, { story, classId }: Carried): Promise<void> {
  const { programme, route, declaration = {} } = story;
  const claim = { programme, route, classId, ...declaration };
  const applicant = applicantOf(story);
  await api.refused(applicant, 'POST /claims', 'provider-blocked', claim);
  await cloud.clock.advance({ to: shanghai(lastMinute) });
  const refusal = await api.refused(applicant, 'POST /claims', 'provider-blocked', claim);
  expectSame('the date in the refusal', refusal.detail.includes(blockUntil), true);
  await cloud.clock.advance({ to: shanghai(dayAfter) });
  const { id } = await api.good(applicant, 'POST /claims', claim);
  await api.good(applicant, `POST /claims/${id}/withdrawal`, { reason: '仅为确认暂停申领已届满' });
}

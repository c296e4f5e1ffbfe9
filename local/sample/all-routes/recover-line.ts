import { finance } from '../people.ts';
import { expectSame } from '../step.ts';
import { approverAt } from './cast.ts';
import type { Carried } from './route-story.ts';
import type { Stage } from './stage.ts';

/** A line is demanded back in full (追回, 四(三)); the money comes in two sums, each with its serial number. */
export async function recoverLines({ api }: Stage, { story, claimId }: Carried): Promise<void> {
  const demanded = story.lines.filter(({ ends }) => ends === 'recovered');
  const recovery = await api.good(approverAt(story.authority), `POST /claims/${claimId}/recoveries`, {
    document: '温人社监〔2021〕7号',
    reason: '检查发现该学员的签到系他人代签，责令退回补贴',
    lines: demanded.map(({ line }) => ({ lineId: line.id })),
    blockUntil: '2021-12-31',
  });
  const receipts = `POST /claims/${claimId}/recoveries/${recovery.id}/receipts`;
  let state: string = recovery.state;
  for (const { line, fen } of demanded) {
    const half = Math.floor(fen / 2);
    for (const [index, sum] of [half, fen - half].entries()) {
      const bankSerial = `BACK-${line.id}-${index + 1}`;
      state = (await api.good(finance, receipts, { lineId: line.id, fen: sum, bankSerial })).state;
    }
  }
  expectSame('state of the recovery', state, 'settled');
}

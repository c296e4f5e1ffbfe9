import { businessDate } from '../clock/clock.ts';
import { notFound } from '../errors/domain-error.ts';
import { chineseDate } from './chinese-date.ts';
import { html } from './html.ts';
import type { Objection } from './objection.ts';
import type { ObjectionStore } from './objection-store.ts';
import { publicPage } from './public-page.ts';

/** What the holder of a receipt may read: where the objection stands and what came of it, nothing of any person. */
export interface ObjectionResult {
  receiptNumber: string;
  noticeId: string;
  noticeTitle: string;
  rowNo: number;
  lodgedOn: string;
  /** By when the authority should have decided. */
  dueOn: string;
  state: 'open' | 'upheld' | 'dismissed';
  /** The state in a sentence. */
  message: string;
  decidedOn?: string;
  reply?: string;
}

// What becomes of the money depends on the claim's other objections too, and is promised to nobody here.
const messages: Readonly<Record<ObjectionResult['state'], string>> = {
  open: '受理单位正在复核，复核期间该项补贴暂缓拨付。',
  upheld: '经复核，异议成立，已按规定取消相应的补贴资格。',
  dismissed: '经复核，本件异议不成立，不因本件异议取消该项补贴资格。',
};

function resultOf(objection: Objection): ObjectionResult {
  const { decision } = objection;
  // A decision that is not carried out yet is not told yet: what is read here has happened.
  const state = objection.st === 'deciding' ? 'open' : objection.st;
  const told = state === 'open' ? undefined : decision;
  return {
    receiptNumber: objection.receiptNumber,
    noticeId: objection.noticeId,
    noticeTitle: objection.noticeTitle,
    rowNo: objection.rowNo,
    lodgedOn: businessDate(new Date(objection.createdAt)),
    // The deadline is the midnight after the last day.
    dueOn: businessDate(new Date(Date.parse(objection.dueAt) - 1)),
    state,
    message: messages[state],
    ...(told === undefined ? {} : { decidedOn: businessDate(new Date(told.at)) }),
    ...(told?.reply === undefined ? {} : { reply: told.reply }),
  };
}

/** Where an objection stands, by its receipt (二(三): the objector is told the result). */
export async function readResult(
  objections: Pick<ObjectionStore, 'findByReceipt'>,
  receiptNumber: string,
): Promise<ObjectionResult> {
  const objection = await objections.findByReceipt(receiptNumber);
  if (objection === undefined) throw notFound();
  return resultOf(objection);
}

/** The same as a page. */
export function objectionResultPage(result: ObjectionResult): string {
  const { decidedOn, reply } = result;
  const states = { open: '复核中', upheld: '异议成立', dismissed: '异议不成立' } as const;
  return publicPage(
    '异议复核结果',
    html`<h1>异议复核结果</h1>
<p class="status ${result.state === 'open' ? 'running' : 'ended'}"><span class="badge">${states[result.state]}</span></p>
<p>${result.message}</p>
<dl>
<dt>回执编号</dt><dd class="receipt">${result.receiptNumber}</dd>
<dt>所异议的公示</dt><dd><a href="/notices/${result.noticeId}">${result.noticeTitle}</a>，序号${result.rowNo}</dd>
<dt>提出日期</dt><dd>${chineseDate(result.lodgedOn)}</dd>
${decidedOn === undefined ? html`<dt>复核时限</dt><dd>${chineseDate(result.dueOn)}前</dd>` : html`<dt>认定日期</dt><dd>${chineseDate(decidedOn)}</dd>`}
${reply === undefined ? html`` : html`<dt>受理单位答复</dt><dd>${reply}</dd>`}
</dl>`,
  );
}

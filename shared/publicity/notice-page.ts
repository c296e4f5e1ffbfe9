import { type Column, personColumns, unitColumns } from './annex-columns.ts';
import { chineseDate } from './chinese-date.ts';
import { type Html, html, ownConstant } from './html.ts';
import type { NoticeDocument, PersonAnnex, UnitAnnex } from './notice-document.ts';
import { daysLeft } from './notice-period.ts';
import type { NoticeRowItem } from './notice-row.ts';
import { printedTenThousands, printedYuan } from './notice-text.ts';
import { publicPage } from './public-page.ts';

/** A later notice that corrects rows of this one, by the rows' numbers here. */
export interface CorrectionNote {
  noticeId: string;
  /** The rows that it shows, or will show. */
  rowNos: readonly number[];
  /** The rows of which nothing was left before it was up: they are in no notice any more. */
  cancelledRowNos: readonly number[];
  /** Whether it is up yet; until then its rows are out of this notice all the same. */
  published: boolean;
}

/** What of a notice's page changes from day to day, while the rest stays as it was sealed. */
export interface NoticeMoment {
  state: 'running' | 'ended';
  /** Working (or calendar) days left, today included. */
  left: number;
  corrections: readonly CorrectionNote[];
  /** Whether objections can be lodged on the page itself. */
  takesObjections: boolean;
}

/** The moment of a document on a date, as its dates alone tell it. */
export function momentOf(
  { period }: Pick<NoticeDocument, 'period'>,
  today: string,
  corrections: readonly CorrectionNote[],
): NoticeMoment {
  const running = today <= period.lastDay;
  // Only the days that the calendar knew when the period was promised are counted again here.
  const left = running ? daysLeft(period, today) : 0;
  return { state: running ? 'running' : 'ended', left, corrections, takesObjections: false };
}

const statusMarks = ['<!--status-->', '<!--/status-->'] as const;
const formMarks = ['<!--form-->', '<!--/form-->'] as const;

type Marks = typeof statusMarks | typeof formMarks;

function marked([open, close]: Marks, content: Html): Html {
  return html`${ownConstant(open)}${content}${ownConstant(close)}`;
}

function correctionBanner({ noticeId, rowNos, cancelledRowNos, published }: CorrectionNote): Html {
  const corrected = published
    ? html`<p class="banner">第${rowNos.join('、')}行已更正并<a href="/notices/${noticeId}">重新公示</a>，以更正后的内容为准。</p>`
    : html`<p class="banner">第${rowNos.join('、')}行正在更正，将重新公示并重新计算公示期。</p>`;
  const cancelled = html`<p class="banner">第${cancelledRowNos.join('、')}行已取消补贴资格，不再公示。</p>`;
  return html`${rowNos.length === 0 ? html`` : corrected}${cancelledRowNos.length === 0 ? html`` : cancelled}`;
}

function statusBlock({ period }: Pick<NoticeDocument, 'period'>, moment: NoticeMoment): Html {
  const end = `${chineseDate(period.lastDay)}24时`;
  const unit = period.unit === 'working' ? '个工作日' : '天';
  const badge =
    moment.state === 'running'
      ? html`<p class="status running"><span class="badge">公示中</span><span>还剩${moment.left}${unit}，至${end}止</span></p>`
      : html`<p class="status ended"><span class="badge">公示已结束</span><span>已于${end}结束</span></p>`;
  const notes = moment.corrections.map(correctionBanner);
  return html`${badge}${notes}`;
}

function field(name: string, label: string, more: Html): Html {
  return html`<div class="field"><label for="o-${name}">${label}</label>${more}</div>`;
}

function formBlock(document: NoticeDocument, moment: NoticeMoment): Html {
  if (moment.state === 'ended' || !moment.takesObjections) return html``;
  return html`<section class="no-print" aria-labelledby="object-here">
<h2 id="object-here">网上提出异议</h2>
<noscript><p>网上提交需要浏览器支持脚本；您也可以按上述方式来信、来电或来访提出异议。</p></noscript>
<form id="objection" action="/notices/${document.noticeId}/objections" method="post" hidden>
${field('row', '所异议的序号', html`<input id="o-row" name="rowNo" type="number" min="1" inputmode="numeric" required>`)}
<fieldset><legend>提出方式</legend>
<label><input type="radio" name="kind" value="named" checked> 个人（实名）</label>
<label><input type="radio" name="kind" value="anonymous"> 个人（匿名）</label>
<label><input type="radio" name="kind" value="unit"> 单位（须盖章）</label>
</fieldset>
<div data-for="named">${field('name', '姓名', html`<input id="o-name" name="name" type="text" maxlength="50" autocomplete="name" data-must="yes">`)}</div>
<div data-for="unit">${field('unit', '单位名称', html`<input id="o-unit" name="unitName" type="text" maxlength="100" autocomplete="organization" data-must="yes">`)}
${field('seal', '公章全称（书面材料上所盖公章的名称）', html`<input id="o-seal" name="sealName" type="text" maxlength="100" data-must="yes">`)}</div>
<div data-for="named unit anonymous">${field('contact', '联系方式（加密保存，只用于核实和答复；匿名可不填）', html`<input id="o-contact" name="contact" type="text" maxlength="100" autocomplete="tel">`)}</div>
${field('reason', '异议理由（10至2000字，请写明具体事实；请勿填写他人身份证号）', html`<textarea id="o-reason" name="reason" minlength="10" maxlength="2000" required></textarea>`)}
<button type="submit">提交异议</button>
</form>
<div id="objection-answer" role="status" tabindex="-1" hidden></div>
</section>`;
}

function cell<Row>(column: Column<Row>, text: string, rowSpan: number): Html {
  const kind = column.look ?? '';
  return rowSpan > 1
    ? html`<td class="${kind}" data-label="${column.label}" rowspan="${rowSpan}">${text}</td>`
    : html`<td class="${kind}" data-label="${column.label}">${text}</td>`;
}

/** A column's head; its unit (元、人) goes to a line of its own before the words are broken. */
function columnHead<Row>({ label, look }: Column<Row>): Html {
  const [, words = label, unit = ''] = /^(.+?)(（.+）)?$/u.exec(label) ?? [];
  return html`<th scope="col" class="${look === 'n' ? look : ''}"><span>${words}</span>${unit === '' ? html`` : html` <span>${unit}</span>`}</th>`;
}

/** One published row as table rows: one for each of its items, the cells that all items share spanning them. */
function tableRows<Row>(row: Row, items: readonly NoticeRowItem[], columns: readonly Column<Row>[]): Html[] {
  const none: NoticeRowItem = { heads: 0, amountFen: 0 };
  const shown = items.length === 0 ? [none] : items;
  return shown.map((item, index) => {
    const cells = columns.flatMap((column) => {
      if ('ofItem' in column) return [cell(column, column.ofItem(item, row), 1)];
      return index === 0 ? [cell(column, column.ofRow(row), shown.length)] : [];
    });
    const names = [index > 0 ? 'more' : '', index === shown.length - 1 ? 'last' : ''].filter((name) => name !== '');
    return html`<tr class="${names.join(' ')}">${cells}</tr>
`;
  });
}

function table<Row>(
  annex: UnitAnnex | PersonAnnex,
  rows: readonly Row[],
  itemsOf: (row: Row) => readonly NoticeRowItem[],
  columns: readonly Column<Row>[],
  index: number,
): Html {
  // A table that says nothing of single items has one line for each row.
  const byItem = columns.some((column) => 'ofItem' in column);
  const { heads, amountFen } = annex.totals;
  return html`<div class="scroll" role="region" aria-labelledby="annex-${index}" tabindex="0">
<table>
<caption id="annex-${index}">${annex.title}</caption>
<thead><tr>${columns.map(columnHead)}</tr></thead>
<tbody>
${rows.flatMap((row) => tableRows(row, byItem ? itemsOf(row) : [], columns))}</tbody>
<tfoot><tr><th scope="row" colspan="${columns.length}">合计：${annex.totals.rows}项，补贴${heads}人，${printedYuan(amountFen)}元（${printedTenThousands(amountFen)}万元）</th></tr></tfoot>
</table>
</div>`;
}

function paragraphBlock({ heading, lines }: NoticeDocument['paragraphs'][number]): Html {
  const title = heading === undefined ? html`` : html`<h2>${heading}</h2>\n`;
  const look = heading === '受理单位' || heading === '附件' ? 'plain' : '';
  return html`${title}<div class="${look}">${lines.map((line) => html`<p>${line}</p>`)}</div>\n`;
}

function annexBlock(document: NoticeDocument, annex: UnitAnnex | PersonAnnex, index: number): Html {
  if (annex.kind === 'units') {
    const columns = unitColumns(document.programme, annex.rows);
    return table(annex, annex.rows, (row) => row.items, columns, index);
  }
  if (annex.removedOn === undefined) {
    const columns = personColumns(annex.profile, annex.rows);
    return table(annex, annex.rows, () => [], columns, index);
  }
  const { rows, amountFen } = annex.totals;
  return html`<h2 id="annex-${index}">${annex.title}</h2>
<p class="note">公示结束后，个人明细已于${chineseDate(annex.removedOn)}撤下。共${rows}人，${printedYuan(amountFen)}元（${printedTenThousands(amountFen)}万元）。</p>`;
}

function withdrawnBlock({ withdrawn = [] }: NoticeDocument): Html {
  const byDay = Map.groupBy(withdrawn, ({ on }) => on);
  const notes = [...byDay].map(
    ([on, rows]) =>
      html`<p class="note">附件第${rows.map(({ rowNo }) => rowNo).join('、')}行的内容已于${chineseDate(on)}撤下，不再展示；合计数不变。</p>
`,
  );
  return html`${notes}`;
}

/** The page of a notice at a moment. Only its status and its form depend on the moment; see `atMoment`. */
export function noticePage(document: NoticeDocument, moment: NoticeMoment): string {
  return publicPage(
    document.title,
    html`<article>
<h1>${document.title}</h1>
${marked(statusMarks, statusBlock(document, moment))}
<div class="text">
${document.paragraphs.map(paragraphBlock)}</div>
<div class="signature"><p>${document.authority.name}</p><p>${chineseDate(document.period.publishedOn)}</p></div>
${withdrawnBlock(document)}${document.annexes.map(
  (annex, index) => html`<section class="annex">${annexBlock(document, annex, index + 1)}</section>
`,
)}
${marked(formMarks, formBlock(document, moment))}
<p class="note no-print">公示编号：${document.noticeId}。<a href="/notices/${document.noticeId}/data">机器可读数据（JSON）</a></p>
</article>`,
  );
}

function replaceBetween(page: string, [open, close]: Marks, content: Html): string {
  const from = page.indexOf(open);
  const to = page.indexOf(close, from);
  if (from < 0 || to < 0) throw new Error(`page without its mark ${open}`);
  return page.slice(0, from + open.length) + content.text + page.slice(to);
}

/** A stored page as it reads at another moment: the same sealed text under the status of now. */
export function atMoment(page: string, document: NoticeDocument, moment: NoticeMoment): string {
  const withStatus = replaceBetween(page, statusMarks, statusBlock(document, moment));
  return replaceBetween(withStatus, formMarks, formBlock(document, moment));
}

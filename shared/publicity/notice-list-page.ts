import { PROGRAMME_TERMS, type Programme } from '../regulation/contract.ts';
import { authorityName } from './authority-name.ts';
import { chineseDate } from './chinese-date.ts';
import { html } from './html.ts';
import type { NoticeTotals } from './notice.ts';
import type { NoticePeriod } from './notice-period.ts';
import { printedTenThousands } from './notice-text.ts';
import { publicPage } from './public-page.ts';

/** A notice as lists show it. */
export interface ListedNotice {
  noticeId: string;
  title: string;
  authority: string;
  authorityName: string;
  programme: Programme;
  publishedOn: string;
  lastDay: string;
  state: 'running' | 'ended';
  daysLeft: number;
  /** What the days left are counted in. */
  unit: NoticePeriod['unit'];
  totals: NoticeTotals;
}

/** What a list of notices is narrowed down by. */
export interface NoticeFilter {
  authority?: string | undefined;
  programme?: Programme | undefined;
  /** Published on or after and on or before, calendar dates. */
  from?: string | undefined;
  to?: string | undefined;
}

function nextPage(filter: NoticeFilter, next: string): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) if (value !== undefined) query.set(name, String(value));
  query.set('cursor', next);
  return `/notices?${query.toString()}`;
}

/** The page that lists notices, newest first, with its filter. */
export function noticeListPage(
  notices: readonly ListedNotice[],
  filter: NoticeFilter,
  next: string | undefined,
  authorities: readonly string[],
): string {
  const option = (value: string, label: string, chosen: string | undefined) =>
    value === chosen
      ? html`<option value="${value}" selected>${label}</option>`
      : html`<option value="${value}">${label}</option>`;
  const known = filter.authority === undefined ? authorities : [...new Set([...authorities, filter.authority])];
  const items = notices.map(
    (notice) => html`<li>
<a href="/notices/${notice.noticeId}">${notice.title}</a>
<div class="note">${notice.authorityName}　${chineseDate(notice.publishedOn)}公布，${
      notice.state === 'running'
        ? html`<span class="running">公示中，至${chineseDate(notice.lastDay)}24时，还剩${notice.daysLeft}${notice.unit === 'working' ? '个工作日' : '天'}</span>`
        : html`<span class="ended">已于${chineseDate(notice.lastDay)}24时结束</span>`
    }</div>
<div class="note">补贴${notice.totals.heads}人，${printedTenThousands(notice.totals.amountFen)}万元</div>
</li>
`,
  );
  return publicPage(
    '培训补贴公示',
    html`<h1>培训补贴公示</h1>
<form class="filters no-print" action="/notices" method="get">
<div><label for="f-authority">受理单位</label><select id="f-authority" name="authority">${option('', '全部', filter.authority ?? '')}${known.map(
      (id) => option(id, authorityName(id), filter.authority),
    )}</select></div>
<div><label for="f-programme">补贴项目</label><select id="f-programme" name="programme">${option('', '全部', filter.programme ?? '')}${Object.entries(
      PROGRAMME_TERMS,
    ).map(([code, term]) => option(code, term, filter.programme))}</select></div>
<div><label for="f-from">公布日期从</label><input id="f-from" name="from" type="date" value="${filter.from}"></div>
<div><label for="f-to">到</label><input id="f-to" name="to" type="date" value="${filter.to}"></div>
<div><button type="submit">筛选</button></div>
</form>
${
  items.length === 0
    ? html`<p>${next === undefined ? '没有符合条件的公示。' : '最近的公示中没有符合条件的，请继续查看更早的公示。'}</p>`
    : html`<ul class="list">
${items}</ul>`
}
${next === undefined ? html`` : html`<p class="no-print"><a href="${nextPage(filter, next)}" rel="next">更早的公示</a></p>`}`,
  );
}

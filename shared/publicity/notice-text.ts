import { PROGRAMME_TERMS, type Programme } from '../regulation/contract.ts';
import { chineseDate } from './chinese-date.ts';
import type { NoticeNumber, NoticeRecord, NoticeTotals } from './notice.ts';
import type { NoticePeriod } from './notice-period.ts';

/** The regulation that a notice rests on, as it is cited. */
export interface NoticeBasis {
  /** 《…》 without the brackets. */
  title: string;
  /** 文号 */
  document: string;
}

interface Paragraph {
  heading?: string;
  lines: string[];
}

/** Fen as money in print: 1,340.50. Whole yuan carry no decimals. */
export function printedYuan(fen: number): string {
  const yuan = Math.floor(fen / 100).toLocaleString('en-US');
  return fen % 100 === 0 ? yuan : `${yuan}.${String(fen % 100).padStart(2, '0')}`;
}

/** Fen as 万元, exact, without needless zeros: 36350000 fen are 36.35. */
export function printedTenThousands(fen: number): string {
  const whole = Math.floor(fen / 1_000_000);
  const rest = String(fen % 1_000_000)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return rest === '' ? String(whole) : `${whole}.${rest}`;
}

/** 关于{年度}年第{n}批{补贴项目}拟补贴情况的公示 */
export function noticeTitle({ year, batch, correction }: NoticeNumber, programme: Programme): string {
  const what = `${year}年第${batch}批${PROGRAMME_TERMS[programme]}拟补贴情况`;
  return correction === undefined ? `关于${what}的公示` : `关于更正${what}的公示（第${correction}次更正）`;
}

/** How long, in the words of a notice: 5个工作日（公布当日不计入）. */
function periodLength({ days, unit, firstDayCounts }: NoticePeriod): string {
  const length = unit === 'working' ? `${days}个工作日` : `${days}个自然日`;
  return `${length}（公布当日${firstDayCounts ? '计入' : '不计入'}）`;
}

function whoAndHowMuch({ units, persons, heads, amountFen }: NoticeTotals): string {
  const who = [...(units > 0 ? [`单位${units}家`] : []), ...(persons > 0 ? [`个人${persons}名`] : [])].join('、');
  return `${who}，补贴${heads}人，拟补贴金额${printedYuan(amountFen)}元（${printedTenThousands(amountFen)}万元）`;
}

/**
 * The body of a notice by the convention of the field: basis, what was reviewed, period, who may object and how, where,
 * annexes.
 */
export function noticeParagraphs(facts: {
  notice: Pick<NoticeRecord, 'number' | 'programme' | 'settings' | 'supersedes'>;
  basis: NoticeBasis;
  period: NoticePeriod;
  totals: NoticeTotals;
  annexTitles: readonly string[];
  correctedRows: readonly number[];
}): Paragraph[] {
  const { notice, basis, period, totals, annexTitles, correctedRows } = facts;
  const { contact, supervisionPhone } = notice.settings;
  const { year, batch } = notice.number;
  const programme = PROGRAMME_TERMS[notice.programme];
  const { supersedes } = notice;
  const opening =
    supersedes === undefined
      ? `根据《${basis.title}》（${basis.document}）有关规定，经申报受理、初审和复核，现将${year}年第${batch}批${programme}拟补贴情况予以公示。本批共${whoAndHowMuch(totals)}，具体情况见附件。`
      : `我单位于${chineseDate(supersedes.publishedOn)}公布的《${supersedes.title}》中，第${correctedRows.join('、')}行需要更正（${supersedes.reason}）。根据《${basis.title}》（${basis.document}）有关规定，现将更正后的内容重新公示，公示期重新计算；原公示的其余内容不变。更正部分共${whoAndHowMuch(totals)}，具体情况见附件。`;
  return [
    { lines: [opening] },
    {
      heading: '公示时间',
      lines: [
        `自${chineseDate(period.publishedOn)}至${chineseDate(period.lastDay)}，公示期${periodLength(period)}。异议受理至${chineseDate(period.lastDay)}24时截止。`,
      ],
    },
    {
      heading: '异议提出方式',
      lines: [
        '公示期间，任何单位和个人对公示内容有异议的，均可通过网上、来信、来电、来访等方式向受理单位提出，并注明所异议的附件序号和理由。',
        '以单位名义提出的，须加盖单位公章；以个人名义提出的，提倡署真实姓名并留下联系方式，也可以匿名提出。受理单位将对异议人信息严格保密，并告知复核结果。',
      ],
    },
    {
      heading: '受理单位',
      lines: [
        `受理单位：${contact.office}`,
        `地址：${contact.address}`,
        `邮政编码：${contact.postcode}`,
        `联系电话：${contact.phone}`,
        `受理时间：${contact.hours}`,
        ...(supervisionPhone === undefined ? [] : [`监督电话：${supervisionPhone}`]),
      ],
    },
    { heading: '附件', lines: [...annexTitles] },
  ];
}

import { yearOf } from '../calendar-date.ts';
import { taughtClass } from '../claim-facts.ts';
import { LEVEL_TERMS } from '../contract.ts';
import type { LineFacts } from '../line-facts.ts';
import type { OccupationLevel } from '../roll.ts';
import type { LineRule } from '../rule.ts';
import { everyRoute, fail, pass, refer } from '../rule.ts';
import { statedName } from '../white-space.ts';
import { earnsFullRate } from './1-4-apprenticeship.ts';

const FILE = 'provisions/4-2-quotas.ts';

/** 四(二): subsidies a person may have in a calendar year (自然年度), those of unemployment insurance counted. */
export const quotaAnnual: LineRule = {
  level: 'line',
  id: 'quota.annual',
  title: '每人每年补贴次数',
  article: '四(二)',
  file: FILE,
  words: ['培训补贴每人每年（自然年度）可享受不超过3次（包括失业保险技能提升补贴）'],
  correctable: false,
  outcomes: ['pass', 'fail', 'refer'],
  concerns: everyRoute,
  evaluate({ claim, record }) {
    const { figures, parameters } = claim.edition;
    const limit = figures.subsidiesPerYear;
    const year = yearOf(claim.claim.submittedOn);
    const counted = record.subsidiesIn(year) + record.linesCounted;
    const facts = { year, counted, limit };
    const full = counted >= limit;
    if (parameters.quotaYear === 'payment') {
      const next = record.subsidiesIn(year + 1) + record.linesCounted;
      if (full !== next >= limit) {
        return refer(
          `${year}年度已计${counted}次、${year + 1}年度已计${next}次，是否超过每年${limit}次取决于拨付年度，由受理部门按拨付年度核定（四(二)）`,
          { ...facts, countedNextYear: next },
        );
      }
    }
    if (!full) return pass('本年度已享受补贴的次数未达上限（四(二)）', facts);
    return fail(
      `${year}年度已计${counted}次补贴（含失业保险技能提升补贴和本次申领的其他行），每人每年不超过${limit}次，本次不予补贴，请下一年度再申领（四(二)）`,
      facts,
    );
  },
};

/** The subject of a line that 四(二) lets nobody be paid for twice, or undefined where the line has none. */
export function repeatSubjectOf(line: LineFacts): OccupationLevel | undefined {
  switch (line.claim.route.programme) {
    case 'qualification':
    case 'master-apprentice':
      return certified(line);
    case 'apprenticeship':
      return earnsFullRate(line) ? certified(line) : undefined;
    case 'project':
      return line.counting?.renewal === true ? undefined : taught(line);
    case 'entrepreneurship':
      return taught(line);
    default:
      return undefined;
  }
}

function certified({ level, occupation }: LineFacts): OccupationLevel | undefined {
  return occupation === undefined ? undefined : { occupation, level };
}

function taught({ claim }: LineFacts): OccupationLevel | undefined {
  const occupation = statedName(taughtClass(claim).subject);
  return occupation === undefined ? undefined : { occupation, level: undefined };
}

/** 四(二): no second subsidy for the same occupation and level. */
export const quotaRepeat: LineRule = {
  level: 'line',
  id: 'quota.repeat',
  title: '同一职业同一等级不重复',
  article: '四(二)',
  file: FILE,
  words: ['同一职业（工种）同一等级不得重复享受。'],
  correctable: false,
  outcomes: ['pass', 'fail'],
  concerns: everyRoute,
  evaluate(line) {
    const subject = repeatSubjectOf(line);
    if (subject === undefined) return undefined;
    const { occupation, level } = subject;
    const inHistory = line.record.hadBefore(subject, line.claim.edition.parameters.repeatCountsInsurance);
    const earlierLine = inHistory ? undefined : line.record.lineClaiming(subject);
    if (!inHistory && earlierLine === undefined) {
      return pass('未享受过同一职业（工种）同一等级的补贴（四(二)）', { occupation, level });
    }
    const name = level === undefined ? occupation : `${occupation}${LEVEL_TERMS[level]}`;
    const where = inHistory ? '此前已享受过补贴' : `已在本次申领的第${earlierLine}行申领`;
    return fail(`学员的${name}${where}，同一职业（工种）同一等级不得重复享受，请删去该行（四(二)）`, {
      occupation,
      level,
      inHistory,
      earlierLine,
    });
  },
};

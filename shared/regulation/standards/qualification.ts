import type { CalendarDate } from '../calendar-date.ts';
import type { Catalogue } from '../catalogue.ts';
import type { ClaimFacts } from '../claim-facts.ts';
import type { Level } from '../contract.ts';
import { LEVEL_TERMS } from '../contract.ts';
import type { LineFacts } from '../line-facts.ts';
import { formatYuan, roundHalfUp } from '../money.ts';
import type { Amount, Standard } from '../standard.ts';

/** 一(一)1: by class and level of annex 1, shortage occupations with their uplift; special abilities by level. */
export const qualificationStandard: Standard = {
  programme: 'qualification',
  article: '一(一)1',
  file: 'standards/qualification.ts',
  words: [
    '技能人员国家职业资格证书、职业技能等级证书分别按 A、B、C 类给予补贴，专项能力初级证书、高级证书分别按每人 600 元、800 元给予补贴',
    '属于紧缺职业（工种）目录范围内的技能人员国家职业资格证书、职业技能等级证书，补贴标准在补贴目录规定的补贴标准基础上上浮 50%',
  ],
  counts: ['national-qualification', 'skill-level', 'special-ability'],
  amountOf: (line) => certificateAmount(line, '一(一)1'),
};

/** What a qualification certificate earns; the article is that of the programme which pays it. */
export function certificateAmount({ claim, occupation, qualification }: LineFacts, article: string): Amount {
  if (qualification?.level === undefined || occupation === undefined) return NOTHING;
  const { issuedOn, kind } = qualification;
  const catalogue = claim.edition.catalogueOn(issuedOn);
  return kind === 'special-ability'
    ? abilityAmount(catalogue, occupation, qualification.level, article)
    : occupationAmount(claim, catalogue, occupation, qualification.level, issuedOn, article);
}

function abilityAmount(catalogue: Catalogue, occupation: string, level: Level, article: string): Amount {
  const list = catalogue.abilityOf(level, occupation);
  if (list === undefined) return NOTHING;
  const fen = list.standard;
  const annexes = annexesAt('附件1、附件2', catalogue.documentOf(occupation, level));
  return { fen, basis: `专项能力 ${occupation} ${LEVEL_TERMS[level]}：${formatYuan(fen)}（${article}、${annexes}）` };
}

function occupationAmount(
  { edition, shortage }: ClaimFacts,
  catalogue: Catalogue,
  occupation: string,
  level: Level,
  issuedOn: CalendarDate,
  article: string,
): Amount {
  const entry = catalogue.classOf(occupation);
  if (entry === undefined) return NOTHING;
  const plain = entry.standards[level];
  const cell = `${entry.name}类 ${occupation} ${LEVEL_TERMS[level]}`;
  const annex = annexesAt('附件1', catalogue.documentOf(occupation));
  if (!shortage.holds(occupation, issuedOn)) {
    return { fen: plain, basis: `${cell}：${formatYuan(plain)}（${article}、${annex}）` };
  }
  const percent = edition.figures.shortageUpliftPercent;
  const fen = roundHalfUp(plain * (100 + percent), 100);
  return {
    fen,
    basis: `${cell} ${formatYuan(plain)}，紧缺上浮${percent}%：${formatYuan(fen)}（${article}、${annex}）`,
  };
}

/** The annexes, and the paper that changed their entry where one did. */
function annexesAt(annexes: string, document: string | undefined): string {
  return document === undefined ? annexes : `${annexes}，按${document}调整`;
}

const NOTHING: Amount = { fen: 0, basis: '证书没有对应的补贴标准：0元（附件1、附件2）' };

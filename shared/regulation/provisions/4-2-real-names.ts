import type { IdentityFault } from '../identity-number.ts';
import { maskIdentityNumber } from '../identity-number.ts';
import type { LineFacts } from '../line-facts.ts';
import type { LineRule } from '../rule.ts';
import { constant, everyRoute, fail, pass } from '../rule.ts';
import { statedName } from '../white-space.ts';

const FILE = 'provisions/4-2-real-names.ts';

/** What is wrong with the name and number by which a trainee is enrolled; undefined where they identify somebody. */
export function rosterFault({ identity, line, referenceDate }: LineFacts): RosterFault | undefined {
  if (statedName(line.name) === undefined) return 'name';
  if (!identity.valid) return identity.fault;
  return identity.birthDate > referenceDate ? 'unborn' : undefined;
}

type RosterFault = IdentityFault | 'unborn' | 'name';

const FAULT_TERMS: Readonly<Record<RosterFault, string>> = {
  name: '姓名为空，请填写学员姓名',
  length: '身份证号码不是18位，请按身份证重新填写',
  characters: '身份证号码含有数字和末位X以外的字符，请按身份证重新填写',
  'birth-date': '身份证号码中的出生日期不存在，请按身份证重新填写',
  'check-digit': '身份证号码末位校验码不符，请逐位核对身份证',
  unborn: '身份证号码中的出生日期晚于培训基准日，请逐位核对身份证',
};

/** 四(二): training is enrolled by real name (实名制). */
export const rosterIdentity: LineRule = {
  level: 'line',
  id: 'roster.identity',
  title: '实名身份',
  article: '四(二)',
  file: FILE,
  words: ['职业技能培训实行实名制管理，以参加培训人员的身份证信息或温州市社会保障·市民卡信息进行培训报名注册'],
  correctable: true,
  outcomes: ['pass', 'fail'],
  concerns: everyRoute,
  evaluate(line) {
    const idNumber = maskIdentityNumber(line.person);
    const fault = rosterFault(line);
    if (fault === undefined) return pass('学员姓名和身份证号码有效（四(二)）', { idNumber });
    return fail(`${FAULT_TERMS[fault]}（四(二)）`, { idNumber, length: line.person.length, fault });
  },
};

/** 四(二): one person, one training; two lines may name the same person only for different occupations or levels. */
export const rosterDuplicate: LineRule = {
  level: 'line',
  id: 'roster.duplicate',
  title: '同一申领内重复人员',
  article: '四(二)',
  file: FILE,
  words: ['坚决杜绝重复培训、多头培训'],
  correctable: false,
  outcomes: ['pass', 'fail'],
  concerns: everyRoute,
  evaluate({ record, statedPair }) {
    const doubled = record.lineDoubled(statedPair);
    if (doubled === undefined) return NOT_DOUBLED;
    return fail(`学员与本次申领的第${doubled}行是同一人，且职业（工种）和等级没有不同，请删去重复行（四(二)）`, {
      earlierLine: doubled,
    });
  },
};

const NOT_DOUBLED = constant(pass('本次申领中没有重复申报该学员（四(二)）', {}));

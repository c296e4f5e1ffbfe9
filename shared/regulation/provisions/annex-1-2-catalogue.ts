import type { Catalogue } from '../catalogue.ts';
import { LEVEL_TERMS } from '../contract.ts';
import type { LineFacts } from '../line-facts.ts';
import type { LineRule, Verdict } from '../rule.ts';
import { fail, pass } from '../rule.ts';

/** 附件1, 附件2: the certificate is of an occupation and level that the catalogue has a standard for. */
export const certificateCatalogue: LineRule = {
  level: 'line',
  id: 'certificate.catalogue',
  title: '补贴目录',
  article: '附件1, 附件2',
  file: 'provisions/annex-1-2-catalogue.ts',
  words: [
    '国家职业资格目录（人社部发〔2017〕68号）中除上述A、B、C类以外的其他由浙江省省级、温州市各級人社部门核发的技能人员国家职业资格证书，符合条件的职业技能等级证书',
    '专项能力初级证书、高级证书分别按每人 600 元、800 元给予补贴',
  ],
  correctable: false,
  outcomes: ['pass', 'fail'],
  concerns: ({ programme }) => programme === 'qualification' || programme === 'master-apprentice',
  evaluate(line) {
    const { qualification } = line;
    if (qualification === undefined) return undefined;
    // As the annexes stood when the certificate was obtained: 取得补贴目录内职业资格证书.
    const catalogue = line.claim.edition.catalogueOn(qualification.issuedOn);
    return qualification.kind === 'special-ability' ? ability(line, catalogue) : occupation(line, catalogue);
  },
};

/** The facts of an entry that a publication changed name it. */
function changedBy(document: string | undefined): { changedBy?: string } {
  return document === undefined ? {} : { changedBy: document };
}

function ability({ level, occupation: name }: LineFacts, catalogue: Catalogue): Verdict {
  if (name === undefined || level === undefined) {
    return fail('专项能力证书未写明项目或等级，请按证书补充（附件2）', { occupation: name, level });
  }
  const facts = { occupation: name, level, ...changedBy(catalogue.documentOf(name, level)) };
  if (catalogue.abilityListOf(level) === undefined) {
    const levels = catalogue.abilityLevels.map((each) => LEVEL_TERMS[each]).join('和');
    return fail(`专项能力证书的等级为${LEVEL_TERMS[level]}，目录只有${levels}，不能作为补贴依据（附件2）`, facts);
  }
  if (catalogue.abilityOf(level, name) !== undefined) return pass('专项能力在目录所列该等级的项目内（附件2）', facts);
  return fail(
    `专项能力“${name}”不在${LEVEL_TERMS[level]}目录内，不能作为补贴依据，请核对项目名称和等级（附件2）`,
    facts,
  );
}

function occupation({ level, occupation: name }: LineFacts, catalogue: Catalogue): Verdict {
  if (name === undefined || level === undefined) {
    return fail('证书未写明职业（工种）或等级，无法对应补贴标准，请按证书补充（附件1）', { occupation: name, level });
  }
  const entry = catalogue.classOf(name);
  const paper = changedBy(catalogue.documentOf(name));
  if (entry === undefined) {
    return fail(`职业（工种）“${name}”不在补贴目录内，不能作为补贴依据（附件1）`, {
      occupation: name,
      level,
      ...paper,
    });
  }
  return pass('证书的职业（工种）和等级在补贴目录内（附件1）', {
    occupation: name,
    level,
    class: entry.name,
    ...paper,
  });
}

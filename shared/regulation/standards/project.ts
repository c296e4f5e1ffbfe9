import type { ClaimFacts } from '../claim-facts.ts';
import { taughtClass } from '../claim-facts.ts';
import { CERTIFICATE_KIND_TERMS } from '../contract.ts';
import type { LineFacts } from '../line-facts.ts';
import { formatYuan, roundHalfUp } from '../money.ts';
import type { Amount, Standard } from '../standard.ts';
import { Steps } from '../standard.ts';

/** 一(二)1: by class hours up to a cap, certain enterprises with an uplift; special certificates a fixed sum. */
export const projectStandard: Standard = {
  programme: 'project',
  article: '一(二)1',
  file: 'standards/project.ts',
  words: [
    '项目制培训按每人每课时 25 元、不超过 2000 元进行补贴，受经贸摩擦影响的企业和我市五大战略性新兴产业等特定企业开展项目制培训可上浮 30%；其中特种作业人员操作证和特种设备作业人员证书 500 元、复审培训每人补贴 100 元',
  ],
  counts: ['training-completion', 'special-operation', 'special-equipment'],
  amountOf: (line) => (line.counting?.kind === 'training-completion' ? hoursAmount(line) : specialAmount(line)),
};

/** 受经贸摩擦影响的企业和五大战略性新兴产业等特定企业: enterprises only, by what they are. */
function isUplifted({ applicant, route }: ClaimFacts): boolean {
  return (
    route.route === 'enterprise' &&
    applicant.traits?.some((trait) => trait === 'trade-friction' || trait === 'strategic-emerging') === true
  );
}

function hoursAmount({ claim, line }: LineFacts): Amount {
  const { figures, parameters } = claim.edition;
  const { cap, perHour, upliftPercent } = figures.project;
  const classHours = taughtClass(claim).hours;
  const attended = line.attendedHours ?? classHours;
  const hours = Math.min(attended, classHours);
  const plain = hours * perHour;
  const steps = new Steps(`${formatYuan(perHour)}×${attended < classHours ? '实际参训' : ''}${hours}课时`, plain);
  const capped = `按每人不超过${formatYuan(cap)}`;
  const raised = `上浮${upliftPercent}%`;
  if (!isUplifted(claim)) {
    if (plain > cap) steps.next(capped, cap);
  } else if (parameters.projectUplift === 'after-cap') {
    if (plain > cap) steps.next(capped, cap);
    steps.next(raised, roundHalfUp(Math.min(plain, cap) * (100 + upliftPercent), 100));
  } else {
    const uplifted = roundHalfUp(plain * (100 + upliftPercent), 100);
    steps.next(raised, uplifted);
    if (uplifted > cap) steps.next(capped, cap);
  }
  return steps.amount('一(二)1、附件1');
}

function specialAmount({ claim, counting }: LineFacts): Amount {
  if (counting === undefined) return { fen: 0, basis: '没有可作为补贴依据的证书：0元（一(二)1）' };
  const { specialNew, specialRenewal, upliftPercent } = claim.edition.figures.project;
  const renewal = counting.renewal === true;
  const plain = renewal ? specialRenewal : specialNew;
  const steps = new Steps(`${CERTIFICATE_KIND_TERMS[counting.kind]}${renewal ? '复审' : '新证'}`, plain);
  if (claim.edition.parameters.specialOperationUplift && isUplifted(claim)) {
    steps.next(`上浮${upliftPercent}%`, roundHalfUp(plain * (100 + upliftPercent), 100));
  }
  return steps.amount('一(二)1、附件1');
}

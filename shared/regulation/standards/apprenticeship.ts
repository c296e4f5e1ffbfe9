import type { LineFacts } from '../line-facts.ts';
import type { Fen } from '../money.ts';
import { formatYuan, roundHalfUp } from '../money.ts';
import { earnsFullRate } from '../provisions/1-4-apprenticeship.ts';
import type { Amount, Standard } from '../standard.ts';
import { Steps } from '../standard.ts';

/** 一(四): employees by what their training cost in the year, students by their allowance. */
export const apprenticeshipStandard: Standard = {
  programme: 'apprenticeship',
  article: '一(四)',
  file: 'standards/apprenticeship.ts',
  words: [
    '职工学徒每人每年实际培训费低于4000元的，按实补贴；每人每年实际培训费高于4000元的，按照实际培训费的60%和4000元比较，按就高补贴，最高不超过6000元。取得培训合格证书的按上述补贴标准的50%支付，取得培训合格证书和职业资格证书的，按补贴标准支付。',
    '学生学徒补贴金额按学徒月实习津贴标准确定，每人每年的补贴标准不高于3000元',
  ],
  counts: ['training-completion'],
  amountOf: (line) => (line.apprentice === 'student' ? studentAmount(line) : employeeAmount(line)),
};

function studentAmount({ claim, trainingYear }: LineFacts): Amount {
  const allowance = trainingYear.allowanceFen;
  if (allowance === undefined) return { fen: 0, basis: '缺少学生学徒的年度实习津贴，补充后计算：0元（一(四)）' };
  const cap = claim.edition.figures.apprenticeship.studentCap;
  const steps = new Steps('学生学徒年度实习津贴', allowance);
  if (allowance > cap) steps.next(`按每人每年不高于${formatYuan(cap)}`, cap);
  return steps.amount('一(四)');
}

function employeeAmount(line: LineFacts): Amount {
  const cost = line.trainingYear.actualCostFen;
  if (cost === undefined) return { fen: 0, basis: '缺少职工学徒的年度实际培训费，补充后计算：0元（一(四)）' };
  const { completionOnlyPercent: percent } = line.claim.edition.figures.apprenticeship;
  // Hundredths of a fen, so that a fraction is rounded once, at the end.
  const { hundredths, steps } = yearlyStandard(cost, line);
  return earnsFullRate(line)
    ? steps.next('取得培训合格证书和职业资格证书，按标准支付', roundHalfUp(hundredths, 100)).amount('一(四)')
    : steps
        .next(`未取得符合规定的职业资格证书，按${percent}%支付`, roundHalfUp(hundredths * percent, 10_000))
        .amount('一(四)');
}

/** 低于4000元的，按实补贴; 高于4000元的，按60%和4000元就高，最高不超过6000元. The two meet at 4000 yuan. */
function yearlyStandard(cost: Fen, { claim }: LineFacts): { hundredths: number; steps: Steps } {
  const { cap, sharePercent, threshold } = claim.edition.figures.apprenticeship;
  const steps = new Steps('职工学徒年度实际培训费', cost);
  if (cost <= threshold) return { hundredths: cost * 100, steps: steps.next('按实补贴', cost) };
  const share = cost * sharePercent;
  const higher = Math.max(share, threshold * 100);
  const hundredths = Math.min(higher, cap * 100);
  steps.next(`${sharePercent}%`, roundHalfUp(share, 100));
  steps.next(`与${formatYuan(threshold)}比较就高`, roundHalfUp(higher, 100));
  if (higher > hundredths) steps.next(`最高不超过${formatYuan(cap)}`, cap);
  return { hundredths, steps };
}

import type { LineRecord } from '../claims/line-record.ts';

/** Why a line was left out, as a notice says it; by the rule that failed. No word of it points to a person. */
const reasons: Readonly<Record<string, string>> = {
  'roster.identity': '身份信息有误',
  'roster.duplicate': '名册内重复',
  'roster.card': '市民卡未激活',
  'age.working': '不在法定劳动年龄段',
  'status.verified': '身份状态未核实',
  'recipient.condition': '不符合补贴对象条件',
  'certificate.required': '未取得规定证书',
  'certificate.catalogue': '证书不在补贴目录内',
  'certificate.issuer': '证书核发机构不符',
  'certificate.window': '证书不在补贴期间核发',
  'certificate.deadline': '逾期申领',
  'certificate.origin': '证书取得途径不符',
  'certificate.code': '证书编码不符',
  'hours.attended': '参训课时不足',
  'pre-job.contract': '不符合劳动合同期限要求',
  'apprentice.figures': '费用未核定',
  'apprentice.student-contract': '未签订劳动合同或未缴纳社会保险费',
  'entrepreneurship.licence': '未领取营业执照',
  'quota.annual': '当年已享受三次',
  'quota.repeat': '同一职业（项目）同一等级已享受',
  'class.once': '同一期培训已享受',
  'certificate.once': '同一证书已享受',
};

type CountedLine = Pick<LineRecord, 'st' | 'findings' | 'decision'>;

/** One reason for each head that is left out, so that the counts add up. */
function reasonOf(line: CountedLine): string {
  if (line.st === 'released') return '异议成立取消';
  if (line.decision?.decision === 'refuse') return '经人工复核不予补贴';
  const failed = line.findings.find((finding) => finding.outcome === 'fail');
  return failed === undefined ? '其他原因' : (reasons[failed.rule] ?? '其他原因');
}

/**
 * The remark (备注) of a unit's row, written from the deduction ledger:
 * `备案31人，申请31人，核准28人，扣除参训课时不足1人、同一职业（项目）同一等级已享受2人`.
 * `counted` are the lines that the notice pays; every other line of the claim is a deduction.
 */
export function deductionRemark(
  lines: readonly CountedLine[],
  isCounted: (line: CountedLine) => boolean,
  filedHeads: number | undefined,
): string {
  const left = new Map<string, number>();
  for (const line of lines) {
    if (isCounted(line)) continue;
    const reason = reasonOf(line);
    left.set(reason, (left.get(reason) ?? 0) + 1);
  }
  const deducted = [...left.values()].reduce((sum, count) => sum + count, 0);
  const parts = [
    ...(filedHeads === undefined ? [] : [`备案${filedHeads}人`]),
    `申请${lines.length}人`,
    `核准${lines.length - deducted}人`,
  ];
  if (deducted > 0) {
    const sorted = [...left].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    parts.push(`扣除${sorted.map(([reason, count]) => `${reason}${count}人`).join('、')}`);
  }
  return parts.join('，');
}

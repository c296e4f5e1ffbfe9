import * as z from 'zod';

/*
 * The choices that the text of the regulation leaves open. Each edition states every one of them; the table below
 * says what each means, which readings it may take, and why the first one is the default.
 */

export const parametersSchema = z.strictObject({
  ageUpperBound: z.enum(['birthday', 'completed-years']),
  ageReference: z.enum(['reference-date', 'reference-date-and-submission']),
  projectUplift: z.enum(['after-cap', 'before-cap']),
  specialOperationUplift: z.boolean(),
  filingLeadDays: z.strictObject({ days: z.int().min(1).max(365), unit: z.enum(['calendar', 'working']) }),
  ageOutside: z.enum(['fail', 'refer']),
  repeatCountsInsurance: z.boolean(),
  preJobPassedBy: z.enum(['class-end', 'certificate']),
  quotaYear: z.enum(['submission', 'payment']),
  noticeWorkingDays: z.int().min(1).max(365),
  retentionYears: z.int().min(5).max(100),
  videoTolerance: z.int().min(0).max(100),
});

/** The choices of one edition. */
export type Parameters = Readonly<z.infer<typeof parametersSchema>>;
export type ParameterName = keyof Parameters;

/** What one parameter decides. */
export interface ParameterDescription {
  readonly article: string;
  /** what is open in the text, in Chinese */
  readonly question: string;
  /** the readings as they are written on a command line, the default first, each with what it means */
  readonly readings: Readonly<Record<string, string>>;
  /** why the default is the default */
  readonly reason: string;
}

export const EDITION_PARAMETERS: Readonly<Record<ParameterName, ParameterDescription>> = {
  ageUpperBound: {
    article: '五(一)',
    question: '法定劳动年龄上限算到哪一天',
    readings: { birthday: '算至满60（50、55）周岁生日当日', 'completed-years': '算至下一个周岁生日的前一日' },
    reason: '法定劳动年龄以退休年龄为止',
  },
  ageReference: {
    article: '五(一)',
    question: '年龄以哪一日为准',
    readings: {
      'reference-date': '以该学员的基准日为准',
      'reference-date-and-submission': '基准日和申领日均须符合',
    },
    reason: '条文所称是培训对象的年龄',
  },
  projectUplift: {
    article: '一(二)1',
    question: '上浮30%在封顶之前还是之后',
    readings: { 'after-cap': '先封顶后上浮（2000元→2600元）', 'before-cap': '先上浮后封顶（2000元不变）' },
    reason: '上浮提高的是补贴标准，封顶是标准的一部分',
  },
  specialOperationUplift: {
    article: '一(二)1',
    question: '特种作业、特种设备证书的定额是否上浮',
    readings: { false: '不上浮', true: '上浮' },
    reason: '“其中”将其单列为定额',
  },
  filingLeadDays: {
    article: '三(一)',
    question: '开班前5日是自然日还是工作日',
    readings: { '5-calendar-days': '5个自然日', '5-working-days': '5个工作日' },
    reason: '条文写的是日，不是工作日',
  },
  ageOutside: {
    article: '五(一)',
    question: '年龄在范围之外、又无所列例外时如何处理',
    readings: { fail: '不予补贴', refer: '原则上不予补贴，转人工核定' },
    reason: '例外已经列明，其余即在原则之内',
  },
  repeatCountsInsurance: {
    article: '四(二)',
    question: '失业保险技能提升补贴是否计入不得重复享受',
    readings: { false: '不计入，只计本办法的补贴', true: '计入' },
    reason: '括注紧跟每年3次之后',
  },
  preJobPassedBy: {
    article: '一(三)1',
    question: '12个月内考核合格以何日为准',
    readings: { 'class-end': '以培训班结束日为准', certificate: '培训合格证书也须在12个月内核发' },
    reason: '材料中没有考核合格的日期',
  },
  quotaYear: {
    article: '四(二)',
    question: '每年3次按哪一年计',
    readings: { submission: '按申领日所在年度', payment: '按拨付日所在年度，申领次年可能拨付的转人工核定' },
    reason: '审核时已知',
  },
  noticeWorkingDays: {
    article: '二(二)',
    question: '公示期有几个工作日',
    readings: { '5': '5个工作日', N: '1至365个工作日' },
    reason: '公示期由受理部门确定',
  },
  retentionYears: {
    article: '三(二)',
    question: '台账自拨付或最终不予补贴之日起保存几年',
    readings: { '5': '5年', N: '5至100年' },
    reason: '台账保存期至少为五年',
  },
  videoTolerance: {
    article: '一(二)2(1)',
    question: '授课视频时长允许短少几毫秒',
    readings: { '0': '不允许短少', N: '至多一帧，1至100毫秒' },
    reason: '条文写的是不少于2分钟',
  },
};

const NAMES = Object.keys(EDITION_PARAMETERS).filter((name): name is ParameterName =>
  Object.hasOwn(EDITION_PARAMETERS, name),
);

/** The choices after one was set by a text, or in Chinese what is wrong with the text. */
export type ParameterSetting =
  | { readonly ok: true; readonly parameters: Parameters }
  | { readonly ok: false; readonly message: string };

/**
 * Sets one choice by `name=value`, the value as `EDITION_PARAMETERS` writes it: `filingLeadDays=5-working-days`.
 * Never throws; the choices given stay as they are.
 */
export function setParameter(parameters: Parameters, text: string): ParameterSetting {
  const separator = text.indexOf('=');
  const given = (separator < 0 ? text : text.slice(0, separator)).trim();
  const name = NAMES.find((candidate) => candidate === given);
  if (name === undefined) return { ok: false, message: `没有名为“${given}”的参数，可用的参数：${NAMES.join('、')}` };
  const value = separator < 0 ? '' : text.slice(separator + 1).trim();
  const changed = parametersSchema.safeParse({ ...parameters, [name]: settingOf(name, value) });
  if (changed.success) return { ok: true, parameters: changed.data };
  const readings = Object.entries(EDITION_PARAMETERS[name].readings).map(([code, meaning]) => `${code}（${meaning}）`);
  return { ok: false, message: `参数${name}不能取“${value}”，可取：${readings.join('、')}` };
}

function settingOf(name: ParameterName, text: string): unknown {
  if (name === 'filingLeadDays') {
    const days = /^(\d{1,3})(?:[\s-]*(calendar|working)[\s-]*days?)?$/u.exec(text);
    return days === null ? text : { days: Number(days[1]), unit: days[2] ?? 'calendar' };
  }
  if (text === 'true' || text === 'false') return text === 'true';
  return /^\d{1,9}$/u.test(text) ? Number(text) : text.replaceAll(/\s+/gu, '-');
}

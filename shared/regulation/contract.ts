import * as z from 'zod';
import type { CalendarDate } from './calendar-date.ts';
import { isCalendarDate } from './calendar-date.ts';
import type { Fen } from './money.ts';

/*
 * The contract: what `assess` is asked and what it answers. The shapes are exchanged with other programs and fixed.
 *
 * Everything here is the same in every edition of the regulation, except two vocabularies: the id of the edition and
 * its districts. `contractSchemas` closes over them; `edition.schemas` of each edition holds the result, so that
 * `findEdition(id)?.schemas.traineeLine` validates a trainee line for that edition.
 */

/** A programme (培训补贴项目), part 一 of the regulation. */
export const PROGRAMME_TERMS = {
  qualification: '职业资格培训',
  project: '项目制培训',
  'pre-job': '岗前技能培训',
  apprenticeship: '企业新型学徒制培训',
  'master-apprentice': '以师带徒培训',
  entrepreneurship: '创业培训',
} as const;
export type Programme = keyof typeof PROGRAMME_TERMS;

/** A route (申领途径): who applies, and by which procedure (申领程序), within a programme. */
export const ROUTE_TERMS = {
  agency: '机构代为申报',
  individual: '个人直接申领',
  competition: '技能竞赛个人申领',
  enterprise: '企业申领',
  college: '院校申领',
  contractor: '承办机构申领',
  'domestic-service': '家政服务培训机构申领',
  studio: '技能大师工作室申领',
  provider: '创业培训机构申领',
} as const;
export type Route = keyof typeof ROUTE_TERMS;

/** The level (等级) that a certificate states. */
export const LEVEL_TERMS = {
  junior: '初级',
  intermediate: '中级',
  senior: '高级',
  technician: '技师',
  'senior-technician': '高级技师',
} as const;
export type Level = keyof typeof LEVEL_TERMS;

/** What kind of body or person applies (申领主体), 一 and 五(三). */
export const APPLICANT_KIND_TERMS = {
  enterprise: '企业',
  'industry-association': '行业协会',
  college: '高等院校',
  'training-institution': '职业培训机构',
  'hr-service': '人力资源服务机构',
  'other-contractor': '其他承办机构',
  'master-studio': '技能大师工作室',
  individual: '个人',
} as const;
export type ApplicantKind = keyof typeof APPLICANT_KIND_TERMS;

/** What makes an enterprise one that may run project training, 一(二)1 and 一(二)2(1). */
export const TRAIT_TERMS = {
  'above-scale': '规模以上企业',
  'key-industry': '重点产业所列企业',
  'trade-friction': '受经贸摩擦影响的企业',
  'strategic-emerging': '五大战略性新兴产业企业',
} as const;

/** A paper or form that goes with a claim (申请材料). Teaching videos are not among them. */
export const MATERIAL_TERMS = {
  'application-form-unit': '补贴申请表（单位）',
  'application-form-individual': '补贴申请表（个人）',
  roster: '学员花名册',
  'id-copies': '身份证复印件',
  'certificate-copy': '证书复印件',
  'certificate-list': '发证名册',
  'card-information': '社会保障·市民卡信息',
  'class-filing-form': '开班申报表',
  'enrolment-proof': '学籍证明',
  'sign-in-sheets': '签到表',
  'training-invoice': '收费票据或发票',
  'bank-account': '企业基本账户',
  'allowance-vouchers': '津贴凭证',
  'labour-contracts': '劳动合同',
  'social-insurance-proof': '参保证明',
  'training-plan-filing': '培训（带徒）计划备案表',
  'apprenticeship-agreement': '带徒协议书',
} as const;
export type MaterialKind = keyof typeof MATERIAL_TERMS;

/** A kind of certificate (证书种类), 一(一), 一(二), 一(六) and 五(二). */
export const CERTIFICATE_KIND_TERMS = {
  'national-qualification': '国家职业资格证书',
  'skill-level': '职业技能等级证书',
  'special-ability': '专项能力证书',
  'training-completion': '培训合格证书',
  'special-operation': '特种作业操作证书',
  'special-equipment': '特种设备作业人员证书',
  'entrepreneurship-completion': '创业培训合格证书',
} as const;
export type CertificateKind = keyof typeof CERTIFICATE_KIND_TERMS;

/** Who issued a certificate (核发机构), 五(二). */
export const ISSUER_TERMS = {
  'city-hr': '温州市人力社保部门',
  'province-hr': '浙江省人力社保部门',
  'local-assessor': '我市评价机构',
  'training-body': '培训主体',
  other: '其他机构',
} as const;
export type Issuer = keyof typeof ISSUER_TERMS;

/** By which way a certificate was obtained (取得途径), 一(一)2(1). */
export const ORIGIN_TERMS = {
  'training-institution': '职业培训机构培训',
  'self-study': '自学',
  competition: '技能竞赛',
  'enterprise-evaluation': '企业技能人才自主评价',
  'enterprise-pilot': '企业职业技能等级认定试点',
  apprenticeship: '企业新型学徒制培训',
  'master-apprentice': '以师带徒培训',
} as const;
export type CertificateOrigin = keyof typeof ORIGIN_TERMS;

/** An entrepreneurship course (创业培训课程), 一(六). */
export const COURSE_TERMS = {
  SYB: 'SYB（创办你的企业）培训',
  IYB: 'IYB（改善你的企业）培训',
  online: '网上创业培训',
  'internet-plus': '“互联网+”创业培训',
  'simulated-company': '“8+X”模拟公司创业实训',
} as const;
export type Course = keyof typeof COURSE_TERMS;

/** Where a master's studio is at home (工作室所依托单位), 一(五). */
export const STUDIO_HOST_TERMS = {
  enterprise: '企业',
  association: '行业协会',
  college: '院校',
  'training-institution': '职业培训机构',
} as const;

/** The codes of a table of terms, in its order. */
function codes<Code extends string>(terms: Record<Code, string>): readonly Code[] {
  return Object.keys(terms).filter((code): code is Code => Object.hasOwn(terms, code));
}

export const programmeSchema = z.enum(codes(PROGRAMME_TERMS));
export const routeSchema = z.enum(codes(ROUTE_TERMS));
export const levelSchema = z.enum(codes(LEVEL_TERMS));
export const applicantKindSchema = z.enum(codes(APPLICANT_KIND_TERMS));
export const traitSchema = z.enum(codes(TRAIT_TERMS));
export const materialKindSchema = z.enum(codes(MATERIAL_TERMS));
export const certificateKindSchema = z.enum(codes(CERTIFICATE_KIND_TERMS));
export const issuerSchema = z.enum(codes(ISSUER_TERMS));
export const certificateOriginSchema = z.enum(codes(ORIGIN_TERMS));
export const courseSchema = z.enum(codes(COURSE_TERMS));
export const governmentLevelSchema = z.enum(['city', 'district']);

/** A calendar date in Asia/Shanghai, `YYYY-MM-DD`, that exists. */
export const calendarDateSchema = z.string().refine(isCalendarDate, { error: 'no-such-date' });

/** A whole number, not negative: hours, people, months, milliseconds, years. */
const countSchema = z.int().min(0);

/** An amount in fen (分), a whole number, not negative. */
export const fenSchema = z.int().min(0);

const idSchema = z.string().min(1);

/** Most trainee lines in one claim. */
export const MAX_LINES = 5_000;

/** Measured by the product on the stored bytes, never declared by the applicant. Duration in milliseconds. */
export const measuredVideoSchema = z.strictObject({ id: z.string(), durationMs: countSchema, sha256: z.string() });

/** A certificate (证书) of a trainee. */
export const certificateSchema = z.strictObject({
  kind: certificateKindSchema,
  /** 证书编号 */
  number: z.string(),
  /** 核发日期 */
  issuedOn: calendarDateSchema,
  /** 职业（工种、项目） */
  occupation: z.string().optional(),
  /** 等级 */
  level: levelSchema.optional(),
  /** 核发机构 */
  issuer: issuerSchema,
  /** 经省、市人社部门备案, 五(二) */
  registered: z.boolean().optional(),
  /** 取得途径, 一(一)2(1) */
  obtainedVia: certificateOriginSchema.optional(),
  /** 在我市鉴定, 一(一)2(1)④ */
  assessedInWenzhou: z.boolean().optional(),
  /** 复审, 一(二)1 */
  renewal: z.boolean().optional(),
});

/** What one training year of an apprentice (学徒) cost, 一(四). */
export const apprenticeSchema = z.strictObject({
  /** employee 职工学徒, student 学生学徒 */
  kind: z.enum(['employee', 'student']),
  /** 实际培训费, fen */
  actualCostFen: fenSchema.optional(),
  /** 实习津贴, fen */
  allowanceFen: fenSchema.optional(),
  /** 劳动合同期限, months */
  contractMonths: countSchema.optional(),
  /** 已缴纳社会保险费 */
  socialInsured: z.boolean().optional(),
});

/** A subsidy that a person already had: of this regulation, or the one of unemployment insurance (失业保险技能提升补贴), 四(二). */
export const historyEntrySchema = z.strictObject({
  /** identity number of the person */
  person: z.string(),
  year: countSchema,
  occupation: z.string().optional(),
  level: levelSchema.optional(),
  kind: z.enum(['award', 'unemployment-insurance']),
});

/** One entry of the list of shortage occupations (紧缺职业（工种）目录); both dates count, no `to` means still in force. */
export const shortageEntrySchema = z.strictObject({
  occupation: z.string(),
  from: calendarDateSchema,
  to: calendarDateSchema.optional(),
});

/** What differs from edition to edition in the contract. */
export interface Vocabulary {
  /** id of the edition, as a request names it */
  readonly edition: string;
  /** codes of all districts that a request may name */
  readonly districts: readonly string[];
}

/** All schemas of the contract for one edition. Unknown keys are refused everywhere. */
export function contractSchemas(vocabulary: Vocabulary) {
  const district = z.enum(vocabulary.districts);

  const status = z.strictObject({
    /** 失业保险: where, paid through which date, and whether as an enterprise's employee (企业职工) */
    unemploymentInsurance: z
      .strictObject({ district, paidThrough: calendarDateSchema, enterpriseEmployee: z.boolean() })
      .optional(),
    /** 户籍 */
    hukouDistrict: district.optional(),
    /** 居住证 */
    residencePermitDistrict: district.optional(),
    /** 失业登记 */
    registeredUnemployedDistrict: district.optional(),
    /** 机关事业单位在编人员 */
    publicSectorStaff: z.boolean().optional(),
    /** 离校未就业高校毕业生: 离校日期, 已就业, 在温就读, 温州生源 */
    graduate: z
      .strictObject({
        leftSchoolOn: calendarDateSchema,
        employed: z.boolean(),
        studiedInWenzhou: z.boolean(),
        originWenzhou: z.boolean(),
      })
      .optional(),
    /** 在校学生: 学校, 毕业日期 */
    student: z.strictObject({ collegeId: z.string(), graduatesOn: calendarDateSchema }).optional(),
    /** 就业创业所在地 */
    workDistrict: district.optional(),
    /** 用人单位 */
    employerId: z.string().optional(),
    /** 劳动合同签订日期 */
    contractSignedOn: calendarDateSchema.optional(),
    /** 家庭服务从业人员 */
    domesticServiceWorker: z.boolean().optional(),
    /** 政府公益性岗位从业人员 */
    publicWelfarePost: z.boolean().optional(),
    /** 经另行确定放宽年龄 */
    ageWaiver: z.boolean().optional(),
    /** 已领取营业执照 */
    businessLicence: z.boolean().optional(),
  });

  const traineeLine = z.strictObject({
    id: idSchema,
    name: z.string(),
    /** 公民身份号码, GB 11643; a wrong one is a finding, not a bad request */
    idNumber: z.string(),
    /** 社会保障·市民卡, and whether its financial function (金融借记功能) is activated */
    card: z.strictObject({ number: z.string(), activated: z.boolean() }).optional(),
    /** the facts in `status` were checked against shared records, 二(二) */
    statusVerified: z.boolean(),
    status: status.optional(),
    /** 实际参训课时 */
    attendedHours: countSchema.optional(),
    certificates: z.array(certificateSchema),
    apprentice: apprenticeSchema.optional(),
  });

  const applicant = z.strictObject({
    id: idSchema,
    name: z.string(),
    kind: applicantKindSchema,
    /** 失业保险缴费地; of a studio its host's, of an individual the person's */
    insuredDistrict: district.optional(),
    /** 独立法人资格, 一(三)1 */
    independentLegalPerson: z.boolean().optional(),
    traits: z.array(traitSchema).optional(),
    /** 技能人才自主评价, or 职业技能等级认定试点, 一(一)2(2) */
    selfEvaluation: z.boolean().optional(),
    /** 委托的行业主管部门, 一(二)2(2) */
    entrustedBy: z.strictObject({ department: z.string(), level: governmentLevelSchema, district }).optional(),
    /** 审核批准或项目备案, 三(二) */
    approval: z
      .strictObject({ level: governmentLevelSchema, district, crossDistrictConsent: z.boolean().optional() })
      .optional(),
    /** 技能大师工作室, 一(五); `batchOfYear` 1 is the year's first batch (期) */
    studio: z
      .strictObject({
        level: z.enum(['county', 'city', 'province', 'national']),
        hostKind: z.enum(codes(STUDIO_HOST_TERMS)),
        batchOfYear: z.int().min(1),
      })
      .optional(),
    /** 技能竞赛: 组织选送地 */
    competition: z.strictObject({ organiserDistrict: district }).optional(),
    /** 向学员收费, 一(六) */
    chargedTrainees: z.boolean().optional(),
  });

  const trainingClass = z.strictObject({
    id: idSchema,
    district,
    /** 备案日期 */
    filedOn: calendarDateSchema.optional(),
    /** 备案已受理 */
    filingAccepted: z.boolean().optional(),
    startsOn: calendarDateSchema,
    endsOn: calendarDateSchema,
    /** 课时 delivered */
    hours: countSchema,
    /** 在册人数 */
    enrolled: countSchema,
    /** 项目名称, or the entrepreneurship course */
    subject: z.string().optional(),
  });

  const claim = z.strictObject({
    id: idSchema,
    programme: programmeSchema,
    route: routeSchema,
    /** 申领日期 */
    submittedOn: calendarDateSchema,
    applicant,
    class: trainingClass.optional(),
    /** received and readable */
    materials: z.array(materialKindSchema),
    videos: z.array(measuredVideoSchema),
    // Not `.min().max()`: those end the check of an array of the wrong length before its items, and a bad request is
    // told everything at once.
    lines: z
      .array(traineeLine)
      .refine((lines) => lines.length >= 1 && lines.length <= MAX_LINES, { error: 'line-count' })
      .meta({ minItems: 1, maxItems: MAX_LINES }),
  });

  const request = z.strictObject({
    edition: z.literal(vocabulary.edition),
    claim,
    history: z.array(historyEntrySchema),
    shortage: z.array(shortageEntrySchema),
  });

  return { district, status, traineeLine, applicant, class: trainingClass, claim, request };
}

export type ContractSchemas = ReturnType<typeof contractSchemas>;

/** A district's code (行政区), one of the edition's districts. */
export type District = string;
/** Whether a body or approval is of the city (市级) or of a district (区级). */
export type GovernmentLevel = z.infer<typeof governmentLevelSchema>;
/** A request to `assess`, valid in shape; see `parseRequest`. */
export type AssessmentRequest = z.infer<ContractSchemas['request']>;
export type Claim = z.infer<ContractSchemas['claim']>;
export type Applicant = z.infer<ContractSchemas['applicant']>;
export type Studio = NonNullable<Applicant['studio']>;
export type TrainingClass = z.infer<ContractSchemas['class']>;
export type TraineeLine = z.infer<ContractSchemas['traineeLine']>;
export type TraineeStatus = z.infer<ContractSchemas['status']>;
export type Certificate = z.infer<typeof certificateSchema>;
export type Apprentice = z.infer<typeof apprenticeSchema>;
export type MeasuredVideo = z.infer<typeof measuredVideoSchema>;
export type HistoryEntry = z.infer<typeof historyEntrySchema>;
export type ShortageEntry = z.infer<typeof shortageEntrySchema>;

/** What one rule came to: `refer` leaves the decision to an officer. */
export type FindingOutcome = 'pass' | 'fail' | 'refer';
export type LineOutcome = 'eligible' | 'ineligible' | 'referred';
export type ClaimOutcome = LineOutcome | 'incomplete';

/** What one rule found. Treat it as immutable: a finding that holds nothing of one line alone is shared between lines. */
export interface Finding {
  readonly rule: string;
  /** the article of the regulation, as its text numbers it: `一(一)2(1)` */
  readonly article: string;
  readonly outcome: FindingOutcome;
  /** the applicant may supply what is missing */
  readonly correctable: boolean;
  /** a Chinese sentence that an applicant can act on */
  readonly message: string;
  /** what the rule read; identity and card numbers are masked or left out */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** The body that receives and decides a claim (受理单位): the bureau (人力社保部门) or an industry department (行业主管部门). */
export type Authority =
  | { readonly kind: 'hr-bureau'; readonly district: District }
  | {
      readonly kind: 'industry-department';
      readonly department: string;
      readonly level: GovernmentLevel;
      readonly district: District;
    };

/** Who is paid: the trainee, to the card, or the applicant. */
export type Payee = 'trainee' | 'applicant';

export interface LineAssessment {
  readonly id: string;
  readonly outcome: LineOutcome;
  /** the computed standard; 0 where the line is ineligible */
  readonly amountFen: Fen;
  /** a Chinese sentence that shows how the amount came about, with its article */
  readonly basis: string;
  readonly findings: readonly Finding[];
}

/** Counted over the lines' own outcomes. */
export interface Totals {
  readonly lines: number;
  readonly eligible: number;
  readonly ineligible: number;
  readonly referred: number;
  readonly eligibleFen: Fen;
  readonly referredFen: Fen;
}

export interface Assessment {
  readonly claimId: string;
  readonly edition: string;
  readonly outcome: ClaimOutcome;
  readonly authority: Authority;
  /** whose special account (专账) pays */
  readonly fundAccount: District;
  readonly payee: Payee;
  readonly findings: readonly Finding[];
  readonly lines: readonly LineAssessment[];
  readonly totals: Totals;
}

/** One thing wrong with a request: where (`claim.lines[3].idNumber`, empty for the whole) and what, in Chinese. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

export type { CalendarDate, Fen };

import * as z from 'zod';
import { showsPersonalNumber } from '../access/personal-numbers.ts';
import { applicantKindSchema, traitSchema } from '../regulation/contract.ts';
import { isUnifiedCode } from './unified-code.ts';

const districtSchema = z.string().min(1).max(40).describe('district code of the edition, such as lucheng');

/** Where money for the unit goes: its basic account (基本账户). */
export const bankAccountSchema = z.strictObject({
  holder: z.string().min(1, '请填写开户名').max(100),
  bank: z.string().min(1, '请填写开户行').max(100),
  number: z.string().regex(/^\d{8,32}$/, '银行账号应为8至32位数字，请核对'),
});

/**
 * What an officer registers of a unit or person that may apply (培训主体 and 个人): the applicant facts on which the
 * assessment rests are the bureau's knowledge, never the applicant's own word (二(二)).
 */
export const organisationFactsSchema = z
  .strictObject({
    name: z.string().trim().min(1, '请填写单位名称').max(100),
    kind: applicantKindSchema,
    unifiedCode: z.string().refine(isUnifiedCode, '统一社会信用代码校验不通过，请核对18位代码').optional(),
    insuredDistrict: districtSchema.optional(),
    independentLegalPerson: z.boolean().optional(),
    traits: z.array(traitSchema).max(4).optional(),
    selfEvaluation: z.boolean().optional(),
    approval: z
      .strictObject({
        level: z.enum(['city', 'district']),
        district: districtSchema,
        crossDistrictConsent: z.boolean().optional(),
      })
      .optional(),
    studio: z
      .strictObject({
        level: z.enum(['county', 'city', 'province', 'national']),
        hostKind: z.enum(['enterprise', 'association', 'college', 'training-institution']),
      })
      .optional(),
    bankAccount: bankAccountSchema.optional().describe('the one that is known stays where none is given'),
  })
  .superRefine((facts, context) => {
    if (facts.kind !== 'individual' && facts.unifiedCode === undefined) {
      context.addIssue({ code: 'custom', path: ['unifiedCode'], message: '单位须登记统一社会信用代码' });
    }
    if (facts.kind === 'master-studio' && facts.studio === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['studio'],
        message: '技能大师工作室须登记级别和依托单位性质（一(五)）',
      });
    }
  });
export type OrganisationFacts = z.infer<typeof organisationFactsSchema>;

/** The same as an officer sends it: the name will stand in notices. What was registered before is read as it is. */
export const registrationSchema = organisationFactsSchema.refine(({ name }) => !showsPersonalNumber(name), {
  path: ['name'],
  message: '名称将公示，请勿填写身份证号、银行卡号或手机号',
});
/** An account number fit for a screen and for records: its last four digits. */
export function maskAccount(number: string): string {
  return `${'*'.repeat(Math.max(0, number.length - 4))}${number.slice(-4)}`;
}

/** Why an applicant may claim nothing new (暂停申领, 四(三)): set by a recovery, lifted by who set it, never by the register. */
export interface Block {
  /** Calendar date, the last of the block. */
  until: string;
  /** The authority whose block it is. */
  authority: string;
  /** The document that orders it. */
  document: string;
}

/** A registered applicant (申请对象). `tenant` is the id that its people's tokens carry. */
export interface Organisation extends OrganisationFacts {
  tenant: string;
  /** The last day of its block, if it was ever blocked. */
  blockedUntil?: string;
  /** The authority that blocked it. */
  blockedBy?: string;
  version: number;
  registeredBy: string;
  updatedAt: string;
}

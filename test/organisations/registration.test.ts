import { expect, test } from 'vitest';
import { classFilingSchema } from '../../shared/classes/class-filing.ts';
import { organisationFactsSchema, registrationSchema } from '../../shared/organisations/organisation.ts';
import { classContent } from '../support/class-content.ts';

test('what notices will print of a unit is refused at the register when it holds a number of a person', () => {
  const facts = { name: '温州奥科阀门有限公司', kind: 'individual' };
  expect(registrationSchema.safeParse(facts).success).toBe(true);
  const spoilt = { ...facts, name: '奥科（138-1234-5678）' };
  expect(registrationSchema.safeParse(spoilt).error?.issues).toEqual([
    expect.objectContaining({ path: ['name'], message: '名称将公示，请勿填写身份证号、银行卡号或手机号' }),
  ]);
  // What was registered before the rule still reads.
  expect(organisationFactsSchema.safeParse(spoilt).success).toBe(true);
});

test('and so is what they will print of a class, at its filing', () => {
  const filing = { ...classContent, trainees: [] };
  expect(classFilingSchema.safeParse(filing).success).toBe(true);
  expect(classFilingSchema.safeParse({ ...filing, subject: '电工（联系13812345678）' }).error?.issues).toEqual([
    expect.objectContaining({ path: ['subject'], message: '培训项目名称将公示，请勿填写身份证号、银行卡号或手机号' }),
  ]);
});

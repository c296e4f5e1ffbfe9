import type { OrganisationFacts } from '../../shared/organisations/organisation.ts';

/** An enterprise above designated size, insured in 鹿城, as a bureau registers it. */
export const enterpriseFacts: OrganisationFacts = {
  name: '温州奥科阀门有限公司',
  kind: 'enterprise',
  unifiedCode: '91330302MA2ABCDE11',
  insuredDistrict: 'lucheng',
  independentLegalPerson: true,
  traits: ['above-scale'],
  bankAccount: { holder: '温州奥科阀门有限公司', bank: '温州银行鹿城支行', number: '733000120190012345' },
};

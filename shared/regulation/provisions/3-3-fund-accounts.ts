import type { Authority, District } from '../contract.ts';
import type { Edition } from '../edition.ts';

/*
 * 三(三) 培训资金渠道。市区职业资格培训补贴由市本级、各区职业技能提升行动专账资金（以下简称专账资金）分别列支；……
 * 市级有关行业主管部门组织的项目制培训补贴由市本级专账资金列支；……区级有关行业主管部门组织的项目制培训补贴由所在地的
 * 区级专账资金列支；瓯江口产业集聚区的培训补贴由市本级专账资金列支。
 */

/** Whose special account (专账) pays what an authority decides; 瓯江口's subsidies are the city's. */
export function fundAccountOf(edition: Edition, authority: Authority): District {
  const account =
    authority.kind === 'industry-department' && authority.level === 'city' ? edition.cityDistrict : authority.district;
  return edition.fundedBy[account] ?? account;
}

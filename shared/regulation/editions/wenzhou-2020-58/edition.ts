import { defineEdition } from '../../edition.ts';
import { OCCUPATION_CLASSES } from './annex-1-occupations.ts';
import { ABILITY_LISTS } from './annex-2-special-abilities.ts';
import { DISTRICTS } from './districts.ts';
import { FIGURES } from './figures.ts';
import { PARAMETERS } from './parameters.ts';
import { ROUTES } from './routes.ts';
import { WORKING_CALENDAR } from './working-calendar.ts';

/** 温州市区职业技能提升行动培训补贴管理办法, in force for claims of 2020-05-01 to 2021-12-31 (五(四)). */
export const wenzhou202058 = defineEdition({
  id: 'wenzhou-2020-58',
  document: '温人社发〔2020〕58号',
  title: '温州市区职业技能提升行动培训补贴管理办法',
  appliesFrom: '2020-05-01',
  appliesTo: '2021-12-31',
  districts: DISTRICTS,
  cityDistrict: 'city',
  // 三(三) 瓯江口产业集聚区的培训补贴由市本级专账资金列支
  fundedBy: { oujiangkou: 'city' },
  routes: ROUTES,
  occupationClasses: OCCUPATION_CLASSES,
  abilityLists: ABILITY_LISTS,
  figures: FIGURES,
  parameters: PARAMETERS,
  workingCalendar: WORKING_CALENDAR,
});

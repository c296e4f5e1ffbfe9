import type { Standard } from '../standard.ts';
import { certificateAmount, qualificationStandard } from './qualification.ts';

/** 一(五): by the certificates obtained and the standards of the catalogue, shortage occupations with their uplift. */
export const masterApprenticeStandard: Standard = {
  programme: 'master-apprentice',
  article: '一(五)',
  file: 'standards/master-apprentice.ts',
  words: ['按取得职业资格证书人数和补贴目录内标准(属于紧缺工种的按规定上浮) 补贴大师工作室。'],
  counts: qualificationStandard.counts,
  amountOf: (line) => certificateAmount(line, '一(五)'),
};

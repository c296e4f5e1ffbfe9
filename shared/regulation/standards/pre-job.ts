import type { Standard } from '../standard.ts';
import { Steps } from '../standard.ts';

/** 一(三): one sum a person, for enterprises and for domestic service alike. */
export const preJobStandard: Standard = {
  programme: 'pre-job',
  article: '一(三)',
  file: 'standards/pre-job.ts',
  words: ['按 200 元/人的标准补贴企业', '按 200 元/人的标准补贴机构'],
  counts: ['training-completion'],
  amountOf: ({ claim }) =>
    new Steps('岗前技能培训每人', claim.edition.figures.preJob.standard).amount(`${claim.route.article}、附件1`),
};

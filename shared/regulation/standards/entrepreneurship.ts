import { taughtCourse } from '../claim-facts.ts';
import { COURSE_TERMS } from '../contract.ts';
import type { Standard } from '../standard.ts';
import { Steps } from '../standard.ts';

/** 一(六): one sum a person by course. */
export const entrepreneurshipStandard: Standard = {
  programme: 'entrepreneurship',
  article: '一(六)',
  file: 'standards/entrepreneurship.ts',
  words: [
    '参加 SYB、IYB 培训取得合格证书的，按 1000 元/人标准给予补贴；参加网上创业培训、“互联网+”创业培训、“8+X”模拟公司创业实训取得合格证书的，按 1500 元/人标准给予补贴。',
  ],
  counts: ['entrepreneurship-completion'],
  amountOf({ claim }) {
    const course = taughtCourse(claim);
    const { standard } = claim.edition.figures.entrepreneurship.courses[course];
    return new Steps(`${COURSE_TERMS[course]}每人`, standard).amount('一(六)、附件1');
  },
};

import type { ClaimFacts } from '../claim-facts.ts';
import { taughtClass, taughtCourse } from '../claim-facts.ts';
import type { ClaimRule, LineRule } from '../rule.ts';
import { constant, fail, pass, refer } from '../rule.ts';

const FILE = 'provisions/1-3-training-hours.ts';

/** 一(三), 附件1: class hours (课时) delivered; a project that taught nothing has nothing to pay. */
export const classHours: ClaimRule = {
  level: 'claim',
  id: 'class.hours',
  title: '培训课时',
  article: '一(三), 附件1',
  file: FILE,
  words: ['培训总课时不少于 8 课时（1 天）的，按 200 元/人的标准补贴企业。'],
  correctable: false,
  outcomes: ['pass', 'fail'],
  concerns: ({ programme }) => programme === 'pre-job' || programme === 'entrepreneurship' || programme === 'project',
  evaluate(claim) {
    const { hours } = taughtClass(claim);
    const required = requiredHours(claim);
    const facts = { hours, required };
    if (hours >= required) return pass('培训课时达到规定课时（一(三)、附件1）', facts);
    return fail(
      `培训${hours}课时，少于规定的${required}课时，差${required - hours}课时，不予补贴（一(三)、附件1）`,
      facts,
    );
  },
};

function requiredHours(claim: ClaimFacts): number {
  const { figures } = claim.edition;
  const { programme } = claim.route;
  if (programme === 'pre-job') return figures.preJob.minimumHours;
  if (programme === 'project') return figures.project.minimumHours;
  return figures.entrepreneurship.courses[taughtCourse(claim)].minimumHours;
}

/** 一(三), 一(二)1: hours that the trainee attended. */
export const hoursAttended: LineRule = {
  level: 'line',
  id: 'hours.attended',
  title: '实际参训课时',
  article: '一(三), 一(二)1',
  file: FILE,
  words: ['培训总课时不少于 8 课时（1 天）的', '项目制培训按每人每课时 25 元、不超过 2000 元进行补贴'],
  correctable: false,
  outcomes: ['pass', 'fail', 'refer'],
  concerns: ({ programme }) => programme === 'pre-job' || programme === 'project',
  evaluate({ claim, line }) {
    const { attendedHours } = line;
    const { figures } = claim.edition;
    if (claim.route.programme === 'project') {
      const facts = { attendedHours, required: figures.project.minimumHours };
      if (attendedHours === undefined) return PROJECT_CLASS_HOURS;
      if (attendedHours >= figures.project.minimumHours) return pass('学员实际参加了项目制培训（一(二)1）', facts);
      return fail(`学员实际参训${attendedHours}课时，没有参加培训，请核对签到表（一(二)1）`, facts);
    }
    const required = figures.preJob.minimumHours;
    const facts = { attendedHours, required };
    if (attendedHours === undefined) {
      return refer(`未提供学员实际参训课时，无法确认达到${required}课时，请补充考勤记录（一(三)）`, facts);
    }
    if (attendedHours >= required) return pass('学员实际参训课时达到岗前培训要求（一(三)）', facts);
    return fail(
      `学员实际参训${attendedHours}课时，少于${required}课时，差${required - attendedHours}课时，不予补贴（一(三)）`,
      facts,
    );
  },
};

const PROJECT_CLASS_HOURS = constant(pass('未单独记录学员参训课时，按班级课时计算（一(二)1）', {}));

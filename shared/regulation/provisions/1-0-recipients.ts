import { isWithinYears, yearOf } from '../calendar-date.ts';
import { taughtClass } from '../claim-facts.ts';
import type { District, TraineeStatus } from '../contract.ts';
import type { Edition, Recipients } from '../edition.ts';
import type { LineFacts } from '../line-facts.ts';
import type { LineRule, Verdict } from '../rule.ts';
import { constant, fail, pass, refer } from '../rule.ts';

/*
 * 一(一)2(1) 个人须取得补贴目录内职业资格证书且具备以下条件之一。①参加市区失业保险且申领补贴时仍参保缴费的企业职工；
 * ②具有市区户籍、在市区常住并办有居住证或在市区办理失业登记的城乡劳动者（未参加失业保险的机关事业单位在编人员除外）；
 * ③在温就读以及温州生源在外地就读的离校 2 年内未就业高校毕业生；④在市区就业创业且在我市职业培训机构参加培训及鉴定的城乡劳动者。
 */

/** 在市区: where a district was given. */
function isUrban(edition: Edition, district: District | undefined): boolean {
  return district !== undefined && edition.isUrban(district);
}

/** 在市区参加失业保险且申领补贴时仍参保缴费: the insurance, or undefined. */
function insuranceInForce({ claim, status }: LineFacts): TraineeStatus['unemploymentInsurance'] {
  const insurance = status.unemploymentInsurance;
  if (insurance === undefined || insurance.paidThrough < claim.claim.submittedOn) return undefined;
  return claim.edition.isUrban(insurance.district) ? insurance : undefined;
}

/** ① insured in an urban district as an enterprise's employee, and still when applying. */
function isInsuredEmployee(line: LineFacts): boolean {
  return insuranceInForce(line)?.enterpriseEmployee === true;
}

/** ② of the urban districts by household registration, residence permit or registered unemployment. */
function isUrbanResident({ claim, status }: LineFacts): boolean {
  if (status.publicSectorStaff === true && status.unemploymentInsurance === undefined) return false;
  const { edition } = claim;
  return (
    isUrban(edition, status.hukouDistrict) ||
    isUrban(edition, status.residencePermitDistrict) ||
    isUrban(edition, status.registeredUnemployedDistrict)
  );
}

/** ③ a graduate of Wenzhou's schools or from Wenzhou, without work, at most so many years after leaving school. */
function isUnemployedGraduate({ claim, status }: LineFacts): boolean {
  const { graduate } = status;
  return (
    graduate !== undefined &&
    !graduate.employed &&
    (graduate.studiedInWenzhou || graduate.originWenzhou) &&
    isWithinYears(claim.claim.submittedOn, graduate.leftSchoolOn, claim.edition.figures.graduateWithinYears)
  );
}

/** ④ working in an urban district, trained by an institution and assessed in Wenzhou. */
function isTrainedWorker(line: LineFacts): boolean {
  return (
    isUrbanWorker(line) &&
    line.qualification?.obtainedVia === 'training-institution' &&
    line.qualification.assessedInWenzhou === true
  );
}

/** 市区从业人员 */
function isUrbanWorker({ claim, status }: LineFacts): boolean {
  return isUrban(claim.edition, status.workDistrict);
}

/** 一(一)2(3): a student of the applicant in the year of graduation (毕业年度), the year in which the class begins. */
function isGraduatingStudent({ claim, status }: LineFacts): boolean {
  return (
    status.student !== undefined &&
    status.student.collegeId === claim.applicant.id &&
    yearOf(status.student.graduatesOn) === yearOf(taughtClass(claim).startsOn)
  );
}

const INSURED_EMPLOYEE = constant(
  pass('学员是参加市区失业保险且仍在缴费的企业职工，符合条件①（一(一)2(1)）', {
    condition: '①',
  }),
);
const URBAN_RESIDENT = constant(
  pass('学员具有市区户籍、居住证或失业登记，符合条件②（一(一)2(1)）', { condition: '②' }),
);
const UNEMPLOYED_GRADUATE = constant(pass('学员是离校未就业高校毕业生，符合条件③（一(一)2(1)）', { condition: '③' }));
const TRAINED_WORKER = constant(
  pass('学员在市区就业创业并在我市培训鉴定，符合条件④（一(一)2(1)）', { condition: '④' }),
);

function listedPerson(line: LineFacts): Verdict | undefined {
  if (isInsuredEmployee(line)) return INSURED_EMPLOYEE;
  if (isUrbanResident(line)) return URBAN_RESIDENT;
  if (isUnemployedGraduate(line)) return UNEMPLOYED_GRADUATE;
  return isTrainedWorker(line) ? TRAINED_WORKER : undefined;
}

const GRADUATING_STUDENT = constant(
  pass('学员是申领院校毕业年度的学生（一(一)2(3)）', { condition: 'graduating-student' }),
);
const OWN_EMPLOYEE = constant(pass('学员是申领企业的职工（一、二(二)）', { condition: 'own-employee' }));
const PROJECT_STUDENT = constant(
  pass('学员是申领院校毕业年度的学生，可参加项目制培训（一(二)2(3)）', {
    condition: 'graduating-student',
  }),
);
const PROJECT_GRADUATE = constant(
  pass('学员是离校未就业高校毕业生，可参加项目制培训（一(二)2(3)）', {
    condition: 'unemployed-graduate',
  }),
);
const PROJECT_WORKER = constant(
  pass('学员是市区从业人员，可参加项目制培训（一(二)2(3)）', { condition: 'urban-worker' }),
);

/** What a verified status comes to for each kind of recipients (补贴对象). */
const JUDGES: Readonly<Record<Recipients, (line: LineFacts) => Verdict>> = {
  'listed-persons': (line) => listedPerson(line) ?? notListed(line),
  'insured-listed-persons': (line) =>
    insuranceInForce(line) === undefined ? notInsured(line) : (listedPerson(line) ?? notListed(line)),
  'graduating-students': (line) =>
    isGraduatingStudent(line)
      ? GRADUATING_STUDENT
      : fail('学员不是申领院校毕业年度的学生，请核对学籍和毕业时间（一(一)2(3)）', studentFacts(line)),
  'own-employees': ({ claim, status }) =>
    status.employerId === claim.applicant.id
      ? OWN_EMPLOYEE
      : fail('学员不是申领企业的职工，请核对劳动关系，非本企业职工不予补贴（一、二(二)）', {
          employerId: status.employerId,
          applicantId: claim.applicant.id,
        }),
  'students-graduates-and-workers'(line) {
    if (isGraduatingStudent(line)) return PROJECT_STUDENT;
    if (isUnemployedGraduate(line)) return PROJECT_GRADUATE;
    if (isUrbanWorker(line)) return PROJECT_WORKER;
    return fail('学员不是本校毕业年度毕业生、离校2年内未就业高校毕业生或市区从业人员，请核对身份信息（一(二)2(3)）', {
      ...studentFacts(line),
      ...personFacts(line),
    });
  },
};

function notInsured(line: LineFacts): Verdict {
  const insurance = line.status.unemploymentInsurance;
  const { submittedOn } = line.claim.claim;
  const reason =
    insurance === undefined
      ? '未见失业保险参保记录'
      : line.claim.edition.isUrban(insurance.district)
        ? `失业保险缴费至${insurance.paidThrough}，申领日期${submittedOn}时已停缴`
        : `失业保险在${line.claim.edition.nameOf(insurance.district)}缴纳，不在市区`;
  return fail(
    `${reason}，个人直接申领须在市区参加失业保险且申领时仍参保缴费，请核对参保情况（一(一)2(1)）`,
    personFacts(line),
  );
}

function notListed(line: LineFacts): Verdict {
  return fail(
    `学员不符合①在市区参保的企业职工、②市区户籍等城乡劳动者、③离校${line.claim.edition.figures.graduateWithinYears}年内未就业高校毕业生、④在市区就业并在我市培训鉴定中的任何一项，请核对身份信息（一(一)2(1)）`,
    personFacts(line),
  );
}

function personFacts({ claim, status, qualification }: LineFacts): Record<string, unknown> {
  return {
    submittedOn: claim.claim.submittedOn,
    unemploymentInsurance: status.unemploymentInsurance,
    hukouDistrict: status.hukouDistrict,
    residencePermitDistrict: status.residencePermitDistrict,
    registeredUnemployedDistrict: status.registeredUnemployedDistrict,
    publicSectorStaff: status.publicSectorStaff,
    graduate: status.graduate,
    workDistrict: status.workDistrict,
    obtainedVia: qualification?.obtainedVia,
    assessedInWenzhou: qualification?.assessedInWenzhou,
  };
}

function studentFacts({ claim, status }: LineFacts): Record<string, unknown> {
  return { student: status.student, applicantId: claim.applicant.id, startsOn: taughtClass(claim).startsOn };
}

const UNVERIFIED = constant(
  refer('学员的身份条件尚未核实，不能确认属于补贴对象，请核实后再定（一、二(二)）', {
    statusVerified: false,
  }),
);

/** 一, 二(二): whom a route pays for, judged on checked facts only; nothing given and checked is an empty status. */
export const recipientCondition: LineRule = {
  level: 'line',
  id: 'recipient.condition',
  title: '补贴对象条件',
  article: '一, 二(二)',
  file: 'provisions/1-0-recipients.ts',
  words: [
    '①参加市区失业保险且申领补贴时仍参保缴费的企业职工；②具有市区户籍、在市区常住并办有居住证或在市区办理失业登记的城乡劳动者（未参加失业保险的机关事业单位在编人员除外）；③在温就读以及温州生源在外地就读的离校 2 年内未就业高校毕业生',
    '④在市区就业创业且在我市职业培训机构参加培训及鉴定的城乡劳动者。',
    '在市区参加失业保险且申领补贴时仍参保缴费的个人，通过自学途径取得补贴目录内职业资格证书的',
    '补贴给组织本校毕业年度高校毕业生培训并取得补贴目录内职业资格证书的高等院校',
    '组织本校毕业年度高校毕业生、在温就读以及温州生源在外地就读的离校2年内未就业高校毕业生、市区从业人员参加项目制培训的高等院校。',
  ],
  correctable: false,
  outcomes: ['pass', 'fail', 'refer'],
  concerns: (route) => route.recipients !== undefined,
  evaluate(line) {
    const { recipients } = line.claim.route;
    if (recipients === undefined || line.apprentice === 'student') return undefined;
    return line.line.statusVerified ? JUDGES[recipients](line) : UNVERIFIED;
  },
};

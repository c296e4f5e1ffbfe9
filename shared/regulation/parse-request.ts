import type * as z from 'zod';
import type { AssessmentRequest, Problem } from './contract.ts';
import { courseSchema, MAX_LINES, programmeSchema, routeSchema } from './contract.ts';
import type { Edition, RouteDefinition } from './edition.ts';
import type { EditionRegistry } from './editions/registry.ts';
import { EDITIONS } from './editions/registry.ts';

/** A request that may be assessed, with its edition, or everything that is wrong with it. */
export type RequestReading =
  | { readonly ok: true; readonly request: AssessmentRequest; readonly edition: Edition }
  | { readonly ok: false; readonly claimId: string | undefined; readonly problems: readonly Problem[] };

/**
 * Checks what somebody sent as a request: its shape and types, and what its route demands of it. A bad request gets
 * every problem at once, each with its path. Never throws.
 */
export function parseRequest(input: unknown, registry: EditionRegistry = EDITIONS): RequestReading {
  const id = property(input, 'edition');
  const known = typeof id === 'string' ? registry.find(id) : undefined;
  // A request of no known edition is measured by the first one, so that its other problems show too.
  const edition = known ?? registry.editions[0];
  if (edition === undefined) return { ok: false, claimId: claimIdOf(input), problems: [unknownEdition(registry)] };
  const contradictions = contradictionsOf(property(input, 'claim'), edition);
  if (contradictions.length === 0 && edition.isRequest(input)) return { ok: true, request: input, edition };
  const parsed = edition.schemas.request.safeParse(input);
  if (parsed.success && contradictions.length === 0) return { ok: true, request: parsed.data, edition };
  const problems = parsed.success ? [] : parsed.error.issues.flatMap((issue) => problemsOf(issue, input, registry));
  const seen = new Set(problems.map((problem) => problem.path));
  return {
    ok: false,
    claimId: claimIdOf(input),
    problems: [...problems, ...contradictions.filter((problem) => !seen.has(problem.path))],
  };
}

/** The id of a claim in whatever was sent, where there is one. */
function claimIdOf(input: unknown): string | undefined {
  const id = property(property(input, 'claim'), 'id');
  return typeof id === 'string' ? id : undefined;
}

/** An own property of a JSON object, or undefined. */
function property(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What is wrong between parts that may each be right: what the routes table demands, ids used twice, lines too many. */
function contradictionsOf(claim: unknown, edition: Edition): Problem[] {
  if (!isObject(claim)) return [];
  const problems: Problem[] = [];
  const lines = property(claim, 'lines');
  const applicant = property(claim, 'applicant');
  if (Array.isArray(lines)) linesProblems(lines, problems);
  entrustedProblems(property(applicant, 'entrustedBy'), edition, problems);
  const programme = programmeSchema.safeParse(property(claim, 'programme'));
  const route = routeSchema.safeParse(property(claim, 'route'));
  if (!programme.success || !route.success) return problems;
  const row = edition.routeOf(programme.data, route.data);
  if (row === undefined) {
    const routes = edition.routes.filter((candidate) => candidate.programme === programme.data);
    const message = `${programme.data}没有${route.data}这一申领途径，可选：${routes.map((each) => each.route).join('、')}`;
    problems.push({ path: 'claim.route', message });
    return problems;
  }
  if (row.onePerson && Array.isArray(lines) && lines.length > 1) {
    problems.push({ path: 'claim.lines', message: `该申领途径每次只能申报1人，实际${lines.length}人` });
  }
  classProblems(property(claim, 'class'), row, problems);
  applicantProblems(applicant, row, problems);
  return problems;
}

function linesProblems(lines: readonly unknown[], problems: Problem[]): void {
  if (lines.length === 0 || lines.length > MAX_LINES) {
    problems.push({ path: 'claim.lines', message: LINE_COUNT });
  }
  const ids = new Set<unknown>();
  for (const line of lines) ids.add(property(line, 'id'));
  if (ids.size < lines.length) repeatedIds(lines, problems);
}

function repeatedIds(lines: readonly unknown[], problems: Problem[]): void {
  const first = new Map<string, number>();
  for (const [index, line] of lines.entries()) {
    const id = property(line, 'id');
    if (typeof id !== 'string' || id === '') continue;
    const earlier = first.get(id);
    if (earlier === undefined) first.set(id, index);
    else problems.push({ path: `claim.lines[${index}].id`, message: `与claim.lines[${earlier}]的编号相同` });
  }
}

function entrustedProblems(entrustedBy: unknown, edition: Edition, problems: Problem[]): void {
  const level = property(entrustedBy, 'level');
  const district = property(entrustedBy, 'district');
  if ((level !== 'city' && level !== 'district') || typeof district !== 'string') return;
  if ((level === 'city') === (district === edition.cityDistrict)) return;
  problems.push({
    path: 'claim.applicant.entrustedBy.district',
    message:
      level === 'city'
        ? `市级部门的地区应为${edition.cityDistrict}`
        : `区级部门的地区不能是${edition.cityDistrict}，应为部门所在区`,
  });
}

function classProblems(taught: unknown, row: RouteDefinition, problems: Problem[]): void {
  if (row.hasClass && taught === undefined) {
    problems.push({ path: 'claim.class', message: '该申领途径须提供培训班信息' });
  } else if (!row.hasClass && taught !== undefined) {
    problems.push({ path: 'claim.class', message: '该申领途径没有培训班，请删去' });
  } else if (row.programme === 'entrepreneurship' && isObject(taught)) {
    if (courseSchema.safeParse(taught['subject']).success) return;
    const message = `创业培训课程应为${courseSchema.options.join('、')}之一`;
    problems.push({ path: 'claim.class.subject', message });
  }
}

/** Which part of the applicant each kind of route cannot do without. */
const NEEDED = {
  class: undefined,
  insurance: { key: 'insuredDistrict', message: '该申领途径须提供失业保险缴费地' },
  competition: { key: 'competition', message: '该申领途径须提供竞赛组织选送地' },
  department: { key: 'entrustedBy', message: '该申领途径须提供委托培训的行业主管部门' },
} as const;

function applicantProblems(applicant: unknown, row: RouteDefinition, problems: Problem[]): void {
  if (!isObject(applicant)) return;
  const needed = NEEDED[row.decidedBy];
  if (needed !== undefined && property(applicant, needed.key) === undefined) {
    problems.push({ path: `claim.applicant.${needed.key}`, message: needed.message });
  }
  if (row.programme === 'master-apprentice' && property(applicant, 'studio') === undefined) {
    problems.push({ path: 'claim.applicant.studio', message: '以师带徒培训须提供大师工作室信息' });
  }
}

function unknownEdition(registry: EditionRegistry): Problem {
  const ids = registry.editions.map((edition) => edition.id).join('、');
  return { path: 'edition', message: ids === '' ? '没有可用的办法版本' : `办法版本不存在，可用：${ids}` };
}

/** One issue of the schema as problems with paths and Chinese words; the values sent are not repeated. */
function problemsOf(issue: z.core.$ZodIssue, input: unknown, registry: EditionRegistry): Problem[] {
  const path = pathOf(issue.path);
  if (path === 'edition') return [unknownEdition(registry)];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: pathOf([...issue.path, key]), message: '没有这个字段，请删去' }));
  }
  return [{ path, message: isMissing(issue.path, input) ? '缺少必填项' : wordsOf(issue) }];
}

const LINE_COUNT = `学员须为1至${MAX_LINES}行`;

const TYPE_TERMS: Readonly<Record<string, string>> = {
  string: '文字',
  boolean: 'true或false',
  object: '对象',
  array: '数组',
  int: '整数',
  number: '整数',
};

function wordsOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `应为${TYPE_TERMS[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `应为以下之一：${issue.values.map(String).join('、')}`;
    case 'too_small':
      if (issue.origin === 'string') return '不能为空';
      return issue.minimum === 0 ? '不能为负数' : `不能小于${issue.minimum}`;
    case 'too_big':
      return '数值过大';
    default:
      return issue.message === 'line-count' ? LINE_COUNT : '日期不存在，应为YYYY-MM-DD格式的真实日期';
  }
}

/** `claim.lines[3].idNumber` */
function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`))
    .join('');
}

function isMissing(path: readonly PropertyKey[], input: unknown): boolean {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return false;
    value = Object.getOwnPropertyDescriptor(value, key)?.value;
  }
  return value === undefined;
}

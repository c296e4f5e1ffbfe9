import { describe, expect, test } from 'vitest';
import { editionRegistry } from '../../shared/regulation/editions/registry.ts';
import { parseRequest } from '../../shared/regulation/parse-request.ts';
import type { RouteName } from './sample-requests.ts';
import { ROUTE_NAMES, sampleLine, sampleRequest } from './sample-requests.ts';

type Json = Record<string, unknown>;

/** A request as JSON, of which a test may change any part into anything. */
// biome-ignore lint/suspicious/noExplicitAny: the point is to break the types
type AnyRequest = any;

/** A request of a route as JSON, with one change made to it. */
function changed(route: RouteName, change: (request: AnyRequest) => void): unknown {
  const request: unknown = JSON.parse(JSON.stringify(sampleRequest(route)));
  change(request);
  return request;
}

const problemsOf = (input: unknown) => {
  const reading = parseRequest(input);
  return reading.ok ? [] : reading.problems;
};
const pathsOf = (input: unknown) => problemsOf(input).map((problem) => problem.path);
const PROJECT = 'project/enterprise';

describe('a good request', () => {
  test.each(ROUTE_NAMES)('%s comes back as it was sent', (route) => {
    const request: unknown = JSON.parse(JSON.stringify(sampleRequest(route)));
    const reading = parseRequest(request);
    expect(reading.ok && reading.request).toEqual(request);
    expect(reading.ok && reading.edition.id).toBe('wenzhou-2020-58');
  });

  test.each<[string, (request: AnyRequest) => void]>([
    ['zero hours and people', (r) => Object.assign(r.claim.class, { hours: 0, enrolled: 0 })],
    ['an empty name', (r) => (r.claim.lines[0].name = '')],
    ['a wrong id number', (r) => (r.claim.lines[0].idNumber = '')],
    ['a blank, not empty, id', (r) => (r.claim.lines[0].id = ' ')],
    ['an applicant without a name', (r) => (r.claim.applicant.name = '')],
    ['a whole number written with a fraction', (r) => (r.claim.class.hours = 60.0)],
    ['history of the year 0', (r) => r.history.push({ person: '', year: 0, kind: 'award' })],
    ['29 February of a leap year', (r) => (r.claim.submittedOn = '2020-02-29')],
    ['no materials at all', (r) => (r.claim.materials = [])],
    ['a class that its dates contradict', (r) => (r.claim.class.endsOn = '2020-01-01')],
    ['5,000 lines', (r) => (r.claim.lines = manyLines(5000))],
  ])('may have %s', (_, change) => {
    expect(problemsOf(changed(PROJECT, change))).toEqual([]);
  });
});

function manyLines(total: number): Json[] {
  return Array.from({ length: total }, (_, index) => ({ ...sampleLine(PROJECT), id: `line-${index}` }));
}

describe('a bad request', () => {
  test.each<[string, (request: AnyRequest) => void, string[]]>([
    ['no edition', (r) => delete r.edition, ['edition']],
    ['another edition', (r) => (r.edition = 'wenzhou-2022-1'), ['edition']],
    ['an edition that is no text', (r) => (r.edition = 1), ['edition']],
    ['an unknown key at the top', (r) => (r.extra = 1), ['extra']],
    [
      'unknown keys deep down',
      (r) => (r.claim.lines[0].certificates[0].x = r.claim.lines[0].y = 1),
      ['claim.lines[0].y', 'claim.lines[0].certificates[0].x'],
    ],
    ['no claim', (r) => delete r.claim, ['claim']],
    ['null where a value may be absent', (r) => (r.claim.lines[0].status = null), ['claim.lines[0].status']],
    ['a number for a text', (r) => (r.claim.lines[0].idNumber = 1), ['claim.lines[0].idNumber']],
    ['a text for a boolean', (r) => (r.claim.lines[0].statusVerified = 'true'), ['claim.lines[0].statusVerified']],
    ['an unknown programme', (r) => (r.claim.programme = 'x'), ['claim.programme']],
    ['an unknown material', (r) => r.claim.materials.push('x'), ['claim.materials[4]']],
    ['an unknown district', (r) => (r.claim.applicant.insuredDistrict = 'haishu'), ['claim.applicant.insuredDistrict']],
    [
      'an inherited name for a district',
      (r) => (r.claim.applicant.insuredDistrict = 'toString'),
      ['claim.applicant.insuredDistrict'],
    ],
    ['a day that does not exist', (r) => (r.claim.submittedOn = '2021-02-29'), ['claim.submittedOn']],
    ['a date in another form', (r) => (r.claim.class.startsOn = '2020/09/07'), ['claim.class.startsOn']],
    [
      'a date with a time',
      (r) => (r.claim.lines[0].certificates[0].issuedOn = '2020-10-10T00:00:00Z'),
      ['claim.lines[0].certificates[0].issuedOn'],
    ],
    ['negative hours', (r) => (r.claim.class.hours = -1), ['claim.class.hours']],
    ['half an hour', (r) => (r.claim.class.hours = 0.5), ['claim.class.hours']],
    ['hours past counting', (r) => (r.claim.class.hours = 2 ** 53), ['claim.class.hours']],
    ['negative people', (r) => (r.claim.class.enrolled = -1), ['claim.class.enrolled']],
    ['negative attendance', (r) => (r.claim.lines[0].attendedHours = -1), ['claim.lines[0].attendedHours']],
    ['half a millisecond', (r) => (r.claim.videos[1].durationMs = 0.5), ['claim.videos[1].durationMs']],
    [
      'a negative cost',
      (r) => (r.claim.lines[0].apprentice = { kind: 'employee', actualCostFen: -1 }),
      ['claim.lines[0].apprentice.actualCostFen'],
    ],
    [
      'half a fen',
      (r) => (r.claim.lines[0].apprentice = { kind: 'student', allowanceFen: 0.5 }),
      ['claim.lines[0].apprentice.allowanceFen'],
    ],
    [
      'half a month',
      (r) => (r.claim.lines[0].apprentice = { kind: 'student', contractMonths: 0.5 }),
      ['claim.lines[0].apprentice.contractMonths'],
    ],
    ['a negative year', (r) => r.history.push({ person: '', year: -1, kind: 'award' }), ['history[0].year']],
    ['half a year', (r) => r.history.push({ person: '', year: 2020.5, kind: 'award' }), ['history[0].year']],
    [
      'a batch 0',
      (r) => (r.claim.applicant.studio = { level: 'city', hostKind: 'enterprise', batchOfYear: 0 }),
      ['claim.applicant.studio.batchOfYear'],
    ],
    [
      'half a batch',
      (r) => (r.claim.applicant.studio = { level: 'city', hostKind: 'enterprise', batchOfYear: 1.5 }),
      ['claim.applicant.studio.batchOfYear'],
    ],
    ['an empty claim id', (r) => (r.claim.id = ''), ['claim.id']],
    ['an empty applicant id', (r) => (r.claim.applicant.id = ''), ['claim.applicant.id']],
    ['an empty class id', (r) => (r.claim.class.id = ''), ['claim.class.id']],
    ['an empty line id', (r) => (r.claim.lines[0].id = ''), ['claim.lines[0].id']],
    ['no lines', (r) => (r.claim.lines = []), ['claim.lines']],
    ['5,001 lines', (r) => (r.claim.lines = manyLines(5001)), ['claim.lines']],
    [
      '5,001 lines, one of them wrong',
      (r) => (r.claim.lines = [...manyLines(5000), { ...manyLines(1)[0], id: 'last', name: 1 }]),
      ['claim.lines[5000].name', 'claim.lines'],
    ],
    ['no class', (r) => delete r.claim.class, ['claim.class']],
    ['no insured district', (r) => delete r.claim.applicant.insuredDistrict, ['claim.applicant.insuredDistrict']],
    ['a pair outside the table', (r) => (r.claim.route = 'studio'), ['claim.route']],
    [
      'a city department in a district',
      (r) => (r.claim.applicant.entrustedBy = { department: '局', level: 'city', district: 'ouhai' }),
      ['claim.applicant.entrustedBy.district'],
    ],
    [
      'a district department in the city',
      (r) => (r.claim.applicant.entrustedBy = { department: '局', level: 'district', district: 'city' }),
      ['claim.applicant.entrustedBy.district'],
    ],
    [
      'a wrong date on the shortage list',
      (r) => r.shortage.push({ occupation: '车工', from: '2020-13-01', to: 'x' }),
      ['shortage[0].from', 'shortage[0].to'],
    ],
  ])('with %s', (_, change, paths) => {
    expect(pathsOf(changed(PROJECT, change)).toSorted()).toEqual(paths.toSorted());
  });

  test('with line ids used twice names each later one', () => {
    const lines = ['a', 'b', 'a', 'a'].map((id) => ({ ...sampleLine(PROJECT), id }));
    expect(problemsOf(changed(PROJECT, (r) => (r.claim.lines = lines)))).toEqual([
      { path: 'claim.lines[2].id', message: '与claim.lines[0]的编号相同' },
      { path: 'claim.lines[3].id', message: '与claim.lines[0]的编号相同' },
    ]);
  });

  test.each(ROUTE_NAMES)('%s: class missing or present, and the fact that decides the authority missing', (route) => {
    const hasClass = sampleRequest(route).claim.class !== undefined;
    const other = sampleRequest(PROJECT).claim.class;
    const toggled = changed(route, (r) => Object.assign(r.claim, { class: hasClass ? undefined : other }));
    expect(pathsOf(toggled)).toEqual(['claim.class']);
    const bare = changed(route, (r) => {
      for (const key of ['insuredDistrict', 'competition', 'entrustedBy', 'studio']) delete r.claim.applicant[key];
    });
    const needed: Readonly<Record<string, string[]>> = {
      'qualification/individual': ['insuredDistrict'],
      'qualification/enterprise': ['insuredDistrict'],
      'qualification/competition': ['competition'],
      'project/enterprise': ['insuredDistrict'],
      'project/contractor': ['entrustedBy'],
      'pre-job/enterprise': ['insuredDistrict'],
      'apprenticeship/enterprise': ['insuredDistrict'],
      'master-apprentice/studio': ['insuredDistrict', 'studio'],
    };
    expect(pathsOf(bare)).toEqual((needed[route] ?? []).map((key) => `claim.applicant.${key}`));
  });

  test.each(ROUTE_NAMES)('%s: two lines', (route) => {
    const two = changed(route, (r) => r.claim.lines.push({ ...r.claim.lines[0], id: 'line-2' }));
    const onePerson = route === 'qualification/individual' || route === 'qualification/competition';
    expect(pathsOf(two)).toEqual(onePerson ? ['claim.lines'] : []);
  });

  test('every pair outside section 3 is refused', () => {
    const programmes = [...new Set(ROUTE_NAMES.map((name) => name.split('/')[0]))];
    const routes = [...new Set(ROUTE_NAMES.map((name) => name.split('/')[1]))];
    for (const programme of programmes) {
      for (const route of routes) {
        const paths = pathsOf(changed(PROJECT, (r) => Object.assign(r.claim, { programme, route })));
        const listed = ROUTE_NAMES.some((name) => name === `${programme}/${route}`);
        expect([programme, route, paths.includes('claim.route')]).toEqual([programme, route, !listed]);
      }
    }
  });

  test.each(['SYB', 'IYB', 'online', 'internet-plus', 'simulated-company', 'syb', ' SYB', '', undefined, 1])(
    'an entrepreneurship class of %j',
    (subject) => {
      const known = ['SYB', 'IYB', 'online', 'internet-plus', 'simulated-company'].includes(String(subject));
      const paths = pathsOf(changed('entrepreneurship/provider', (r) => (r.claim.class.subject = subject)));
      expect(paths).toEqual(known ? [] : ['claim.class.subject']);
    },
  );

  test('the rules of entrustedBy hold on any route', () => {
    for (const route of ROUTE_NAMES) {
      const entrustedBy = { department: '局', level: 'city', district: 'ouhai' };
      expect(pathsOf(changed(route, (r) => (r.claim.applicant.entrustedBy = entrustedBy)))).toEqual([
        'claim.applicant.entrustedBy.district',
      ]);
    }
  });

  test('gets every problem at once, shapes and contradictions alike', () => {
    const bad = changed('master-apprentice/studio', (r) => {
      r.edition = 'x';
      r.claim.submittedOn = '2020-02-30';
      r.claim.lines[0].name = 1;
      r.claim.lines.push({ ...r.claim.lines[0], name: '甲' });
      delete r.claim.class;
      delete r.claim.applicant.studio;
    });
    expect(pathsOf(bad).toSorted()).toEqual([
      'claim.applicant.studio',
      'claim.class',
      'claim.lines[0].name',
      'claim.lines[1].id',
      'claim.submittedOn',
      'edition',
    ]);
    const reading = parseRequest(bad);
    expect(!reading.ok && reading.claimId).toBe('claim-1');
  });

  test('names its problems in Chinese, by what is wrong', () => {
    const message = (change: (request: AnyRequest) => void) => problemsOf(changed(PROJECT, change))[0]?.message;
    expect(message((r) => delete r.claim.id)).toBe('缺少必填项');
    expect(message((r) => delete r.claim.lines[0].certificates)).toBe('缺少必填项');
    expect(message((r) => (r.claim.id = ''))).toBe('不能为空');
    expect(message((r) => (r.claim.id = 1))).toBe('应为文字');
    expect(message((r) => (r.claim.lines = {}))).toBe('应为数组');
    expect(message((r) => (r.claim = []))).toBe('应为对象');
    expect(message((r) => (r.claim.lines[0].statusVerified = 1))).toBe('应为true或false');
    expect(message((r) => (r.claim.class.hours = '60'))).toBe('应为整数');
    expect(message((r) => (r.claim.class.hours = 0.5))).toBe('应为整数');
    expect(message((r) => (r.claim.class.hours = -1))).toBe('不能为负数');
    expect(message((r) => (r.claim.class.hours = 1e300))).toBe('数值过大');
    expect(message((r) => (r.claim.applicant.studio = { level: 'city', hostKind: 'enterprise', batchOfYear: 0 }))).toBe(
      '不能小于1',
    );
    expect(message((r) => (r.claim.lines[0].certificates[0].level = 'x'))).toBe(
      '应为以下之一：junior、intermediate、senior、technician、senior-technician',
    );
    expect(message((r) => (r.claim.submittedOn = '2020-02-30'))).toBe('日期不存在，应为YYYY-MM-DD格式的真实日期');
    expect(message((r) => (r.x = 1))).toBe('没有这个字段，请删去');
    expect(message((r) => (r.edition = 'x'))).toBe('办法版本不存在，可用：wenzhou-2020-58');
    expect(message((r) => (r.claim.lines = []))).toBe('学员须为1至5000行');
    expect(message((r) => (r.claim.lines = manyLines(5001)))).toBe('学员须为1至5000行');
    expect(message((r) => (r.claim.route = 'studio'))).toBe(
      'project没有studio这一申领途径，可选：enterprise、contractor、college',
    );
    expect(message((r) => delete r.claim.class)).toBe('该申领途径须提供培训班信息');
  });

  test('does not repeat what was sent', () => {
    const secret = '330302199001011234';
    const bad = changed(PROJECT, (r) => {
      r.claim.lines[0].certificates[0].issuedOn = secret;
      r.claim.lines[0].certificates[0].kind = secret;
      r.claim.applicant.insuredDistrict = secret;
      r.edition = secret;
    });
    expect(problemsOf(bad)).toHaveLength(4);
    expect(JSON.stringify(problemsOf(bad))).not.toContain(secret);
  });

  test.each([
    undefined,
    null,
    1,
    'x',
    true,
    [],
    {},
    [[]],
    { claim: null },
    { claim: { lines: [null, 1] } },
    { edition: {} },
  ])('may be anything: %j', (input) => {
    const reading = parseRequest(input);
    expect(reading.ok).toBe(false);
    expect(!reading.ok && reading.problems.length).toBeGreaterThan(0);
    expect(!reading.ok && reading.claimId).toBeUndefined();
  });

  test('may carry keys that objects inherit', () => {
    const text = JSON.stringify(sampleRequest(PROJECT)).replace(
      '"id":"claim-1"',
      '"id":"claim-1","__proto__":{"x":1},"constructor":1',
    );
    expect(pathsOf(JSON.parse(text)).toSorted()).toEqual(['claim.__proto__', 'claim.constructor']);
  });

  test('of a registry without editions is refused', () => {
    const reading = parseRequest(sampleRequest(PROJECT), editionRegistry([]));
    expect(!reading.ok && reading.problems).toEqual([{ path: 'edition', message: '没有可用的办法版本' }]);
  });
});

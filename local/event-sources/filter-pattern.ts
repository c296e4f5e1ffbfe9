/** Whether an event passes. */
export type Filter = (event: unknown) => boolean;

type Matcher = (value: unknown, present: boolean) => boolean;

/**
 * Compiles filter patterns of an event source: one of them must fit (none at all lets everything through).
 * @throws Error for an operator the local cloud does not know.
 */
export function compileFilters(patterns: readonly string[]): Filter {
  if (patterns.length === 0) return () => true;
  const filters = patterns.map((pattern) => compileNode(JSON.parse(pattern), pattern));
  return (event) => filters.some((filter) => filter(event));
}

function compileNode(pattern: unknown, whole: string): Filter {
  if (typeof pattern !== 'object' || pattern === null) throw new Error(`not a filter pattern: ${whole}`);
  const checks = Object.entries(pattern).map(([key, rule]): Filter => {
    if (key === '$or') {
      const choices = (rule as unknown[]).map((choice) => compileNode(choice, whole));
      return (event) => choices.some((choice) => choice(event));
    }
    if (Array.isArray(rule)) {
      const matchers = rule.map((one) => compileMatcher(one, whole));
      return (event) => {
        const present = typeof event === 'object' && event !== null && key in event;
        const value = present ? (event as Record<string, unknown>)[key] : undefined;
        const candidates = Array.isArray(value) ? value : [value];
        return matchers.some((matches) => candidates.some((candidate) => matches(candidate, present)));
      };
    }
    const inner = compileNode(rule, whole);
    return (event) =>
      inner(typeof event === 'object' && event !== null ? (event as Record<string, unknown>)[key] : undefined);
  });
  return (event) => checks.every((check) => check(event));
}

function compileMatcher(rule: unknown, whole: string): Matcher {
  if (typeof rule !== 'object' || rule === null) return (value, present) => present && value === rule;
  const [operator, operand] = Object.entries(rule)[0] ?? [];
  switch (operator) {
    case 'exists':
      return (_value, present) => present === operand;
    case 'prefix':
      return text((value) => value.startsWith(String(operand)));
    case 'suffix':
      return text((value) => value.endsWith(String(operand)));
    case 'equals-ignore-case':
      return text((value) => value.toLowerCase() === String(operand).toLowerCase());
    case 'anything-but': {
      const excluded = (Array.isArray(operand) ? operand : [operand]).map((one) => compileMatcher(one, whole));
      return (value, present) => present && !excluded.some((matches) => matches(value, present));
    }
    case 'numeric':
      return numeric(operand as readonly (string | number)[], whole);
    default:
      throw new Error(`refusing to pretend: unknown filter operator ${operator} in ${whole}`);
  }
}

function text(test: (value: string) => boolean): Matcher {
  return (value) => typeof value === 'string' && test(value);
}

const comparisons: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  '=': (value, limit) => value === limit,
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
};

/** `["numeric": [">", 0, "<=", 5]]`; numbers of DynamoDB arrive as text. */
function numeric(operands: readonly (string | number)[], whole: string): Matcher {
  const tests: ((value: number) => boolean)[] = [];
  for (let index = 0; index + 1 < operands.length; index += 2) {
    const compare = comparisons[String(operands[index])];
    if (compare === undefined) throw new Error(`unknown comparison ${operands[index]} in ${whole}`);
    const limit = Number(operands[index + 1]);
    tests.push((value) => compare(value, limit));
  }
  return (value) => {
    const number = typeof value === 'string' && value !== '' ? Number(value) : value;
    return typeof number === 'number' && tests.every((test) => test(number));
  };
}

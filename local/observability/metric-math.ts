/** Evaluates a metric-math expression over one period. `undefined` is "no data". */
export type Expression = (lookUp: (id: string) => number | undefined) => number | undefined;

type Value = number | undefined | Value[];
type Node = (lookUp: (id: string) => number | undefined) => Value;

/**
 * Compiles the part of CloudWatch's metric math that ratios need: numbers, ids, `+ - * /`, comparisons, brackets,
 * lists, and MIN, MAX, SUM, AVG, ABS, IF and FILL.
 * @throws Error for anything else: an alarm evaluated wrongly is worse than none.
 */
export function compileExpression(text: string): Expression {
  const tokens = text.match(/\d+(?:\.\d+)?|[A-Za-z_]\w*|[<>=!]=|&&|\|\||[-+*/(),[\]<>]/g) ?? [];
  if (tokens.join('') !== text.replace(/\s+/g, '')) throw new Error(`cannot read the expression ${text}`);
  let position = 0;
  const peek = (): string | undefined => tokens[position];
  const take = (expected?: string): string => {
    const token = tokens[position];
    if (token === undefined || (expected !== undefined && token !== expected)) {
      throw new Error(`cannot read the expression ${text}: ${expected ?? 'more'} expected`);
    }
    position += 1;
    return token;
  };

  const level = (
    operators: Readonly<Record<string, (a: number, b: number) => number>>,
    deeper: () => Node,
  ): (() => Node) => {
    return () => {
      let left = deeper();
      for (let operator = peek(); operator !== undefined && operator in operators; operator = peek()) {
        take();
        const [one, apply, other] = [left, operators[operator], deeper()];
        left = (lookUp) => {
          const [a, b] = [number(one(lookUp)), number(other(lookUp))];
          return a === undefined || b === undefined ? undefined : apply?.(a, b);
        };
      }
      return left;
    };
  };

  const items = (end: string): Node[] => {
    const nodes: Node[] = [];
    while (peek() !== end) {
      nodes.push(logic());
      if (peek() === ',') take();
    }
    take(end);
    return nodes;
  };

  const atom = (): Node => {
    const token = take();
    if (token === '(') {
      const inner = logic();
      take(')');
      return inner;
    }
    if (token === '[') {
      const nodes = items(']');
      return (lookUp) => nodes.map((node) => node(lookUp));
    }
    if (token === '-') {
      const inner = atom();
      return (lookUp) => {
        const value = number(inner(lookUp));
        return value === undefined ? undefined : -value;
      };
    }
    if (/^\d/.test(token)) return () => Number(token);
    if (peek() !== '(') return (lookUp) => lookUp(token);
    take('(');
    return call(token, items(')'), text);
  };

  const product = level({ '*': (a, b) => a * b, '/': (a, b) => a / b }, atom);
  const sum = level({ '+': (a, b) => a + b, '-': (a, b) => a - b }, product);
  const comparison = level(
    {
      '<': (a, b) => Number(a < b),
      '>': (a, b) => Number(a > b),
      '<=': (a, b) => Number(a <= b),
      '>=': (a, b) => Number(a >= b),
      '==': (a, b) => Number(a === b),
      '!=': (a, b) => Number(a !== b),
    },
    sum,
  );
  const logic = level(
    { '&&': (a, b) => Number(a !== 0 && b !== 0), '||': (a, b) => Number(a !== 0 || b !== 0) },
    comparison,
  );

  const whole = logic();
  if (position !== tokens.length) throw new Error(`cannot read the expression ${text} after ${tokens[position - 1]}`);
  return (lookUp) => {
    const value = number(whole(lookUp));
    return value === undefined || Number.isFinite(value) ? value : undefined; // CloudWatch has no point for x/0
  };
}

function call(name: string, nodes: readonly Node[], text: string): Node {
  const [first, second, third] = nodes;
  const spread = (lookUp: (id: string) => number | undefined): number[] =>
    nodes.flatMap((node) => numbersIn(node(lookUp)));
  const of =
    (reduce: (values: readonly number[]) => number): Node =>
    (lookUp) => {
      const values = spread(lookUp);
      return values.length === 0 ? undefined : reduce(values);
    };
  switch (name) {
    case 'MAX':
      return of((values) => Math.max(...values));
    case 'MIN':
      return of((values) => Math.min(...values));
    case 'SUM':
      return of((values) => values.reduce((a, b) => a + b, 0));
    case 'AVG':
      return of((values) => values.reduce((a, b) => a + b, 0) / values.length);
    case 'ABS':
      return of((values) => Math.abs(values[0] ?? 0));
    case 'IF':
      return (lookUp) => {
        const condition = first?.(lookUp);
        if (condition === undefined) return undefined;
        return condition !== 0 ? second?.(lookUp) : third?.(lookUp);
      };
    case 'FILL':
      return (lookUp) => first?.(lookUp) ?? second?.(lookUp);
    default:
      throw new Error(`refusing to pretend: unknown function ${name} in the expression ${text}`);
  }
}

function number(value: Value): number | undefined {
  return Array.isArray(value) ? undefined : value;
}

function numbersIn(value: Value): number[] {
  if (Array.isArray(value)) return value.flatMap(numbersIn);
  return value === undefined ? [] : [value];
}

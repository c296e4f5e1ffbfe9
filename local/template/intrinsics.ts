/** What the intrinsic functions of one stack can refer to. */
export interface References {
  /** Value of a parameter, or `undefined` when there is none of that name. */
  parameter(name: string): unknown;
  /** Value of a pseudo parameter such as `AWS::Region`, or `undefined`. */
  pseudo(name: string): string | undefined;
  /** What `Ref` of a resource gives; throws when there is no such resource. */
  ref(logicalId: string): string;
  /** What `Fn::GetAtt` of a resource gives; throws when there is no such attribute. */
  attribute(logicalId: string, name: string): unknown;
  /** Value of an output of another stack (`Fn::GetStackOutput`). */
  stackOutput(stackName: string, outputName: string): unknown;
  /** Value exported under a name (`Fn::ImportValue`). */
  exported(name: string): unknown;
  /** Whether a named condition of the template holds. */
  condition(name: string): boolean;
  mapping(map: string, top: string, second: string): unknown;
}

/** Marks a property that `AWS::NoValue` removes. */
const NO_VALUE = Symbol('AWS::NoValue');

/**
 * Replaces every intrinsic function in a template value.
 * @throws Error for an intrinsic the local cloud does not know: a wrong guess here would be a lie about the deployment.
 */
export function resolveIntrinsics(value: unknown, references: References): unknown {
  const resolved = resolveValue(value, references);
  return resolved === NO_VALUE ? undefined : resolved;
}

/** Evaluates an entry of the template's `Conditions`. */
export function holds(expression: unknown, references: References): boolean {
  const [name, argument] = intrinsicOf(expression) ?? [];
  const all = (): boolean[] => list(argument, String(name)).map((one) => holds(one, references));
  if (name === 'Fn::And') return all().every(Boolean);
  if (name === 'Fn::Or') return all().some(Boolean);
  if (name === 'Fn::Not') return !all()[0];
  if (name === 'Condition') return references.condition(String(argument));
  if (name === 'Fn::Equals') {
    const [left, right] = list(argument, name).map((one) => resolveIntrinsics(one, references));
    return String(left) === String(right);
  }
  throw new Error(`not a condition: ${JSON.stringify(expression)}`);
}

function resolveValue(value: unknown, references: References): unknown {
  if (Array.isArray(value)) {
    return value.map((one) => resolveValue(one, references)).filter((one) => one !== NO_VALUE);
  }
  if (typeof value !== 'object' || value === null) return value;
  const intrinsic = intrinsicOf(value);
  if (intrinsic !== undefined) return evaluate(intrinsic[0], intrinsic[1], references);
  const entries = Object.entries(value).map(([key, one]) => [key, resolveValue(one, references)] as const);
  return Object.fromEntries(entries.filter(([, one]) => one !== NO_VALUE));
}

/** `{ "Fn::Join": … }` has one key and no brothers; everything else is plain data. */
function intrinsicOf(value: unknown): [string, unknown] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value);
  const only = entries[0];
  if (entries.length !== 1 || only === undefined) return undefined;
  return only[0] === 'Ref' || only[0] === 'Condition' || only[0].startsWith('Fn::') ? only : undefined;
}

function evaluate(name: string, argument: unknown, references: References): unknown {
  const resolved = (): unknown => resolveValue(argument, references);
  switch (name) {
    case 'Ref':
      return resolveRef(String(argument), references);
    case 'Condition': // a plain property of that name, as IAM statements have
      return { Condition: resolved() };
    case 'Fn::GetAtt': {
      const [logicalId, attribute] = attributeOf(argument, references);
      return references.attribute(logicalId, attribute);
    }
    case 'Fn::Join': {
      const [separator, parts] = list(resolved(), name);
      return list(parts, name).join(String(separator));
    }
    case 'Fn::Sub':
      return substitute(argument, references);
    case 'Fn::Select': {
      const [index, choices] = list(resolved(), name);
      const chosen = list(choices, name)[Number(index)];
      if (chosen === undefined) throw new Error(`Fn::Select: no element ${String(index)}`);
      return chosen;
    }
    case 'Fn::Split': {
      const [separator, text] = list(resolved(), name);
      return String(text).split(String(separator));
    }
    case 'Fn::If': {
      const [condition, yes, no] = list(argument, name);
      return resolveValue(references.condition(String(condition)) ? yes : no, references);
    }
    case 'Fn::FindInMap': {
      const [map, top, second] = list(resolved(), name).map(String);
      return references.mapping(map ?? '', top ?? '', second ?? '');
    }
    case 'Fn::ImportValue':
      return references.exported(String(resolved()));
    case 'Fn::GetStackOutput': {
      const { StackName, OutputName } = resolved() as { StackName: unknown; OutputName: unknown };
      return references.stackOutput(String(StackName), String(OutputName));
    }
    case 'Fn::Base64':
      return Buffer.from(String(resolved())).toString('base64');
    default:
      throw new Error(`refusing to pretend: unknown intrinsic function ${name}`);
  }
}

function resolveRef(name: string, references: References): unknown {
  if (name === 'AWS::NoValue') return NO_VALUE;
  if (name.startsWith('AWS::')) {
    const pseudo = references.pseudo(name);
    if (pseudo === undefined) throw new Error(`refusing to pretend: unknown pseudo parameter ${name}`);
    return pseudo;
  }
  const parameter = references.parameter(name);
  return parameter === undefined ? references.ref(name) : parameter;
}

function attributeOf(argument: unknown, references: References): [string, string] {
  const parts = Array.isArray(argument) ? argument : String(argument).split(/\.(.*)/s, 2);
  const [logicalId, attribute] = parts.map((one) => String(resolveValue(one, references)));
  if (logicalId === undefined || attribute === undefined)
    throw new Error('Fn::GetAtt needs a resource and an attribute');
  return [logicalId, attribute];
}

function substitute(argument: unknown, references: References): string {
  const [template, extra] = Array.isArray(argument) ? argument : [argument, {}];
  const variables = new Map(Object.entries((extra ?? {}) as Record<string, unknown>));
  return String(template).replace(/\$\{([^}]+)\}/g, (_whole, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    if (variables.has(name)) return String(resolveValue(variables.get(name), references));
    if (name.includes('.')) return String(resolveValue({ 'Fn::GetAtt': name }, references));
    return String(resolveRef(name, references));
  });
}

function list(value: unknown, name: string): unknown[] {
  if (!Array.isArray(value)) throw new Error(`${name} needs a list, found ${JSON.stringify(value)}`);
  return value;
}

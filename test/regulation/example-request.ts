import type { BaseCase } from '../../commands/regulation-docs/example-files.ts';

/*
 * Builds the request of an example: a base case, and the facts that differ from it. A fact is named by its path as in a
 * request, or shorter from one of the roots below: `class.filedOn` is `claim.class.filedOn`, and `certificate.level`
 * the level of the line's first certificate. A fact of null is one that nobody knows: the key is taken away.
 */

const ROOTS: Readonly<Record<string, readonly (string | number)[]>> = {
  claim: ['claim'],
  applicant: ['claim', 'applicant'],
  class: ['claim', 'class'],
  history: ['history'],
  shortage: ['shortage'],
};
const LINE_ROOTS: Readonly<Record<string, readonly (string | number)[]>> = {
  line: [],
  status: ['status'],
  certificate: ['certificates', 0],
};

export type Facts = Readonly<Record<string, unknown>>;

/** The request, not yet parsed. @throws RangeError where a path leads nowhere */
export function exampleRequest(base: BaseCase, facts: Facts, more: readonly Facts[] = []): unknown {
  const request = structuredClone({
    edition: 'wenzhou-2020-58',
    claim: base.claim,
    history: base.history,
    shortage: base.shortage,
  });
  apply(request, facts, 0);
  const lines: unknown = request.claim['lines'];
  if (!Array.isArray(lines)) throw new RangeError(`${base.key} has no lines`);
  for (const difference of more) {
    lines.push(structuredClone(lines[0]));
    apply(request, difference, lines.length - 1);
  }
  return request;
}

function apply(request: object, facts: Facts, line: number): void {
  for (const [path, value] of Object.entries(facts)) put(request, keysOf(path, line), structuredClone(value), path);
}

/** `claim.videos[2].sha256` as its keys from the top of a request. */
function keysOf(path: string, line: number): (string | number)[] {
  const keys = path.split('.').flatMap((part) => {
    const [name = '', ...indexes] = part.split(/[[\]]+/u).filter((each) => each !== '');
    return [name, ...indexes.map(Number)];
  });
  const [root, ...rest] = keys;
  const within = LINE_ROOTS[String(root)];
  const from = within === undefined ? ROOTS[String(root)] : ['claim', 'lines', line, ...within];
  if (from === undefined) throw new RangeError(`${path} begins with none of the known facts`);
  return [...from, ...rest];
}

function put(target: object, keys: readonly (string | number)[], value: unknown, path: string): void {
  const [key, ...rest] = keys;
  if (key === undefined) throw new RangeError(`${path} names no fact`);
  if (rest.length > 0) {
    const next: unknown = Reflect.get(target, key);
    if (next !== undefined && (typeof next !== 'object' || next === null))
      throw new RangeError(`${path} leads nowhere`);
    const inner = next ?? {};
    if (next === undefined) Reflect.set(target, key, inner);
    put(inner, rest, value, path);
  } else if (value === null) Reflect.deleteProperty(target, key);
  else Reflect.set(target, key, value);
}

/** Which route a request takes, and what its path says. */
export interface RouteMatch<T> {
  readonly route: T;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/**
 * Picks the most specific route as API Gateway does: exact segments before variables before `{proxy+}` before
 * `$default`, and a method of its own before `ANY`.
 * @param path still percent-encoded; path parameters come out decoded.
 */
export function matchRoute<T extends { readonly key: string }>(
  routes: readonly T[],
  method: string,
  path: string,
): RouteMatch<T> | undefined {
  const fitting = routes.flatMap((route) => {
    const match = fit(route.key, method, path);
    return match === undefined ? [] : [{ route, ...match }];
  });
  return fitting.toSorted((one, other) => compare(one.rank, other.rank))[0];
}

interface Fit {
  readonly pathParameters: Record<string, string>;
  /** Per segment 0 exact, 1 variable, 2 greedy; then 0 for a method of its own, 1 for ANY. */
  readonly rank: readonly number[];
}

function fit(key: string, method: string, path: string): Fit | undefined {
  if (key === '$default') return { pathParameters: {}, rank: [3] };
  const [routeMethod, routePath = '/'] = key.split(' ');
  if (routeMethod !== 'ANY' && routeMethod !== method) return undefined;
  const pattern = routePath.split('/').slice(1);
  const segments = path.split('/').slice(1);
  const pathParameters: Record<string, string> = {};
  const rank: number[] = [];
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index];
    const [, variable, greedy] = /^\{([^}+]+)(\+?)\}$/.exec(part) ?? [];
    if (segment === undefined || (variable !== undefined && segment === '')) return undefined;
    if (greedy === '+' && variable !== undefined) {
      pathParameters[variable] = decodeURIComponent(segments.slice(index).join('/'));
      return { pathParameters, rank: [...rank, 2, Number(routeMethod === 'ANY')] };
    }
    if (variable !== undefined) pathParameters[variable] = decodeURIComponent(segment);
    else if (part !== segment) return undefined;
    rank.push(variable === undefined ? 0 : 1);
  }
  if (segments.length !== pattern.length) return undefined;
  return { pathParameters, rank: [...rank, Number(routeMethod === 'ANY')] };
}

function compare(one: readonly number[], other: readonly number[]): number {
  for (let index = 0; index < Math.max(one.length, other.length); index += 1) {
    const difference = (one[index] ?? -1) - (other[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

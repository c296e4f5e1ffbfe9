/** Something of the deployment that people name in a test, on the command line or in a URL. */
export interface Nameable {
  readonly logicalId: string;
  readonly name: string;
  readonly path: string | undefined;
}

/**
 * Finds a thing by logical id, physical name, construct id (`assess-claim` in `Service/assess-claim/Resource`)
 * or the end of its physical name after a hyphen.
 * @throws Error listing what there is, when nothing or more than one thing fits.
 */
export function findByName<T extends Nameable>(things: readonly T[], name: string, what: string): T {
  const exact = things.filter((one) => one.logicalId === name || one.name === name);
  const byPath = things.filter((one) => one.path?.split('/').includes(name));
  const byEnd = things.filter((one) => one.name.endsWith(`-${name}`));
  for (const found of [exact, byPath, byEnd]) {
    const only = found[0];
    if (only !== undefined && found.length === 1) return only;
    if (found.length > 1) throw new Error(`several ${what}s fit "${name}": ${found.map((one) => one.name).join(', ')}`);
  }
  const known = things.map((one) => one.name).join(', ') || 'none';
  throw new Error(`no ${what} is called "${name}"; there are: ${known}`);
}

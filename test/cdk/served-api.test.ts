import { expect, test } from 'vitest';
import { functionList } from '../../cdk/functions/function-list.ts';
import { apiParts } from '../../commands/api-parts.ts';

const served = functionList.flatMap(({ name, trigger }) => (trigger.kind === 'http' ? [{ name, ...trigger }] : []));

// cdk/ may import nothing of the functions, so it keeps a list of its own; this holds the two together.
test.each(served.map((one) => [one.name, one] as const))(
  '%s is deployed with the routes that it serves',
  (name, trigger) => {
    const table = apiParts.find((part) => part.name === name)?.routes ?? [];
    const keys = (open: boolean) => table.filter(({ action }) => (action === 'public') === open).map(({ key }) => key);
    expect(keys(false).toSorted()).toEqual(trigger.routes.toSorted());
    expect(keys(true).toSorted()).toEqual((trigger.publicRoutes ?? []).toSorted());
  },
);

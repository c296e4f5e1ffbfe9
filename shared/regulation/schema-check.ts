import type * as z from 'zod';

/** Whether a value fits; true only where the schema would accept the value and return it unchanged. */
export type Check = (value: unknown) => boolean;

/**
 * A schema as one function that answers yes or no. Where it says yes, there is no need to ask zod, which copies what it
 * accepts: on a claim of thousands of trainees that costs more than deciding it. Where it says no, zod says why.
 *
 * Knows the kinds of schema and check that the contract uses, and follows the schema itself, so that the two cannot
 * drift apart.
 * @throws RangeError where the schema uses another kind
 */
export function checkOf(schema: z.core.$ZodType): Check {
  const def = definitionOf(schema as z.core.$ZodTypes);
  switch (def.type) {
    case 'object':
      return objectCheck(def);
    case 'array':
      return arrayCheck(checkOf(def.element), refinementsOf(def.checks));
    case 'string':
      return stringCheck(refinementsOf(def.checks));
    case 'number':
      return numberCheck(def);
    case 'boolean':
      return (value) => typeof value === 'boolean';
    case 'enum':
      return memberCheck(Object.values(def.entries));
    case 'literal':
      return memberCheck(def.values);
    default:
      throw new RangeError(`No check for a schema of type ${def.type}`);
  }
}

interface Field {
  readonly check: Check;
  readonly optional: boolean;
}

function objectCheck({ catchall, shape }: z.core.$ZodObjectDef): Check {
  if (catchall === undefined || definitionOf(catchall).type !== 'never') {
    throw new RangeError('No check for an object that takes unknown keys');
  }
  const fields = new Map(Object.entries(shape).map(([key, schema]) => [key, fieldOf(schema)]));
  const required = [...fields.values()].filter((field) => !field.optional).length;
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    let found = 0;
    for (const key in value) {
      const field = fields.get(key);
      if (field === undefined) return false;
      const item = (value as Record<string, unknown>)[key];
      if (item === undefined && field.optional) continue;
      if (!field.check(item)) return false;
      if (!field.optional) found += 1;
    }
    return found === required;
  };
}

function fieldOf(schema: z.core.$ZodType): Field {
  const def = definitionOf(schema as z.core.$ZodTypes);
  return def.type === 'optional'
    ? { check: checkOf(def.innerType), optional: true }
    : { check: checkOf(schema), optional: false };
}

function arrayCheck(element: Check, refinements: readonly Check[]): Check {
  return (value) => {
    if (!Array.isArray(value)) return false;
    for (const item of value) if (!element(item)) return false;
    return refinements.every((refinement) => refinement(value));
  };
}

function stringCheck(refinements: readonly Check[]): Check {
  const [only] = refinements;
  if (only === undefined) return (value) => typeof value === 'string';
  if (refinements.length === 1) return (value) => typeof value === 'string' && only(value);
  return (value) => typeof value === 'string' && refinements.every((refinement) => refinement(value));
}

function numberCheck({ checks, format }: z.core.$ZodNumberDef & Partial<z.core.$ZodCheckNumberFormatDef>): Check {
  if (format !== 'safeint') throw new RangeError(`No check for a number of format ${format}`);
  const refinements = refinementsOf(checks);
  return (value) => Number.isSafeInteger(value) && refinements.every((refinement) => refinement(value));
}

function memberCheck(members: readonly unknown[]): Check {
  const set = new Set(members);
  return (value) => set.has(value);
}

/** What a schema asks of a value beyond its type. */
function refinementsOf(checks: readonly z.core.$ZodCheck[] | undefined): Check[] {
  return (checks ?? []).map((check) => refinementOf(definitionOf(check)));
}

function refinementOf(def: z.core.$ZodCheckDef): Check {
  switch (def.check) {
    case 'min_length': {
      const { minimum } = def as z.core.$ZodCheckMinLengthDef;
      return (value) => typeof value === 'string' && value.length >= minimum;
    }
    case 'greater_than': {
      const { inclusive, value } = def as z.core.$ZodCheckGreaterThanDef;
      const bound = Number(value);
      return (given) => typeof given === 'number' && (inclusive ? given >= bound : given > bound);
    }
    case 'custom': {
      const { fn } = def as unknown as z.core.$ZodCustomDef;
      return (value) => Boolean(fn(value));
    }
    default:
      throw new RangeError(`No check for ${def.check}`);
  }
}

/** What zod knows of a schema or check, under the name that zod gives it. */
function definitionOf<Of extends { readonly _zod: { readonly def: unknown } }>(of: Of): Of['_zod']['def'] {
  // oxlint-disable-next-line no-underscore-dangle
  return of._zod.def;
}

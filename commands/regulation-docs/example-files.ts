import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import * as z from 'zod';

/*
 * The examples of the regulation: what a lawyer reads and signs. `test/regulation/examples/README.md` explains how
 * they are written; the test runs each of them, and the documentation names them beside the article they prove.
 */

/** Facts by path, such as `class.filedOn`; null takes the fact away. */
const factsSchema = z.record(z.string().min(1), z.unknown());
const parametersSchema = z.array(z.string()).optional();

/** What a rule comes to: its outcome, and words that its message holds. */
const findingSchema = z.union([
  z.strictObject({ pass: z.string().min(2) }),
  z.strictObject({ fail: z.string().min(2) }),
  z.strictObject({ refer: z.string().min(2) }),
]);

const exampleSchema = z.strictObject({
  name: z.string().regex(/\p{Script=Han}/u),
  rule: z.string(),
  article: z.string().optional(),
  base: z.string().optional(),
  parameters: parametersSchema,
  facts: factsSchema,
  /** further trainee lines: each a copy of the first one with differences of its own */
  more: z.array(factsSchema).optional(),
  /** which line is judged, the first being 1 */
  line: z.int().min(1).default(1),
  /** every finding that is not a pass, and those passes that the example is about */
  findings: z.record(z.string(), findingSchema),
  /** the facts that the finding of `rule` reports, all of them: what the decision rests on */
  grounds: z.record(z.string(), z.unknown()),
  /** of the claim */
  outcome: z.enum(['eligible', 'ineligible', 'referred', 'incomplete']),
  /** the standard of the line judged, yuan */
  amount: z.number().min(0),
});

/** Examples in rows: each sets the facts of its columns, passes every rule, and earns `amount` with words of `basis`. */
const tableSchema = z.strictObject({
  name: z.string().regex(/\p{Script=Han}/u),
  article: z.string().optional(),
  base: z.string().optional(),
  parameters: parametersSchema,
  facts: factsSchema,
  columns: z.array(z.string()).min(2),
  rows: z.array(z.array(z.unknown())).min(1),
});

const exampleFileSchema = z.strictObject({
  /** the provision or standard that the examples prove, from shared/regulation */
  file: z.string(),
  article: z.string(),
  base: z.string(),
  examples: z.array(exampleSchema).default([]),
  tables: z.array(tableSchema).default([]),
});

const baseSchema = z.strictObject({
  name: z.string(),
  article: z.string(),
  /** yuan */
  amount: z.number(),
  claim: z.record(z.string(), z.unknown()),
  history: z.array(z.unknown()),
  shortage: z.array(z.unknown()),
});

export type Example = z.infer<typeof exampleSchema>;
export type ExampleTable = z.infer<typeof tableSchema>;
export type ExampleFile = z.infer<typeof exampleFileSchema> & { readonly name: string };
/** The case of one route that is paid in full: its name is that of its file, `qualification-agency`. */
export type BaseCase = z.infer<typeof baseSchema> & { readonly key: string };

/** The files of examples in a folder, by name. @throws Error where one is not written as it should be */
export function readExampleFiles(folder: URL): readonly ExampleFile[] {
  return yamlFiles(folder).map((name) => ({ ...read(exampleFileSchema, folder, name), name }));
}

/** The base cases in the folder `base` of the examples. @throws Error where one is not written as it should be */
export function readBaseCases(folder: URL): readonly BaseCase[] {
  const bases = new URL('base/', folder);
  return yamlFiles(bases).map((name) => ({ ...read(baseSchema, bases, name), key: name.replace(/\.yaml$/u, '') }));
}

function yamlFiles(folder: URL): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .toSorted();
}

function read<Shape extends z.ZodType>(schema: Shape, folder: URL, name: string): z.infer<Shape> {
  const parsed = schema.safeParse(parse(readFileSync(new URL(name, folder), 'utf8'), { merge: true }));
  if (!parsed.success) throw new Error(`${name}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

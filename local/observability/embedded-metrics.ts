import * as z from 'zod';

/** A value of a metric at an instant. */
export interface Datum {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly unit: string;
  /** Virtual milliseconds since 1970. */
  readonly at: number;
  readonly values: readonly number[];
}

/** The units CloudWatch knows. */
const units = new Set(
  ['Seconds', 'Microseconds', 'Milliseconds', 'Percent', 'Count', 'Count/Second', 'None'].concat(
    ['Bytes', 'Bits'].flatMap((base) =>
      ['', 'Kilo', 'Mega', 'Giga', 'Tera'].flatMap((prefix) => {
        const unit = prefix === '' ? base : prefix + base.toLowerCase();
        return [unit, `${unit}/Second`];
      }),
    ),
  ),
);

const directivesShape = z.object({
  Timestamp: z.number(),
  CloudWatchMetrics: z.array(
    z.object({
      Namespace: z.string().min(1).max(255),
      Dimensions: z.array(z.array(z.string()).max(30, 'more than 30 dimensions')),
      Metrics: z
        .array(z.object({ Name: z.string().min(1).max(255), Unit: z.string().default('None') }))
        .max(100, 'more than 100 metrics'),
    }),
  ),
});

/** Whether a log record claims to carry metrics (embedded metric format). */
export function carriesMetrics(record: Readonly<Record<string, unknown>> | undefined): boolean {
  return typeof record?.['_aws'] === 'object' && record['_aws'] !== null && 'CloudWatchMetrics' in record['_aws'];
}

/**
 * Reads the metrics in a log record and holds it to CloudWatch's limits: what CloudWatch would drop without a
 * word is told here.
 * @param problem called with every breach; the metric concerned is left out.
 */
export function readEmbeddedMetrics(
  record: Readonly<Record<string, unknown>>,
  problem: (what: string) => void,
): Datum[] {
  const embedded = directivesShape.safeParse(record['_aws']);
  if (!embedded.success) {
    problem(embedded.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
    return [];
  }
  const { Timestamp, CloudWatchMetrics } = embedded.data;
  return CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Metrics.flatMap(({ Name, Unit }) => {
      const values = valuesOf(record[Name]);
      if (values === undefined) return dropped(problem, `${Namespace}/${Name}: no number, or more than 100 of them`);
      if (!units.has(Unit)) return dropped(problem, `${Namespace}/${Name}: unknown unit ${Unit}`);
      return Dimensions.flatMap((names): Datum[] => {
        const missing = names.filter((name) => typeof record[name] !== 'string' || record[name] === '');
        if (missing.length > 0)
          return dropped(problem, `${Namespace}/${Name}: dimension without text: ${missing.join(', ')}`);
        const dimensions = Object.fromEntries(names.map((name) => [name, String(record[name])]));
        return [{ namespace: Namespace, name: Name, dimensions, unit: Unit, at: Timestamp, values }];
      });
    }),
  );
}

function valuesOf(value: unknown): number[] | undefined {
  const values = Array.isArray(value) ? value : [value];
  const sensible = values.length > 0 && values.length <= 100 && values.every((one) => Number.isFinite(one));
  return sensible ? (values as number[]) : undefined;
}

function dropped(problem: (what: string) => void, what: string): Datum[] {
  problem(what);
  return [];
}

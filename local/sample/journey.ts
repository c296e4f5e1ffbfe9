import { type AllRoutesSummary, runAllRoutes } from './all-routes/all-routes.ts';
import type { SampleCloud } from './cloud.ts';
import { type MainJobSummary, runMainJob } from './main-job.ts';
import { StepFailure, Steps } from './step.ts';

/** How a journey ended; on success with what it tells, on failure with the step that did not come out as the sample says. */
export type JourneySummary =
  | ({ ok: true; journey: string; steps: Steps['reports'] } & (MainJobSummary | AllRoutesSummary))
  | { ok: false; journey: string; failedStep: string; reason: string; steps: Steps['reports'] };

/** The journeys by name: `main` is the main job, `all` one claim by each of the thirteen routes. */
const journeys = { main: runMainJob, all: runAllRoutes };

/** @throws Error for a name that no journey has. */
function journeyNamed(name: string): (typeof journeys)[keyof typeof journeys] {
  if (name === 'main' || name === 'all') return journeys[name];
  throw new Error(`there is no journey ${name}; choose ${Object.keys(journeys).join(' or ')}`);
}

/**
 * Runs a sample journey against a running cloud and never throws for a step that differs: the summary says which.
 * Other errors (the cloud is gone) do come through.
 */
export async function runJourney(
  cloud: SampleCloud,
  options: { journey: string; log: (line: string) => void },
): Promise<JourneySummary> {
  const run = journeyNamed(options.journey);
  const steps = new Steps(options.log);
  try {
    const told = await run(cloud, steps);
    return { ok: true, journey: options.journey, steps: steps.reports, ...told };
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    const { journey } = options;
    return { ok: false, journey, failedStep: steps.current, reason: error.message, steps: steps.reports };
  }
}

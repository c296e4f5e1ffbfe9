/** Whether a sample journey is played, and why not. */
export type JourneyChoice = { readonly play: string } | { readonly skip: string };

export interface JourneyCircumstances {
  /** Asked for by name. */
  readonly journey: string | undefined;
  readonly once: boolean;
  /** Journeys that were played to the end on these data. */
  readonly played: readonly string[];
  /** Virtual time, ms since 1970. */
  readonly now: number;
}

/** The instant at which the sample journeys begin: the day on which the sample class is filed. */
export const journeyStart = new Date('2021-03-09T08:00:00+08:00');

/** The first advance of a journey leads here; a clock beyond it cannot play one. */
const latestStart = new Date('2021-03-09T09:00:00+08:00');

const DEFAULT_JOURNEY = 'main';

/** `main`: the main job. `all`: one claim by each of the thirteen routes, from filing to paid. */
const journeyNames: readonly string[] = [DEFAULT_JOURNEY, 'all'];

/**
 * A journey is a story with dates: it can be played once per data directory, and only from its beginning. Asked for
 * by name or by `--once` that is an error, otherwise a line.
 * @throws Error when a journey that was asked for cannot be played.
 */
export function chooseJourney({ journey, once, played, now }: JourneyCircumstances): JourneyChoice {
  const name = journey ?? DEFAULT_JOURNEY;
  const obstacle = obstacleTo(name, played, now);
  if (obstacle === undefined) return { play: name };
  if (journey !== undefined || once) throw new Error(`cannot play the journey ${name}: ${obstacle}`);
  return { skip: obstacle };
}

function obstacleTo(name: string, played: readonly string[], now: number): string | undefined {
  if (!journeyNames.includes(name)) return `there is none of that name; choose ${journeyNames.join(' or ')}`;
  if (played.includes(name)) return 'it was played on these data before; choose another folder with --data';
  if (now > latestStart.getTime()) {
    return `it begins on ${journeyStart.toISOString()}, and the clock is past that; leave out --clock or choose another folder`;
  }
  return undefined;
}

import { parseArgs } from 'node:util';
import { proveVideo } from '../shared/evidence/video/prove-video.ts';
import type { ClassDates } from '../shared/evidence/video/recording-date.ts';
import { openRangeSource } from './range-sources/open-range-source.ts';

const USAGE = `usage: npm run -s probe -- [--class-dates YYYY-MM-DD..YYYY-MM-DD] FILE_OR_URL...

Prints one line of JSON per video: verdict, measured duration and what it cost to measure.
Exit status: 0 when every video was probed, whatever the verdicts; 1 when one could not be read; 2 for wrong usage.`;

class WrongUsage extends Error {
  override readonly name = 'WrongUsage';
}

function readClassDates(text: string): ClassDates {
  const match = /^(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)$/.exec(text);
  const [from = '', to = ''] = match?.slice(1) ?? [];
  const areDates = [from, to].every((date) => !Number.isNaN(Date.parse(date)));
  if (match === null || !areDates || from > to) throw new WrongUsage(`--class-dates: not two dates in order: ${text}`);
  return { from, to };
}

interface Arguments {
  readonly places: readonly string[];
  readonly classDates: ClassDates | null;
}

function readArguments(args: string[]): Arguments {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { 'class-dates': { type: 'string' } },
    });
    if (positionals.length === 0) throw new WrongUsage('nothing to probe');
    const dates = values['class-dates'];
    return { places: positionals, classDates: dates === undefined ? null : readClassDates(dates) };
  } catch (error) {
    throw error instanceof WrongUsage ? error : new WrongUsage(error instanceof Error ? error.message : String(error));
  }
}

async function probe(place: string, classDates: ClassDates | null): Promise<void> {
  const source = await openRangeSource(place);
  try {
    const proof = await proveVideo(source, classDates === null ? {} : { classDates });
    process.stdout.write(`${JSON.stringify({ source: place, ...proof })}\n`);
  } finally {
    await source.close();
  }
}

/** An error with the one that caused it, in one line. */
function inOneLine(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error && error.cause.message !== error.message ? `: ${error.cause.message}` : '';
  return `${error.message}${cause}`.replaceAll(/\s+/g, ' ');
}

async function main(args: string[]): Promise<number> {
  const { places, classDates } = readArguments(args);
  let status = 0;
  for (const place of places) {
    try {
      await probe(place, classDates);
    } catch (error) {
      process.stderr.write(`probe: ${place}: ${inOneLine(error)}\n`);
      status = 1;
    }
  }
  return status;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof WrongUsage)) throw error;
  process.stderr.write(`probe: ${error.message}\n\n${USAGE}\n`);
  process.exitCode = 2;
}

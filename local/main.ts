/**
 * `npm start`: synthesizes the application, runs it on this machine, plays the sample journey, and stays up.
 * Options: `npm start -- --help`.
 */
import { join } from 'node:path';
import { startCloud } from './cloud.ts';
import type { LocalCloud } from './local-cloud.ts';
import { type JourneySummary, runJourney } from './sample/journey.ts';
import { type Command, readCommand, UsageError, usage } from './startup/command-line.ts';
import { chooseJourney, journeyStart } from './startup/journey-choice.ts';
import { openPlayedJourneys } from './startup/played-journeys.ts';
import { stopOnSignal } from './startup/stop-on-signal.ts';
import { synthesize } from './startup/synthesis.ts';
import { isUntouched } from './state/data-directory.ts';

/** Number and year of the regulation: 温人社发〔2020〕58号. */
const DEFAULT_PORT = 2058;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

await main();

async function main(): Promise<void> {
  try {
    const command = readCommand(process.argv.slice(2));
    if (command === 'help') say(usage);
    else await run(command);
  } catch (error) {
    const isUsage = error instanceof UsageError;
    process.stderr.write(`${(error as Error).message}\n${isUsage ? `${usage}\n` : ''}`);
    process.exitCode = isUsage ? 2 : 1;
  }
}

async function run(command: Command): Promise<void> {
  const synthesis = await synthesize(join(import.meta.dirname, '..'));
  say(synthesis.skipped ? 'nothing changed since the last synthesis' : `synthesized in ${synthesis.milliseconds} ms`);
  const began = performance.now();
  const cloud = await open(command, synthesis.assembly);
  let isDue = command.once;
  const signals = stopOnSignal(cloud, say, () => isDue);
  const startMs = Math.round(performance.now() - began);
  tellAddresses(cloud, startMs, command);
  try {
    const summary = await play(cloud, command);
    if (command.json)
      say(JSON.stringify({ ...summary, apiUrl: cloud.apiUrl, synthesisMs: synthesis.milliseconds, startMs }));
    if (summary?.ok === false) process.exitCode = 1;
    else isDue = false;
  } catch (error) {
    // A journey that loses its cloud to Ctrl-C has nothing to tell.
    if (!signals.stopping()) {
      await cloud.stop();
      throw error;
    }
  }
  if (command.once) await cloud.stop();
  else if (!signals.stopping()) say('It stays up; Ctrl-C ends it.');
}

function open(command: Command, assembly: string): Promise<LocalCloud> {
  const { dataDirectory, port, once } = command;
  const fresh = dataDirectory === undefined || isUntouched(dataDirectory);
  const startAt = command.startAt ?? (fresh ? journeyStart : undefined);
  return startCloud({
    assembly,
    log: say,
    ports: { api: port ?? (once ? 0 : DEFAULT_PORT) },
    clock: startAt === undefined ? {} : { startAt },
    ...(dataDirectory === undefined ? {} : { dataDirectory }),
  });
}

function tellAddresses(cloud: LocalCloud, startMs: number, { dataDirectory }: Command): void {
  say(`up in ${startMs} ms; it is ${cloud.clock.now().toISOString()} here`);
  say(`  API       ${cloud.apiUrl}`);
  say(`  log-in    ${cloud.issuer}`);
  say(`  switches  ${cloud.apiUrl}/_local`);
  say(`  data      ${dataDirectory ?? 'in a temporary folder'}`);
}

/** @returns the summary, or nothing when no journey is played. */
async function play(cloud: LocalCloud, { journey, once, dataDirectory }: Command): Promise<JourneySummary | undefined> {
  const played = openPlayedJourneys(dataDirectory);
  const choice = chooseJourney({ journey, once, played: played.names(), now: cloud.clock.now().getTime() });
  if ('skip' in choice) {
    say(`no sample journey: ${choice.skip}`);
    return undefined;
  }
  say(`the journey ${choice.play}:`);
  const { apiUrl, token, settle } = cloud;
  const advance = async (to: { to: Date } | { ms: number }): Promise<void> => {
    await cloud.clock.advance(to);
  };
  const summary = await runJourney(
    { apiUrl, token, settle, clock: { now: cloud.clock.now, advance } },
    { journey: choice.play, log: say },
  );
  if (summary.ok) {
    played.add(choice.play);
    const produced = 'claimId' in summary ? `; claim ${summary.claimId}, notice ${summary.notice.address}` : '';
    say(`every step came out as the sample says${produced}`);
  } else {
    say(`✗ ${summary.failedStep}: ${summary.reason}`);
  }
  return summary;
}

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

/** Which sample journeys were played to the end on a data directory. */
export interface PlayedJourneys {
  names(): readonly string[];
  add(name: string): void;
}

/** @param dataDirectory nothing is remembered without one. */
export function openPlayedJourneys(dataDirectory: string | undefined): PlayedJourneys {
  if (dataDirectory === undefined) return { names: () => [], add: () => {} };
  const file = join(dataDirectory, 'journeys.json');
  const names = (): string[] =>
    existsSync(file) ? z.array(z.string()).parse(JSON.parse(readFileSync(file, 'utf8'))) : [];
  return { names, add: (name) => writeFileSync(file, JSON.stringify([...names(), name])) };
}

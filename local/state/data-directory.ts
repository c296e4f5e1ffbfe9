import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as z from 'zod';

/** What the local cloud remembers over a restart beside the data of the engines. */
export type SavedState = z.infer<typeof stateShape>;

/** The folder that holds everything. */
export interface DataDirectory {
  readonly path: string;
  /** Whether the data are meant to stay. */
  readonly persistent: boolean;
  readonly state: SavedState;
  /** Changes some of the state; written at once, whole, so that a kill leaves the old or the new one. */
  save(change: Partial<SavedState>): void;
  /** A folder of its own for one engine. */
  folder(name: string): string;
  /** Removes a temporary folder. */
  close(): void;
}

const STATE_FILE = 'state.json';

const stateShape = z.object({
  version: z.literal(1).default(1),
  clock: z.object({ offset: z.number(), lastSeen: z.number() }).optional(),
  /** Virtual instant of the first start: rates of schedules count from here. */
  createdAt: z.number().optional(),
  signingKey: z.record(z.string(), z.unknown()).optional(),
  ports: z.object({ api: z.number().optional(), issuer: z.number().optional() }).default({}),
  /** How far stream readers got. */
  checkpoints: z.record(z.string(), z.string()).default({}),
});

/** Whether nothing ran on this folder before. */
export function isUntouched(path: string): boolean {
  return !existsSync(join(path, STATE_FILE));
}

/** @param given folder to keep; without one everything lives in a temporary folder until `close`. */
export function openDataDirectory(given: string | undefined): DataDirectory {
  const path = given === undefined ? mkdtempSync(join(tmpdir(), 'jipei-local-')) : resolve(given);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const file = join(path, STATE_FILE);
  let state = readState(file);
  return {
    path,
    persistent: given !== undefined,
    get state() {
      return state;
    },
    save: (change) => {
      state = { ...state, ...change };
      if (given === undefined) return;
      writeFileSync(`${file}.new`, JSON.stringify(state, null, 2), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
    folder: (name) => {
      const folder = join(path, name);
      mkdirSync(folder, { recursive: true });
      return folder;
    },
    close: () => {
      if (given === undefined) rmSync(path, { recursive: true, force: true });
    },
  };
}

function readState(file: string): SavedState {
  if (!existsSync(file)) return stateShape.parse({});
  try {
    return stateShape.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new Error(`${file} is not a state of the local cloud: delete the folder or choose another`, { cause });
  }
}

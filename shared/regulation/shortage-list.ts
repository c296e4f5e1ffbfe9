import type { CalendarDate } from './calendar-date.ts';
import type { ShortageEntry } from './contract.ts';
import { statedName } from './white-space.ts';

/** The published list of shortage occupations (紧缺职业（工种）目录) with the dates between which each stood on it. */
export class ShortageList {
  readonly #entries = new Map<string, ShortageEntry[]>();

  constructor(entries: readonly ShortageEntry[]) {
    for (const entry of entries) {
      const occupation = statedName(entry.occupation);
      if (occupation === undefined) continue;
      const known = this.#entries.get(occupation);
      if (known === undefined) this.#entries.set(occupation, [entry]);
      else known.push(entry);
    }
  }

  /** Whether an occupation, written without white space, stood on the list on a date; first and last day count. */
  holds(occupation: string, date: CalendarDate): boolean {
    const entries = this.#entries.get(occupation);
    return entries?.some((entry) => entry.from <= date && (entry.to === undefined || date <= entry.to)) === true;
  }
}

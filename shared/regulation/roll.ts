import type { HistoryEntry, Level } from './contract.ts';
import { personOf } from './identity-number.ts';
import { statedName } from './white-space.ts';

/** One occupation and level as a key; two absent levels are the same. */
export function occupationKey(occupation: string, level: Level | undefined): string {
  return level === undefined ? occupation : `${occupation}\n${level}`;
}

/** Which line was the first to state a key. Most people stand on one line, so one entry needs no map. */
class FirstLines {
  #key: string | undefined;
  #line = 0;
  #others: Map<string, number> | undefined;

  find(key: string): number | undefined {
    return key === this.#key ? this.#line : this.#others?.get(key);
  }

  add(key: string, line: number): void {
    if (this.#key === undefined) {
      this.#key = key;
      this.#line = line;
    } else if (this.find(key) === undefined) {
      this.#others ??= new Map();
      this.#others.set(key, line);
    }
  }
}

/** What is known of one person while a claim is assessed: subsidies had before, and this claim's earlier lines. */
export class PersonRecord {
  /** subsidies of history by year, of either kind */
  #byYear: Map<number, number> | undefined;
  /** occupation keys of history: awards, and subsidies of unemployment insurance */
  #awards: Set<string> | undefined;
  #insurances: Set<string> | undefined;
  /** this claim's earlier lines of the person */
  #firstLine: number | undefined;
  #lineWithoutPair: number | undefined;
  readonly #pairs = new FirstLines();
  /** of them, those that are not ineligible */
  #counted = 0;
  readonly #claimed = new FirstLines();

  /** Enters a subsidy that the person had before. */
  enter(entry: HistoryEntry): void {
    this.#byYear ??= new Map();
    this.#byYear.set(entry.year, (this.#byYear.get(entry.year) ?? 0) + 1);
    const occupation = statedName(entry.occupation);
    if (occupation === undefined) return;
    const key = occupationKey(occupation, entry.level);
    if (entry.kind === 'award') {
      this.#awards ??= new Set();
      this.#awards.add(key);
    } else {
      this.#insurances ??= new Set();
      this.#insurances.add(key);
    }
  }

  /** Enters a line of this claim, by its position, once it is decided. */
  claim(line: number, pair: string | undefined, repeatKey: string | undefined, counts: boolean): void {
    this.#firstLine ??= line;
    if (pair === undefined) this.#lineWithoutPair ??= line;
    else this.#pairs.add(pair, line);
    if (!counts) return;
    this.#counted += 1;
    if (repeatKey !== undefined) this.#claimed.add(repeatKey, line);
  }

  /** Subsidies of a year in history. */
  subsidiesIn(year: number): number {
    return this.#byYear?.get(year) ?? 0;
  }

  /** Earlier lines of this claim that are not ineligible. */
  get linesCounted(): number {
    return this.#counted;
  }

  /** Whether history holds a subsidy for the key. */
  hadBefore(key: string, insuranceToo: boolean): boolean {
    return this.#awards?.has(key) === true || (insuranceToo && this.#insurances?.has(key) === true);
  }

  /** The earlier line of this claim, not ineligible, that claims the key. */
  lineClaiming(key: string): number | undefined {
    return this.#claimed.find(key);
  }

  /**
   * The earlier line of this claim that a line with this stated occupation and level doubles: any line, unless both
   * state an occupation and a level and differ in one of them.
   */
  lineDoubled(pair: string | undefined): number | undefined {
    if (pair === undefined) return this.#firstLine;
    return this.#lineWithoutPair ?? this.#pairs.find(pair);
  }
}

/** The people of one claim (实名制名册), by identity number. */
export class Roll {
  readonly #people = new Map<string, PersonRecord>();

  constructor(history: readonly HistoryEntry[]) {
    for (const entry of history) this.of(personOf(entry.person)).enter(entry);
  }

  /** The record of a person; a new one where the person is not known yet. */
  of(person: string): PersonRecord {
    let record = this.#people.get(person);
    if (record === undefined) {
      record = new PersonRecord();
      this.#people.set(person, record);
    }
    return record;
  }
}

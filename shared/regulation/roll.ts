import type { HistoryEntry, Level } from './contract.ts';
import { personOf } from './identity-number.ts';
import { statedName } from './white-space.ts';

/** What may be paid once only for a person: an occupation (职业、工种), project or course, and its level. */
export interface OccupationLevel {
  /** without white space */
  readonly occupation: string;
  readonly level: Level | undefined;
}

/** As one key; two absent levels are the same. */
function keyOf({ level, occupation }: OccupationLevel): string {
  return level === undefined ? occupation : `${occupation}\n${level}`;
}

/** Which line was the first to state an occupation and level. Most people stand on one line, which needs no map. */
class FirstLines {
  #stated: OccupationLevel | undefined;
  #line = 0;
  #others: Map<string, number> | undefined;

  find(wanted: OccupationLevel): number | undefined {
    const stated = this.#stated;
    if (stated === undefined) return undefined;
    if (stated.occupation === wanted.occupation && stated.level === wanted.level) return this.#line;
    return this.#others?.get(keyOf(wanted));
  }

  add(stated: OccupationLevel, line: number): void {
    if (this.#stated === undefined) {
      this.#stated = stated;
      this.#line = line;
    } else if (this.find(stated) === undefined) {
      this.#others ??= new Map();
      this.#others.set(keyOf(stated), line);
    }
  }
}

/** What is known of one person while a claim is assessed: subsidies had before, and this claim's earlier lines. */
export class PersonRecord {
  /** subsidies of history by year, of either kind */
  #byYear: Map<number, number> | undefined;
  /** keys of what history holds: awards, and subsidies of unemployment insurance */
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
    const key = keyOf({ occupation, level: entry.level });
    if (entry.kind === 'award') {
      this.#awards ??= new Set();
      this.#awards.add(key);
    } else {
      this.#insurances ??= new Set();
      this.#insurances.add(key);
    }
  }

  /** Enters a line of this claim, by its position, once it is decided. */
  claim(line: number, pair: OccupationLevel | undefined, repeat: OccupationLevel | undefined, counts: boolean): void {
    this.#firstLine ??= line;
    if (pair === undefined) this.#lineWithoutPair ??= line;
    else this.#pairs.add(pair, line);
    if (!counts) return;
    this.#counted += 1;
    if (repeat !== undefined) this.#claimed.add(repeat, line);
  }

  /** Subsidies of a year in history. */
  subsidiesIn(year: number): number {
    return this.#byYear?.get(year) ?? 0;
  }

  /** Earlier lines of this claim that are not ineligible. */
  get linesCounted(): number {
    return this.#counted;
  }

  /** Whether history holds a subsidy for it. */
  hadBefore(wanted: OccupationLevel, insuranceToo: boolean): boolean {
    if (this.#awards === undefined && this.#insurances === undefined) return false;
    const key = keyOf(wanted);
    return this.#awards?.has(key) === true || (insuranceToo && this.#insurances?.has(key) === true);
  }

  /** The earlier line of this claim, not ineligible, that claims it. */
  lineClaiming(wanted: OccupationLevel): number | undefined {
    return this.#claimed.find(wanted);
  }

  /**
   * The earlier line of this claim that a line with this stated occupation and level doubles: any line, unless both
   * state an occupation and a level and differ in one of them.
   */
  lineDoubled(pair: OccupationLevel | undefined): number | undefined {
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

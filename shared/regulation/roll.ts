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

function areSame(one: OccupationLevel, other: OccupationLevel): boolean {
  return one.occupation === other.occupation && one.level === other.level;
}

/** A map with a line for a key, unless an earlier line is there. */
function withFirst(lines: Map<string, number> | undefined, of: OccupationLevel, line: number): Map<string, number> {
  const key = keyOf(of);
  const map = lines ?? new Map<string, number>();
  return map.has(key) ? map : map.set(key, line);
}

/** What is known of one person while a claim is assessed: subsidies had before, and this claim's earlier lines. */
export class PersonRecord {
  /** subsidies of history by year, of either kind */
  #byYear: Map<number, number> | undefined;
  /** keys of what history holds: awards, and subsidies of unemployment insurance */
  #awards: Set<string> | undefined;
  #insurances: Set<string> | undefined;
  /** this claim's lines of the person: the first, one without a stated pair, and those that are not ineligible */
  #firstLine: number | undefined;
  #lineWithoutPair: number | undefined;
  #counted = 0;
  /** The first pair and the first claimed subject, with their lines; most people have one line, which needs no map. */
  #firstPair: OccupationLevel | undefined;
  #firstPairLine = 0;
  #laterPairs: Map<string, number> | undefined;
  #firstClaimed: OccupationLevel | undefined;
  #firstClaimedLine = 0;
  #laterClaimed: Map<string, number> | undefined;

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
    if (pair === undefined) {
      this.#lineWithoutPair ??= line;
    } else if (this.#firstPair === undefined) {
      this.#firstPair = pair;
      this.#firstPairLine = line;
    } else {
      this.#laterPairs = withFirst(this.#laterPairs, pair, line);
    }
    if (!counts) return;
    this.#counted += 1;
    if (repeat === undefined) return;
    if (this.#firstClaimed === undefined) {
      this.#firstClaimed = repeat;
      this.#firstClaimedLine = line;
    } else {
      this.#laterClaimed = withFirst(this.#laterClaimed, repeat, line);
    }
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
    if (this.#firstClaimed === undefined) return undefined;
    return areSame(this.#firstClaimed, wanted) ? this.#firstClaimedLine : this.#laterClaimed?.get(keyOf(wanted));
  }

  /**
   * The earlier line of this claim that a line with this stated occupation and level doubles: any line, unless both
   * state an occupation and a level and differ in one of them.
   */
  lineDoubled(pair: OccupationLevel | undefined): number | undefined {
    if (pair === undefined) return this.#firstLine;
    if (this.#lineWithoutPair !== undefined || this.#firstPair === undefined) return this.#lineWithoutPair;
    return areSame(this.#firstPair, pair) ? this.#firstPairLine : this.#laterPairs?.get(keyOf(pair));
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

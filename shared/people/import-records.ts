import { createHash } from 'node:crypto';
import { actorOf } from '../access/actor.ts';
import type { Principal } from '../access/principal.ts';
import { businessDate, type Clock } from '../clock/clock.ts';
import { DomainError, notFound, type Problem } from '../errors/domain-error.ts';
import type { TraineeStatus } from '../regulation/contract.ts';
import { canonicalIdentityNumber, readIdentityNumber } from '../regulation/identity-number.ts';
import type { InsuranceSubsidy, PersonStore, RecordImport } from './shared-record.ts';

export interface ImportDependencies {
  people: PersonStore;
  clock: Clock;
}

/** Who imports, and the id of his request: its repetition is the same import. */
export interface Importer {
  principal: Principal;
  importId: string;
}

const faults = {
  length: '应为18位',
  characters: '含有数字和末位X以外的字符',
  'birth-date': '第7至14位不是有效的出生日期',
  'check-digit': '校验位不符',
} as const;

/** The canonical numbers of an import, with a problem for every wrong row. */
function canonicalNumbers(rows: readonly { idNumber: string }[], list: string, problems: Problem[]): string[] {
  return rows.map((row, index) => {
    const number = canonicalIdentityNumber(row.idNumber);
    const reading = readIdentityNumber(number);
    if (!reading.valid) {
      problems.push({
        path: `body.${list}[${index}].idNumber`,
        message: `第${index + 1}行身份证号${faults[reading.fault]}，请核对原表后重新导入`,
      });
    }
    return number;
  });
}

/** A problem for every row that repeats what an earlier one names: of two, none would be the right one. */
function repetitions(values: readonly string[], field: (index: number) => string, what: string): Problem[] {
  const first = new Map<string, number>();
  return values.flatMap((value, index) => {
    const earlier = first.get(value);
    if (earlier === undefined) {
      first.set(value, index);
      return [];
    }
    return [
      { path: field(index), message: `第${index + 1}行与第${earlier + 1}行的${what}相同，请核对原表，只保留一行` },
    ];
  });
}

function demandNone(problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  throw new DomainError('validation-failed', `有${problems.length}处错误，本次未导入任何记录。`, [...problems]);
}

function sha256Of(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/**
 * Imports what shared registers say of persons; all rows or none.
 * @throws DomainError `validation-failed` for wrong numbers, repeated persons and records of a day that has not come
 */
export async function importSharedRecords(
  deps: ImportDependencies,
  { principal, importId }: Importer,
  input: { source: string; verifiedOn: string; records: readonly { idNumber: string; status: TraineeStatus }[] },
): Promise<{ saved: number; older: number }> {
  const at = deps.clock.now();
  const { source, verifiedOn } = input;
  const problems: Problem[] = [];
  // The newest reading wins: one from the future would shut out every true one until then.
  if (verifiedOn > businessDate(at)) {
    problems.push({ path: 'body.verifiedOn', message: '数据核验日期不能晚于今天，请按取数当天填写' });
  }
  const numbers = canonicalNumbers(input.records, 'records', problems);
  problems.push(...repetitions(numbers, (index) => `body.records[${index}].idNumber`, '身份证号'));
  demandNone(problems);
  const records = input.records.map(({ status }, index) => ({
    idNumber: numbers[index] ?? '',
    record: { status, verifiedOn, source },
  }));
  const origin: RecordImport = {
    id: importId,
    kind: 'shared-records',
    sha256: sha256Of(JSON.stringify(records)),
    rows: records.length,
    source,
    verifiedOn,
    by: actorOf(principal),
    at,
  };
  return deps.people.saveRecords(records, origin);
}

/**
 * Imports subsidies of the unemployment insurance, so that they count towards the three of a year (四(二)).
 * @param file the bytes that were handed in, where the rows come from a file: its hash goes on record
 */
export async function importInsuranceSubsidies(
  deps: ImportDependencies,
  { principal, importId }: Importer,
  subsidies: readonly InsuranceSubsidy[],
  file?: Uint8Array,
): Promise<{ saved: number; known: number }> {
  const problems: Problem[] = [];
  const numbers = canonicalNumbers(subsidies, 'subsidies', problems);
  const references = subsidies.map(({ reference }) => reference);
  problems.push(...repetitions(references, (index) => `body.subsidies[${index}].reference`, '凭证号'));
  demandNone(problems);
  const rows = subsidies.map((row, index) => ({ ...row, idNumber: numbers[index] ?? '' }));
  const origin: RecordImport = {
    id: importId,
    kind: 'insurance-subsidies',
    sha256: sha256Of(file ?? JSON.stringify(rows)),
    rows: rows.length,
    by: actorOf(principal),
    at: deps.clock.now(),
  };
  return deps.people.saveSubsidies(rows, origin);
}

/** Takes back a subsidy that was imported by mistake: its person's year counts it no more (四(二)). */
export async function reverseInsuranceSubsidy(
  deps: ImportDependencies,
  principal: Principal,
  reference: string,
  reason: string,
): Promise<void> {
  if (!(await deps.people.reverseSubsidy(reference, reason, actorOf(principal), deps.clock.now()))) throw notFound();
}

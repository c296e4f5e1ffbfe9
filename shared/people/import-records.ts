import type { Clock } from '../clock/clock.ts';
import { DomainError, type Problem } from '../errors/domain-error.ts';
import type { TraineeStatus } from '../regulation/contract.ts';
import { canonicalIdentityNumber, readIdentityNumber } from '../regulation/identity-number.ts';
import type { InsuranceSubsidy, PersonStore } from './shared-record.ts';

const faults = {
  length: '应为18位',
  characters: '含有数字和末位X以外的字符',
  'birth-date': '第7至14位不是有效的出生日期',
  'check-digit': '校验位不符',
} as const;

/** The canonical numbers of an import, or one refusal that names every wrong row. */
function canonicalNumbers(rows: readonly { idNumber: string }[], list: string): string[] {
  const problems: Problem[] = [];
  const numbers = rows.map((row, index) => {
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
  if (problems.length > 0) {
    throw new DomainError('validation-failed', `有${problems.length}行身份证号有误，本次未导入任何记录。`, problems);
  }
  return numbers;
}

/** Imports what shared registers say of persons; all rows or none. */
export async function importSharedRecords(
  deps: { people: PersonStore; clock: Clock },
  input: { source: string; verifiedOn: string; records: readonly { idNumber: string; status: TraineeStatus }[] },
): Promise<{ saved: number; older: number }> {
  const numbers = canonicalNumbers(input.records, 'records');
  const records = input.records.map(({ status }, index) => ({
    idNumber: numbers[index] ?? '',
    record: { status, verifiedOn: input.verifiedOn, source: input.source },
  }));
  return deps.people.saveRecords(records, deps.clock.now());
}

/** Imports subsidies of the unemployment insurance, so that they count towards the three of a year (四(二)). */
export async function importInsuranceSubsidies(
  deps: { people: PersonStore },
  subsidies: readonly InsuranceSubsidy[],
): Promise<{ saved: number; known: number }> {
  const numbers = canonicalNumbers(subsidies, 'subsidies');
  return deps.people.saveSubsidies(subsidies.map((row, index) => ({ ...row, idNumber: numbers[index] ?? '' })));
}

import type { CalendarDate } from './calendar-date.ts';
import { isCalendarDate } from './calendar-date.ts';

/** Sex as the 17th digit of an identity number states it: odd is male (男), even is female (女). */
export type Sex = 'male' | 'female';

/** What is wrong with an identity number, in the order in which it is looked for. */
export type IdentityFault = 'length' | 'characters' | 'birth-date' | 'check-digit';

/** What a resident identity number (公民身份号码, GB 11643) says, or what is wrong with it. */
export type IdentityReading =
  | { readonly valid: true; readonly birthDate: CalendarDate; readonly sex: Sex }
  | { readonly valid: false; readonly fault: IdentityFault };

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const CHECK_CHARACTERS = '10X98765432';
const ZERO = 48;

/** The person an identity number names: a final lower-case `x` is `X`. Nothing else is repaired. */
export function personOf(idNumber: string): string {
  return idNumber.charCodeAt(idNumber.length - 1) === 120 ? `${idNumber.slice(0, -1)}X` : idNumber;
}

/**
 * The canonical form of an identity number that people typed or pasted: full-width characters made plain (NFKC),
 * white space and invisible characters taken out, and the apostrophe by which a spreadsheet marks text, a final `x` made
 * `X`. For intake (rosters, forms, imports); `assess` judges what it is given.
 */
export function canonicalIdentityNumber(text: string): string {
  const plain = text.normalize('NFKC').replace(/[\s\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '');
  return personOf(plain.replace(/^['‘’]/u, ''));
}

/** Reads a number of 18 characters, check digit and birth date included. Never throws. A final `x` reads as `X`. */
export function readIdentityNumber(idNumber: string): IdentityReading {
  if (idNumber.length !== 18) return LENGTH;
  const sum = weightedSum(idNumber);
  const last = idNumber.charCodeAt(17) === 120 ? 88 : idNumber.charCodeAt(17);
  if (Number.isNaN(sum) || (last !== 88 && !(last >= ZERO && last <= ZERO + 9))) return CHARACTERS;
  const birthDate = `${idNumber.slice(6, 10)}-${idNumber.slice(10, 12)}-${idNumber.slice(12, 14)}`;
  if (!isCalendarDate(birthDate)) return BIRTH_DATE;
  if (CHECK_CHARACTERS.charCodeAt(sum % 11) !== last) return CHECK_DIGIT;
  return { valid: true, birthDate, sex: (idNumber.charCodeAt(16) - ZERO) % 2 === 1 ? 'male' : 'female' };
}

const LENGTH: IdentityReading = { valid: false, fault: 'length' };
const CHARACTERS: IdentityReading = { valid: false, fault: 'characters' };
const BIRTH_DATE: IdentityReading = { valid: false, fault: 'birth-date' };
const CHECK_DIGIT: IdentityReading = { valid: false, fault: 'check-digit' };

/** The check character (校验码) that completes 17 digits, or undefined where the text does not begin with 17 digits. */
export function checkCharacter(first17: string): string | undefined {
  return CHECK_CHARACTERS[weightedSum(first17) % 11];
}

/** The sum of the first 17 digits by their weights, or NaN where one of them is not a digit. */
function weightedSum(text: string): number {
  let sum = 0;
  for (let index = 0; index < 17; index += 1) {
    const digit = text.charCodeAt(index) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    sum += digit * (WEIGHTS[index] ?? 0);
  }
  return sum;
}

/**
 * An identity number fit to be read by others: the first three and the last two characters of 18, stars between.
 * The birth date (digits 7–14) never shows, nor enough around it to find the person. Any other text is all stars.
 */
export function maskIdentityNumber(idNumber: string): string {
  if (idNumber.length !== 18) return '*'.repeat(Math.min(idNumber.length, 18));
  return `${idNumber.slice(0, 3)}*************${idNumber.slice(16)}`;
}

import { readIdentityNumber } from '../regulation/identity-number.ts';

// Digits that people or forms break into groups still make one number.
const separators = /(?<=\d)(?:\s|\u200b|\u200c|\u200d|\ufeff)+(?=[\dXx])/gu;
// Hyphens, dashes and dots stand in dates, telephone and document numbers too: they are passed over only where the
// digits prove themselves (a check digit and a date of birth) or stand in the groups in which people write the number.
const mark = String.raw`\s*[-\u2010-\u2015\u2212\u00b7\u30fb.]\s*`;
const marks = new RegExp(`(?<=\\d)${mark}(?=[\\dXx])`, 'gu');
const digitRuns = /\d{16,}[Xx]?/gu;
const groupedCards = new RegExp(`(?<!\\d)\\d{4}(?:${mark}\\d{4}){3}(?:${mark}\\d{1,3})?(?!\\d)`, 'gu');
const mobiles = new RegExp(`(?<!\\d)1[3-9]\\d(?:${mark})?\\d{4}(?:${mark})?\\d{4}(?!\\d)`, 'gu');

function isLikelyBirth(date: string): boolean {
  return date >= '1900-01-01' && date < '2100-01-01';
}

function holdsIdentityNumber(run: string): boolean {
  for (let at = 0; at + 18 <= run.length; at += 1) {
    const reading = readIdentityNumber(run.slice(at, at + 18));
    if (reading.valid && isLikelyBirth(reading.birthDate)) return true;
  }
  return false;
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  Array.from(digits)
    .toReversed()
    .forEach((digit, index) => {
      const doubled = Number(digit) * (index % 2 === 0 ? 1 : 2);
      sum += doubled > 9 ? doubled - 9 : doubled;
    });
  return sum % 10 === 0;
}

/** What of a person's numbers a text shows, never the number itself. */
export interface PersonalNumbers {
  /** 公民身份号码 with a right check digit and a date that can be a birth */
  identity: number;
  /** 16 to 19 digits that pass the check of a bank card */
  card: number;
  /** 手机号码 */
  mobile: number;
}

/**
 * Counts the personal numbers that a text shows in the clear: the last guard before anything is put where everybody
 * reads it. Full-width digits, spaces, hyphens and dots inside a number and digits glued to others do not hide one.
 */
export function countPersonalNumbers(text: string): PersonalNumbers {
  const plain = text.normalize('NFKC').replace(separators, '');
  const identity = (plain.replace(marks, '').match(digitRuns) ?? []).filter(holdsIdentityNumber);
  const grouped = (plain.match(groupedCards) ?? []).map((group) => group.replace(/\D/gu, ''));
  const cards = [...(plain.match(digitRuns) ?? []), ...grouped].filter(
    (run) => /^\d{16,19}$/.test(run) && passesLuhn(run) && !holdsIdentityNumber(run),
  );
  return { identity: identity.length, card: cards.length, mobile: (plain.match(mobiles) ?? []).length };
}

/** Whether a text shows any identity number. */
export function showsIdentityNumber(text: string): boolean {
  return countPersonalNumbers(text).identity > 0;
}

/** Whether a text shows any number of a person at all. */
export function showsPersonalNumber(text: string): boolean {
  const { identity, card, mobile } = countPersonalNumbers(text);
  return identity + card + mobile > 0;
}

import * as z from 'zod';

// Characters that nobody sees: format and control characters, fillers and variation selectors, halves of characters.
const invisible = /[\p{Cf}\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

// White space and hyphens of every kind, which people set into a number as they like.
const separators = /[\s\p{Pd}]/gu;

/**
 * A text as it is read: compatibility forms (NFKC: full-width letters, look-alike ideographs) made plain, and what is
 * invisible taken out, tabs and line breaks too. Two texts that look alike would otherwise be two names, and pay twice.
 * Rare characters, private ones and the dot of a name (·) stay as they are.
 */
export function asRead(text: string): string {
  return text.normalize('NFKC').replace(invisible, '').trim();
}

/** A text that somebody typed or pasted, taken in as it is read: `most` UTF-16 units at most, counted afterwards. */
export function writtenText(most: number, tooLong = `最多${most}字`): z.ZodString {
  return z.string().overwrite(asRead).max(most, tooLong);
}

/** A number or name by which things are told apart: as read, without white space and hyphens, letters in capitals. */
export function comparable(text: string): string {
  return asRead(text).replace(separators, '').toUpperCase();
}

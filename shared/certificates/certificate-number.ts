/** Most certificates of one place and year: the serial has five digits (附件4). */
export const lastSerial = 99_999;

/**
 * The number of a training completion certificate (培训合格证书, 附件4): the city's abbreviation, the place's letter, a
 * fixed P, two digits of the year, five of the serial, such as `温AP2000001`.
 * @param letter the place's letter, A–Z
 * @param year four digits
 * @param serial 1 to 99,999
 */
export function certificateNumber(letter: string, year: number, serial: number): string {
  if (!/^[A-Z]$/.test(letter)) throw new RangeError(`no place letter: ${letter}`);
  if (!Number.isInteger(serial) || serial < 1 || serial > lastSerial) throw new RangeError(`no serial: ${serial}`);
  return `温${letter}P${String(year % 100).padStart(2, '0')}${String(serial).padStart(5, '0')}`;
}

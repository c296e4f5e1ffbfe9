const AMZ_DATE = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

/** Reads `20260131T235959Z` (UTC); undefined when it is not a real moment in that form. */
export function parseAmzDate(text: string): Date | undefined {
  const match = AMZ_DATE.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const date = new Date(iso);
  // An impossible day such as 31 February rolls over instead of failing, so the text is compared with the result.
  return Number.isNaN(date.getTime()) || date.toISOString() !== iso ? undefined : date;
}

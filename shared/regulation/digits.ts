const ZERO = 48;

/**
 * The number that `count` decimal digits from `start` of a text write, or NaN where one of them is missing or is no
 * ASCII digit. Builds no strings, since dates are read for every trainee line.
 */
export function digits(text: string, start: number, count: number): number {
  let value = 0;
  for (let index = start; index < start + count; index += 1) {
    const digit = text.charCodeAt(index) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

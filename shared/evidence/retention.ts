/** The instant until which evidence is locked: so many calendar years on, on a whole second, as the store keeps it. */
export function retainUntil(from: Date, years: number): Date {
  const until = new Date(Math.ceil(from.getTime() / 1000) * 1000);
  // 29 February becomes 1 March: never a day less.
  until.setUTCFullYear(until.getUTCFullYear() + years);
  return until;
}

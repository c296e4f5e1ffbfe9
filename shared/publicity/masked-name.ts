/**
 * A person's name for a public list: first character, stars, and from three characters on the last one (张*, 王*明).
 * Counts characters as people see them, so that rare ones outside the basic plane are never cut in half.
 */
export function maskedName(name: string): string {
  const characters = Array.from(name.trim());
  const [first = ''] = characters;
  if (characters.length < 2) return '*';
  if (characters.length === 2) return `${first}*`;
  return `${first}${'*'.repeat(characters.length - 2)}${characters.at(-1)}`;
}

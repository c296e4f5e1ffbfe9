const identityWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** A resident identity number (GB 11643) of an invented person: 17 digits, and the check digit that belongs to them. */
export function identityNumber(first17: string): string {
  const sum = identityWeights.reduce((total, weight, index) => total + weight * Number(first17[index]), 0);
  return `${first17}${'10X98765432'[sum % 11]}`;
}

const codeCharacters = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** A unified social credit code (统一社会信用代码, GB 32100) of an invented unit, by its first 17 characters. */
export function unifiedCode(first17: string): string {
  let sum = 0;
  let weight = 1;
  for (const character of first17) {
    const value = codeCharacters.indexOf(character);
    if (value < 0) throw new RangeError(`${first17}: a unified code has no ${character}`);
    sum += value * weight;
    weight = (weight * 3) % 31;
  }
  return `${first17}${codeCharacters[(31 - (sum % 31)) % 31]}`;
}

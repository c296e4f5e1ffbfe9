const maxLength = 120;

// Identity numbers (15 or 18 places), card numbers (16 to 19) and mobile numbers are often part of a scan's name.
const longNumber = /\d{14,18}[\dXx]/g;
const mobileNumber = /(?<!\d)1[3-9]\d{9}(?!\d)/g;
const fullWidthDigit = /[\uFF10-\uFF19]/g;

/**
 * A file's name as it is kept, for its owner to know it by: without folders and control characters, and with numbers
 * of people hidden (个人信息保护法), since a name is shown in places where such numbers may not be.
 */
export function keptFileName(name: string): string {
  const last = name.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const shown = last
    .replace(fullWidthDigit, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
    .replace(longNumber, (number) => `${number.slice(0, 3)}***${number.slice(-2)}`)
    .replace(mobileNumber, (number) => `${number.slice(0, 3)}****${number.slice(-2)}`)
    .trim();
  return Array.from(shown).slice(0, maxLength).join('') || '未命名文件';
}

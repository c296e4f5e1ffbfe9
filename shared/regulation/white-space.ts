const IDEOGRAPHIC_SPACE = 0x3000;
const BYTE_ORDER_MARK = 0xfeff;

/**
 * A name with all white space taken out: names of occupations (职业、工种) and projects are compared this way
 * everywhere, since annex 2 itself prints `3D 打印技术`. Returns the same string where there is nothing to take out.
 */
export function withoutWhiteSpace(text: string): string {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    // Han characters and full-width punctuation lie above the last ordinary space, so most names end the test here.
    if (code > IDEOGRAPHIC_SPACE ? code === BYTE_ORDER_MARK : code <= 32 || code >= 128) {
      return text.replace(/\s+/gu, '');
    }
  }
  return text;
}

/** The comparable form of a name that may be absent; undefined where it is absent or blank, which is the same. */
export function statedName(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const name = withoutWhiteSpace(text);
  return name === '' ? undefined : name;
}

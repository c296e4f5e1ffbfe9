import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import * as z from 'zod';

const paragraphSchema = z.strictObject({
  /** the article, and a word where an article has several paragraphs: `一(二)1 直补` */
  id: z.string(),
  /** the words it begins with, without white space; it ends where the next one begins */
  begins: z.string().min(2),
  rules: z.array(z.string()).default([]),
  /** programmes whose standard it states */
  standards: z.array(z.string()).default([]),
  /** `qualification/agency` */
  routes: z.array(z.string()).default([]),
  parameters: z.array(z.string()).default([]),
  /** files of shared/regulation that hold it as data or as a decision that is no rule */
  data: z.array(z.string()).default([]),
  /** what the product does beyond one claim, and the files of shared/ that do it */
  does: z.array(z.strictObject({ what: z.string(), code: z.array(z.string()).min(1) })).default([]),
  /** what is not computable, and why */
  human: z.string().optional(),
});

const pageSchema = z.strictObject({ page: z.string(), title: z.string(), paragraphs: z.array(paragraphSchema).min(1) });

/** A paragraph of the regulation, what covers it, and its words. */
export type Paragraph = z.infer<typeof paragraphSchema> & { readonly text: string };

/** A part of the regulation (一 to 五, an annex), which becomes one page. */
export interface Part {
  readonly page: string;
  readonly title: string;
  readonly paragraphs: readonly Paragraph[];
}

/**
 * The parts of the regulation: its whole text divided among the paragraphs of a file such as `paragraphs.yaml`.
 * @throws Error where the file is not written as it should be, or a paragraph begins nowhere, or not in its turn
 */
export function readParts(file: URL, regulation: URL): readonly Part[] {
  const parsed = z.array(pageSchema).safeParse(parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  const source = new SourceText(readFileSync(regulation, 'utf8'));
  const all = parsed.data.flatMap((part) => part.paragraphs);
  const starts = source.starts(all.map((paragraph) => paragraph.begins));
  let index = 0;
  return parsed.data.map(({ page, title, paragraphs }) => ({
    page,
    title,
    paragraphs: paragraphs.map((paragraph) => {
      const text = source.between(starts[index], starts[index + 1]);
      index += 1;
      return { ...paragraph, text };
    }),
  }));
}

/** The regulation as published, whose line breaks are the printer's: compared without white space, quoted with spaces. */
class SourceText {
  readonly #raw: string;
  /** the text without white space, and where each of its characters stands in the raw one */
  readonly #plain: string;
  readonly #places: readonly number[];

  constructor(raw: string) {
    const kept = [...raw.matchAll(/\S/gu)];
    this.#raw = raw;
    this.#plain = kept.map(([character]) => character).join('');
    this.#places = kept.flatMap(({ index, 0: character }) => Array.from(character, () => index));
  }

  starts(openings: readonly string[]): number[] {
    const starts: number[] = [];
    let from = 0;
    for (const opening of openings) {
      const start = this.#plain.indexOf(opening, from);
      if (start < 0) throw new Error(`办法中找不到（或次序不对）：“${opening}”`);
      starts.push(start);
      from = start + opening.length;
    }
    if (starts[0] !== 0) throw new Error('第一段不在办法的开头');
    return starts;
  }

  between(start = 0, end = this.#plain.length): string {
    const raw = this.#raw.slice(this.#places[start], this.#places[end] ?? this.#raw.length);
    return raw.replaceAll(/\n\s*/gu, '').replaceAll(/\s+/gu, ' ').trim();
  }
}

import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { S3Error } from './s3-error.ts';

/** An element: its name and its text or children; undefined content leaves the element out. */
export type XmlElement = readonly [name: string, content: XmlContent];
type XmlContent = string | number | boolean | undefined | readonly XmlElement[];

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

// Keys may hold any character: what a parser would normalise or choke on travels as a reference.
const ESCAPED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeText(text: string): string {
  return text.replace(/[&<>"\p{Cc}\u2028]/gu, (character) => {
    return ESCAPED[character] ?? `&#x${character.charCodeAt(0).toString(16).toUpperCase()};`;
  });
}

function render([name, content]: XmlElement, attributes = ''): string {
  if (content === undefined) return '';
  const inner = Array.isArray(content) ? content.map((child) => render(child)).join('') : escapeText(String(content));
  return `<${name}${attributes}>${inner}</${name}>`;
}

/** A whole document; results of operations live in S3's namespace, errors in none. */
export function xmlDocument(root: XmlElement, options: { namespaced: boolean } = { namespaced: true }): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${render(root, options.namespaced ? ` xmlns="${NAMESPACE}"` : '')}`;
}

/** What a parsed document consists of: text, children by name, or several of a name. */
export type ParsedXml = string | ParsedXml[] | { readonly [name: string]: ParsedXml };

const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  removeNSPrefix: true,
  parseTagValue: false,
  trimValues: false,
  // Numeric references come with this; without it a key holding &#xD; would keep it as five letters.
  htmlEntities: true,
});

/**
 * Parses a request body and returns the content of its root.
 * @throws S3Error MalformedXML unless it is well-formed, without a DTD, and has that root
 */
export function parseXml(text: string, root: string): ParsedXml {
  const malformed = (why: string): S3Error =>
    new S3Error(
      'MalformedXML',
      `The XML you provided was not well-formed or did not validate against our published schema: ${why}`,
    );
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw malformed('a document type is not allowed');
  const verdict = XMLValidator.validate(text);
  if (verdict !== true) throw malformed(verdict.err.msg);
  const document = parser.parse(text) as { readonly [name: string]: ParsedXml };
  const content = document[root];
  if (content === undefined || Array.isArray(content)) throw malformed(`one <${root}> was expected`);
  return content;
}

/** The children of that name, none if the parent is text. */
export function childrenOf(parent: ParsedXml, name: string): readonly ParsedXml[] {
  if (typeof parent === 'string' || Array.isArray(parent)) return [];
  const found = parent[name];
  if (found === undefined) return [];
  return Array.isArray(found) ? found : [found];
}

/** The names of all child elements. */
export function childNamesOf(parent: ParsedXml): readonly string[] {
  if (typeof parent === 'string' || Array.isArray(parent)) return [];
  return Object.keys(parent).filter((name) => name !== '#text');
}

/**
 * The text of the only child of that name; undefined when there is none.
 * @throws S3Error MalformedXML when there are several, or it holds elements
 */
export function textOf(parent: ParsedXml, name: string): string | undefined {
  const [child, ...others] = childrenOf(parent, name);
  if (child === undefined) return undefined;
  if (others.length > 0 || typeof child !== 'string') {
    throw new S3Error('MalformedXML', `One <${name}> holding text was expected.`);
  }
  return child;
}

/**
 * Refuses elements beyond those named: a setting that is not understood must not be answered with success.
 * @throws S3Error NotImplemented
 */
export function refuseOtherElements(parent: ParsedXml, ...known: readonly string[]): void {
  const unknown = childNamesOf(parent).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new S3Error('NotImplemented', `The local S3 does not implement the element <${unknown}>.`);
  }
}

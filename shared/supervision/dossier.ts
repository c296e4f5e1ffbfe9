import { createHash } from 'node:crypto';
import { ZipFile } from 'yazl';
import { canonicalJson } from './canonical-json.ts';

/** One file of a dossier (台账): a name inside the package, and what it tells. */
export interface DossierFile {
  name: string;
  content: unknown;
}

/** What the manifest says of each file, so that a copy years later can be held against it. */
export interface ManifestEntry {
  name: string;
  sizeBytes: number;
  /** Hex. */
  sha256: string;
}

// Sealed numbers, keyed hashes and index keys are of use to the product only.
const inwardKeys = /^(sealed.*|personHash|certificateHash|holds|[a-z]?pk|[a-z]?sk|type|rosterId)$/;

/** A stored item as a dossier may show it: nothing sealed, no keyed hash, no index key, at any depth. */
export function outward(value: unknown): unknown {
  if (value instanceof Set) return [...value];
  if (Array.isArray(value)) return value.map(outward);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !inwardKeys.test(key));
  return Object.fromEntries(kept.map(([key, item]) => [key, outward(item)]));
}

async function bytesOf(zip: ZipFile): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/**
 * Packs a dossier as one ZIP with `manifest.json`, the hashes of all files. The same contents and date give the same
 * bytes (三(二): 台账 kept at least five years and traceable).
 */
export async function packDossier(
  subject: string,
  files: readonly DossierFile[],
  at: Date,
): Promise<{ bytes: Buffer; sha256: string; manifest: ManifestEntry[] }> {
  const zip = new ZipFile();
  const options = { mtime: at, compress: true };
  const texts = files
    .map(({ name, content }) => ({ name, bytes: Buffer.from(`${canonicalJson(outward(content))}\n`) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const manifest = texts.map(({ name, bytes }) => ({
    name,
    sizeBytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }));
  const told = canonicalJson({ subject, madeAt: at.toISOString(), files: manifest });
  zip.addBuffer(Buffer.from(`${told}\n`), 'manifest.json', options);
  for (const { name, bytes } of texts) zip.addBuffer(bytes, name, options);
  zip.end();
  const bytes = await bytesOf(zip);
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex'), manifest };
}

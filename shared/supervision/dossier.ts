import { createHash } from 'node:crypto';
import { ZipFile } from 'yazl';
import type { AuditExport } from './audit-export.ts';
import { canonicalJson } from './canonical-json.ts';

/**
 * Who reads a dossier: the applicant sees of it what other answers show him, the authority and its auditors all of it.
 */
export type DossierReader = 'applicant' | 'authority';

/** One file of a dossier (台账): a name inside the package, and what it tells; to applicants less where it says so. */
export type DossierFile = { name: string; content: unknown; toApplicant?: unknown; authorityOnly?: true } | TrailsFile;

/** Audit trails, one a line, as `npm run -s verify-audit` reads them; not for applicants, as everywhere. */
interface TrailsFile {
  name: string;
  trails: readonly AuditExport[];
}

/** What the manifest says of each file, so that a copy years later can be held against it. */
export interface ManifestEntry {
  name: string;
  sizeBytes: number;
  /** Hex. */
  sha256: string;
}

// Sealed numbers, keyed hashes and index keys are of use to the product only.
const inwardKeys = /^(sealed.*|personHash|contentHash|holds|[a-z]?pk|[a-z]?sk|type|rosterId)$/;

// What reviewers go by when they look closer, and who else stands in the same notice.
const reviewersKeys = /^(flags|keyFrames|reviewers|members)$/;

/** Somebody of an authority as an applicant may know him: by name, not by the subject of his log-in. */
function isActor(value: object): boolean {
  return ['subject', 'tenant', 'role', 'name'].every((key) => key in value);
}

/**
 * A stored item as a dossier may show it: nothing sealed, no keyed hash, no index key, at any depth; to an applicant
 * nothing that is for reviewers only.
 */
export function outward(value: unknown, reader: DossierReader): unknown {
  if (value instanceof Set) return [...value];
  if (Array.isArray(value)) return value.map((item) => outward(item, reader));
  if (typeof value !== 'object' || value === null) return value;
  const isApplicant = reader === 'applicant';
  const hidden = (key: string) =>
    inwardKeys.test(key) || (isApplicant && (reviewersKeys.test(key) || (key === 'subject' && isActor(value))));
  const kept = Object.entries(value).filter(([key]) => !hidden(key));
  return Object.fromEntries(kept.map(([key, item]) => [key, outward(item, reader)]));
}

function contentFor(file: Exclude<DossierFile, TrailsFile>, reader: DossierReader): unknown {
  return reader === 'applicant' && 'toApplicant' in file ? file.toApplicant : file.content;
}

/** The lines of a file. Trails go in unabridged: their hashes are taken over all that a record says. */
function textOf(file: DossierFile, reader: DossierReader): string {
  const values: readonly unknown[] = 'trails' in file ? file.trails : [outward(contentFor(file, reader), reader)];
  return values.map((value) => `${canonicalJson(value)}\n`).join('');
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
  reader: DossierReader,
): Promise<{ bytes: Buffer; sha256: string; manifest: ManifestEntry[] }> {
  const zip = new ZipFile();
  const options = { mtime: at, compress: true };
  const texts = files
    .filter((file) => reader === 'authority' || !('trails' in file || file.authorityOnly === true))
    .map((file) => ({ name: file.name, bytes: Buffer.from(textOf(file, reader)) }))
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

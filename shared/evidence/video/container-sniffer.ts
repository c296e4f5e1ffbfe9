import { DOCUMENT_HEAD_BYTES, type SniffedFile, sniffDocument } from '../document-sniffer.ts';

export type SniffedContainer =
  /** The ISO base media family, which the prover reads. */
  | { readonly family: 'iso' }
  /** A video container that the prover does not read. */
  | { readonly family: 'other'; readonly container: string; readonly name: string }
  | { readonly family: 'not-video'; readonly file: SniffedFile }
  /** No byte differs from zero. */
  | { readonly family: 'zeros' }
  | { readonly family: 'unknown' };

const ISO_FIRST_BOXES: ReadonlySet<string> = new Set(
  'ftyp styp moov moof mdat free skip wide pnot sidx udta uuid meta emsg prft junk pdin'.split(' '),
);

function ascii(head: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...head.subarray(at, at + length));
}

function isTransportStream(head: Uint8Array): boolean {
  // Sync bytes every 188 bytes, or every 192 with the time code of a camcorder's .m2ts in front.
  return [
    [0, 188],
    [4, 192],
  ].some(([first = 0, step = 188]) => [0, 1, 2].every((packet) => head[first + packet * step] === 0x47));
}

/** A start code, then a parameter set, a delimiter or a note of H.264 or HEVC. */
function isRawVideo(head: Uint8Array): boolean {
  const start = head[2] === 0 ? 1 : 0;
  const hasStartCode = head[0] === 0 && head[start] === 0 && head[start + 1] === 0 && head[start + 2] === 1;
  return hasStartCode && [0x67, 0x27, 0x47, 0x09, 0x06, 0x40, 0x42, 0x46, 0x4e].includes(head[start + 3] ?? 0);
}

const OTHERS: readonly (readonly [(head: Uint8Array) => boolean, string, string])[] = [
  [(head) => ascii(head, 0, 4) === '\x1a\x45\xdf\xa3' && ascii(head, 0, 64).includes('webm'), 'webm', 'WebM'],
  [(head) => ascii(head, 0, 4) === '\x1a\x45\xdf\xa3', 'matroska', 'Matroska（MKV）'],
  [(head) => ascii(head, 0, 3) === 'FLV', 'flv', 'FLV'],
  [(head) => ascii(head, 0, 8) === '\x30\x26\xb2\x75\x8e\x66\xcf\x11', 'asf', 'ASF（WMV）'],
  [(head) => ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 4) === 'AVI ', 'avi', 'AVI'],
  [(head) => ascii(head, 0, 4) === '\x00\x00\x01\xba', 'mpeg-ps', 'MPEG 节目流（MPG、VOB）'],
  [(head) => ascii(head, 0, 4) === '\x00\x00\x01\xb3', 'mpeg-video', 'MPEG 裸视频流'],
  [(head) => ascii(head, 0, 4) === 'OggS', 'ogg', 'Ogg'],
  [(head) => ascii(head, 0, 4) === '.RMF', 'realmedia', 'RealMedia（RM、RMVB）'],
  [(head) => ascii(head, 0, 4) === '\x06\x0e\x2b\x34', 'mxf', 'MXF'],
  [isTransportStream, 'mpeg-ts', 'MPEG 传输流（TS、M2TS）'],
  [isRawVideo, 'raw-video', 'H.264 或 H.265 裸流'],
];

/** Tells by the first bytes what the prover is looking at. Follows nothing: a playlist is text, whatever it names. */
export function sniffContainer(head: Uint8Array): SniffedContainer {
  const file = sniffDocument(head.subarray(0, DOCUMENT_HEAD_BYTES));
  // HEIC and AVIF share the family's `ftyp`; all other documents begin unlike any video.
  if (file !== undefined && file.kind !== 'text') return { family: 'not-video', file };
  if (ISO_FIRST_BOXES.has(ascii(head, 4, 4))) return { family: 'iso' };
  const other = OTHERS.find(([matches]) => matches(head));
  if (other !== undefined) return { family: 'other', container: other[1], name: other[2] };
  if (file !== undefined) return { family: 'not-video', file };
  return head.every((value) => value === 0) ? { family: 'zeros' } : { family: 'unknown' };
}

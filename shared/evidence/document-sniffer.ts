/** What a file is by its first bytes. Nothing a client says (name, declared type) takes part. */
export interface SniffedFile {
  /** IANA media type. */
  readonly mediaType: string;
  readonly kind: 'document' | 'picture' | 'audio' | 'archive' | 'text';
  /** Chinese, for messages. */
  readonly name: string;
}

/** {@link sniffDocument} looks at no more than this many bytes. */
export const DOCUMENT_HEAD_BYTES = 1024;
/** {@link documentIsComplete} looks at no more than this many bytes. */
export const DOCUMENT_TAIL_BYTES = 2048;

const TEXT_SAMPLE_BYTES = 512;

function startsWith(head: Uint8Array, text: string, at = 0): boolean {
  if (head.length < at + text.length) return false;
  for (let i = 0; i < text.length; i += 1) if (head[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

function byte(head: Uint8Array, at: number): number {
  return head[at] ?? -1;
}

function isPdf(head: Uint8Array): boolean {
  // At the very start, as PDF/A asks; readers that search for the mark further in are how files with two faces work.
  return startsWith(head, '%PDF-') && /^\d\.\d/.test(String.fromCharCode(...head.subarray(5, 8)));
}

function isPng(head: Uint8Array): boolean {
  return startsWith(head, '\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR') && head.length >= 24;
}

function isJpeg(head: Uint8Array): boolean {
  return byte(head, 0) === 0xff && byte(head, 1) === 0xd8 && byte(head, 2) === 0xff && byte(head, 3) >= 0xc0;
}

function isBmp(head: Uint8Array): boolean {
  // "BM" alone is too weak: the reserved field is zero and the information header has one of the known sizes.
  const reserved = byte(head, 6) | byte(head, 7) | byte(head, 8) | byte(head, 9);
  return startsWith(head, 'BM') && reserved === 0 && [12, 40, 52, 56, 108, 124].includes(byte(head, 14));
}

function isTiff(head: Uint8Array): boolean {
  return startsWith(head, 'II*\0') || startsWith(head, 'MM\0*');
}

const HEIF_BRANDS: ReadonlySet<string> = new Set(['heic', 'heix', 'heim', 'heis', 'mif1', 'avif', 'jpm ', 'jpx ']);

function isHeif(head: Uint8Array): boolean {
  return startsWith(head, 'ftyp', 4) && HEIF_BRANDS.has(String.fromCharCode(...head.subarray(8, 12)));
}

function isMpegAudio(head: Uint8Array): boolean {
  // 11 sync bits, then neither a reserved version, nor a reserved layer (ADTS: layer 0), nor bit rate or sample rate 15/3.
  if (byte(head, 0) !== 0xff || (byte(head, 1) & 0xe0) !== 0xe0) return false;
  if (byte(head, 1) === 0xfe) return false; // the byte order mark of UTF-16 text
  const adts = (byte(head, 1) & 0xf6) === 0xf0;
  const layer = (byte(head, 1) & 0x06) !== 0 && (byte(head, 1) & 0x18) !== 0x08;
  return adts || (layer && byte(head, 2) >> 4 !== 15 && (byte(head, 2) & 0x0c) !== 0x0c);
}

const MAGICS: readonly (readonly [(head: Uint8Array) => boolean, SniffedFile])[] = [
  [isPdf, { mediaType: 'application/pdf', kind: 'document', name: 'PDF 文档' }],
  [isPng, { mediaType: 'image/png', kind: 'picture', name: 'PNG 图片' }],
  [isJpeg, { mediaType: 'image/jpeg', kind: 'picture', name: 'JPEG 图片' }],
  [
    (head) => startsWith(head, 'GIF87a') || startsWith(head, 'GIF89a'),
    { mediaType: 'image/gif', kind: 'picture', name: 'GIF 图片' },
  ],
  [
    (head) => startsWith(head, 'RIFF') && startsWith(head, 'WEBP', 8),
    { mediaType: 'image/webp', kind: 'picture', name: 'WebP 图片' },
  ],
  [isBmp, { mediaType: 'image/bmp', kind: 'picture', name: 'BMP 图片' }],
  [isTiff, { mediaType: 'image/tiff', kind: 'picture', name: 'TIFF 图片' }],
  [isHeif, { mediaType: 'image/heic', kind: 'picture', name: 'HEIC 图片' }],
  [
    (head) => startsWith(head, '\0\0\0\x0cjP  \r\n\x87\n'),
    { mediaType: 'image/jp2', kind: 'picture', name: 'JPEG 2000 图片' },
  ],
  [(head) => startsWith(head, 'ID3'), { mediaType: 'audio/mpeg', kind: 'audio', name: 'MP3 音频' }],
  [
    (head) => startsWith(head, 'RIFF') && startsWith(head, 'WAVE', 8),
    { mediaType: 'audio/wav', kind: 'audio', name: 'WAV 音频' },
  ],
  [(head) => startsWith(head, 'fLaC'), { mediaType: 'audio/flac', kind: 'audio', name: 'FLAC 音频' }],
  [(head) => startsWith(head, '#!AMR'), { mediaType: 'audio/amr', kind: 'audio', name: 'AMR 音频' }],
  [isMpegAudio, { mediaType: 'audio/mpeg', kind: 'audio', name: 'MP3 或 AAC 音频' }],
  [
    (head) => startsWith(head, 'PK\x03\x04') || startsWith(head, 'PK\x05\x06'),
    { mediaType: 'application/zip', kind: 'archive', name: 'ZIP 压缩包或 Office 文档' },
  ],
  [
    (head) => startsWith(head, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'),
    { mediaType: 'application/x-cfb', kind: 'archive', name: '旧版 Office 文档' },
  ],
  [
    (head) => startsWith(head, 'Rar!\x1a\x07'),
    { mediaType: 'application/vnd.rar', kind: 'archive', name: 'RAR 压缩包' },
  ],
  [
    (head) => startsWith(head, "7z\xbc\xaf'\x1c"),
    { mediaType: 'application/x-7z-compressed', kind: 'archive', name: '7z 压缩包' },
  ],
  [(head) => startsWith(head, '\x1f\x8b'), { mediaType: 'application/gzip', kind: 'archive', name: 'GZIP 压缩包' }],
];

const PLAYLIST =
  /^(#EXTM3U|\[playlist\]|ffconcat version|<smil[\s>]|<asx[\s>]|<\?xml[^>]*>\s*<(MPD|smil|asx|playlist)[\s>]|<MPD[\s>])/i;
const MARKUP = /^(<!doctype html|<html[\s>]|<\?xml|<svg[\s>]|<script[\s>])/i;

function sniffText(head: Uint8Array): SniffedFile | undefined {
  const sample = head.subarray(0, TEXT_SAMPLE_BYTES);
  if (sample.length === 0 || sample.some((value) => value < 32 && value !== 9 && value !== 10 && value !== 13)) {
    return undefined;
  }
  let text: string;
  try {
    // `stream` forgives a character cut at the sample's end.
    text = new TextDecoder('utf-8', { fatal: true }).decode(sample, { stream: true }).trimStart();
  } catch {
    return undefined;
  }
  if (PLAYLIST.test(text)) return { mediaType: 'application/vnd.apple.mpegurl', kind: 'text', name: '播放列表' };
  if (MARKUP.test(text)) return { mediaType: 'text/html', kind: 'text', name: '网页或 XML 文件' };
  return { mediaType: 'text/plain', kind: 'text', name: '文本文件' };
}

/**
 * Names documents, pictures, audio, archives and text; undefined for everything else, videos included.
 * Looks at magic bytes only: it follows no reference, expands nothing, and reads at most {@link DOCUMENT_HEAD_BYTES}.
 */
export function sniffDocument(head: Uint8Array): SniffedFile | undefined {
  const bounded = head.subarray(0, DOCUMENT_HEAD_BYTES);
  return MAGICS.find(([matches]) => matches(bounded))?.[1] ?? sniffText(bounded);
}

function endMark(mediaType: string): string | undefined {
  if (mediaType === 'application/pdf') return '%%EOF';
  if (mediaType === 'image/jpeg') return '\xff\xd9';
  if (mediaType === 'image/png') return 'IEND\xaeB`\x82';
  return undefined;
}

/**
 * Whether the last bytes of a PDF, JPEG or PNG hold the mark that ends the format, so that an upload cut short shows.
 * True for formats without such a mark.
 */
export function documentIsComplete(mediaType: string, tail: Uint8Array): boolean {
  const mark = endMark(mediaType);
  if (mark === undefined) return true;
  const bounded = tail.subarray(-DOCUMENT_TAIL_BYTES);
  return Buffer.from(bounded.buffer, bounded.byteOffset, bounded.byteLength).includes(mark, 0, 'latin1');
}

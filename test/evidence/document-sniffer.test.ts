import { describe, expect, it } from 'vitest';
import { DOCUMENT_HEAD_BYTES, documentIsComplete, sniffDocument } from '../../shared/evidence/document-sniffer.ts';
import { ascii, concat, u8, u32, zeros } from './video/bytes.ts';

const PNG = concat(u8(0x89), ascii('PNG\r\n\x1a\n'), u32(13), ascii('IHDR'), u32(1, 1), u8(8, 2, 0, 0, 0));

describe('a document is known by its first bytes', () => {
  it.each([
    ['application/pdf', 'document', ascii('%PDF-1.4\n%\xe2\xe3')],
    ['image/png', 'picture', PNG],
    ['image/jpeg', 'picture', concat(u8(0xff, 0xd8, 0xff, 0xe1), zeros(20))],
    ['image/gif', 'picture', ascii('GIF89a\x01\0')],
    ['image/webp', 'picture', ascii('RIFF\0\0\0\0WEBPVP8 ')],
    ['image/bmp', 'picture', concat(ascii('BM'), zeros(12), u8(40), zeros(20))],
    ['image/tiff', 'picture', ascii('II*\0\x08\0\0\0')],
    ['image/heic', 'picture', concat(u32(24), ascii('ftypheic'), u32(0))],
    ['image/jp2', 'picture', concat(u32(12), ascii('jP  \r\n\x87\n'))],
    ['audio/wav', 'audio', ascii('RIFF\0\0\0\0WAVEfmt ')],
    ['audio/flac', 'audio', ascii('fLaC\0\0')],
    ['audio/mpeg', 'audio', u8(0xff, 0xfb, 0x90, 0)],
    ['audio/mpeg', 'audio', u8(0xff, 0xf1, 0x50, 0x80)],
    ['audio/amr', 'audio', ascii('#!AMR\n')],
    ['application/zip', 'archive', ascii('PK\x03\x04')],
    ['application/x-cfb', 'archive', ascii('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1')],
    ['application/vnd.rar', 'archive', ascii('Rar!\x1a\x07\0')],
    ['application/x-7z-compressed', 'archive', ascii("7z\xbc\xaf'\x1c")],
    ['application/gzip', 'archive', u8(0x1f, 0x8b, 8)],
    ['text/plain', 'text', new TextEncoder().encode('签到表:张三')],
    ['text/html', 'text', ascii('  <!DOCTYPE HTML><html>')],
    ['text/html', 'text', ascii('<svg xmlns="http://www.w3.org/2000/svg">')],
    ['application/vnd.apple.mpegurl', 'text', ascii('#EXTM3U\n')],
    ['application/vnd.apple.mpegurl', 'text', ascii('<?xml version="1.0"?><MPD xmlns="urn:mpeg">')],
    ['application/vnd.apple.mpegurl', 'text', ascii('ffconcat version 1.0\nfile /etc/passwd')],
  ])('%s (%s)', (mediaType, kind, bytes) => {
    expect(sniffDocument(bytes)).toMatchObject({ mediaType, kind });
  });

  it.each([
    ['nothing', u8()],
    ['half a PDF mark', concat(ascii('%PDF'), u8(0))],
    ['a PDF mark without a version', ascii('%PDF-evil\0')],
    ['a PDF mark further in', concat(u8(0), ascii('MZ%PDF-1.4'))],
    ['a PNG mark without its header', concat(u8(0x89), ascii('PNG\r\n\x1a\n'), zeros(40))],
    ['a JPEG of two bytes', u8(0xff, 0xd8)],
    ['two letters that a BMP begins with', concat(ascii('BM'), u8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9))],
    ['a byte order mark of UTF-16', u8(0xff, 0xfe, 0x41, 0)],
    ['bytes that are no UTF-8', u8(0x41, 0xc3, 0x28)],
    ['a video', concat(u32(24), ascii('ftypisom'), zeros(12))],
    ['zeros', zeros(64)],
  ])('%s is no document', (_name, bytes) => {
    expect(sniffDocument(bytes)).toBeUndefined();
  });

  it('looks no further than it says', () => {
    const text = concat(new Uint8Array(DOCUMENT_HEAD_BYTES).fill(65), u8(0));
    expect(sniffDocument(text)).toMatchObject({ mediaType: 'text/plain' });
  });

  it('does not stumble over a character cut in two', () => {
    const text = new TextEncoder().encode('名'.repeat(400));
    expect(sniffDocument(text)).toMatchObject({ mediaType: 'text/plain' });
  });
});

describe('a document cut short', () => {
  it.each([
    ['application/pdf', ascii('trailer\nstartxref\n9\n%%EOF\n'), ascii('trailer\nstartxref\n9\n')],
    ['image/jpeg', u8(1, 2, 0xff, 0xd9), u8(1, 2, 0xff)],
    ['image/png', concat(u32(0), ascii('IEND\xaeB`\x82')), ascii('IEND\xaeB`')],
  ])('%s lacks its last mark', (mediaType, whole, cut) => {
    expect(documentIsComplete(mediaType, whole)).toBe(true);
    expect(documentIsComplete(mediaType, cut)).toBe(false);
    expect(documentIsComplete(mediaType, concat(whole, zeros(3000)))).toBe(false);
    expect(documentIsComplete(mediaType, concat(zeros(3000), whole))).toBe(true);
  });

  it('cannot be told of formats without such a mark', () => {
    expect(documentIsComplete('image/bmp', u8())).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { inspectSample } from '../../../shared/evidence/video/sample-inspection.ts';
import { ascii, concat, u8, u32, zeros } from './bytes.ts';

function inspect(bytes: Uint8Array, codec = 'h264', sampleBytes = bytes.length) {
  const description = {
    format: '',
    codec,
    width: 320,
    height: 240,
    selfContained: true,
    lengthBytes: 4,
    codedFrameRate: null,
  };
  return inspectSample(bytes, sampleBytes, description);
}

/** A NAL unit with its length before it. */
function unit(...body: readonly Uint8Array[]): Uint8Array {
  const bytes = concat(...body);
  return concat(u32(bytes.length), bytes);
}

const picture = Uint8Array.from({ length: 60 }, (_, at) => 100 + at);
const note = unit(u8(6, 5), picture);
const key = unit(u8(0x65), picture);

describe('an H.264 sample', () => {
  it('of notes and slices is a picture, and its slices are what counts', () => {
    expect(inspect(concat(note, key, key))).toMatchObject({ fault: null, sliceBytes: 61, pictureBytes: 122 });
    expect(inspect(concat(note, key)).slice).toEqual(concat(u8(0x65), picture));
  });

  it('seen in part may go on', () => {
    const seen = concat(note, key).slice(0, 90);
    expect(inspect(seen, 'h264', 131)).toMatchObject({ fault: null, sliceBytes: 61, pictureBytes: 61 });
  });

  it('whose picture lies behind long notes is left undecided', () => {
    const long = unit(u8(6, 5), zeros(9000).fill(65));
    expect(inspect(long.slice(0, 8192), 'h264', long.length + 500)).toMatchObject({ fault: null, sliceBytes: 0 });
  });

  it.each([
    ['zeros', zeros(100)],
    ['a NAL unit longer than the sample', concat(u32(200), u8(0x65), picture)],
    ['lengths that do not add up', concat(key, u8(0, 0))],
    ['notes without a picture', note],
    ['the forbidden bit', unit(u8(0xe5), picture)],
    ['three zeros inside', unit(u8(0x65), picture, zeros(3), picture)],
    ['a start code inside', unit(u8(0x65), picture, u8(0, 0, 1), picture)],
    ['00 00 02 inside', unit(u8(0x65), picture, u8(0, 0, 2), picture)],
    ['a long run of zeros to its end', unit(u8(0x65), picture, zeros(64))],
    ['one byte over and over', unit(u8(0x65), zeros(60).fill(7))],
    ['text', ascii('the quick brown fox jumps over the lazy dog')],
    ['an Annex B start code', concat(u8(0, 0, 0, 1), u8(0x65), picture)],
  ])('of %s is none', (_name, bytes) => {
    expect(inspect(bytes).fault).not.toBeNull();
  });

  it('may break up zeros with a three, and pad its end', () => {
    expect(inspect(unit(u8(0x65), picture, u8(0, 0, 3, 1), picture)).fault).toBeNull();
    expect(inspect(unit(u8(0x65), picture, zeros(10))).fault).toBeNull();
  });
});

describe('an HEVC sample', () => {
  it('has two bytes of header', () => {
    expect(inspect(concat(unit(u8(0x4e, 1), picture), unit(u8(0x26, 1), picture)), 'hevc')).toMatchObject({
      fault: null,
      sliceBytes: 62,
    });
  });

  it.each([
    ['no temporal layer', unit(u8(0x26, 0), picture)],
    ['the forbidden bit', unit(u8(0xa6, 1), picture)],
    ['parameter sets only', unit(u8(0x42, 1), picture)],
  ])('with %s is no picture', (_name, bytes) => {
    expect(inspect(bytes, 'hevc').fault).not.toBeNull();
  });
});

describe('a sample of another codec', () => {
  it.each([
    ['mjpeg', u8(0xff, 0xd8, 0xff, 0xdb, 1)],
    ['mpeg4', u8(0, 0, 1, 0xb0, 3, 0, 0, 1, 0xb6, 9)],
    ['mpeg2', u8(0, 0, 1, 0xb3, 3, 0, 0, 1, 0, 9)],
    ['h263', u8(0, 0, 0x82, 9)],
    ['vp9', u8(0x82, 0x49, 0x83)],
    ['av1', u8(0x0a, 0x0b, 0, 1)],
    ['prores', concat(u32(100), ascii('icpf'))],
    ['SVQ3', u8(1, 2, 3)],
  ])('%s is known by its mark', (codec, bytes) => {
    expect(inspect(bytes, codec)).toMatchObject({ fault: null, pictureBytes: bytes.length });
  });

  it.each(['mjpeg', 'mpeg4', 'mpeg2', 'h263', 'vp9', 'av1', 'prores'])('%s is no text', (codec) => {
    expect(inspect(ascii('hello world'), codec).fault).not.toBeNull();
  });

  it.each(['mjpeg', 'SVQ3', 'vp8'])('%s is not empty', (codec) => {
    expect(inspect(zeros(50), codec).fault).not.toBeNull();
    expect(inspect(zeros(50).fill(9), codec).fault).not.toBeNull();
  });
});

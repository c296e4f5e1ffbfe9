import { describe, expect, it } from 'vitest';
import { ByteView } from '../../../shared/evidence/video/byte-view.ts';
import { h264FramesPerSecond } from '../../../shared/evidence/video/h264-timing.ts';
import { u8 } from './bytes.ts';
import { avcC } from './h264-builder.ts';

function rateOf(settings: string): number | null {
  return h264FramesPerSecond(new ByteView(Buffer.from(settings, 'hex')));
}

/** Settings (`avcC`) as x264 writes them. */
const X264: readonly (readonly [string, string, number])[] = [
  [
    'high profile',
    '0164000cffe1001a6764000cacd941419f9f011000000300100000030320f142996001000668eae0a4b22cfdf8f800',
    25,
  ],
  [
    'constrained baseline',
    '0142c00dffe100166742c00dda05067e7c04400000fa40003a9803c50aa801000568ce029c80',
    30_000 / 1001,
  ],
  [
    'eight a second',
    '0164000cffe1001a6764000cac720441013b011000000300100000030100f142984601000768e8438154b22cfdf8f800',
    8,
  ],
  [
    '4:4:4, scaling lists',
    '01f4000cffe1001967f4000c919b282833f1b808800000030080000019078a14cb01000868ebe3c44c000440fff8f800',
    25,
  ],
  ['interlaced', '01640015ffe1001967640015acd941433f260220000003002000000c83e28532c001000668fba3cb22c0fdf8f800', 50],
];

describe('the frame rate that an H.264 coder notes', () => {
  it.each(X264)('%s', (_name, settings, rate) => {
    expect(rateOf(settings)).toBeCloseTo(rate, 3);
  });

  it('is unknown where none is noted', () => {
    expect(h264FramesPerSecond(new ByteView(avcC(null).slice(8)))).toBeNull();
    expect(h264FramesPerSecond(new ByteView(avcC(25).slice(8)))).toBe(25);
  });

  it('is unknown where the parameter set is missing, cut or senseless', () => {
    expect(h264FramesPerSecond(new ByteView(u8(1, 66, 0, 30, 255, 0xe0, 0)))).toBeNull();
    const whole = avcC(25).slice(8);
    whole.set([0, 9], 6);
    expect(h264FramesPerSecond(new ByteView(whole))).toBeNull();
    expect(h264FramesPerSecond(new ByteView(u8(1, 66, 0, 30, 255, 0xe1, 0, 6, 0x67, 66, 0, 30, 0, 0)))).toBeNull();
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lyingClip } from '../../../local/sample/lying-clip.ts';
import { prove } from '../../evidence/video/sources.ts';

function clip(name: string): Uint8Array {
  return readFileSync(new URL(`../../../local/sample/clips/${name}`, import.meta.url));
}

describe('the lying clip of the sample', () => {
  it('holds five seconds under headers of 121', async () => {
    const honest = clip('index-first.mp4');
    const before = Uint8Array.from(honest);
    const proof = await prove(lyingClip(honest));
    expect(proof).toMatchObject({ verdict: 'truncated', durationMs: 5000, claimedMs: 121_000, frames: 40 });
    expect(proof.message).toContain('文件头称时长 121.0 秒，实际只有 5.0 秒的画面数据');
    expect(Uint8Array.from(honest)).toEqual(before);
  });

  it('is made of a clip with its index in front only', () => {
    expect(() => lyingClip(clip('index-last.mp4'))).toThrow('not at its front');
    expect(() => lyingClip(clip('fragmented.mp4'))).toThrow('shorter than');
    expect(() => lyingClip(new Uint8Array(16))).toThrow('no moov');
  });
});

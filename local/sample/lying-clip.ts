/** What the liar really shows. */
const HONEST_SECONDS = 5;

/** The place of a box's body in a file. */
interface BoxBody {
  readonly headerAt: number;
  readonly at: number;
  readonly end: number;
}

function findBox(file: DataView, type: string, from: number, to: number): BoxBody {
  for (let at = from; at + 8 <= to; at += file.getUint32(at)) {
    const name = String.fromCharCode(...[4, 5, 6, 7].map((byte) => file.getUint8(at + byte)));
    if (file.getUint32(at) < 8) break;
    if (name === type) return { headerAt: at, at: at + 8, end: at + file.getUint32(at) };
  }
  throw new Error(`the clip has no ${type} where one is expected`);
}

function findPath(file: DataView, path: readonly string[]): BoxBody {
  let box: BoxBody = { headerAt: 0, at: 0, end: file.byteLength };
  for (const type of path) box = findBox(file, type, box.at, box.end);
  return box;
}

const SAMPLE_TABLE = ['moov', 'trak', 'mdia', 'minf', 'stbl'];

/** Keeps the first `kept` samples in the table of times. */
function cutTimes(file: DataView, kept: number): void {
  const { at } = findPath(file, [...SAMPLE_TABLE, 'stts']);
  let left = kept;
  for (let entry = 0; entry < file.getUint32(at + 4); entry += 1) {
    const countAt = at + 8 + entry * 8;
    left -= file.getUint32(countAt);
    if (left > 0) continue;
    file.setUint32(countAt, file.getUint32(countAt) + left);
    file.setUint32(at + 4, entry + 1);
    return;
  }
  throw new Error('the clip is shorter than what should be kept of it');
}

/** Keeps the key frames among the first `kept` samples. */
function cutKeyFrames(file: DataView, kept: number): void {
  const { at } = findPath(file, [...SAMPLE_TABLE, 'stss']);
  let count = file.getUint32(at + 4);
  while (count > 0 && file.getUint32(at + 4 + count * 4) > kept) count -= 1;
  file.setUint32(at + 4, count);
}

/** Keeps the chunks of the first `kept` samples. Returns where the last of these samples ends. */
function cutChunks(file: DataView, kept: number): number {
  const sizes = findPath(file, [...SAMPLE_TABLE, 'stsz']).at;
  const chunks = findPath(file, [...SAMPLE_TABLE, 'stco']).at;
  const runs = findPath(file, [...SAMPLE_TABLE, 'stsc']).at;
  let sample = 0;
  let run = 0;
  for (let chunk = 1; chunk <= file.getUint32(chunks + 4); chunk += 1) {
    const hasNext = run + 1 < file.getUint32(runs + 4);
    if (hasNext && file.getUint32(runs + 8 + (run + 1) * 12) === chunk) run += 1;
    let end = file.getUint32(chunks + 4 + chunk * 4);
    for (let index = 0; index < file.getUint32(runs + 12 + run * 12); index += 1) {
      end += file.getUint32(sizes + 12 + sample * 4);
      sample += 1;
      if (sample < kept) continue;
      file.setUint32(sizes + 8, kept);
      file.setUint32(chunks + 4, chunk);
      file.setUint32(runs + 4, run + 1);
      return end;
    }
  }
  throw new Error('the clip has fewer samples than should be kept of it');
}

/**
 * Makes a liar of an honest clip: 5 seconds of real pictures under headers that still claim the whole lesson. The tables agree
 * with the bytes, so that players open it; movie, track and media header and the edit list say what the honest clip said.
 * @param clip a progressive MP4 with one video track, its index before its media, no 64-bit boxes
 * @throws Error when the clip is laid out otherwise
 */
export function lyingClip(clip: Uint8Array): Uint8Array {
  // A copy even of a Buffer, whose own slice() would be the same memory.
  const bytes = Uint8Array.from(clip);
  const file = new DataView(bytes.buffer);
  const timescale = file.getUint32(findPath(file, ['moov', 'trak', 'mdia', 'mdhd']).at + 12);
  const frameTicks = file.getUint32(findPath(file, [...SAMPLE_TABLE, 'stts']).at + 12);
  const kept = Math.floor((HONEST_SECONDS * timescale) / frameTicks);
  cutTimes(file, kept);
  cutKeyFrames(file, kept);
  const end = cutChunks(file, kept);
  const media = findPath(file, ['mdat']);
  if (media.headerAt < findPath(file, ['moov']).headerAt) throw new Error('the index of the clip is not at its front');
  file.setUint32(media.headerAt, end - media.headerAt);
  return bytes.slice(0, end);
}

import { type FileHandle, open } from 'node:fs/promises';
import type { RangeSource } from '../../shared/evidence/video/range-source.ts';
import { CannotOpen } from './cannot-open.ts';

async function readExactly(handle: FileHandle, start: number, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - start);
  for (let filled = 0; filled < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, start + filled);
    if (bytesRead === 0) throw new Error(`the file ends at ${start + filled}: it was cut while being read`);
    filled += bytesRead;
  }
  return bytes;
}

/**
 * Opens a regular file for ranged reads.
 * @throws CannotOpen when there is no such file, it may not be read, or it is a folder or a device
 */
export async function openFile(path: string): Promise<RangeSource & { close(): Promise<void> }> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (cause) {
    throw new CannotOpen(cause instanceof Error ? cause.message : String(cause), { cause });
  }
  const stat = await handle.stat();
  if (!stat.isFile()) {
    await handle.close();
    throw new CannotOpen('not a regular file');
  }
  return {
    size: stat.size,
    read: (start, endExclusive) => readExactly(handle, start, endExclusive),
    close: () => handle.close(),
  };
}

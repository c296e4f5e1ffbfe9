import type { RangeSource } from '../../shared/evidence/video/range-source.ts';
import { openFile } from './file-range-source.ts';
import { openUrl } from './http-range-source.ts';

/** A source that holds something open until it is closed. */
export interface OpenRangeSource extends RangeSource {
  close(): Promise<void>;
}

/** @throws CannotOpen */
export async function openRangeSource(place: string): Promise<OpenRangeSource> {
  return /^https?:\/\//i.test(place) ? openUrl(place) : openFile(place);
}

import type { Evidence, VerifiedEvidence } from './evidence.ts';

// One transaction writes at most 100 items; a few of them are the upload's own.
const maxFingerprints = 90;

/** The hashes under which an upload is found again: of its bytes, of its recording, of its key frames. */
export function fingerprintsOf({ sha256, video }: Pick<Evidence, 'sha256' | 'video'>): string[] {
  const recording = video?.fingerprint ?? undefined;
  const hashes = new Set([sha256, ...(recording === undefined ? [] : [recording]), ...(video?.keyFrames ?? [])]);
  return [...hashes].slice(0, maxFingerprints);
}

/** The same bytes, or the same recording in another wrapping. */
function sameRecording(a: Evidence, b: Evidence): boolean {
  if (a.sha256 === b.sha256) return true;
  return typeof a.video?.fingerprint === 'string' && a.video.fingerprint === b.video?.fingerprint;
}

/** For each upload that repeats an earlier one of its kind in the same claim, which. `uploads` come oldest first. */
export function repetitions(uploads: readonly Evidence[]): Map<string, Evidence> {
  const originals: Evidence[] = [];
  const found = new Map<string, Evidence>();
  for (const upload of uploads) {
    if (upload.st !== 'verified') continue;
    const original = originals.find((earlier) => earlier.kind === upload.kind && sameRecording(earlier, upload));
    if (original === undefined) originals.push(upload);
    else found.set(upload.id, original);
  }
  return found;
}

/** What of a claim's uploads counts when it is assessed: 不少于3次 means three recordings, not three files. */
export function countedEvidence(uploads: readonly Evidence[]): VerifiedEvidence {
  const repeated = repetitions(uploads);
  const videos: VerifiedEvidence['videos'] = [];
  const materials = new Set<VerifiedEvidence['materials'][number]>();
  const pending: VerifiedEvidence['pending'] = [];
  for (const { id, kind, st, sha256, video } of uploads) {
    if (st === 'awaiting-upload' || st === 'uploaded') pending.push({ id, kind });
    if (st !== 'verified') continue;
    if (kind !== 'teaching-video') materials.add(kind);
    else if (video !== undefined && !repeated.has(id)) videos.push({ id, durationMs: video.durationMs, sha256 });
  }
  return { videos, materials: [...materials], pending };
}

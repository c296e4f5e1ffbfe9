import type { PlannedPart } from './part-plan.ts';
import type { RangeSource } from './video/range-source.ts';

/** One HTTP request that a client may send: PUT the bytes to `url` with these headers and no other length. */
export interface SignedRequest {
  url: string;
  headers: Record<string, string>;
}

/** What a single request may carry, and nothing else. */
interface SingleUpload {
  contentType: string;
  sizeBytes: number;
  /** Hex. */
  sha256: string;
}

/** A part as the object store holds it. */
export interface ReceivedPart {
  partNumber: number;
  etag: string;
  sizeBytes: number;
  /** Base64; absent when the part was sent without. */
  checksum?: string;
}

/** One version of an uploaded object. */
export interface UploadedObject {
  versionId: string;
  sizeBytes: number;
  contentType: string;
  /** SHA-256 as the object store computed it, base64; `…-N` over N parts. */
  checksum?: string;
}

/** The bucket that clients upload to. Nothing in it is evidence yet. */
export interface IncomingObjects {
  /** Valid for `seconds` from `now`, bound to type, length and hash. */
  signSingle(key: string, upload: SingleUpload, now: Date, seconds: number): Promise<SignedRequest>;
  beginMultipart(key: string, contentType: string): Promise<string>;
  /** Valid for `seconds` from `now`, bound to length and hash. */
  signPart(key: string, uploadId: string, part: PlannedPart, now: Date, seconds: number): Promise<SignedRequest>;
  /** The parts received so far; undefined when there is no such upload (any more). */
  receivedParts(key: string, uploadId: string): Promise<ReceivedPart[] | undefined>;
  /** Joins the parts; `gone` when there is no such upload (any more), `refused` when a part changed meanwhile. */
  joinParts(key: string, uploadId: string, parts: readonly ReceivedPart[]): Promise<'joined' | 'gone' | 'refused'>;
  /** Throws the received parts away; no error when there are none. */
  abortMultipart(key: string, uploadId: string): Promise<void>;
  /** The version named, or the newest; undefined when there is none. */
  find(key: string, versionId?: string): Promise<UploadedObject | undefined>;
  /** Reads ranges of that one version. */
  open(key: string, object: UploadedObject): RangeSource;
  /** SHA-256 (hex) over the bytes of that one version, read once from end to end. */
  hash(key: string, object: UploadedObject): Promise<string>;
}

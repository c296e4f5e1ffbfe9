import { createHash } from 'node:crypto';
import type { SampleApi, SamplePerson } from './sample-api.ts';
import { StepFailure } from './step.ts';

/** A file to hand in as evidence. */
export interface SampleFile {
  kind: string;
  fileName: string;
  contentType: string;
  bytes: Uint8Array;
}

// The object store refuses a smaller part unless it is the last.
const partSizeBytes = 5 * 1024 * 1024;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function partsOf(bytes: Uint8Array): Uint8Array[] {
  const count = Math.ceil(bytes.length / partSizeBytes);
  return Array.from({ length: count }, (_, index) =>
    bytes.subarray(index * partSizeBytes, (index + 1) * partSizeBytes),
  );
}

interface SignedRequest {
  url: string;
  headers: Record<string, string>;
}

/** Sends bytes straight to the object store, as a browser would. */
export async function put({ url, headers }: SignedRequest, bytes: Uint8Array): Promise<Response> {
  return fetch(url, { method: 'PUT', headers, body: Uint8Array.from(bytes) });
}

async function putOrFail(request: SignedRequest, bytes: Uint8Array): Promise<void> {
  const response = await put(request, bytes);
  if (!response.ok) throw new StepFailure(`the object store answered ${response.status}: ${await response.text()}`);
}

/** Asks for an upload and describes the file, in parts when `multipart`. */
export async function requestUpload(
  api: SampleApi,
  person: SamplePerson,
  claimId: string,
  file: SampleFile,
  multipart: boolean,
) {
  const { kind, fileName, contentType, bytes } = file;
  const parts = multipart ? { multipart: { partSizeBytes, partSha256: partsOf(bytes).map(sha256) } } : {};
  const request = { kind, fileName, contentType, sizeBytes: bytes.length, sha256: sha256(bytes), ...parts };
  return api.good(person, `POST /claims/${claimId}/evidence`, request);
}

/** Hands a file in: asks for the upload, sends the bytes by the signed addresses, says that it is done. Gives the evidence id. */
export async function handIn(
  api: SampleApi,
  person: SamplePerson,
  claimId: string,
  file: SampleFile,
  multipart = false,
): Promise<string> {
  const reply = await requestUpload(api, person, claimId, file, multipart);
  const evidenceId: string = reply.evidence.id;
  if (reply.upload.mode === 'single') {
    await putOrFail(reply.upload.put, file.bytes);
  } else {
    const parts = partsOf(file.bytes);
    for (const part of reply.upload.parts) await putOrFail(part, parts[part.partNumber - 1] ?? new Uint8Array());
    await api.good(person, `POST /claims/${claimId}/evidence/${evidenceId}/completion`, {});
  }
  return evidenceId;
}

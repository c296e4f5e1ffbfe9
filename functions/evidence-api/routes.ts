import * as z from 'zod';
import { type CompletionDependencies, completeUpload } from '../../shared/evidence/complete-upload.ts';
import { evidenceViewSchema, viewOf } from '../../shared/evidence/evidence-view.ts';
import { listEvidence, readEvidence } from '../../shared/evidence/read-evidence.ts';
import { renewUpload } from '../../shared/evidence/renew-upload.ts';
import { requestUpload } from '../../shared/evidence/request-upload.ts';
import { uploadRequestSchema } from '../../shared/evidence/upload-request.ts';
import { defineRoute, type HttpRoute } from '../../shared/lambda/http-route.ts';

export type Dependencies = CompletionDependencies;

const id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
const claimPath = z.strictObject({ claimId: id });
const evidencePath = z.strictObject({ claimId: id, evidenceId: id });

const signedRequest = z.strictObject({ url: z.url(), headers: z.record(z.string(), z.string()) });

const uploadSchema = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('single'), expiresAt: z.iso.datetime(), put: signedRequest }),
  z.strictObject({
    mode: z.literal('multipart'),
    expiresAt: z.iso.datetime(),
    partSizeBytes: z.int(),
    parts: z.array(z.strictObject({ partNumber: z.int(), sizeBytes: z.int(), ...signedRequest.shape })),
    missingParts: z.int(),
  }),
]);

const openedSchema = z.strictObject({ evidence: evidenceViewSchema, upload: uploadSchema.optional() });

const completionSchema = z
  .strictObject({
    parts: z
      .array(z.strictObject({ partNumber: z.int().min(1).max(10_000), etag: z.string().min(1).max(200) }))
      .max(10_000)
      .optional(),
  })
  .optional();

export const evidenceRoutes: HttpRoute<Dependencies>[] = [
  defineRoute({
    key: 'POST /claims/{claimId}/evidence',
    summary: 'Open an upload for one file; the reply holds the signed requests to send it with',
    action: 'evidence.write',
    path: claimPath,
    body: uploadRequestSchema,
    replies: { 201: openedSchema },
    async serve(deps: Dependencies, { principal, path, body, creationId }) {
      const { evidence, upload } = await requestUpload(deps, principal, path.claimId, creationId, body);
      return { status: 201, body: { evidence: viewOf(evidence), ...(upload === undefined ? {} : { upload }) } };
    },
  }),
  defineRoute({
    key: 'GET /claims/{claimId}/evidence',
    summary: 'List the uploads of a claim, oldest first',
    action: 'evidence.read',
    path: claimPath,
    replies: { 200: z.strictObject({ evidence: z.array(evidenceViewSchema) }) },
    async serve(deps: Dependencies, { principal, path }) {
      return { status: 200, body: { evidence: await listEvidence(deps, principal, path.claimId) } };
    },
  }),
  defineRoute({
    key: 'GET /claims/{claimId}/evidence/{evidenceId}',
    summary: 'Read one upload: its state, what was measured, what to do',
    action: 'evidence.read',
    path: evidencePath,
    replies: { 200: evidenceViewSchema },
    async serve(deps: Dependencies, { principal, path }) {
      return { status: 200, body: await readEvidence(deps, principal, path) };
    },
  }),
  defineRoute({
    key: 'POST /claims/{claimId}/evidence/{evidenceId}/urls',
    summary: 'Sign anew what is still missing of a file, to go on with an upload that broke off',
    action: 'evidence.write',
    // Addresses must be fresh each time: a remembered reply would hold expired ones.
    storesNothing: true,
    path: evidencePath,
    replies: { 200: openedSchema },
    async serve(deps: Dependencies, { principal, path }) {
      const { evidence, upload } = await renewUpload(deps, principal, path);
      return { status: 200, body: { evidence: viewOf(evidence), upload } };
    },
  }),
  defineRoute({
    key: 'POST /claims/{claimId}/evidence/{evidenceId}/completion',
    summary: 'Say that a file is there; joins the parts of a large one and has it verified',
    action: 'evidence.write',
    path: evidencePath,
    body: completionSchema,
    replies: { 202: evidenceViewSchema },
    async serve(deps: Dependencies, { principal, path, body }) {
      return { status: 202, body: viewOf(await completeUpload(deps, principal, path, body?.parts ?? [])) };
    },
  }),
];

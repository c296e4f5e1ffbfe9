import { MATERIAL_TERMS, type MaterialKind } from '../regulation/contract.ts';

const mib = 1024 * 1024;

/** What is said in one HTTP request to the object store: a whole file, or one part of a larger one. Bytes. */
export const maxRequestBytes = 64 * mib;
/** The object store refuses a smaller part unless it is the last one (EntityTooSmall). Bytes. */
export const minPartBytes = 5 * mib;

/** Materials that people bring. The application forms, the roster and the class filing are made by the product itself. */
const uploadedMaterials = [
  'sign-in-sheets',
  'certificate-list',
  'certificate-copy',
  'id-copies',
  'card-information',
  'enrolment-proof',
  'training-invoice',
  'bank-account',
  'allowance-vouchers',
  'labour-contracts',
  'social-insurance-proof',
  'training-plan-filing',
  'apprenticeship-agreement',
] as const satisfies readonly MaterialKind[];
type UploadedMaterial = (typeof uploadedMaterials)[number];

/** What an upload is evidence of: `teaching-video` 培训授课视频, or a material (申请材料). */
export type EvidenceKind = 'teaching-video' | UploadedMaterial;

export const evidenceKinds: readonly EvidenceKind[] = ['teaching-video', ...uploadedMaterials];

/** What a kind of evidence may be. */
export interface KindRules {
  /** Chinese name. */
  name: string;
  form: 'video' | 'document';
  mediaTypes: readonly string[];
  /** Bytes. */
  maxBytes: number;
  /** The accepted formats and the limit, in words. */
  accepts: string;
}

const videoRules: KindRules = {
  name: '培训授课视频',
  form: 'video',
  mediaTypes: ['video/mp4', 'video/quicktime', 'video/x-m4v', 'video/3gpp'],
  // One CopyObject takes 5 GiB; more would need a second way of promotion, for clips that two minutes suffice for.
  maxBytes: 4096 * mib,
  accepts: 'MP4、MOV、M4V 或 3GP，不超过 4 GiB',
};

const documentRules = {
  form: 'document',
  mediaTypes: ['application/pdf', 'image/jpeg', 'image/png'],
  maxBytes: 20 * mib,
  accepts: 'PDF、JPG 或 PNG，不超过 20 MiB',
} as const;

export function rulesOf(kind: EvidenceKind): KindRules {
  return kind === 'teaching-video' ? videoRules : { ...documentRules, name: MATERIAL_TERMS[kind] };
}

import * as z from 'zod';
import { demandClass } from '../../shared/access/policy.ts';
import { reasonText } from '../../shared/access/reason-text.ts';
import type { IssuedCertificate } from '../../shared/certificates/certificate.ts';
import {
  type CertificateDependencies,
  cancelCertificate,
  checkCertificate,
  issueCertificates,
} from '../../shared/certificates/issue-certificates.ts';
import { type LetterDependencies, setPlaceLetter } from '../../shared/certificates/place-letters.ts';
import { filedTraineeSchema } from '../../shared/classes/class-filing.ts';
import { defineRoute, type HttpRoute } from '../../shared/lambda/http-route.ts';

const classPath = z.strictObject({ classId: z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/) });

const shownCertificate = z.object({
  number: z.string(),
  issuedOn: z.string(),
  subject: z.string(),
  name: z.string(),
  idNumber: z.string(),
});
const issuedSchema = z.object({ certificates: z.array(shownCertificate) });

const checkSchema = z.object({
  number: z.string(),
  subject: z.string(),
  issuedOn: z.string(),
  holder: z.string(),
  cancelledOn: z.string().optional().describe('calendar date from which it holds no more'),
});
const numberPath = z.strictObject({ number: z.string().min(1).max(40) });

function shown(issued: readonly IssuedCertificate[]): z.infer<typeof issuedSchema> {
  const certificates = issued.map(({ number, issuedOn, subject, name, idMasked }) => {
    return { number, issuedOn, subject, name, idNumber: idMasked };
  });
  return { certificates };
}

const letterSchema = z.strictObject({
  district: z.string().min(1).max(40),
  letter: z.string().regex(/^[A-Z]$/, '代码字母应为一个大写英文字母（附件4）'),
});

/** Completion certificates (培训合格证书), 附件4. */
export const certificateRoutes: readonly HttpRoute<CertificateDependencies & LetterDependencies>[] = [
  defineRoute({
    key: 'POST /classes/{classId}/certificates',
    summary: 'Issue numbered certificates to trainees of the accepted roster who passed; whoever has one keeps it',
    action: 'certificate.issue',
    path: classPath,
    body: z.strictObject({
      trainees: z.array(filedTraineeSchema).min(1, '发证名单是空的').max(500, '一次最多核发500份，请分批'),
    }),
    replies: { 200: issuedSchema },
    serve: async (deps, { principal, path, body }) => {
      return { status: 200, body: shown(await issueCertificates(deps, principal, path.classId, body.trainees)) };
    },
  }),
  defineRoute({
    key: 'GET /classes/{classId}/certificates',
    summary: 'The certificates issued to a class',
    action: 'class.read',
    path: classPath,
    replies: { 200: issuedSchema },
    serve: async (deps, { principal, path }) => {
      const record = demandClass(principal, 'class.read', await deps.classes.find(path.classId));
      return { status: 200, body: shown(await deps.certificates.ofClass(record.id)) };
    },
  }),
  defineRoute({
    key: 'GET /certificates/{number}',
    summary: 'Check a certificate by its number, without log-in',
    action: 'public',
    path: numberPath,
    replies: { 200: checkSchema },
    serve: async (deps, { path }) => ({ status: 200, body: await checkCertificate(deps, path.number) }),
  }),
  defineRoute({
    key: 'POST /certificates/{number}/cancellation',
    summary: 'Take a wrong certificate out of force; its number is never used again, its holder may be issued another',
    action: 'certificate.issue',
    path: numberPath,
    body: z.strictObject({ reason: reasonText() }),
    replies: { 200: checkSchema },
    serve: async (deps, { principal, path, body }) => ({
      status: 200,
      body: await cancelCertificate(deps, principal, path.number, body.reason),
    }),
  }),
  defineRoute({
    key: 'POST /settings/certificate-letters',
    summary: "Set a place's letter in certificate numbers; it stays once a number was issued under it",
    action: 'settings.change',
    body: letterSchema,
    replies: { 200: z.object({ letters: z.record(z.string(), z.string()) }) },
    serve: async (deps, { principal, body }) => ({
      status: 200,
      body: { letters: await setPlaceLetter(deps, principal, body.district, body.letter) },
    }),
  }),
];

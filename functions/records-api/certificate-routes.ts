import * as z from 'zod';
import { actorOf } from '../../shared/access/actor.ts';
import { demand } from '../../shared/access/policy.ts';
import {
  type CertificateDependencies,
  checkCertificate,
  issueCertificates,
} from '../../shared/certificates/issue-certificates.ts';
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

const letterSchema = z.strictObject({
  district: z.string().min(1).max(40),
  letter: z.string().regex(/^[A-Z]$/, '代码字母应为一个大写英文字母（附件4）'),
});

/** Completion certificates (培训合格证书), 附件4. */
export const certificateRoutes: readonly HttpRoute<CertificateDependencies>[] = [
  defineRoute({
    key: 'POST /classes/{classId}/certificates',
    summary: 'Issue numbered certificates to trainees who passed; whoever has one keeps it',
    action: 'certificate.issue',
    path: classPath,
    body: z.strictObject({
      trainees: z.array(filedTraineeSchema).min(1, '发证名单是空的').max(1000, '一次最多核发1000份，请分批'),
    }),
    replies: { 200: issuedSchema },
    serve: async (deps, { principal, path, body }) => {
      const issued = await issueCertificates(deps, principal, path.classId, body.trainees);
      return {
        status: 200,
        body: { certificates: issued.map(({ idMasked, ...rest }) => ({ ...rest, idNumber: idMasked })) },
      };
    },
  }),
  defineRoute({
    key: 'GET /classes/{classId}/certificates',
    summary: 'The certificates issued to a class',
    action: 'class.read',
    path: classPath,
    replies: { 200: issuedSchema },
    serve: async (deps, { principal, path }) => {
      const record = demand(principal, 'class.read', await deps.classes.find(path.classId));
      const issued = await deps.certificates.ofClass(record.id);
      return {
        status: 200,
        body: { certificates: issued.map(({ idMasked, ...rest }) => ({ ...rest, idNumber: idMasked })) },
      };
    },
  }),
  defineRoute({
    key: 'GET /certificates/{number}',
    summary: 'Check a certificate by its number, without log-in',
    action: 'public',
    path: z.strictObject({ number: z.string().min(1).max(40) }),
    replies: { 200: z.object({ number: z.string(), subject: z.string(), issuedOn: z.string(), holder: z.string() }) },
    serve: async (deps, { path }) => ({
      status: 200,
      body: await checkCertificate(deps, path.number),
    }),
  }),
  defineRoute({
    key: 'POST /settings/certificate-letters',
    summary: "Set a place's letter in certificate numbers; once set it stays",
    action: 'settings.change',
    body: letterSchema,
    replies: { 200: z.object({ letters: z.record(z.string(), z.string()) }) },
    serve: async (deps, { principal, body }) => {
      const by = actorOf(principal);
      return {
        status: 200,
        body: { letters: await deps.certificates.setLetter(body.district, body.letter, by, deps.clock.now()) },
      };
    },
  }),
];

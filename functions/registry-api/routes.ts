import * as z from 'zod';
import { actorOf } from '../../shared/access/actor.ts';
import { reasonText } from '../../shared/access/reason-text.ts';
import {
  type AnnexDependencies,
  listAnnexPublications,
  publishAnnexChanges,
  readCatalogueAt,
} from '../../shared/catalogue/annex-publication.ts';
import { publishShortageList, type ShortageListStore } from '../../shared/catalogue/shortage-list.ts';
import { businessDate } from '../../shared/clock/clock.ts';
import { defineRoute, type HttpRoute } from '../../shared/lambda/http-route.ts';
import {
  bankAccountSchema,
  organisationFactsSchema,
  registrationSchema,
} from '../../shared/organisations/organisation.ts';
import type { OrganisationStore } from '../../shared/organisations/organisation-store.ts';
import { liftBlock, readOrganisation, registerOrganisation } from '../../shared/organisations/register-organisation.ts';
import {
  importInsuranceSubsidies,
  importSharedRecords,
  reverseInsuranceSubsidy,
} from '../../shared/people/import-records.ts';
import type { PersonStore } from '../../shared/people/shared-record.ts';
import { mostSubsidies, readSubsidies, subsidyReference } from '../../shared/people/subsidies-file.ts';
import { calendarDateSchema, levelSchema } from '../../shared/regulation/contract.ts';
import type { Edition } from '../../shared/regulation/edition.ts';

export interface RegistryDependencies extends AnnexDependencies {
  organisations: OrganisationStore;
  people: PersonStore;
  shortage: ShortageListStore;
  /** The edition whose vocabulary imports are written in. */
  edition: Edition;
}

const organisationPath = z.strictObject({ organisationId: z.string().regex(/^[A-Za-z0-9_-]{1,80}$/) });

const referenceText = z.string().regex(subsidyReference, '凭证号只能含字母、数字和短横线');

const shownOrganisation = z.object({
  ...organisationFactsSchema.shape,
  // Replies show the last four digits only.
  bankAccount: bankAccountSchema.extend({ number: z.string() }).optional(),
  blockedUntil: z.string().optional().describe('no new claims until after this date (四(三))'),
  blockedBy: z.string().optional().describe('the authority that may lift the block'),
  tenant: z.string(),
  version: z.int(),
  registeredBy: z.string(),
  updatedAt: z.string(),
});

const registration = registrationSchema.safeExtend({
  version: z.int().min(1).optional().describe('the version that was read; needed to change what is registered'),
});

const shortageListSchema = z.strictObject({
  document: z.string().trim().min(2, '请填写发文字号').max(100),
  effectiveFrom: calendarDateSchema,
  effectiveTo: calendarDateSchema.optional(),
  occupations: z.array(z.string().trim().min(1).max(60)).min(1, '目录至少应有一个职业（工种）').max(500),
});
const shortageListBody = shortageListSchema.refine(
  ({ effectiveFrom, effectiveTo = effectiveFrom }) => effectiveTo >= effectiveFrom,
  { path: ['effectiveTo'], message: '目录的截止日期不能早于起始日期' },
);

const occupationName = z.string().trim().min(1, '请填写职业（工种）或专项能力的名称').max(60);
const className = z.string().trim().min(1, '请填写类别，例如 A').max(10);

const annexChangeSchema = z.union([
  z.strictObject({
    annex: z.literal(1),
    change: z.enum(['add', 'reclassify']),
    occupation: occupationName,
    class: className,
  }),
  z.strictObject({ annex: z.literal(1), change: z.literal('remove'), occupation: occupationName }),
  z.strictObject({
    annex: z.literal(2),
    change: z.literal('add'),
    occupation: occupationName,
    level: levelSchema,
    standard: z.int().min(1).max(10_000_000).describe('fen'),
  }),
  z.strictObject({
    annex: z.literal(2),
    change: z.literal('remove'),
    occupation: occupationName,
    level: levelSchema,
  }),
]);

const annexPublicationSchema = z.strictObject({
  document: z.string().trim().min(2, '请填写发文字号').max(100),
  title: z.string().trim().min(2, '请填写文件名称').max(200),
  effectiveFrom: calendarDateSchema,
  changes: z.array(annexChangeSchema).min(1, '至少应有一项调整').max(300),
});

const catalogueAtSchema = z.object({
  edition: z.string(),
  on: z.string(),
  version: z.int(),
  documents: z.array(z.string()),
  annex1: z.array(
    z.object({
      class: z.string(),
      others: z.boolean().describe('also takes every occupation that is printed nowhere'),
      standards: z.record(z.string(), z.int()).describe('fen by level'),
      occupations: z.array(z.string()),
    }),
  ),
  withdrawn: z.array(z.string()),
  shortage: z.array(z.string()),
  annex2: z.array(z.object({ level: z.string(), standard: z.int().describe('fen'), occupations: z.array(z.string()) })),
});

/** The register of applicants, and what other registers and the bureau publish: 二(二), 四(二), 一(一)1. */
export function registryRoutes(edition: Edition): readonly HttpRoute<RegistryDependencies>[] {
  const recordsSchema = z.strictObject({
    source: z.string().trim().min(2, '请填写数据来源').max(100),
    verifiedOn: calendarDateSchema,
    records: z
      .array(z.strictObject({ idNumber: z.string().max(30), status: edition.schemas.status }))
      .min(1, '至少应有一条记录')
      .max(1000, '一次最多导入1000条，请分批'),
  });
  return [
    defineRoute({
      key: 'PUT /organisations/{organisationId}',
      summary: 'Register an applicant, or change what is known of it',
      action: 'organisation.register',
      path: organisationPath,
      body: registration,
      replies: { 200: shownOrganisation },
      serve: async (deps, { principal, path, body: { version, ...facts } }) => ({
        status: 200,
        body: await registerOrganisation(deps, principal, path.organisationId, facts, version),
      }),
    }),
    defineRoute({
      key: 'POST /organisations/{organisationId}/unblocking',
      summary: 'Lift the block that a recovery set, with a reason; only the authority that set it may',
      action: 'organisation.unblock',
      path: organisationPath,
      body: z.strictObject({ reason: reasonText({ missing: '请写明解除暂停申领的理由' }) }),
      replies: { 200: shownOrganisation },
      serve: async (deps, { principal, path, body }) => ({
        status: 200,
        body: await liftBlock(deps, principal, path.organisationId, body.reason),
      }),
    }),
    defineRoute({
      key: 'GET /organisations/{organisationId}',
      summary: 'What is registered of an applicant',
      action: 'organisation.read',
      path: organisationPath,
      replies: { 200: shownOrganisation },
      serve: async (deps, { principal, path }) => ({
        status: 200,
        body: await readOrganisation(deps, principal, path.organisationId),
      }),
    }),
    defineRoute({
      key: 'POST /shared-records',
      summary: 'Import what shared registers say of persons; such facts count as verified',
      action: 'shared-records.import',
      body: recordsSchema,
      replies: { 200: z.object({ saved: z.int(), older: z.int() }) },
      serve: async (deps, { principal, creationId: importId, body }) => ({
        status: 200,
        body: await importSharedRecords(deps, { principal, importId }, body),
      }),
    }),
    defineRoute({
      key: 'POST /insurance-subsidies',
      summary: 'Import subsidies of the unemployment insurance; they count towards the three of a year',
      action: 'shared-records.import',
      body: z.strictObject({
        subsidies: z
          .array(
            z.strictObject({
              idNumber: z.string().max(30),
              year: z.int().min(2000).max(2100),
              reference: referenceText,
            }),
          )
          .min(1, '至少应有一条记录')
          .max(mostSubsidies, `一次最多导入${mostSubsidies}条，请分批`),
      }),
      replies: { 200: z.object({ saved: z.int(), known: z.int() }) },
      serve: async (deps, { principal, creationId: importId, body }) => ({
        status: 200,
        body: await importInsuranceSubsidies(deps, { principal, importId }, body.subsidies),
      }),
    }),
    defineRoute({
      key: 'POST /insurance-subsidies/file',
      summary: 'The same from a file: CSV with the columns 身份证号, 年度, 凭证号, in UTF-8 or GB 18030',
      action: 'shared-records.import',
      body: z.strictObject({
        file: z
          .base64('请上传文件的内容（Base64）')
          .max(1_000_000, '文件过大，请分批')
          .describe('bytes of the file, base64'),
      }),
      replies: { 200: z.object({ saved: z.int(), known: z.int() }) },
      serve: async (deps, { principal, creationId: importId, body }) => {
        const file = Buffer.from(body.file, 'base64');
        const subsidies = readSubsidies(file);
        return { status: 200, body: await importInsuranceSubsidies(deps, { principal, importId }, subsidies, file) };
      },
    }),
    defineRoute({
      key: 'POST /insurance-subsidies/{reference}/reversal',
      summary: 'Take back a subsidy that was imported by mistake; its reference never counts again',
      action: 'shared-records.import',
      path: z.strictObject({ reference: referenceText }),
      body: z.strictObject({ reason: reasonText({ missing: '请写明撤销理由' }) }),
      replies: { 200: z.object({ reference: z.string(), state: z.literal('reversed') }) },
      serve: async (deps, { principal, path, body }) => {
        await reverseInsuranceSubsidy(deps, principal, path.reference, body.reason);
        return { status: 200, body: { reference: path.reference, state: 'reversed' } };
      },
    }),
    defineRoute({
      key: 'POST /catalogue/shortage-lists',
      summary:
        'Publish a list of shortage occupations; it replaces the list before it from its first day and is kept for good',
      action: 'catalogue.publish',
      body: shortageListBody,
      replies: { 200: z.object({ document: z.string(), version: z.int(), published: z.boolean() }) },
      serve: async (deps, { principal, body }) => {
        return { status: 200, body: await publishShortageList(deps, body, actorOf(principal)) };
      },
    }),
    defineRoute({
      key: 'GET /catalogue/shortage-lists',
      summary: 'Every published list of shortage occupations, by version',
      action: 'catalogue.read',
      replies: {
        200: z.object({
          lists: z.array(
            shortageListSchema.extend({ version: z.int(), publishedBy: z.string(), publishedAt: z.string() }),
          ),
        }),
      },
      serve: async (deps) => {
        const lists = (await deps.shortage.lists()).map(({ publishedBy, ...rest }) => {
          return { ...rest, occupations: [...rest.occupations], publishedBy: publishedBy.name };
        });
        return { status: 200, body: { lists } };
      },
    }),
    defineRoute({
      key: 'POST /catalogue/annex-changes',
      summary:
        'Publish a change of annexes 1 and 2 from a day on; kept for good, and refused where it overlaps another',
      action: 'catalogue.publish',
      body: annexPublicationSchema,
      replies: {
        200: z.object({ document: z.string(), edition: z.string(), version: z.int(), published: z.boolean() }),
      },
      serve: async (deps, { principal, body }) => {
        return { status: 200, body: await publishAnnexChanges(deps, body, actorOf(principal)) };
      },
    }),
    defineRoute({
      key: 'GET /catalogue/annex-changes',
      summary: 'Every published change of annexes 1 and 2, by version; of all editions, or of the one that is named',
      action: 'catalogue.read',
      query: z.strictObject({ edition: z.string().min(1, '请填写补贴办法的编号').max(60).optional() }),
      replies: {
        200: z.object({
          publications: z.array(
            annexPublicationSchema.extend({
              edition: z.string(),
              version: z.int(),
              publishedBy: z.string(),
              publishedAt: z.string(),
            }),
          ),
        }),
      },
      serve: async (deps, { query }) => {
        const listed = await listAnnexPublications(deps, query.edition);
        const publications = listed.map(({ publishedBy, ...rest }) => {
          return { ...rest, changes: [...rest.changes], publishedBy: publishedBy.name };
        });
        return { status: 200, body: { publications } };
      },
    }),
    defineRoute({
      key: 'GET /catalogue/annexes',
      summary: 'Annexes 1 and 2 and the shortage list as they stand on a date (today, where none is given)',
      action: 'catalogue.read',
      query: z.strictObject({ on: calendarDateSchema.optional() }),
      replies: { 200: catalogueAtSchema },
      serve: async (deps, { query }) => {
        return { status: 200, body: await readCatalogueAt(deps, query.on ?? businessDate(deps.clock.now())) };
      },
    }),
  ];
}

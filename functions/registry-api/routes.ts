import * as z from 'zod';
import { actorOf } from '../../shared/access/actor.ts';
import { publishShortageList, type ShortageListStore } from '../../shared/catalogue/shortage-list.ts';
import type { Clock } from '../../shared/clock/clock.ts';
import { defineRoute, type HttpRoute } from '../../shared/lambda/http-route.ts';
import { bankAccountSchema, organisationFactsSchema } from '../../shared/organisations/organisation.ts';
import type { OrganisationStore } from '../../shared/organisations/organisation-store.ts';
import { readOrganisation, registerOrganisation } from '../../shared/organisations/register-organisation.ts';
import { importInsuranceSubsidies, importSharedRecords } from '../../shared/people/import-records.ts';
import type { PersonStore } from '../../shared/people/shared-record.ts';
import { calendarDateSchema } from '../../shared/regulation/contract.ts';
import type { Edition } from '../../shared/regulation/edition.ts';

export interface RegistryDependencies {
  organisations: OrganisationStore;
  people: PersonStore;
  shortage: ShortageListStore;
  /** The edition whose vocabulary imports are written in. */
  edition: Edition;
  clock: Clock;
}

const organisationPath = z.strictObject({ organisationId: z.string().regex(/^[A-Za-z0-9_-]{1,80}$/) });

const shownOrganisation = z.object({
  ...organisationFactsSchema.shape,
  // Replies show the last four digits only.
  bankAccount: bankAccountSchema.extend({ number: z.string() }).optional(),
  tenant: z.string(),
  version: z.int(),
  registeredBy: z.string(),
  updatedAt: z.string(),
});

const shortageListSchema = z.strictObject({
  document: z.string().trim().min(2, '请填写发文字号').max(100),
  effectiveFrom: calendarDateSchema,
  effectiveTo: calendarDateSchema.optional(),
  occupations: z.array(z.string().trim().min(1).max(60)).min(1, '目录至少应有一个职业（工种）').max(500),
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
      body: organisationFactsSchema,
      replies: { 200: shownOrganisation },
      serve: async (deps, { principal, path, body }) => ({
        status: 200,
        body: await registerOrganisation(deps, principal, path.organisationId, body),
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
      serve: async (deps, { body }) => ({ status: 200, body: await importSharedRecords(deps, body) }),
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
              reference: z.string().regex(/^[A-Za-z0-9-]{1,60}$/, '凭证号只能含字母、数字和短横线'),
            }),
          )
          .min(1, '至少应有一条记录')
          .max(1000, '一次最多导入1000条，请分批'),
      }),
      replies: { 200: z.object({ saved: z.int(), known: z.int() }) },
      serve: async (deps, { body }) => ({ status: 200, body: await importInsuranceSubsidies(deps, body.subsidies) }),
    }),
    defineRoute({
      key: 'POST /catalogue/shortage-lists',
      summary: 'Publish a list of shortage occupations; it replaces the list before it from its first day',
      action: 'catalogue.publish',
      body: shortageListSchema,
      replies: { 200: z.object({ document: z.string(), published: z.boolean() }) },
      serve: async (deps, { principal, body }) => {
        return { status: 200, body: await publishShortageList(deps, body, actorOf(principal)) };
      },
    }),
    defineRoute({
      key: 'GET /catalogue/shortage-lists',
      summary: 'Every published list of shortage occupations',
      action: 'catalogue.read',
      replies: { 200: z.object({ lists: z.array(shortageListSchema) }) },
      serve: async (deps) => ({ status: 200, body: { lists: await deps.shortage.lists() } }),
    }),
  ];
}

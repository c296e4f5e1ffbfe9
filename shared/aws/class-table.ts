import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Actor } from '../access/actor.ts';
import type { PersonalData } from '../access/personal-data.ts';
import { type ClassRecord, classContentSchema, type FiledTrainee } from '../classes/class-filing.ts';
import { type ClassMove, classMoves, classStates } from '../classes/class-states.ts';
import type { ClassStore, ShownTrainee } from '../classes/class-store.ts';
import { DomainError } from '../errors/domain-error.ts';
import { canonicalIdentityNumber, maskIdentityNumber } from '../regulation/identity-number.ts';
import type { AuditEntry } from '../supervision/audit-chain.ts';
import { worklistPartition } from '../worklist/worklist-kinds.ts';
import { inBatches } from './in-batches.ts';
import { queryPage, readItem, readMany, readPartition } from './read.ts';
import type { Item, Key, Table } from './table.ts';
import { creation, startsIn, transition, type WriteItem, writeAll, writeAllOrThrow } from './transition.ts';

type ClassAudit = AuditEntry & { action: ClassMove };

const actorSchema = z.object({ subject: z.string(), tenant: z.string(), role: z.string(), name: z.string() });

const recordSchema = z.object({
  id: z.string(),
  st: z.enum(classStates),
  version: z.number(),
  auditHead: z.string(),
  tenant: z.string(),
  applicantName: z.string(),
  authority: z.string(),
  content: classContentSchema,
  contentVersion: z.number(),
  rosterId: z.string(),
  enrolled: z.number(),
  filedOn: z.string().optional(),
  dueAt: z.string().optional(),
  copiedFrom: z.string().optional(),
  accepted: z
    .object({
      contentVersion: z.number(),
      content: classContentSchema,
      enrolled: z.number(),
      rosterId: z.string(),
      filedOn: z.string(),
      acceptedBy: actorSchema,
      acceptedAt: z.string(),
      crossDistrictConsent: z.boolean().optional(),
      batchOfYear: z.number().optional(),
    })
    .optional(),
  decision: z.object({ by: actorSchema, at: z.string(), reason: z.string() }).optional(),
  createdAt: z.string(),
  updatedAt: z.string(),
});

const traineesSchema = z.object({
  trainees: z.array(z.object({ name: z.string(), idMasked: z.string(), personHash: z.string(), sealedId: z.string() })),
});

const versionSchema = z.object({
  contentVersion: z.number(),
  content: classContentSchema,
  enrolled: z.number(),
  rosterId: z.string(),
  at: z.string(),
  by: actorSchema,
});

// A trainee takes about 400 bytes: 200 stay far below the 400 KB of an item.
const traineesPerItem = 200;

const keyOf = (classId: string): Key => ({ pk: `CLASS#${classId}`, sk: 'META' });
const four = (n: number) => String(n).padStart(4, '0');

/** Class filings in the table: the record, every version of its content, and the roster of each version in chunks. */
export function createClassTable(table: Table, personal: PersonalData): ClassStore {
  const find = async (classId: string): Promise<ClassRecord | undefined> =>
    (await readItem(table, keyOf(classId), recordSchema)) as ClassRecord | undefined;

  const found = async (classId: string): Promise<ClassRecord> => {
    const record = await find(classId);
    if (record === undefined) throw new Error('class vanished after it was written');
    return record;
  };

  // Written before the record points to them, under a name made of what they are: after a crash they lie there unread,
  // and of two rival changes neither can overwrite the other's roster.
  const putTrainees = async (classId: string, tenant: string, trainees: readonly FiledTrainee[]): Promise<string> => {
    const rosterId = (await personal.hash(JSON.stringify([classId, trainees]))).slice(0, 32);
    const chunks = Array.from({ length: Math.ceil(trainees.length / traineesPerItem) }, (_, index) =>
      trainees.slice(index * traineesPerItem, (index + 1) * traineesPerItem),
    );
    await inBatches(chunks, 4, async (chunk, index) => {
      const stored = await inBatches(chunk, 1, async ({ name, idNumber }, at) => {
        const canonical = canonicalIdentityNumber(idNumber);
        const field = `TRAINEE#${index * traineesPerItem + at}.idNumber`;
        return {
          name,
          idMasked: maskIdentityNumber(canonical),
          personHash: await personal.hash(canonical),
          sealedId: await personal.seal(canonical, { tenant, record: classId, field }),
        };
      });
      const key = { pk: `CLASS#${classId}`, sk: `TRAINEES#${rosterId}#${four(index)}` };
      await table.client.send(
        new PutCommand({ TableName: table.name, Item: { ...key, type: 'class-trainees', trainees: stored } }),
      );
    });
    return rosterId;
  };

  const putVersion = (
    classId: string,
    contentVersion: number,
    content: unknown,
    roster: { rosterId: string; enrolled: number },
    audit: AuditEntry,
  ): WriteItem => ({
    Put: {
      TableName: table.name,
      Item: {
        pk: `CLASS#${classId}`,
        sk: `VERSION#${four(contentVersion)}`,
        type: 'class-version',
        contentVersion,
        content,
        ...roster,
        at: audit.at,
        by: audit.by,
      },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  });

  // The desk shows nothing that was never filed; what waits for acceptance lies there by the time of its filing, and on
  // the worklist, to be counted when it is overdue.
  const waiting = ({ authority, dueAt }: { authority: string; dueAt: Date }, at: string): Item => ({
    dpk: authority,
    dsk: `class#filed#${at}`,
    dueAt: dueAt.toISOString(),
    wpk: worklistPartition({ kind: 'class', state: 'filed' }),
    wsk: dueAt.toISOString(),
  });
  const noLongerWaiting = ['dueAt', 'wpk', 'wsk'];
  const deskKey = (st: string, startsOn: string) => ({ dsk: `class#${st}#${startsOn}` });

  // The states in which a move may start are named in the write itself, whatever was read or looked at before it.
  const move = (
    record: ClassRecord,
    to: ClassRecord['st'],
    audit: ClassAudit,
    set: Item,
    remove: readonly string[] = [],
  ): WriteItem[] => {
    const entity = { key: keyOf(record.id), st: record.st, version: record.version, auditHead: record.auditHead };
    const condition = startsIn(classMoves[audit.action].from);
    return transition(table, { chain: record.id, entity, to, audit, set, remove, condition });
  };

  const entry = <A extends string>(action: A, by: Actor, at: Date, reason?: string): AuditEntry & { action: A } => ({
    action,
    by,
    at: at.toISOString(),
    ...(reason === undefined ? {} : { reason }),
  });

  return {
    find,
    async create(draft, trainees, by, at) {
      const existing = await find(draft.id);
      if (existing !== undefined) return existing;
      const rosterId = await putTrainees(draft.id, draft.tenant, trainees);
      const facts = draft.copiedFrom === undefined ? {} : { facts: { copiedFrom: draft.copiedFrom } };
      const audit = { ...entry('class-drafted', by, at), ...facts };
      const item = {
        ...keyOf(draft.id),
        type: 'class',
        st: 'draft',
        ...draft,
        contentVersion: 1,
        rosterId,
        enrolled: trainees.length,
        tpk: draft.tenant,
        tsk: `class#${audit.at}#${draft.id}`,
      };
      const writes = [
        ...creation(table, draft.id, item, audit),
        putVersion(draft.id, 1, draft.content, { rosterId, enrolled: trainees.length }, audit),
      ];
      // A refusal means that the same request was here a moment ago; its record is the answer.
      await writeAll(table, writes);
      return found(draft.id);
    },
    async change(record, change, by, at) {
      const contentVersion = record.contentVersion + 1;
      const enrolled = change.trainees.length;
      const rosterId = await putTrainees(record.id, record.tenant, change.trainees);
      const audit = entry('class-changed', by, at);
      const { filing } = change;
      const set = {
        content: change.content,
        contentVersion,
        rosterId,
        enrolled,
        authority: change.authority,
        ...(filing === undefined
          ? {}
          : { filedOn: filing.filedOn, ...waiting({ ...filing, authority: change.authority }, audit.at) }),
      };
      await writeAllOrThrow(table, [
        ...move(record, filing === undefined ? 'draft' : 'filed', audit, set),
        putVersion(record.id, contentVersion, change.content, { rosterId, enrolled }, audit),
      ]);
      return found(record.id);
    },
    async file(record, filing, by, at) {
      const audit = entry('class-filed', by, at);
      const { authority, filedOn } = filing;
      await writeAllOrThrow(table, move(record, 'filed', audit, { authority, filedOn, ...waiting(filing, audit.at) }));
      return found(record.id);
    },
    async accept(record, accepted, countBatch, reason) {
      const { acceptedBy: by, acceptedAt: at } = accepted;
      const audit = entry('class-accepted', by, new Date(at), reason);
      const year = record.content.startsOn.slice(0, 4);
      const counterKey = { pk: `ORGANISATION#${record.tenant}`, sk: `BATCHES#${year}` };
      const batches = countBatch ? await readItem(table, counterKey, z.object({ count: z.number() })) : undefined;
      const batchOfYear = countBatch ? (batches?.count ?? 0) + 1 : accepted.batchOfYear;
      const count: WriteItem[] = countBatch
        ? [
            {
              Update: {
                TableName: table.name,
                Key: counterKey,
                UpdateExpression: 'SET #count = :next, #type = :type',
                ConditionExpression: batches === undefined ? 'attribute_not_exists(pk)' : '#count = :seen',
                ExpressionAttributeNames: { '#count': 'count', '#type': 'type' },
                ExpressionAttributeValues: {
                  ':next': batchOfYear,
                  ':type': 'batch-counter',
                  ...(batches === undefined ? {} : { ':seen': batches.count }),
                },
              },
            },
          ]
        : [];
      const set = {
        accepted: { ...accepted, rosterId: record.rosterId, batchOfYear },
        decision: { by, at, reason },
        ...deskKey('accepted', record.content.startsOn),
      };
      await writeAllOrThrow(table, [...move(record, 'accepted', audit, set, noLongerWaiting), ...count]);
      return found(record.id);
    },
    async refuse(record, reason, by, at) {
      const { accepted } = record;
      const to = accepted === undefined ? 'refused' : 'accepted';
      const audit = entry('class-refused', by, at, reason);
      // What runs is what was accepted: its content and roster, and its place on the desk, where inspections choose from.
      const standing =
        accepted === undefined
          ? {}
          : {
              content: accepted.content,
              rosterId: accepted.rosterId,
              enrolled: accepted.enrolled,
              filedOn: accepted.filedOn,
            };
      const { startsOn } = accepted?.content ?? record.content;
      const set = { decision: { by, at: audit.at, reason }, ...standing, ...deskKey(to, startsOn) };
      await writeAllOrThrow(table, move(record, to, audit, set, noLongerWaiting));
      return found(record.id);
    },
    async listOf(owner, state, cursor) {
      const ofState = state === undefined ? 'class#' : `class#${state}#`;
      const [IndexName, condition, values] =
        'tenant' in owner
          ? ['tenant', 'tpk = :owner AND begins_with(tsk, :kind)', { ':owner': owner.tenant, ':kind': 'class#' }]
          : ['desk', 'dpk = :owner AND begins_with(dsk, :kind)', { ':owner': owner.authority, ':kind': ofState }];
      const input = { IndexName, KeyConditionExpression: condition, ExpressionAttributeValues: values, Limit: 50 };
      const { items, next } = await queryPage(table, input, cursor);
      const keys = items.map((item) => ({ pk: String(item['pk']), sk: String(item['sk']) }));
      const records = (await readMany(table, keys))
        .map((item) => recordSchema.parse(item) as ClassRecord)
        .filter(({ st }) => state === undefined || st === state);
      const place = new Map(keys.map((key, index) => [key.pk, index]));
      const classes = records.toSorted((a, b) => (place.get(`CLASS#${a.id}`) ?? 0) - (place.get(`CLASS#${b.id}`) ?? 0));
      return next === undefined ? { classes } : { classes, next };
    },
    async trainees(classId, rosterId) {
      const shown: ShownTrainee[] = [];
      for await (const item of readPartition(table, `CLASS#${classId}`, `TRAINEES#${rosterId}#`)) {
        for (const { name, idMasked, personHash } of traineesSchema.parse(item).trainees)
          shown.push({ name, idMasked, personHash });
      }
      return shown;
    },
    async versions(classId) {
      const all = [];
      for await (const item of readPartition(table, `CLASS#${classId}`, 'VERSION#'))
        all.push(versionSchema.parse(item));
      if (all.length === 0) throw new DomainError('not-found', '没有找到该班级的备案版本。');
      return all;
    },
  };
}

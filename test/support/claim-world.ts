import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { createHandler as createAssessHandler } from '../../functions/assess-claim/handler.ts';
import { createHandler as createClaimsHandler } from '../../functions/claims-api/handler.ts';
import { deskClaimRoutes } from '../../functions/desk-api/claim-routes.ts';
import { fundRoutes } from '../../functions/payments-api/fund-routes.ts';
import { systemActor } from '../../shared/access/actor.ts';
import type { Principal } from '../../shared/access/principal.ts';
import { createAnnexTable } from '../../shared/aws/annex-table.ts';
import { createCertificateRegister } from '../../shared/aws/certificate-register.ts';
import { createClaimApprovalTable } from '../../shared/aws/claim-approval-table.ts';
import { createClaimRosterTable } from '../../shared/aws/claim-roster-table.ts';
import { createClaimTable } from '../../shared/aws/claim-table.ts';
import { createClassTable } from '../../shared/aws/class-table.ts';
import { createFundTable } from '../../shared/aws/fund-table.ts';
import { createIdempotencyTable } from '../../shared/aws/idempotency-table.ts';
import { createInspectionTable } from '../../shared/aws/inspection-table.ts';
import { createPersonalData } from '../../shared/aws/keyed-personal-data.ts';
import { ephemeralKeyring } from '../../shared/aws/keyring.ts';
import { createLineEntitlementTable } from '../../shared/aws/line-entitlement-table.ts';
import { createLineTable } from '../../shared/aws/line-table.ts';
import { createOrganisationTable } from '../../shared/aws/organisation-table.ts';
import { createPersonTable, quotaKey } from '../../shared/aws/person-table.ts';
import { readPartition } from '../../shared/aws/read.ts';
import type { Item, Key } from '../../shared/aws/table.ts';
import type { ClaimRecord } from '../../shared/claims/claim-record.ts';
import { liveLineStates } from '../../shared/claims/claim-states.ts';
import type { LineRecord, RosterLine } from '../../shared/claims/line-record.ts';
import { openLine } from '../../shared/claims/sealed-line.ts';
import { idFromCause } from '../../shared/clock/ids.ts';
import type { VerifiedEvidence } from '../../shared/evidence/evidence.ts';
import { createHttpHandler } from '../../shared/lambda/http-handler.ts';
import type { OrganisationFacts } from '../../shared/organisations/organisation.ts';
import type { RecordImport } from '../../shared/people/shared-record.ts';
import { EDITIONS } from '../../shared/regulation/editions/registry.ts';
import { wenzhou202058 } from '../../shared/regulation/editions/wenzhou-2020-58/edition.ts';
import { type AuditRecord, verifyChain } from '../../shared/supervision/audit-chain.ts';
import { classContent } from './class-content.ts';
import { type Call, call, recordedEdge, settableClock } from './http.ts';
import { enterprise, finance, identityNumber, officerLin, officerZhou } from './people.ts';
import { enterpriseFacts } from './registered.ts';
import { openTestTable } from './table.ts';

const by = systemActor('test');

export const occupations = ['车工', '钳工', '焊工', '电工', '铣工', '茶艺师', '保育员', '育婴员'] as const;

/** A line of 企业 qualification training that the rules grant without further facts: 车工 senior earns 2,400 yuan. */
export function certifiedLine(
  person: number,
  certificate: Partial<RosterLine['certificates'][number]> = {},
): RosterLine {
  const number = `S000033030321${String(person).padStart(9, '0')}`;
  return {
    id: `L${person}`,
    name: `学员${person}`,
    idNumber: identityNumber('19850312', person % 1000),
    certificates: [
      {
        kind: 'skill-level',
        number,
        issuedOn: '2021-03-01',
        issuer: 'local-assessor',
        registered: true,
        occupation: '车工',
        level: 'senior',
        ...certificate,
      },
    ],
  };
}

/** A line of the project class of `acceptedClass`: an employee with a completion certificate. */
export function projectLine(person: number, more: Partial<RosterLine> = {}): RosterLine {
  return {
    id: `L${person}`,
    name: `学员${person}`,
    idNumber: identityNumber('19850312', person % 1000),
    attendedHours: 40,
    status: { employerId: enterprise.tenant },
    certificates: [
      {
        kind: 'training-completion',
        number: `温AP21${String(person).padStart(5, '0')}`,
        issuedOn: '2021-05-05',
        issuer: 'training-body',
      },
    ],
    ...more,
  };
}

/** The process died here: from now on nothing of it has any effect. */
export class Crash extends Error {}

const writeCommands = ['PutItemCommand', 'UpdateItemCommand', 'DeleteItemCommand', 'TransactWriteItemsCommand'];

/** The functions that claims go through, over a real engine, with everything around them in the test's hand. */
export async function openClaimWorld(start = '2021-05-10T01:00:00Z') {
  const engine = await openTestTable();
  const { table } = engine;
  const clock = settableClock(start);
  // Kills the process at its n-th write: before the write has an effect, or after it and before its answer arrives.
  const fault = { at: Number.POSITIVE_INFINITY, when: 'after' as 'before' | 'after', dead: false, writes: 0 };
  engine.client.middlewareStack.add(
    (next, context) => async (args) => {
      if (fault.dead) throw new Crash('dead');
      if (!writeCommands.includes(context.commandName ?? '')) return next(args);
      fault.writes += 1;
      const isHere = fault.writes === fault.at;
      if (isHere && fault.when === 'before') fault.dead = true;
      if (fault.dead) throw new Crash('before the effect');
      const result = await next(args);
      if (isHere) fault.dead = true;
      if (fault.dead) throw new Crash('after the effect');
      return result;
    },
    { step: 'initialize', name: 'crash' },
  );
  const personal = createPersonalData(ephemeralKeyring());
  const evidence = new Map<string, VerifiedEvidence>();
  const none: VerifiedEvidence = { videos: [], materials: [], pending: [] };
  const shortage: { occupation: string; from: string }[] = [];
  const organisations = createOrganisationTable(table, personal);
  const persons = createPersonTable(table, personal);
  let imports = 0;
  const origin = (at: Date): RecordImport => {
    imports += 1;
    return { id: `import-${imports}`, kind: 'shared-records', sha256: '', rows: 0, by, at };
  };
  // Imports of the test itself, each on record under a number of its own.
  const people = {
    ...persons,
    saveRecords: async (records: Parameters<typeof persons.saveRecords>[0], at: Date) =>
      persons.saveRecords(records, origin(at)),
    saveSubsidies: async (subsidies: Parameters<typeof persons.saveSubsidies>[0]) =>
      persons.saveSubsidies(subsidies, origin(clock.now())),
  };
  const deps = {
    claims: createClaimTable(table),
    rosters: createClaimRosterTable(table, personal),
    lines: createLineTable(table),
    approvals: createClaimApprovalTable(table),
    inspections: createInspectionTable(table),
    entitlements: createLineEntitlementTable(table),
    certificates: createCertificateRegister(table),
    applicants: organisations,
    classes: createClassTable(table, personal),
    evidence: { verifiedEvidence: async (claimId: string) => evidence.get(claimId) ?? none },
    shortage: { inForce: async () => ({ entries: shortage, version: shortage.length }) },
    annexes: createAnnexTable(table),
    editions: EDITIONS,
    people,
    personal,
    clock,
  };
  const edge = recordedEdge(createIdempotencyTable(table), clock);
  const { metrics } = edge;
  const claims = createClaimsHandler(deps, edge);
  const desk = createHttpHandler(deskClaimRoutes, { ...deps, metrics }, edge);
  const worker = createAssessHandler(deps, edge);
  const funds = createHttpHandler(
    fundRoutes,
    { funds: createFundTable(table), approvals: deps.approvals, edition: wenzhou202058, clock },
    edge,
  );

  await organisations.save(enterprise.tenant, { ...enterpriseFacts, selfEvaluation: true }, by, clock.now());

  const askAs =
    (handler: typeof claims) =>
    async (as: Principal, route: string, request: Omit<Call, 'route' | 'as'> = {}) =>
      call(handler, { route, as, ...request });
  const asApplicant = askAs(claims);
  const atDesk = askAs(desk);

  const items = async (pk: string, prefix: string): Promise<Item[]> => {
    const found: Item[] = [];
    for await (const item of readPartition(table, pk, prefix)) found.push(item);
    return found;
  };
  const item = async (Key: Key): Promise<Item | undefined> =>
    (await table.client.send(new GetCommand({ TableName: table.name, Key, ConsistentRead: true }))).Item;

  const find = async (claimId: string): Promise<ClaimRecord> => {
    const claim = await deps.claims.find(claimId);
    if (claim === undefined) throw new Error('no such claim');
    return claim;
  };

  const message = (body: string, messageId = 'm1') => ({ messageId, body, receiptHandle: 'r', attributes: {} });

  const world = {
    engine,
    table,
    clock,
    personal,
    evidence,
    shortage,
    organisations,
    /** Registers an organisation, whatever is registered of it. */
    register: async (tenant: string, facts: OrganisationFacts) =>
      organisations.save(tenant, facts, by, clock.now(), (await organisations.find(tenant))?.version),
    people,
    deps,
    edge,
    fault,
    items,
    item,
    find,
    asApplicant,
    atDesk,
    worker,
    handlers: { claims, desk, funds },
    askFunds: askAs(funds),
    stop: async () => engine.stop(),

    /** Delivers messages to the worker as the queue does; gives the ids of those that go back. */
    async deliver(...bodies: string[]): Promise<string[]> {
      const Records = bodies.map((body, at) => message(body, `m${at}`));
      const result = await worker({ Records } as never, {} as never);
      return result.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    },

    /** The process starts anew, and dies at its n-th write from now on. */
    dieAt(at: number, when: 'before' | 'after' = 'after'): void {
      Object.assign(fault, { at, when, dead: false, writes: 0 });
    },

    async assess(claimId: string): Promise<ClaimRecord> {
      const failed = await world.deliver(JSON.stringify({ claimId }));
      if (failed.length > 0) throw new Error('worker failed', { cause: edge.logged.at(-1) });
      return find(claimId);
    },

    /** Opens a claim of the enterprise for its own certified workers, with its papers, and puts the roster in. */
    async draft(lines: readonly RosterLine[], as: Principal = enterprise): Promise<string> {
      const opened = await asApplicant(as, 'POST /claims', {
        body: { programme: 'qualification', route: 'enterprise' },
      });
      if (opened.status !== 201) throw new Error(`not opened: ${JSON.stringify(opened.body)}`);
      const { id } = opened.body as { id: string };
      evidence.set(id, { ...none, materials: ['certificate-list'] });
      const put = await asApplicant(as, 'PUT /claims/{claimId}/roster', { path: { claimId: id }, body: { lines } });
      if (put.status !== 200) throw new Error(`roster refused: ${JSON.stringify(put.body)}`);
      return id;
    },

    /** A draft for a class of the edition's last year, opened after the edition has ended. */
    async draftAfterTerm(): Promise<string> {
      const subject = '焊接技能';
      const classId = await world.acceptedClass({ subject });
      const opened = await asApplicant(enterprise, 'POST /claims', {
        body: { programme: 'project', route: 'enterprise', classId },
      });
      const { id } = opened.body as { id: string };
      const line = projectLine(901);
      const record = { status: { employerId: enterprise.tenant }, verifiedOn: '2021-05-01', source: '社保' };
      await people.saveRecords([{ idNumber: line.idNumber, record }], clock.now());
      const videos = [1, 2, 3].map((n) => ({ id: `v${n}`, durationMs: 120_000, sha256: `late-${n}` }));
      evidence.set(id, { ...none, videos, materials: ['sign-in-sheets', 'certificate-list'] });
      await asApplicant(enterprise, 'PUT /claims/{claimId}/roster', { path: { claimId: id }, body: { lines: [line] } });
      await world.issueCompletions(id);
      return id;
    },

    /** The bureau has issued every completion certificate of the roster, as the roster names them, and none twice. */
    async issueCompletions(claimId: string): Promise<void> {
      const claim = await find(claimId);
      const { tenant, classId } = claim;
      for (const entry of await deps.rosters.entries(claim)) {
        const { certificates } = await openLine(personal, { tenant, claimId }, entry);
        const completion = certificates.find(({ kind }) => kind === 'training-completion');
        if (completion === undefined || classId === undefined) continue;
        const { number } = completion;
        const Item = { pk: `CERTIFICATENUMBER#${number}`, sk: 'META', number, classId, personHash: entry.personHash };
        const { Item: there } = await table.client.send(
          new GetCommand({ TableName: table.name, Key: { pk: Item.pk, sk: Item.sk } }),
        );
        if (there === undefined) await table.client.send(new PutCommand({ TableName: table.name, Item }));
      }
    },

    async submit(claimId: string, as: Principal = enterprise): Promise<void> {
      const answer = await asApplicant(as, 'POST /claims/{claimId}/submission', { path: { claimId } });
      if (answer.status !== 200) throw new Error(`not submitted: ${JSON.stringify(answer.body)}`);
    },

    async submitted(lines: readonly RosterLine[], as: Principal = enterprise): Promise<string> {
      const id = await world.draft(lines, as);
      await world.submit(id, as);
      return id;
    },

    async assessed(lines: readonly RosterLine[], as: Principal = enterprise): Promise<string> {
      const id = await world.submitted(lines, as);
      await world.assess(id);
      return id;
    },

    /** What an officer sends with his word on a claim: the version that he has before him, here the current one. */
    async asRead(claimId: string, word: object = {}): Promise<{ version: number }> {
      return { version: (await find(claimId)).version, ...word };
    },

    async endorsed(lines: readonly RosterLine[]): Promise<string> {
      const id = await world.assessed(lines);
      const body = await world.asRead(id);
      const answer = await atDesk(officerLin, 'POST /claims/{claimId}/endorsement', { path: { claimId: id }, body });
      if (answer.status !== 200) throw new Error(`not endorsed: ${JSON.stringify(answer.body)}`);
      return id;
    },

    async approve(claimId: string, as: Principal = officerZhou) {
      return atDesk(as, 'POST /claims/{claimId}/approval', { path: { claimId }, body: await world.asRead(claimId) });
    },

    async allot(account: string, fen: number, reference: string) {
      const body = { fen, reference, reason: '年初拨入' };
      return askAs(funds)(finance, 'POST /funds/{account}/allotments', { path: { account }, body });
    },

    lines: async (claimId: string): Promise<LineRecord[]> => deps.lines.all(claimId),

    async states(claimId: string): Promise<string[]> {
      return (await deps.lines.all(claimId)).map(({ st }) => st);
    },

    async quota(idNumber: string, year = 2021): Promise<string[]> {
      const found = await item(quotaKey(await personal.hash(idNumber), year));
      return [...((found?.['lines'] as Set<string> | undefined) ?? [])].toSorted();
    },

    /** A filed and accepted class of the enterprise. */
    async acceptedClass(
      more: Record<string, unknown> = {},
      filedPeople: readonly { name: string; idNumber: string }[] = [],
    ): Promise<string> {
      const trainees = filedPeople.map(({ name, idNumber }) => ({ name, idNumber }));
      const id = idFromCause('class', JSON.stringify(more));
      const content = { ...classContent, ...more } as never;
      const draft = { id, tenant: enterprise.tenant, applicantName: '奥科', authority: 'hr-bureau/lucheng', content };
      const record = await deps.classes.create(draft, trainees, by, clock.now());
      const { authority } = draft;
      const filing = { authority, filedOn: '2021-04-01', dueAt: clock.now() };
      const filed = await deps.classes.file(record, filing, by, clock.now());
      const accepted = {
        contentVersion: 1,
        content,
        enrolled: 24,
        filedOn: '2021-04-01',
        acceptedBy: by,
        acceptedAt: '2021-04-02T01:00:00.000Z',
      };
      await deps.classes.accept(filed, accepted, false, '受理');
      return id;
    },

    /** Everything that must hold of a claim and its people, whatever happened (I2, I3, I7, I8). */
    async demandSound(...claimIds: string[]): Promise<void> {
      const held = new Map<string, Set<string>>();
      for (const claimId of claimIds) {
        const claim = await find(claimId);
        const lines = await deps.lines.all(claimId);
        const audit = (await items(`AUDIT#${claimId}`, '')) as unknown as AuditRecord[];
        for (const entity of ['META', ...lines.map(({ lineNo }) => `LINE#${String(lineNo).padStart(4, '0')}`)]) {
          const records = audit.filter((record) => record.entity === entity);
          const head = entity === 'META' ? claim : lines.find(({ lineNo }) => Number(entity.slice(5)) === lineNo);
          const chain = records.map((record) => {
            const { pk: _pk, sk: _sk, type: _type, ...rest } = record as AuditRecord & Item;
            return rest;
          });
          const faults = head === undefined ? ['absent'] : verifyChain(entity, chain, head);
          if (faults.length > 0) throw new Error(`audit chain of ${entity}: ${JSON.stringify(faults)}`);
        }
        for (const line of lines) {
          const reference = `${claimId}#${String(line.lineNo).padStart(4, '0')}`;
          const isLive = liveLineStates.includes(line.st);
          if (isLive !== (line.holds !== undefined)) throw new Error(`${reference} is ${line.st} and holds wrongly`);
          const key = quotaKey(line.personHash, line.holds?.quotaYear ?? 2021).pk;
          const own = held.get(key) ?? new Set<string>();
          if (isLive) own.add(reference);
          held.set(key, own);
          const { occupationLock, classLock, certificateHashes = [] } = line.holds ?? {};
          if (occupationLock !== undefined) {
            const pk = `PERSON#${line.personHash}#${occupationLock.occupation}#${occupationLock.level}`;
            const lock = await item({ pk, sk: 'LOCK' });
            if (lock?.['line'] !== reference) throw new Error(`${reference} lacks its occupation lock`);
          }
          if (classLock !== undefined) {
            const lock = await item({ pk: `PERSON#${line.personHash}`, sk: `CLASS#${classLock}` });
            const those = (lock?.['lines'] as Set<string> | undefined) ?? new Set();
            if (lock?.['claimId'] !== claimId || !those.has(reference))
              throw new Error(`${reference} lacks its class lock`);
          }
          for (const certificateHash of certificateHashes) {
            const lock = await item({ pk: `CERTIFICATE#${certificateHash}`, sk: 'LOCK' });
            if (lock?.['line'] !== reference) throw new Error(`${reference} lacks its certificate lock`);
          }
        }
      }
      for (const [pk, references] of held) {
        const stored = await item({ pk, sk: 'QUOTA' });
        const lines = [...((stored?.['lines'] as Set<string> | undefined) ?? [])];
        const ours = lines.filter((reference) => claimIds.includes(reference.split('#')[0] ?? ''));
        if (lines.length > 3) throw new Error(`${pk} has ${lines.length} subsidies`);
        if (ours.toSorted().join() !== [...references].toSorted().join()) {
          throw new Error(`${pk} counts ${ours.join()} where ${[...references].join()} live`);
        }
      }
    },
  };
  return world;
}

export type ClaimWorld = Awaited<ReturnType<typeof openClaimWorld>>;

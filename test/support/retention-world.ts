import { GetObjectRetentionCommand, PutObjectRetentionCommand } from '@aws-sdk/client-s3';
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { createHandler } from '../../functions/settle-payments/handler.ts';
import { createEndedClaimsTable } from '../../shared/aws/ended-claims-table.ts';
import { createPersonalData } from '../../shared/aws/keyed-personal-data.ts';
import { ephemeralKeyring } from '../../shared/aws/keyring.ts';
import { createOrganisationTable } from '../../shared/aws/organisation-table.ts';
import { createPaymentTable } from '../../shared/aws/payment-table.ts';
import { createEvidenceLocks } from '../../shared/aws/s3-evidence-locks.ts';
import type { Key } from '../../shared/aws/table.ts';
import { type EvidenceReference, evidenceKey } from '../../shared/evidence/evidence-key.ts';
import type { AuditRecord } from '../../shared/supervision/audit-chain.ts';
import { evidenceBucket, openEvidenceWorld, pdf, someBytes } from './evidence-world.ts';

/** The evidence functions, and the schedule that locks the evidence of claims that ended for five years more. */
export async function openRetentionWorld() {
  const world = await openEvidenceWorld();
  const { client, clock, evidence, workerEdge } = world;
  const { table } = world.engine;
  const personal = createPersonalData(ephemeralKeyring());
  const payments = createPaymentTable(table, personal, createOrganisationTable(table, personal));
  const handler = createHandler({
    payments,
    endedClaims: createEndedClaimsTable(table),
    evidence,
    locks: createEvidenceLocks(client, evidenceBucket),
    retentionYears: 5,
    clock,
    log: workerEdge.log,
    metrics: workerEdge.metrics,
  });
  const run = async (): Promise<{ count: number; failed: number }> => handler({}, {} as never);

  /** A video and a paper of a claim that still takes some, both verified at the time of the clock. */
  const verifiedUploads = async (claimId: string): Promise<EvidenceReference[]> => {
    const paper = pdf(claimId);
    const uploads = [
      await world.upload(claimId, someBytes(2000, claimId)),
      await world.upload(claimId, paper, world.declarePdf(paper)),
    ];
    const failed = await world.deliver(world.worker, ...uploads);
    if (failed.length > 0) throw new Error('uploads were not verified');
    return uploads;
  };

  const found = async (reference: EvidenceReference) => {
    const upload = await evidence.find(reference);
    if (upload?.kept === undefined) throw new Error('no such evidence');
    return { ...upload, kept: upload.kept };
  };
  const placeOf = async (reference: EvidenceReference) => {
    const { kept } = await found(reference);
    return { Bucket: evidenceBucket, Key: evidenceKey(reference), VersionId: kept.versionId };
  };
  const lockOf = async (reference: EvidenceReference) => {
    const { Retention } = await client.send(new GetObjectRetentionCommand(await placeOf(reference)));
    if (Retention?.Mode !== 'COMPLIANCE') throw new Error('no compliance lock');
    return Retention.RetainUntilDate?.toISOString();
  };
  /** Locks it by hand, as somebody with the right to may. */
  const lockUntil = async (reference: EvidenceReference, until: Date) => {
    const Retention = { Mode: 'COMPLIANCE', RetainUntilDate: until } as const;
    await client.send(new PutObjectRetentionCommand({ ...(await placeOf(reference)), Retention }));
  };
  const locksOf = async (uploads: EvidenceReference[]) => Promise.all(uploads.map(lockOf));

  /** An item of the table as it is now. */
  const itemAt = async (key: Key) => {
    const get = new GetCommand({ TableName: table.name, Key: key, ConsistentRead: true });
    return (await table.client.send(get)).Item;
  };
  const chainOf = async (claimId: string, evidenceId: string): Promise<AuditRecord[]> => {
    const { Items = [] } = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
        ExpressionAttributeValues: { ':pk': `AUDIT#${claimId}`, ':sk': `EVIDENCE#${evidenceId}` },
      }),
    );
    return Items.map(({ pk: _pk, sk: _sk, type: _type, ...record }) => record as AuditRecord);
  };

  /** Counts the calls that set a lock, and lets them fail before or after their effect where told to. */
  const watchLocks = (crash?: { at: number; place: 'before' | 'after' }) => {
    let calls = 0;
    client.middlewareStack.add(
      (next, context) => async (args) => {
        if (context['commandName'] !== 'PutObjectRetentionCommand') return next(args);
        calls += 1;
        if (crash?.at !== calls) return next(args);
        if (crash.place === 'after') await next(args);
        throw new Error('crash');
      },
      { step: 'initialize', name: 'watch-locks', override: true },
    );
    return () => {
      client.middlewareStack.remove('watch-locks');
      return calls;
    };
  };

  return {
    ...world,
    chainOf,
    found,
    itemAt,
    lockOf,
    locksOf,
    lockUntil,
    payments,
    personal,
    run,
    verifiedUploads,
    watchLocks,
  };
}

export type RetentionWorld = Awaited<ReturnType<typeof openRetentionWorld>>;

import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Evidence, VerifiedEvidence } from '../evidence/evidence.ts';
import type { EvidenceReference } from '../evidence/evidence-key.ts';
import { evidenceMoves, isSettled } from '../evidence/evidence-states.ts';
import type { EvidenceChange, EvidenceStore, SimilarEvidence } from '../evidence/evidence-store.ts';
import { statesThatTakeEvidence } from '../evidence/open-claim.ts';
import { countedEvidence } from '../evidence/same-recording.ts';
import { worklistPartition } from '../worklist/worklist-kinds.ts';
import {
  claimFileSchema,
  classPeriodSchema,
  evidenceItemKey,
  evidencePrefix,
  readEvidenceItem,
} from './evidence-items.ts';
import { readItem, readPartition } from './read.ts';
import type { Item, Table } from './table.ts';
import { creation, transition, type WriteItem, writeAll } from './transition.ts';

/** Verified evidence of a claim, as assessment takes it. */
export interface VerifiedEvidenceReader {
  verifiedEvidence(claimId: string): Promise<VerifiedEvidence>;
}

const fingerprintSchema = z.object({ claimId: z.string(), evidenceId: z.string() });

/** The states in which a move may start, named in the write itself: the table refuses every other. */
function permitted({ move, at, onlyIfExpired }: EvidenceChange): { expression: string; values: Item } {
  const { from } = evidenceMoves[move];
  const states = `#st IN (${from.map((_, i) => `:p${i}`).join(', ')})`;
  const values: Item = Object.fromEntries(from.map((state, i) => [`:p${i}`, state]));
  if (onlyIfExpired !== true) return { expression: states, values };
  return { expression: `${states} AND expiresAt <= :now`, values: { ...values, ':now': at.toISOString() } };
}

/** Uploads in the table, beside the claim they belong to. All reads are consistent. */
export function createEvidenceTable(table: Table): EvidenceStore & VerifiedEvidenceReader {
  const find = async (reference: EvidenceReference): Promise<Evidence | undefined> => {
    const item = await readItem(table, evidenceItemKey(reference), z.unknown());
    return item === undefined ? undefined : readEvidenceItem(item);
  };

  const list = async (claimId: string): Promise<Evidence[]> => {
    const found: Evidence[] = [];
    for await (const item of readPartition(table, `CLAIM#${claimId}`, evidencePrefix)) {
      found.push(readEvidenceItem(item));
    }
    // Oldest first; the ids are random.
    const age = ({ createdAt, id }: Evidence) => `${createdAt} ${id}`;
    return found.toSorted((a, b) => (age(a) < age(b) ? -1 : 1));
  };

  const keyOf = ({ claimId, id }: Evidence) => evidenceItemKey({ claimId, evidenceId: id });

  /** Writes attributes that are no part of the upload's state: no transition, hence no version and no record. */
  const note = async (
    evidence: Evidence,
    update: string,
    condition: string,
    values: Record<string, string>,
  ): Promise<boolean> => {
    try {
      await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: keyOf(evidence),
          UpdateExpression: update,
          ConditionExpression: condition,
          ExpressionAttributeValues: values,
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };
  const awaiting = { ':awaiting': 'awaiting-upload' };

  /** Holds only while the claim takes evidence: it may be submitted in the very moment. */
  const claimTakesEvidence = (claimId: string): WriteItem => ({
    ConditionCheck: {
      TableName: table.name,
      Key: { pk: `CLAIM#${claimId}`, sk: 'META' },
      ConditionExpression: `st IN (${statesThatTakeEvidence.map((_, i) => `:c${i}`).join(', ')})`,
      ExpressionAttributeValues: Object.fromEntries(statesThatTakeEvidence.map((state, i) => [`:c${i}`, state])),
    },
  });

  const putFingerprint = (hash: string, { claimId, id }: Evidence): WriteItem => ({
    Put: {
      TableName: table.name,
      Item: { pk: `FINGERPRINT#${hash}`, sk: `CLAIM#${claimId}#${id}`, type: 'fingerprint', claimId, evidenceId: id },
    },
  });

  return {
    find,
    list,

    async claim(claimId) {
      const item = await readItem(table, { pk: `CLAIM#${claimId}`, sk: 'META' }, claimFileSchema);
      return item === undefined ? undefined : { id: claimId, ...item };
    },

    async classPeriod(classId) {
      const item = await readItem(table, { pk: `CLASS#${classId}`, sk: 'META' }, classPeriodSchema);
      return item?.accepted?.content ?? item?.content;
    },

    async create({ multipart, ...evidence }, now, lookAgainAt) {
      const reference = { claimId: evidence.claimId, evidenceId: evidence.id };
      const { kind, sizeBytes, sha256, requestedBy: by } = evidence;
      const item = {
        ...evidenceItemKey(reference),
        type: 'evidence',
        ...evidence,
        ...multipart,
        st: 'awaiting-upload',
        wpk: worklistPartition({ kind: 'evidence', state: 'awaiting-upload' }),
        wsk: lookAgainAt.toISOString(),
      };
      const facts = { kind, sizeBytes, sha256 };
      const at = now.toISOString();
      const writes = creation(table, evidence.claimId, item, { action: 'upload-requested', by, at, facts });
      const result = await writeAll(table, [...writes, claimTakesEvidence(evidence.claimId)]);
      const stored = await find(reference);
      if (stored === undefined && result.kind === 'done') throw new Error('upload vanished after it was written');
      return stored;
    },

    async keepUploadId(evidence, uploadId) {
      const before = evidence.multipart?.uploadId;
      const unchanged = before === undefined ? 'attribute_not_exists(uploadId)' : 'uploadId = :before';
      return note(evidence, 'SET uploadId = :id', `st = :awaiting AND ${unchanged}`, {
        ...awaiting,
        ':id': uploadId,
        ...(before === undefined ? {} : { ':before': before }),
      });
    },

    async prolong(evidence, expiresAt) {
      const values = { ...awaiting, ':expiry': expiresAt.toISOString() };
      await note(evidence, 'SET expiresAt = :expiry', 'st = :awaiting', values);
    },

    async lookAgain(evidence, at) {
      await note(evidence, 'SET wsk = :at', 'st = :awaiting', { ...awaiting, ':at': at.toISOString() });
    },

    async takeInHand(evidence, at, until) {
      const free = '(attribute_not_exists(inHandUntil) OR inHandUntil <= :at)';
      return note(evidence, 'SET inHandUntil = :until', `st IN (:awaiting, :uploaded) AND ${free}`, {
        ...awaiting,
        ':uploaded': 'uploaded',
        ':at': at.toISOString(),
        ':until': until.toISOString(),
      });
    },

    async letGo(evidence, until) {
      await note(evidence, 'REMOVE inHandUntil', 'inHandUntil = :until', { ':until': until.toISOString() });
    },

    async move(evidence, change) {
      const { to } = evidenceMoves[change.move];
      const { video, kept, rejection, sourceVersionId } = change.set ?? {};
      const facts = {
        sourceVersionId,
        keptVersionId: kept?.versionId,
        lockedUntil: kept?.lockedUntil,
        durationMs: video?.durationMs,
        verdict: video?.verdict,
        code: rejection?.code,
        sha256: to === 'verified' ? evidence.sha256 : undefined,
      };
      const at = change.at.toISOString();
      const writes = transition(table, {
        chain: evidence.claimId,
        entity: { ...evidence, key: keyOf(evidence) },
        to,
        audit: {
          action: change.move,
          by: change.by,
          at,
          ...(change.reason === undefined ? {} : { reason: change.reason }),
          facts,
        },
        set: {
          ...change.set,
          ...(to === 'uploaded' && change.lookAgainAt !== undefined
            ? { wpk: worklistPartition({ kind: 'evidence', state: 'uploaded' }), wsk: change.lookAgainAt.toISOString() }
            : {}),
        },
        // The parts' hashes have done their service; of a large file they are most of the item.
        remove: isSettled(to) ? ['wpk', 'wsk', 'inHandUntil', 'uploadId', 'partSizeBytes', 'partSha256'] : [],
        condition: permitted(change),
      });
      const index = (change.fingerprints ?? []).map((hash) => putFingerprint(hash, evidence));
      return (await writeAll(table, [...writes, ...index])).kind === 'done';
    },

    async elsewhere(fingerprints, claimId) {
      const found = new Map<string, SimilarEvidence>();
      for (const hash of fingerprints) {
        for await (const item of readPartition(table, `FINGERPRINT#${hash}`, 'CLAIM#')) {
          const other = fingerprintSchema.parse(item);
          if (other.claimId === claimId) continue;
          const key = `${other.claimId}#${other.evidenceId}`;
          found.set(key, { ...other, shared: [...(found.get(key)?.shared ?? []), hash] });
        }
      }
      return [...found.values()];
    },

    async verifiedEvidence(claimId) {
      return countedEvidence(await list(claimId));
    },
  };
}

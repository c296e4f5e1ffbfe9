import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { systemActor } from '../../shared/access/actor.ts';
import { claimIndexKeys, claimStateKeys, lineIndexKeys } from '../../shared/aws/claim-items.ts';
import { certificateLockKey, escrowKey, occupationLockKey } from '../../shared/aws/entitlement-keys.ts';
import { quotaKey } from '../../shared/aws/person-table.ts';
import type { Table } from '../../shared/aws/table.ts';
import { creation, writeAllOrThrow } from '../../shared/aws/transition.ts';
import { lineReference } from '../../shared/claims/entitlement-store.ts';
import type { Level, Programme, Route } from '../../shared/regulation/contract.ts';

const at = '2021-12-10T01:00:00.000Z';
const by = systemActor('test');
const officer = (subject: string) => ({ subject, tenant: 'hr-bureau/lucheng', role: 'officer', name: subject });

/** A line of the claim: reserved with its amount, or refused by the rule named. */
export interface SeededLine {
  fen?: number;
  refusedBy?: string;
  name?: string;
  occupation?: string;
  level?: Level;
}

/** What a test wants of the claim; the rest is an ordinary approved claim of project training. */
export interface ApprovedClaim {
  id: string;
  name?: string;
  tenant?: string;
  authority?: string;
  programme?: Programme;
  route?: Route;
  subject?: string;
  lines: readonly SeededLine[];
  /** What the claim says of its own approved sum, where it is to be wrong. */
  approvedFen?: number;
  batchOfYear?: number;
}

/** 26 characters from a short name, as claim ids are. */
export function claimId(name: string): string {
  return `C${name.toUpperCase()}`.padEnd(26, '0').replace(/[^0-9A-HJKMNP-TV-Z]/g, '0');
}

async function seedLine(table: Table, claim: ApprovedClaim, lineNo: number, line: SeededLine): Promise<void> {
  const { id, programme = 'project' } = claim;
  const personHash = `person-${id}-${lineNo}`;
  const { occupation = programme === 'project' ? '电梯安装维修工' : '保育员', level = 'junior', refusedBy } = line;
  const name = line.name ?? `学员${lineNo}`;
  const lockLevel = programme === 'qualification' ? level : '-';
  const finding = {
    rule: refusedBy ?? 'age.working',
    article: '五(一)',
    correctable: false,
    message: '…',
    facts: {},
    outcome: refusedBy === undefined ? 'pass' : 'fail',
  };
  const certificateHash = `certificate-${id}-${lineNo}`;
  const item = {
    ...lineIndexKeys({
      claimId: id,
      lineNo,
      personHash,
    }),
    type: 'line',
    st: refusedBy === undefined ? 'reserved' : 'refused',
    claimId: id,
    lineNo,
    lineId: `L${lineNo}`,
    name,
    personHash,
    idMasked: '330*************12',
    findings: [finding],
    basis: '',
    round: 1,
    rosterId: 'r',
    assessed: {
      fen: line.fen ?? 0,
      by,
      at,
      why: '核算',
    },
    declared: {
      id: `L${lineNo}`,
      name,
      statusVerified: true,
      certificates: [
        {
          kind: programme === 'qualification' ? 'skill-level' : 'training-completion',
          issuedOn: '2021-11-01',
          issuer: 'local-assessor',
          numberMasked: '…12',
          ...(programme === 'qualification'
            ? {
                occupation,
                level,
              }
            : {}),
        },
      ],
    },
    sealed: {
      idNumber: 'v1.x',
      certificates: ['v1.y'],
    },
    ...(refusedBy === undefined
      ? {
          holds: {
            quotaYear: 2021,
            occupationLock: {
              occupation,
              level: lockLevel,
            },
            certificateHashes: [certificateHash],
          },
        }
      : {}),
  };
  await writeAllOrThrow(table, creation(table, id, item, { action: 'line-seeded', by, at }));
  if (refusedBy !== undefined) return;
  const reference = lineReference(id, lineNo);
  const put = async (Item: Record<string, unknown>) =>
    table.client.send(new PutCommand({ TableName: table.name, Item }));
  await put({ ...quotaKey(personHash, 2021), lines: new Set([reference]) });
  await put({ ...occupationLockKey(personHash, occupation, lockLevel), line: reference });
  await put({ ...certificateLockKey(certificateHash), line: reference });
}

/** Puts a claim into the table as approval leaves it: on the worklist of notices, its money escrowed, its lines reserved. */
export async function seedApprovedClaim(table: Table, claim: ApprovedClaim): Promise<string> {
  const { id, lines, tenant = 'ent-aoke', authority = 'hr-bureau/lucheng', programme = 'project' } = claim;
  const { route = 'enterprise', name = '温州奥科阀门有限公司', subject } = claim;
  const reserved = lines.filter(({ refusedBy }) => refusedBy === undefined);
  const total = reserved.reduce((sum, { fen = 0 }) => sum + fen, 0);
  const keys = claimStateKeys({ id, authority, submittedOn: '2021-11-22' }, 'approved', { attentionAt: at, now: at });
  const isProject = programme === 'project';
  const item = {
    ...claimIndexKeys({
      id,
      tenant,
      createdAt: at,
    }),
    ...keys.set,
    type: 'claim',
    st: 'approved',
    id,
    tenant,
    applicantName: name,
    authority,
    fundAccount: 'lucheng',
    payee: 'applicant',
    programme,
    route,
    edition: 'wenzhou-2020-58',
    lineCount: lines.length,
    submittedOn: '2021-11-22',
    createdBy: by,
    endorsedBy: officer('lin'),
    approvedBy: officer('zhou'),
    endorsedAt: at,
    approvedAt: at,
    rosterId: 'r',
    ...((subject ?? (isProject ? '电梯安装维修工' : undefined)) ? { subject: subject ?? '电梯安装维修工' } : {}),
    approvedFen: claim.approvedFen ?? total,
    approvedLines: reserved.length,
    openObjections: 0,
    declaration: {},
    nextLineNo: lines.length + 1,
    round: 1,
    submissions: [],
    reservedLines: reserved.length,
    referredLines: 0,
    refusedLines: lines.length - reserved.length,
    reservedFen: total,
    reviewCount: 0,
    escrowed: true,
    facts: {
      applicant: {
        id: tenant,
        name,
        kind: route === 'individual' ? 'individual' : 'enterprise',
        ...(claim.batchOfYear === undefined
          ? {}
          : {
              studio: {
                level: 'city',
                hostKind: 'enterprise',
                batchOfYear: claim.batchOfYear,
              },
            }),
      },
      ...(route === 'individual' || route === 'competition'
        ? {}
        : {
            class: {
              id: 'K',
              district: 'lucheng',
              filedOn: '2021-09-01',
              filingAccepted: true,
              startsOn: '2021-10-11',
              endsOn: '2021-10-22',
              hours: 80,
              enrolled: lines.length + 2,
            },
          }),
      materials: [],
      videos: [],
    },
  };
  await writeAllOrThrow(table, creation(table, id, item, { action: 'claim-seeded', by, at }));
  await table.client.send(
    new PutCommand({
      TableName: table.name,
      Item: { ...escrowKey(id), type: 'escrow', account: 'lucheng', fen: total, openFen: total },
    }),
  );
  for (const [index, line] of lines.entries()) await seedLine(table, claim, index + 1, line);
  return id;
}

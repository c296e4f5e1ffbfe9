import { type Key, lineSortKey } from './table.ts';

/*
 * The items by which rival claims exclude each other (四(二)). Each belongs to one person or one certificate, so that
 * claims which name different people never wait for each other.
 */

/** Once per person, occupation (project, course) and level for life; `-` stands for no level. */
export function occupationLockKey(personHash: string, occupation: string, level: string): Key {
  return { pk: `PERSON#${personHash}#${occupation}#${level}`, sk: 'LOCK' };
}

/** One class pays a person once: it names the lines of one claim. */
export function classLockKey(personHash: string, classId: string): Key {
  return { pk: `PERSON#${personHash}`, sk: `CLASS#${classId}` };
}

/** One certificate pays once. */
export function certificateLockKey(certificateHash: string): Key {
  return { pk: `CERTIFICATE#${certificateHash}`, sk: 'LOCK' };
}

/** An entry of a claim's ledger; entries are put once and never changed. Line 0 is the claim as a whole. */
export function entryKey(claimId: string, lineNo: number, kind: string, sequence: number): Key {
  const line = String(lineNo).padStart(4, '0');
  return { pk: `CLAIM#${claimId}`, sk: `ENTRY#${line}#${kind}#${String(sequence).padStart(8, '0')}` };
}

export function lineKey(claimId: string, lineNo: number): Key {
  return { pk: `CLAIM#${claimId}`, sk: lineSortKey(lineNo) };
}

export function claimKey(claimId: string): Key {
  return { pk: `CLAIM#${claimId}`, sk: 'META' };
}

export function escrowKey(claimId: string): Key {
  return { pk: `CLAIM#${claimId}`, sk: 'ESCROW' };
}

export function balanceKey(account: string): Key {
  return { pk: `FUND#${account}#0`, sk: 'BALANCE' };
}

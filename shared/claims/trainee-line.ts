import type { Finding, TraineeLine } from '../regulation/contract.ts';
import type { StatedAmount } from './claim.ts';
import type { LineState } from './claim-states.ts';

/** The facts of a line as the roster gave them, without the person's numbers, which are kept sealed. */
export type DeclaredLine = Omit<TraineeLine, 'idNumber' | 'card' | 'certificates'> & {
  /** The card's financial function is activated; absent where the roster names no card. */
  cardActivated?: boolean;
  certificates: (Omit<TraineeLine['certificates'][number], 'number'> & { numberMasked: string })[];
};

/** A stored trainee line (学员明细). Its number is its place in the roster, from 1, and never changes. */
export interface StoredLine {
  claimId: string;
  lineNo: number;
  /** The applicant's own id of the line. */
  lineId: string;
  st: LineState;
  version: number;
  auditHead: string;
  name: string;
  /** Keyed hash of the canonical identity number. */
  personHash: string;
  /** Identity number with its birth date hidden, for replies. */
  idMasked: string;
  findings: Finding[];
  basis: string;
  /** The four amounts: claimed 申请, assessed 核算, approved 核准, paid 拨付. */
  claimed?: StatedAmount;
  assessed?: StatedAmount;
  approved?: StatedAmount;
  paid?: StatedAmount;
  /** What the reservation took and a release gives back; absent while the line holds nothing. */
  holds?: LineHolds;
}

/** Everything of a person that a reserved line occupies (四(二)). */
export interface LineHolds {
  /** The natural year whose three subsidies it counts towards. */
  quotaYear: number;
  /** Occupation or project, and level (`-` when it has none); absent when the line has no repeat key. */
  occupationLock?: { occupation: string; level: string };
  /** The class whose training it pays; absent where an occupation and level alone bound the grant, or there is no class. */
  classLock?: string;
  /** Keyed hashes of the certificates that earned it; absent where there are none. */
  certificateHashes?: string[];
}

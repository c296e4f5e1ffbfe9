import type { Actor } from '../access/actor.ts';
import type { Assessment, Programme, Route } from '../regulation/contract.ts';
import type { ClaimState } from './claim-states.ts';

/** One of the four amounts of a line or claim (申请、核算、核准、拨付), never overwritten by another: what, who, when, why. */
export interface StatedAmount {
  /** Fen (分). */
  fen: number;
  by: Actor;
  /** ISO instant. */
  at: string;
  why: string;
}

/** A subsidy claim (补贴申请) as everybody but its own use cases needs it. */
export interface Claim {
  id: string;
  st: ClaimState;
  version: number;
  auditHead: string;
  createdAt: string;
  updatedAt: string;
  /** The applicant's organisation or person id. */
  tenant: string;
  applicantName: string;
  /** Who handles it: `hr-bureau/<district>` or `industry-department/<level>/<district>/<name>`. */
  authority: string;
  /** Whose special account (专账) pays: a district of the edition. */
  fundAccount: string;
  payee: 'trainee' | 'applicant';
  programme: Programme;
  route: Route;
  edition: string;
  classId?: string;
  /** The class's project or course, for notices. */
  subject?: string;
  lineCount: number;
  /** Calendar date in Asia/Shanghai; set by the first submission and kept through returns (二(一)). */
  submittedOn?: string;
  createdBy: Actor;
  endorsedBy?: Actor;
  approvedBy?: Actor;
  /** What the assessment as a whole came to, and its claim-level findings. */
  assessment?: {
    outcome: Assessment['outcome'];
    findings: Assessment['findings'];
    totals: Assessment['totals'];
    assessedAt: string;
    /** How many publications had changed annexes 1 and 2 then: which catalogue (补贴目录) decided; 0 as printed. */
    catalogueVersion: number;
    /** How many lists of shortage occupations (紧缺职业（工种）目录) were published then. */
    shortageVersion: number;
  };
  /** Sum and count of the lines approved; what the notice shows and the account pays. */
  approvedFen?: number;
  approvedLines?: number;
  noticeId?: string;
  /** Objections (异议) not yet decided; while there is one, nothing of this claim is cleared. */
  openObjections: number;
  /** Why it came back, per document and line (补正通知). */
  returnReasons?: { path: string; message: string }[];
  /** When somebody must have acted, ISO instant. */
  dueAt?: string;
}

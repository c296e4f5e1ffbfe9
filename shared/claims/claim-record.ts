import type { Actor } from '../access/actor.ts';
import type { Applicant, MaterialKind, MeasuredVideo, TrainingClass } from '../regulation/contract.ts';
import type { Claim } from './claim.ts';

/** What the applicant states for this claim alone; the rest is known from the register and the class filing. */
export interface ClaimDeclaration {
  /** 向学员收费, 一(六) */
  chargedTrainees?: boolean;
  /** 技能竞赛: 组织选送地, 一(一)2(1)② */
  competition?: { organiserDistrict: string };
}

/** The facts by which a submission is judged, as they were on that day: an appeal years later finds them unchanged. */
export interface SubmittedFacts {
  applicant: Applicant;
  class?: TrainingClass;
  materials: MaterialKind[];
  videos: MeasuredVideo[];
}

/** One hand-in of a claim: which roster, by whom, when. */
export interface Submission {
  rosterId: string;
  by: Actor;
  /** ISO instant */
  at: string;
}

/** Work on lines that a decided claim still owes: giving back what they hold, line by line. */
export type LineWork = 'reopen' | 'release';

/** What a refusal of a whole claim rests on. */
export interface RefusalGrounds {
  /** Article of the regulation, such as 一(二)1. */
  article: string;
  reason: string;
}

/** A claim with what its own use cases need besides: drafts, rounds of assessment, review. */
export interface ClaimRecord extends Claim {
  declaration: ClaimDeclaration;
  /** The stored roster in force; absent until the first one is put in. */
  rosterId?: string;
  /** The number that the next new line will get; numbers are never given twice. */
  nextLineNo: number;
  /**
   * Counts how often lines were taken back. A line of an older round holds what an earlier assessment gave it, and is
   * reopened before it is judged again; so a worker that was taken for dead can decide nothing any more.
   */
  round: number;
  submissions: Submission[];
  facts?: SubmittedFacts;
  lineWork?: LineWork;
  /** Lines by state after the assessment and the officers' decisions, and the sum of the reserved ones in fen. */
  reservedLines: number;
  referredLines: number;
  refusedLines: number;
  reservedFen: number;
  /** Officers' decisions on single lines so far: an endorsement holds only for the count that it has seen. */
  reviewCount: number;
  /** Subjects of the officers who decided lines: none of them may approve. */
  reviewers: string[];
  endorsedAt?: string;
  /** The endorsement (初核) proposes to refuse the whole claim: it is then refused or sent back, never approved. */
  proposedRefusal?: RefusalGrounds;
  approvedAt?: string;
  /** Why the whole claim was refused by officers (不予补贴), whatever its lines are. */
  refusal?: RefusalGrounds & { by: Actor; at: string };
  /** The account's money is set aside for this claim: a release gives a line's part back to it. */
  escrowed: boolean;
  /** The batch that pays this claim, and the how-manieth attempt it is. */
  payment?: { batchId: string; attempt: number };
  /** What an officer has put right of the words of its row before its notice (公示用语); figures are never typed. */
  rowWording?: { unitName?: string; subject?: string; remark?: string };
  /** The department's fund application (资金申请表) that covers this claim. */
  applicationId?: string;
}

/** What a story tells of one trainee line (学员明细): what is put in, what the register says, and where it ends. */
export interface StoryLine {
  /** As `PUT /claims/{claimId}/roster` takes it. */
  line: { id: string; name: string; idNumber: string } & Record<string, unknown>;
  /** What shared registers say of the person (共享数据); absent where the route asks for none. */
  sharedRecord?: Record<string, unknown>;
  /** The rules refuse it by an outdated shared record, and an officer grants it against them. */
  isOverridden?: true;
  /** The subsidy by annex 1 and part 一, fen. */
  fen: number;
  ends: 'paid' | 'released' | 'recovered';
}

/** What befalls a claim beside the plain way from filing to paid. */
export type Turn =
  | 'returned'
  | 'waits-for-funds'
  | 'objection-upheld'
  | 'objection-dismissed'
  | 'bounced'
  | 'unit-bounced'
  | 'recovered'
  | 'two-step-payment';

/** One route of 温人社发〔2020〕58号 as it is played: one applicant, at most one class, one claim. */
export interface RouteStory {
  programme: string;
  route: string;
  /** `facts` as an officer registers them; `tenant` is the id in the applicant's tokens. */
  applicant: { tenant: string; facts: { name: string; kind: string } & Record<string, unknown> };
  /** Who takes the claim, as its people's tokens carry it. */
  authority: string;
  /** The special account (专账) that pays, 三(三). */
  account: string;
  payee: 'trainee' | 'applicant';
  training?: {
    district: string;
    hours: number;
    subject?: string;
    entrustedBy?: { department: string; level: 'city' | 'district'; district: string };
  };
  /** What the claim itself declares. */
  declaration?: Record<string, unknown>;
  /** The papers that are uploaded; forms that the product prints are not. */
  papers: readonly string[];
  /** Whether three teaching videos are asked for. */
  videos?: true;
  lines: readonly StoryLine[];
  turn?: Turn;
}

/** A story under way: what the cloud has given it. */
export interface Carried {
  story: RouteStory;
  classId?: string;
  claimId: string;
}

export const storyName = ({ programme, route }: RouteStory): string => `${programme}/${route}`;

import type { Actor } from '../access/actor.ts';
import type { ClaimRecord } from '../claims/claim-record.ts';
import type { LineRecord } from '../claims/line-record.ts';
import type { NoticeMember, NoticeRecord, NoticeSeries, NoticeTotals, PublishedNotice, RowWording } from './notice.ts';
import type { PlacedRow } from './notice-document.ts';
import type { NoticeFilter } from './notice-list-page.ts';
import type { CorrectionNote } from './notice-page.ts';
import type { NoticePeriod } from './notice-period.ts';
import type { NoticeSettings } from './notice-settings.ts';

/** Who moves a notice, and when. */
export interface Act {
  by: Actor;
  at: Date;
}

/** What a new notice is to hold. */
export interface NoticeDraft {
  series: NoticeSeries;
  year: number;
  edition: string;
  settings: NoticeSettings;
  /** The claims that wait, in the order in which their rows are to stand. */
  candidates: readonly string[];
  mostRows: number;
}

/** What is settled about a notice at the moment of its publication. */
interface Publication {
  period: NoticePeriod;
  totals: NoticeTotals;
  snapshotHash: string;
  /** Numbers of the prepared rows that the document does not hold. */
  unpublishedRows: readonly number[];
  /** Of these the claims that are to wait for a later notice: still approved, and in no notice. */
  leftOut: readonly string[];
}

/** What was up on one day of a period: that the bureau can prove that its notice ran. */
export interface NoticeProof {
  date: string;
  /** ISO instant */
  at: string;
  jsonHash: string;
  htmlHash: string;
  /** The bytes were found missing or altered, and put back. */
  restored: boolean;
}

/** Keeps notices, their rows and numbers. Every move holds only for the notice as it was read. */
export interface NoticeStore {
  find(noticeId: string): Promise<NoticeRecord | undefined>;
  /** Every notice in a state that a job must look at. */
  inState(st: 'preparing' | 'running' | 'closed'): Promise<NoticeRecord[]>;
  /**
   * Gives the series its next number and the notice under it those of the candidates that still wait. A series prepares
   * one notice at a time: where one is under way already, that one is returned instead. Undefined when none waits any
   * more; then no number is taken.
   */
  begin(draft: NoticeDraft, act: Act): Promise<NoticeRecord | undefined>;
  /** Writes a row; one that is there already stays. */
  putRow(noticeId: string, row: PlacedRow): Promise<void>;
  /** The rows of a notice: all that were written while it is prepared, then those that were published. */
  rows(notice: Pick<NoticeRecord, 'id' | 'unpublishedRows'>): Promise<PlacedRow[]>;
  /** preparing → dropped: nothing is left to publish; the series is free for its next notice, in one piece. */
  drop(notice: NoticeRecord, act: Act): Promise<void>;
  /** @throws DomainError `changed-meanwhile` also when a claim that was left out is in the notice after all */
  publish(notice: NoticeRecord, publication: Publication, act: Act): Promise<PublishedNotice>;
  /** Records that rows are down and what is shown without them; the notice's state stays. */
  withdraw(
    notice: PublishedNotice,
    withdrawal: {
      /** All that are down, the earlier ones too. */
      withdrawn: NonNullable<NoticeRecord['withdrawn']>;
      shownHash: string;
      rowNos: readonly number[];
      reason: string;
    },
    act: Act,
  ): Promise<PublishedNotice>;
  close(notice: PublishedNotice, annexVisibleUntil: string, act: Act): Promise<PublishedNotice>;
  removeAnnex(notice: PublishedNotice, shownHash: string, removedOn: string, act: Act): Promise<PublishedNotice>;
  archive(notice: PublishedNotice, act: Act): Promise<void>;
  proof(noticeId: string, date: string): Promise<NoticeProof | undefined>;
  /** Keeps a day's proof; the first one of a day stays. */
  putProof(noticeId: string, proof: NoticeProof): Promise<void>;
  proofs(noticeId: string): Promise<NoticeProof[]>;
  /**
   * Starts a correction of a running notice, in one piece: the new notice under preparation, and the named claims out
   * of the old one into it, so that the old period clears none of them.
   * @throws DomainError `state-not-permitted` while another notice of the series is under preparation,
   * `changed-meanwhile` when the notice has ended or a claim has moved
   */
  beginCorrection(
    original: PublishedNotice,
    correction: {
      noticeId: string;
      reason: string;
      members: readonly NoticeMember[];
      claims: readonly ClaimRecord[];
      settings: NoticeSettings;
    },
    act: Act,
  ): Promise<NoticeRecord>;
  corrections(noticeId: string): Promise<CorrectionNote[]>;
  /** Published notices, newest first. */
  list(filter: NoticeFilter, cursor: string | undefined): Promise<{ notices: PublishedNotice[]; next?: string }>;
}

/** The claims as notices see and move them. */
export interface NoticeClaims {
  /** Every claim that is approved and in no notice yet. */
  awaitingNotice(): AsyncIterable<ClaimRecord>;
  find(claimId: string): Promise<ClaimRecord | undefined>;
  lines(claimId: string): Promise<LineRecord[]>;
  /** The words of an approved claim's row; its state stays. @throws DomainError `changed-meanwhile` */
  word(claim: ClaimRecord, words: RowWording, reason: string, act: Act): Promise<ClaimRecord>;
  /**
   * Lines reserved → publicised, then the claim approved → publicised, while the notice is prepared and nobody has seen
   * it. Goes on where an earlier try stopped.
   */
  publicise(claim: ClaimRecord, noticeId: string, dueAt: Date | undefined, act: Act): Promise<void>;
  /** Lines publicised → held, while an objection is open after the notice's end. */
  hold(claimId: string, act: Act): Promise<void>;
  /** Lines publicised or held → cleared, then the claim → cleared, or → refused when no line is left. */
  clear(claimId: string, act: Act): Promise<void>;
  /** The named lines (all when none is named) publicised or held → released, quota, locks and money given back. */
  release(claim: ClaimRecord, lineNos: readonly number[] | undefined, reason: string, act: Act): Promise<void>;
}

/** The two things that are put up for the public. */
export type NoticeFile = 'json' | 'html';

/** Where notices are put up. */
export interface NoticeBucket {
  put(noticeId: string, file: NoticeFile, text: string): Promise<void>;
  get(noticeId: string, file: NoticeFile): Promise<string | undefined>;
}

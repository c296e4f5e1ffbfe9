/** Where something happened. */
export interface Place {
  noticeId?: string;
  claimId?: string;
  objectionId?: string;
}

/** What the notice jobs tell their surroundings: counted as metrics and logged, never with a person's data. */
export interface PublicityWatch {
  published(noticeId: string): void;
  closed(noticeId: string): void;
  /** A number of a person was about to be published, and was not. */
  unmasked(place: Place): void;
  /** A claim cannot be published as it stands: a person has to put its words or its figures right. */
  leftOut(error: unknown, place: Place): void;
  failed(error: unknown, place: Place): void;
}

/** A watch over a function's log and metrics. */
export function createPublicityWatch(
  log: {
    info(event: string, fields: Place): void;
    error(event: string, error: unknown, fields: Place): void;
  },
  metrics: {
    add(name: 'NoticesPublished' | 'NoticesClosed' | 'UnmaskedIdentityFound' | 'ClaimsLeftOutOfNotices'): void;
  },
): PublicityWatch {
  return {
    published: (noticeId) => {
      metrics.add('NoticesPublished');
      log.info('notice-published', { noticeId });
    },
    closed: (noticeId) => {
      metrics.add('NoticesClosed');
      log.info('notice-closed', { noticeId });
    },
    unmasked: () => metrics.add('UnmaskedIdentityFound'),
    leftOut: (error, place) => {
      metrics.add('ClaimsLeftOutOfNotices');
      log.error('claim-left-out-of-notice', error, place);
    },
    failed: (error, place) => log.error('notice-work-failed', error, place),
  };
}

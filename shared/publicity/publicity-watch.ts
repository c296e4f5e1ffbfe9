interface Place {
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
  failed(error: unknown, place: Place): void;
}

/** A watch over a function's log and metrics. */
export function createPublicityWatch(
  log: {
    info(event: string, fields: Place): void;
    error(event: string, error: unknown, fields: Place): void;
  },
  metrics: { add(name: 'NoticesPublished' | 'NoticesClosed' | 'UnmaskedIdentityFound'): void },
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
    failed: (error, place) => log.error('notice-work-failed', error, place),
  };
}

import type { ObjectContent } from './store/blobs.ts';

/** What an operation answers. Headers without a value are left out. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | number | undefined>>;
  /** A document, sent as application/xml. */
  readonly xml?: string;
  /** Object bytes; their number stands in the `Content-Length` header. */
  readonly content?: ObjectContent;
}

/** The parts of a received request that a Signature Version 4 covers. */
export interface SignedRequest {
  readonly method: string;
  /** As it came on the wire, still percent-encoded. */
  readonly path: string;
  /** Decoded names and values. */
  readonly query: Readonly<Record<string, string | string[]>>;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The whole body, for services that sign its hash without naming it in `x-amz-content-sha256`. */
  readonly body?: Uint8Array;
}

/** Who may sign, for what, and by which clock. */
export interface Signatory {
  readonly service: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly now: () => Date;
}

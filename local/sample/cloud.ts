/** What a sample journey needs of the running cloud. */
export interface SampleCloud {
  apiUrl: string;
  clock: { now(): Date; advance(to: { to: Date } | { ms: number }): Promise<void> };
  /** A bearer token that carries these claims. */
  token(claims: Readonly<Record<string, unknown>>): Promise<string>;
  /** Resolves when no message, stream record or invocation is under way. */
  settle(): Promise<void>;
}

/** The locks of what lies in the evidence bucket. A lock is made longer, never shorter, and never taken off. */
export interface EvidenceLocks {
  /**
   * Sees to it that a version is locked until `until` at least; one that is locked for longer stays so.
   * @returns until when it is locked now
   */
  extend(key: string, versionId: string, until: Date): Promise<Date>;
}

/** What becomes of resets that are over: retention, and the erasure of a person. */
export interface ResetRetentionStore {
  /**
   * Removes at most `limit` of a tenant's resets that were prepared before `before`, the oldest first, with their
   * attempts; how many. Open ones, ones whose secret is still kept, and one that is somebody's password are not touched.
   */
  deleteFinished(tenantId: string, before: number, limit: number): Promise<number>
  /** How many resets of this user there are, whether or not the user still is. */
  countOfUser(tenantId: string, userId: string): Promise<number>
  /**
   * Of the user's resets neither address nor secret nor what gateways answered is left, and no caller's key names them;
   * how many resets there are.
   */
  erasePersonal(tenantId: string, userId: string): Promise<number>
}

/** Stands where an address stood. */
export const ERASED = 'erased'

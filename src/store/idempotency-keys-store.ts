/** A key that a caller chose for a call, and the reset that the call came to. */
export interface IdempotencyKey {
  readonly tenantId: string
  readonly applicationId: string
  /** Keyed hash: the key itself is not kept. */
  readonly keyMac: string
  /** Keyed hash of what makes two calls with the key the same. */
  readonly fingerprint: string
  readonly resetId: string
  readonly createdAt: number
}

export interface IdempotencyKeyRepository {
  /** Old ones included, until they are swept. */
  find(tenantId: string, applicationId: string, keyMac: string): Promise<IdempotencyKey | undefined>
  /** Inserts the key, or replaces the one that names `replacedResetId`. False: another call was faster, nothing changed. */
  put(key: IdempotencyKey, replacedResetId: string | undefined): Promise<boolean>
  /** Removes at most `limit` keys created before `before`; how many. */
  deleteOldOfAllTenants(before: number, limit: number): Promise<number>
}

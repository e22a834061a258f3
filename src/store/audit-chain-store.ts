/** An audit row as its columns stand: what is sealed is what is stored, whatever words later releases know. */
export interface StoredAuditRow {
  readonly tenantId: string
  /** Unix milliseconds. */
  readonly at: number
  readonly id: string
  readonly action: string
  readonly actorKind: string
  readonly actorId: string | undefined
  readonly targetKind: string
  readonly targetId: string | undefined
  readonly requestId: string | undefined
  readonly detailJson: string
}

/** With its place in the chain of its tenant. */
export interface SealedAuditRow extends StoredAuditRow {
  /** From 1, without gaps, in the order of sealing. */
  readonly sequence: number
  /** Covers the row, its sequence and the digest before it. */
  readonly digest: string
}

/** Where a tenant's chain ends, and where what is left of it begins. */
export interface AuditHead {
  readonly tenantId: string
  /** Of the newest sealed row; 0: none. */
  readonly sequence: number
  readonly digest: string
  readonly sealedAt: number
  /** Rows up to this one were removed by retention; 0: none. */
  readonly removedSequence: number
  readonly removedDigest: string
  /** Tells a changed row from one that was sealed with another master key. */
  readonly keyCheck: string
  /** Covers everything above. */
  readonly mac: string
}

export interface SealLease {
  /** The process that seals this tenant's rows for now. */
  readonly holder: string
  readonly expiresAt: number
}

/** A tenant with rows that wait to be sealed. */
export interface UnsealedTenant {
  readonly tenantId: string
  /** Time of its oldest such row. */
  readonly oldestAt: number
  readonly head: AuditHead | undefined
  readonly lease: SealLease | undefined
}

/** The chain over the audit rows: read outside transactions, moved by compare-and-set on the head's `mac`. */
export interface AuditChainRepository {
  findHead(tenantId: string): Promise<AuditHead | undefined>
  /** Tenants that have unsealed rows, after `afterTenantId` in the order of ids, at most `limit`. */
  listUnsealedOfAllTenants(afterTenantId: string, limit: number): Promise<readonly UnsealedTenant[]>
  /** Oldest first. */
  listUnsealed(tenantId: string, limit: number): Promise<readonly StoredAuditRow[]>
  countUnsealed(tenantId: string): Promise<{ readonly count: number; readonly oldestAt: number | undefined }>
  /** Sealed rows with a sequence above `afterSequence`, in order. */
  listSealed(tenantId: string, afterSequence: number, limit: number): Promise<readonly SealedAuditRow[]>
  /**
   * Replaces the head, if it is still the one with `expectedMac` (undefined: there is none yet); whether it did.
   * Without `lease` the lease stays as it is.
   */
  moveHead(head: AuditHead, expectedMac: string | undefined, lease: SealLease | undefined): Promise<boolean>
  /** These rows have their places; how many of them were there without one. */
  placeRows(tenantId: string, rows: readonly SealedAuditRow[]): Promise<number>
  /** Rows sealed up to `sequence` are gone; how many. */
  deleteSealedUpTo(tenantId: string, sequence: number): Promise<number>
  /** Tenants that this process leads are free for others. */
  releaseLeasesOfAllTenants(holder: string): Promise<void>
}

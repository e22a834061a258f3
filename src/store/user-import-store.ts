import type { RowFault, RowNumbers, UserImport, UserImportCounts } from '../core/imports/user-import.ts'

export interface UserImportRepository {
  insert(userImport: UserImport): Promise<void>
  find(tenantId: string, importId: string): Promise<UserImport | undefined>
  findByFingerprint(tenantId: string, fingerprint: string): Promise<UserImport | undefined>
  /** Newest first, at most `limit`. */
  list(tenantId: string, limit: number): Promise<readonly UserImport[]>
  /** Holds the import until the transaction ends, so that its rows are settled once; comes before every user's lock. */
  lock(tenantId: string, importId: string): Promise<UserImport | undefined>
  /** Rows up to `position` are settled; the counts have grown. */
  advance(
    userImport: Pick<UserImport, 'tenantId' | 'id'>,
    step: {
      readonly position: number
      readonly counts: UserImportCounts
      readonly at: number
      readonly finishedAt: number | undefined
      /** Undefined: as it was. */
      readonly nextDeliveryAt: number | undefined
    },
  ): Promise<void>
  insertFaults(userImport: Pick<UserImport, 'tenantId' | 'id'>, faults: readonly RowFault[]): Promise<void>
  /** In the order of the rows, those behind `afterRow` up to `lastRow`. */
  listFaults(
    tenantId: string,
    importId: string,
    span: RowNumbers & { readonly limit: number },
  ): Promise<readonly RowFault[]>
  /** The import whose next first password has been due longest; others leave it alone until the transaction ends. */
  lockDueOfAllTenants(now: number): Promise<UserImport | undefined>
  /** Undefined: nothing waits. */
  setNextDelivery(tenantId: string, importId: string, at: number | undefined): Promise<void>
  /** With everything that belongs to them: what was last touched before `before`. */
  deleteOldOfAllTenants(before: number, limit: number): Promise<number>
}

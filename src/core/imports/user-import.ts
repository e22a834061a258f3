import type { TextParameter } from '../../errors/api-error.ts'
import type { ErrorCode } from '../../errors/catalogue.ts'
import type { SendMode } from '../tenants/tenant.ts'

/** Rows of one batch, which is one transaction: locks are held for a fraction of a second. */
export const ROWS_PER_BATCH_MAX = 500
export const PER_MINUTE_DEFAULT = 60
export const PER_MINUTE_MAX = 6_000

export interface UserImportCounts {
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly failed: number
}

export const noRows: UserImportCounts = { created: 0, updated: 0, unchanged: 0, failed: 0 }

export interface ImportOptions {
  /** Who is there already is changed as the row says; otherwise the row is refused. */
  readonly isUpdate: boolean
  /** How people without a password are sent their first one; undefined: not at all. */
  readonly sendMode: SendMode | undefined
  /** First passwords a minute. */
  readonly perMinute: number
}

/** One import, from its first row to its last. */
export interface UserImport extends ImportOptions {
  readonly tenantId: string
  readonly id: string
  /** Of a file's content and the options that matter; undefined: rows come over HTTP. */
  readonly fingerprint: string | undefined
  /** Undefined: an operator's command. */
  readonly applicationId: string | undefined
  /** Undefined: as many as the file has. */
  readonly rowsTotal: number | undefined
  /** Number of the last row that is settled, from 1; 0: none yet. */
  readonly position: number
  readonly counts: UserImportCounts
  readonly createdAt: number
  readonly updatedAt: number
  readonly finishedAt: number | undefined
  /** Undefined: no first password waits. */
  readonly nextDeliveryAt: number | undefined
}

/** Why a row was refused. Holds no value of the row. */
export interface RowFault {
  /** From 1; the header is no row. */
  readonly row: number
  /** Where the row begins in its file, from 1. */
  readonly line: number | undefined
  /** The wire's name. */
  readonly field: string
  readonly code: ErrorCode
  readonly params: readonly TextParameter[]
}

export interface RowNumbers {
  readonly afterRow: number
  readonly lastRow: number
}

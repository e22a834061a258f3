import type { Caller } from '../permissions/caller.ts'
import type { FirstPasswordCount } from './first-password.ts'
import type { GivenUser } from './import-row.ts'
import type { RowsImported } from './import-rows.ts'
import type { ImportOptions, RowFault, UserImport } from './user-import.ts'

export interface StartUserImport extends ImportOptions {
  readonly rowsTotal: number
}

export interface GivenRows {
  /** Number of the first of the rows, from 1. */
  readonly firstRow: number
  readonly rows: readonly GivenUser[]
}

export interface UserImportView {
  readonly userImport: UserImport
  /** Behind the row that was asked for, at most `FAULTS_PER_PAGE_MAX`. */
  readonly faults: readonly RowFault[]
  readonly firstPasswords: readonly FirstPasswordCount[]
}

/** What the edges may ask about imports of users. Each throws ApiError with a code that its route declares. */
export interface ImportCalls {
  startUserImport(caller: Caller, options: StartUserImport): Promise<UserImport>
  importUserRows(caller: Caller, importId: string, given: GivenRows): Promise<RowsImported>
  findUserImport(caller: Caller, importId: string, faultsAfterRow: number): Promise<UserImportView>
}

import type { DatabaseSync } from 'node:sqlite'
import { CommitInDoubtError, DuplicateError, StoreUnavailableError } from '../errors/store-error.ts'
import { COMMIT, ContentionError } from './line.ts'

/** Primary result codes (https://sqlite.org/rescode.html). */
const BUSY = 5
const LOCKED = 6
const IO_ERROR = 10
/** Out of memory, read only, full, cannot open, locking protocol. */
const UNAVAILABLE: readonly number[] = [7, 8, 13, 14, 15]
/** Extended ones. */
const PRIMARY_KEY_VIOLATED = 1_555
const UNIQUE_VIOLATED = 2_067

/** What an error of SQLite means to us; errors that are a defect of ours stay as they are. */
export function sqliteError(database: DatabaseSync, sql: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) {
    return error
  }
  if (error.code === 'ERR_INVALID_STATE') {
    return new StoreUnavailableError('the database is closed', { cause: error })
  }
  const resultCode = 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : 0
  const primaryCode = resultCode & 0xff
  if (resultCode === UNIQUE_VIOLATED || resultCode === PRIMARY_KEY_VIOLATED) {
    return new DuplicateError(violatedIndex(database, error.message), error)
  }
  if (primaryCode === BUSY || primaryCode === LOCKED) {
    return new ContentionError('the database file is locked', { cause: error })
  }
  if (primaryCode === IO_ERROR && sql === COMMIT) {
    // the pages may stand in the log without having been synced: after a power cut they may count or not
    return new CommitInDoubtError('the disk failed during COMMIT', { cause: error })
  }
  if (primaryCode === IO_ERROR || UNAVAILABLE.includes(primaryCode)) {
    return new StoreUnavailableError(`the database file cannot be used: ${error.message}`, { cause: error })
  }
  return error
}

/** SQLite names the columns (`UNIQUE constraint failed: users.tenant_id, users.mobile`); the schema knows the index. */
function violatedIndex(database: DatabaseSync, message: string): string {
  const listed = message.slice(message.indexOf(': ') + 2).split(', ')
  const table = listed[0]?.split('.')[0] ?? ''
  const columns = listed.map((column) => column.slice(table.length + 1)).join()
  const found = database
    .prepare(
      `SELECT list.name, list.origin, (SELECT group_concat(name) FROM pragma_index_info(list.name)) AS columns
       FROM pragma_index_list(?) AS list WHERE list."unique" = 1`,
    )
    .all(table)
    .find((index) => index.columns === columns)
  // named as PostgreSQL names a primary key's index
  return found?.origin === 'pk' ? `${table}_pkey` : String(found?.name ?? message)
}

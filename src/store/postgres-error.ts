import { DatabaseError } from 'pg'
import { CommitInDoubtError, DuplicateError, StoreUnavailableError } from '../errors/store-error.ts'
import { COMMIT, ContentionError } from './line.ts'

/** SQLSTATE codes (PostgreSQL, appendix A). */
const CONTENTION: readonly string[] = ['40001', '40P01']
const UNIQUE_VIOLATED = '23505'
/** Read-only transaction (a standby), statement time-out, lock not available, time-outs of a whole transaction. */
const UNAVAILABLE: readonly string[] = ['25006', '57014', '55P03', '25P03', '25P04']
/** Connection lost, resources exhausted (a full disk among them), server going down, input or output failed. */
const UNAVAILABLE_CLASSES: readonly string[] = ['08', '53', '57P', '58']
/** After these the server may have committed before it said so. */
const LINE_LOST_CLASSES: readonly string[] = ['08', '57P']

/** What an error of PostgreSQL, or of the line to it, means to us; a defect of ours stays as it is. */
export function postgresError(sql: string, error: unknown): unknown {
  if (isLineLost(error)) {
    return sql === COMMIT
      ? new CommitInDoubtError('the line to PostgreSQL was lost during COMMIT', { cause: error })
      : new StoreUnavailableError('the line to PostgreSQL was lost', { cause: error })
  }
  if (!(error instanceof DatabaseError) || error.code === undefined) {
    return error
  }
  const { code } = error
  if (code === UNIQUE_VIOLATED) {
    return new DuplicateError(error.constraint ?? 'unknown', error)
  }
  if (CONTENTION.includes(code)) {
    return new ContentionError('another transaction was in the way', { cause: error })
  }
  if (UNAVAILABLE.includes(code) || UNAVAILABLE_CLASSES.some((prefix) => code.startsWith(prefix))) {
    return new StoreUnavailableError(`PostgreSQL cannot be used: ${error.message}`, { cause: error })
  }
  return error
}

/** Whether the line is gone: the server said so with its last words, or there was no word of it at all. */
export function isLineLost(error: unknown): boolean {
  if (error instanceof DatabaseError) {
    return LINE_LOST_CLASSES.some((prefix) => error.code?.startsWith(prefix))
  }
  return error instanceof Error
}

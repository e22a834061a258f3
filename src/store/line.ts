import { StoreUnavailableError } from '../errors/store-error.ts'

/** One line to a database, in the hands of one user at a time. Errors are those of `errors/store-error.ts` already. */
export interface Line {
  run(sql: string, parameters: readonly unknown[]): Promise<LineResult>
  /** Gives the line back; one that was lost is closed instead. */
  release(): void
}

export interface LineResult {
  readonly rows: readonly unknown[]
  /** Rows inserted, updated or deleted. */
  readonly changed: number
}

export interface LineSource {
  /** @throws StoreUnavailableError when none comes free, or none can be had, in time */
  acquire(): Promise<Line>
  close(): Promise<void>
}

/** How long anybody waits for a line, and for a SQLite file that another process writes to. */
export const LINE_WAIT_MS_MAX = 5_000
/** Distinct statements that a line keeps prepared; the sources hold far fewer. */
export const STATEMENTS_MAX = 500

export const BEGIN_WRITING = 'BEGIN IMMEDIATE'
export const BEGIN = 'BEGIN'
export const COMMIT = 'COMMIT'
export const ROLLBACK = 'ROLLBACK'

/** Others were in the way and nothing happened: repeating the whole transaction may succeed. */
export class ContentionError extends StoreUnavailableError {
  override readonly name = 'ContentionError'
}

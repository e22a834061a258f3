import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import type { Clock } from '../core/clock.ts'
import { StoreUnavailableError } from '../errors/store-error.ts'
import {
  ContentionError,
  LINE_WAIT_MS_MAX,
  type Line,
  type LineResult,
  type LineSource,
  ROLLBACK,
  STATEMENTS_MAX,
} from './line.ts'
import { sqliteError } from './sqlite-error.ts'
import { createSqliteWriter, type SqliteConnection } from './sqlite-writer.ts'

const BUSY_RETRY_MS = 10

/**
 * Opens a SQLite file, and makes it (mode 0600) and its folder if they are missing: one connection that writes, one
 * transaction after the other, and one that only reads and never waits for the first.
 * Every commit is on disk before it answers (`synchronous = FULL`), and what is deleted is overwritten with zeros.
 */
export async function openSqlite(
  file: string,
  clock: Clock,
): Promise<{ readonly writer: LineSource; readonly reader: LineSource }> {
  createFile(file)
  const writer = await openConnection(file, clock, [
    'PRAGMA journal_mode = WAL',
    'PRAGMA synchronous = FULL',
    'PRAGMA foreign_keys = ON',
    'PRAGMA secure_delete = ON',
    // what a savepoint may have to undo stays out of the system's temporary files
    'PRAGMA temp_store = MEMORY',
  ])
  const reader = await openConnection(file, clock, ['PRAGMA query_only = ON'])
  return {
    writer: createSqliteWriter(writer, clock),
    reader: {
      acquire: () => Promise.resolve({ run: reader.run, release: () => undefined }),
      close: () => Promise.resolve(reader.close()),
    },
  }
}

function createFile(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    closeSync(openSync(file, 'a', 0o600))
  } catch (error) {
    throw new StoreUnavailableError(`the database file ${file} cannot be opened`, { cause: error })
  }
}

async function openConnection(
  file: string,
  clock: Clock,
  pragmas: readonly string[],
): Promise<SqliteConnection> {
  // `timeout: 0`: SQLite's own waiting would stop the event loop
  const database = new DatabaseSync(file, { timeout: 0 })
  const statements = createStatementCache(database)
  const run: Line['run'] = (sql, parameters) =>
    whenFree(database, clock, () => execute(database, statements, sql, parameters))
  for (const pragma of pragmas) {
    await run(pragma, [])
  }
  return {
    run,
    isInTransaction: () => database.isOpen && database.isTransaction,
    close() {
      if (database.isOpen) {
        database.close()
      }
    },
  }
}

/** Repeats while another process holds the file, up to the limit; not inside a transaction, which has to be repeated whole. */
async function whenFree(database: DatabaseSync, clock: Clock, work: () => LineResult): Promise<LineResult> {
  const endMs = clock.monotonicMs() + LINE_WAIT_MS_MAX
  for (;;) {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof ContentionError) || database.isTransaction) {
        throw error
      }
      if (clock.monotonicMs() >= endMs) {
        throw new StoreUnavailableError('another process keeps the database file locked', { cause: error })
      }
      await clock.wait(BUSY_RETRY_MS)
    }
  }
}

function execute(
  database: DatabaseSync,
  statements: StatementCache,
  sql: string,
  parameters: readonly unknown[],
): LineResult {
  if (sql === ROLLBACK && (!database.isOpen || !database.isTransaction)) {
    return { rows: [], changed: 0 } // a full disk may have rolled it back already
  }
  try {
    const { statement, returnsRows } = statements(sql)
    const values = parameters as readonly SQLInputValue[]
    if (returnsRows) {
      const rows = statement.all(...values)
      return { rows, changed: rows.length }
    }
    return { rows: [], changed: Number(statement.run(...values).changes) }
  } catch (error) {
    throw sqliteError(database, sql, error)
  }
}

type StatementCache = (sql: string) => { readonly statement: StatementSync; readonly returnsRows: boolean }

/** Each text is prepared once; the oldest goes when there are too many. */
function createStatementCache(database: DatabaseSync): StatementCache {
  const prepared = new Map<string, ReturnType<StatementCache>>()
  return (sql) => {
    const known = prepared.get(sql)
    if (known !== undefined) {
      return known
    }
    const statement = database.prepare(sql)
    const entry = { statement, returnsRows: statement.columns().length > 0 }
    const [oldest] = prepared.size >= STATEMENTS_MAX ? prepared.keys() : []
    if (oldest !== undefined) {
      prepared.delete(oldest)
    }
    prepared.set(sql, entry)
    return entry
  }
}

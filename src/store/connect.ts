import type { Clock } from '../core/clock.ts'
import { systemRandomBytes } from '../core/randomness.ts'
import { createAuditIds } from './audit-ids.ts'
import { createPostgresDialect, createSqliteDialect, type Dialect } from './dialect.ts'
import type { LineSource } from './line.ts'
import { type MigrateDeps, migrate, migrations, pendingMigrations } from './migrate.ts'
import { openPostgres } from './postgres-lines.ts'
import { createQueryLayer } from './query-layer.ts'
import { createRepositories } from './repositories.ts'
import { openSqlite } from './sqlite-lines.ts'
import type { Store } from './store.ts'
import { runTransaction } from './transaction.ts'

export interface ConnectOptions {
  readonly clock: Clock
  /** `automatic` migrates an embedded database when it is opened; PostgreSQL is migrated by command only. */
  readonly migrate: 'automatic' | 'never'
  /** PostgreSQL only. */
  readonly connectionsMax?: number
  /** Directly before each COMMIT is sent, and directly after it was answered: crash tests end the process there. */
  readonly onCommit?: () => Promise<void> | void
  readonly afterCommit?: () => Promise<void> | void
  /** Sees the text of every statement, without its values. */
  readonly onStatement?: (sql: string) => void
}

const CONNECTIONS_MAX = 10

/**
 * Opens the database that the URL names: `sqlite:{file}` (made if it is missing), `postgres://…` or `postgresql://…`.
 * A PostgreSQL server need not be there yet: each call finds out by itself.
 * @throws StoreUnavailableError when a SQLite file cannot be used
 * @throws Error when an embedded database is newer than this program
 */
export async function connectStore(url: string, options: ConnectOptions): Promise<Store> {
  if (!url.startsWith('sqlite:')) {
    return createStore(connectPostgres(url, options), options)
  }
  const store = createStore(await connectSqlite(url.slice('sqlite:'.length), options.clock), options)
  if (options.migrate === 'automatic') {
    await store.migrate().catch(async (error: unknown) => {
      await store.close()
      throw error
    })
  }
  return store
}

interface Connected {
  readonly dialect: Dialect
  readonly writer: LineSource
  readonly reader: LineSource
  /** Lines of their own for migrations. */
  openMigrator(): LineSource
}

async function connectSqlite(file: string, clock: Clock): Promise<Connected> {
  const { writer, reader } = await openSqlite(file, clock)
  const borrowed = { acquire: writer.acquire, close: () => Promise.resolve() }
  return { dialect: createSqliteDialect(clock), writer, reader, openMigrator: () => borrowed }
}

function connectPostgres(url: string, options: ConnectOptions): Connected {
  const connectionsMax = options.connectionsMax ?? CONNECTIONS_MAX
  const pool = openPostgres(url, { connectionsMax, timeLimit: 'statement' })
  return {
    dialect: createPostgresDialect(options.clock),
    writer: pool,
    reader: { acquire: pool.acquire, close: () => Promise.resolve() },
    openMigrator: () => openPostgres(url, { connectionsMax: 1, timeLimit: 'none' }),
  }
}

function createStore(connected: Connected, options: ConnectOptions): Store {
  const { dialect, writer, reader } = connected
  const { clock, onStatement, onCommit, afterCommit } = options
  const shared = { dialect, clock, nextAuditId: createAuditIds(clock, systemRandomBytes) }
  const writing = createQueryLayer({ lines: writer, dialect, access: 'write', onStatement })
  const reading = createQueryLayer({ lines: reader, dialect, access: 'read', onStatement })
  const read = createRepositories({ ...shared, db: reading })
  let closing: Promise<unknown> | undefined

  return {
    kind: dialect.kind,
    read,
    transaction: (work) =>
      runTransaction({ db: writing, dialect, clock, onCommit, afterCommit }, (db) =>
        work(createRepositories({ ...shared, db })),
      ),
    migrate: () => migrateWith(connected.openMigrator(), { dialect, clock, migrations }),
    async pendingMigrations() {
      return (await pendingMigrations({ db: reading, dialect, migrations })).map(({ name }) => name)
    },
    async measureClock() {
      const askedAt = clock.now()
      const databaseNow = await read.now()
      return { skewMs: Math.round(databaseNow - (askedAt + clock.now()) / 2) }
    },
    close() {
      closing ??= Promise.all([writer.close(), reader.close()])
      return closing.then(() => undefined)
    },
  }
}

async function migrateWith(lines: LineSource, deps: Omit<MigrateDeps, 'db'>): Promise<readonly string[]> {
  try {
    const db = createQueryLayer({ lines, dialect: deps.dialect, access: 'write' })
    return await migrate({ ...deps, db })
  } finally {
    await lines.close()
  }
}

import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, inject } from 'vitest'
import { type Clock, systemClock } from '../../src/core/clock.ts'
import { type ConnectOptions, connectStore } from '../../src/store/connect.ts'
import type { Store } from '../../src/store/store.ts'
import { keepSqlite, noteDatabase } from './evidence.ts'
import { databaseUrl, keepPostgresTables, runOnCluster, templateDatabase } from './postgres-cluster.ts'

export type TestDatabaseKind = 'sqlite' | 'postgres'

export interface TestDatabase {
  readonly store: Store
  /** For REKEY_DATABASE_URL of another process. */
  readonly url: string
  /** Rows as they stand, for what no repository tells; parameters are `$1`, `$2` on both. */
  query(statement: string, parameters?: readonly string[]): Promise<readonly Record<string, unknown>[]>
  close(): Promise<void>
}

/** The databases that this run tests on: both, unless it was narrowed. */
export const testDatabases: readonly TestDatabaseKind[] =
  inject('postgresUrl') === undefined ? ['sqlite'] : ['sqlite', 'postgres']

/** The same tests on every database. */
export function describeEachDatabase(title: string, body: (kind: TestDatabaseKind) => void): void {
  for (const kind of testDatabases) {
    describe(`${title} (${kind})`, () => body(kind))
  }
}

export interface TestDatabaseOptions {
  readonly clock?: Clock
  /** Without tables, as before the first migration. */
  readonly isEmpty?: boolean
  /** Sees the text of every statement of the store, BEGIN and COMMIT included. */
  readonly onStatement?: (sql: string) => void
}

type Connect = Pick<ConnectOptions, 'clock' | 'onStatement'>

/** A fresh, migrated database that nobody else sees. */
export async function openTestDatabase(
  kind: TestDatabaseKind,
  options: TestDatabaseOptions = {},
): Promise<TestDatabase> {
  noteDatabase(kind)
  const { clock = systemClock, isEmpty = false, onStatement } = options
  const connect = { clock, ...(onStatement === undefined ? {} : { onStatement }) }
  return kind === 'sqlite' ? await openSqlite(connect, isEmpty) : await openPostgres(connect, isEmpty)
}

async function openSqlite(connect: Connect, isEmpty: boolean): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'rekey-sqlite-'))
  const file = join(folder, 'rekey.db')
  const url = `sqlite:${file}`
  const store = await connectStore(url, { ...connect, migrate: isEmpty ? 'never' : 'automatic' })
  return {
    store,
    url,
    query: (statement, parameters) => Promise.resolve(queryFile(file, statement, parameters)),
    async close() {
      keepSqlite(file) // before the WAL is taken in
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function openPostgres(connect: Connect, isEmpty: boolean): Promise<TestDatabase> {
  const clusterUrl = inject('postgresUrl') ?? ''
  const name = `rekey_${randomUUID().replaceAll('-', '')}`
  await runOnCluster(
    clusterUrl,
    `CREATE DATABASE ${name} TEMPLATE ${isEmpty ? 'template0' : templateDatabase}`,
  )
  const url = databaseUrl(clusterUrl, name)
  const store = await connectStore(url, { ...connect, migrate: 'never' })
  return {
    store,
    url,
    query: (statement, parameters) => runOnCluster(url, statement, parameters),
    async close() {
      await store.close()
      await keepPostgresTables(url)
      await runOnCluster(clusterUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    },
  }
}

function queryFile(
  file: string,
  statement: string,
  parameters: readonly string[] = [],
): readonly Record<string, unknown>[] {
  const database = new DatabaseSync(file)
  try {
    const rows = database.prepare(statement.replace(/\$(\d+)/g, '?$1')).all(...parameters)
    return rows.map((row) => ({ ...row }))
  } finally {
    database.close()
  }
}

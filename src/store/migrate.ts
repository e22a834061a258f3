import type { Kysely, RawBuilder } from 'kysely'
import type { Dialect } from './dialect.ts'
import * as firstTables from './migrations/0001-first-tables.ts'
import * as limitsAndIdempotencyKeys from './migrations/0002-limits-and-idempotency-keys.ts'
import * as resetsAcceptedAt from './migrations/0003-resets-accepted-at.ts'
import * as guards from './migrations/0004-guards.ts'
import * as auditChain from './migrations/0005-audit-chain.ts'
import * as purposesOfStateTokens from './migrations/0006-purposes-of-state-tokens.ts'
import * as organizationTree from './migrations/0007-organization-tree.ts'
import * as notices from './migrations/0008-notices.ts'
import * as lockOutsAndLostPasswords from './migrations/0009-lock-outs-and-lost-passwords.ts'
import * as userRelations from './migrations/0010-user-relations.ts'
import * as uniqueAttributes from './migrations/0011-unique-attributes.ts'
import * as codes from './migrations/0012-codes.ts'
import * as applicationAccounts from './migrations/0013-application-accounts.ts'
import * as permissionsOfApplications from './migrations/0014-permissions-of-applications.ts'
import * as bundlesAndAddresses from './migrations/0015-bundles-and-addresses.ts'
import * as userImports from './migrations/0016-user-imports.ts'
import * as webhooks from './migrations/0017-webhooks.ts'
import * as browserSessions from './migrations/0018-browser-sessions.ts'
import * as thisWasNotMe from './migrations/0019-this-was-not-me.ts'
import type { Tables } from './tables.ts'
import { runTransaction, type TransactionDeps } from './transaction.ts'

export interface Migration {
  readonly name: string
  up(db: Kysely<unknown>, columns: ColumnTypes): Promise<void>
}

export interface ColumnTypes {
  /** Text that compares byte by byte. */
  readonly text: RawBuilder<unknown>
}

/** In the order in which they are applied; only ever added to. */
export const migrations: readonly Migration[] = [
  { name: '0001-first-tables', up: firstTables.up },
  { name: '0002-limits-and-idempotency-keys', up: limitsAndIdempotencyKeys.up },
  { name: '0003-resets-accepted-at', up: resetsAcceptedAt.up },
  { name: '0004-guards', up: guards.up },
  { name: '0005-audit-chain', up: auditChain.up },
  { name: '0006-purposes-of-state-tokens', up: purposesOfStateTokens.up },
  { name: '0007-organization-tree', up: organizationTree.up },
  { name: '0008-notices', up: notices.up },
  { name: '0009-lock-outs-and-lost-passwords', up: lockOutsAndLostPasswords.up },
  { name: '0010-user-relations', up: userRelations.up },
  { name: '0011-unique-attributes', up: uniqueAttributes.up },
  { name: '0012-codes', up: codes.up },
  { name: '0013-application-accounts', up: applicationAccounts.up },
  { name: '0014-permissions-of-applications', up: permissionsOfApplications.up },
  { name: '0015-bundles-and-addresses', up: bundlesAndAddresses.up },
  { name: '0016-user-imports', up: userImports.up },
  { name: '0017-webhooks', up: webhooks.up },
  { name: '0018-browser-sessions', up: browserSessions.up },
  { name: '0019-this-was-not-me', up: thisWasNotMe.up },
]

export interface MigrateDeps extends Omit<TransactionDeps, 'dialect'> {
  readonly dialect: Dialect
  readonly migrations: readonly Migration[]
}

/**
 * Applies what is missing, each migration in a transaction of its own under a lock, so that several processes may try
 * at once. Returns the names of those that this call applied.
 * @throws Error when the database is newer than this program
 */
export async function migrate(deps: MigrateDeps): Promise<readonly string[]> {
  await runTransaction(deps, async (db) => {
    await deps.dialect.lockMigrations(db)
    await db.schema
      .createTable('schema_migrations')
      .ifNotExists()
      .addColumn('name', deps.dialect.textType, (column) => column.notNull().primaryKey())
      .addColumn('applied_at', 'bigint', (column) => column.notNull())
      .execute()
  })
  const applied: string[] = []
  for (const migration of await pendingMigrations(deps)) {
    if (await applyOnce(deps, migration)) {
      applied.push(migration.name)
    }
  }
  return applied
}

/** False: another process was faster. */
async function applyOnce(deps: MigrateDeps, migration: Migration): Promise<boolean> {
  return await runTransaction(deps, async (db) => {
    await deps.dialect.lockMigrations(db)
    if ((await appliedNames(db)).includes(migration.name)) {
      return false
    }
    await migration.up(db as unknown as Kysely<unknown>, { text: deps.dialect.textType })
    const row = { name: migration.name, applied_at: deps.clock.now() }
    await db.insertInto('schema_migrations').values(row).execute()
    return true
  })
}

/**
 * The migrations that the database has not got yet.
 * @throws Error when it has one that this program does not know
 */
export async function pendingMigrations(
  deps: Pick<MigrateDeps, 'db' | 'dialect' | 'migrations'>,
): Promise<readonly Migration[]> {
  const applied = (await deps.dialect.hasTable(deps.db, 'schema_migrations'))
    ? await appliedNames(deps.db)
    : []
  const unknown = applied.filter((name) => !deps.migrations.some((migration) => migration.name === name))
  if (unknown.length > 0) {
    throw new Error(
      `The database was made by a newer release: it has ${unknown.join(', ')}, which this one does not know. ` +
        'Run that release, or put back a backup from before it.',
    )
  }
  return deps.migrations.filter((migration) => !applied.includes(migration.name))
}

async function appliedNames(db: Kysely<Tables>): Promise<readonly string[]> {
  const rows = await db.selectFrom('schema_migrations').select('name').orderBy('name').execute()
  return rows.map((row) => row.name)
}

import {
  CompiledQuery,
  type DialectAdapter,
  type Kysely,
  PostgresAdapter,
  PostgresQueryCompiler,
  type QueryCompiler,
  type RawBuilder,
  type SelectQueryBuilder,
  SqliteAdapter,
  SqliteQueryCompiler,
  sql,
} from 'kysely'
import type { Clock } from '../core/clock.ts'
import type { SealedAuditRow } from './audit-chain-store.ts'
import { LateValue } from './late-value.ts'
import { BEGIN, BEGIN_WRITING } from './line.ts'
import type { Tables } from './tables.ts'

/** What differs between the SQL of the two databases; how each is talked to stands in `*-lines.ts`. */
export interface Dialect {
  readonly kind: 'sqlite' | 'postgres'
  readonly begin: string
  /** Whether rows have locks of their own; SQLite has one writer instead. */
  readonly hasRowLocks: boolean
  /** Type of a text column that compares byte by byte, so that order and indexes are the same on both. */
  readonly textType: RawBuilder<unknown>
  /** Unix milliseconds by the clock that deadlines live on, as a part of a statement. */
  now(): RawBuilder<number>
  /** The same, read by itself. */
  readNow(db: Kysely<Tables>): Promise<number>
  /** Until the transaction ends, nobody else migrates. */
  lockMigrations(db: Kysely<Tables>): Promise<void>
  /** Until the transaction ends, nobody else holds this name; others wait for it. */
  lockName(db: Kysely<Tables>, name: string): Promise<void>
  /**
   * What `select` finds for each of the keys, at most one row for each, found by an index whether or not the database
   * knows anything of its rows. `select` takes the condition that names the key.
   */
  forEachKey<R>(
    column: string,
    keys: readonly string[],
    select: (isKey: RawBuilder<boolean>) => KeyQuery<R>,
  ): { compile(db: Kysely<Tables>): CompiledQuery<R> }
  hasTable(db: Kysely<Tables>, table: string): Promise<boolean>
  /** Writes sequence and digest of unsealed audit rows, each found by its key; how many were found. */
  placeAuditRows(db: Kysely<Tables>, tenantId: string, rows: readonly PlacedAuditRow[]): Promise<number>
  createAdapter(): DialectAdapter
  createCompiler(): QueryCompiler
}

type KeyQuery<R> = SelectQueryBuilder<Tables, keyof Tables, R>

type PlacedAuditRow = Pick<SealedAuditRow, 'at' | 'id' | 'sequence' | 'digest'>

/** As text: building it anew for each row would cost more than running it. */
const PLACE_ONE_ROW = `update audit_rows set sequence = ?, digest = ?
  where tenant_id = ? and at = ? and id = ? and sequence is null`

export function createSqliteDialect(clock: Clock): Dialect {
  return {
    kind: 'sqlite',
    begin: BEGIN_WRITING,
    hasRowLocks: false,
    textType: sql`text`,
    now: () => sql<number>`${new LateValue(clock.now)}`,
    readNow: () => Promise.resolve(clock.now()),
    lockMigrations: () => Promise.resolve(), // the one writer
    lockName: () => Promise.resolve(), // the one writer
    forEachKey: (column, keys, select) => select(sql`${sql.ref(column)} in (${sql.join(keys)})`),
    async hasTable(db, table) {
      const found =
        await sql`select name from sqlite_master where type = 'table' and name = ${table}`.execute(db)
      return found.rows.length > 0
    },
    async placeAuditRows(db, tenantId, rows) {
      let placed = 0n
      // one by one: from a list SQLite would walk through the whole table, and a statement costs no round trip
      for (const { at, id, sequence, digest } of rows) {
        const { numAffectedRows } = await db.executeQuery(
          CompiledQuery.raw(PLACE_ONE_ROW, [sequence, digest, tenantId, at, id]),
        )
        placed += numAffectedRows ?? 0n
      }
      return Number(placed)
    },
    createAdapter: () => new SqliteAdapter(),
    createCompiler: () => new SqliteQueryCompiler(),
  }
}

/** Any number that nobody else in the database uses. */
const MIGRATION_LOCK = 7_252_839_104

export function createPostgresDialect(clock: Clock): Dialect {
  // not now(), which stands still at the begin of the transaction; the shift is a test clock's
  const now = () =>
    sql<number>`(floor(extract(epoch from clock_timestamp()) * 1000)::bigint + ${new LateValue(() => clock.shiftMs)}::bigint)`
  return {
    kind: 'postgres',
    begin: BEGIN,
    hasRowLocks: true,
    textType: sql`text collate "C"`,
    now,
    async readNow(db) {
      const { rows } = await sql<{ now: number }>`select ${now()} as now`.execute(db)
      return rows[0]?.now ?? Number.NaN
    },
    async lockMigrations(db) {
      await sql`select pg_advisory_xact_lock(${sql.lit(MIGRATION_LOCK)})`.execute(db)
    },
    async lockName(db, name) {
      // names whose hashes meet wait for each other and are none the worse for it
      await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(db)
    },
    // before a table is analysed every index of a tenant looks alike, and a list or `=` may walk through all of it: an
    // order by the key has one index, which is the one that has the key
    forEachKey: <R>(
      column: string,
      keys: readonly string[],
      select: (isKey: RawBuilder<boolean>) => KeyQuery<R>,
    ) => {
      const key = sql.ref(column)
      const found = select(sql`${key} >= wanted.key and ${key} <= wanted.key`).orderBy(key).limit(1)
      return sql<R>`select found.* from unnest(array[${sql.join(keys)}]::text[]) as wanted (key)
        cross join lateral ${found} as found`
    },
    async hasTable(db, table) {
      const { rows } = await sql<{
        found: boolean
      }>`select to_regclass(${table}) is not null as found`.execute(db)
      return rows[0]?.found === true
    },
    async placeAuditRows(db, tenantId, rows) {
      const list = JSON.stringify(rows.map(({ at, id, sequence, digest }) => ({ at, id, sequence, digest })))
      // coalesce: with `is null` the planner would rather hash all that is unsealed than look up each key
      const { numAffectedRows } =
        await sql`update audit_rows set sequence = placed.sequence, digest = placed.digest
        from json_to_recordset(${list}::json)
          as placed (at bigint, id text collate "C", sequence bigint, digest text)
        where audit_rows.tenant_id = ${tenantId} and audit_rows.at = placed.at and audit_rows.id = placed.id
          and coalesce(audit_rows.sequence, 0) = 0`.execute(db)
      return Number(numAffectedRows ?? 0n)
    },
    createAdapter: () => new PostgresAdapter(),
    createCompiler: () => new PostgresQueryCompiler(),
  }
}

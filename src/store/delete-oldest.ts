import { type RawBuilder, sql } from 'kysely'
import type { StoreContext } from './context.ts'
import type { Tables } from './tables.ts'

/**
 * Removes at most `limit` rows whose time in `column` is before `before`, the oldest first, found by that column's
 * index; how many. Rows that another process is sweeping away already are left to it.
 */
export async function deleteOldest(
  { db, dialect }: StoreContext,
  sweep: {
    readonly table: keyof Tables
    readonly key: readonly string[]
    readonly column: string
    readonly before: number
    readonly limit: number
    /** Beside the time. */
    readonly condition?: RawBuilder<boolean>
  },
): Promise<number> {
  const table = sql.table(sweep.table)
  const key = sql.join(sweep.key.map((name) => sql.ref(name)))
  const column = sql.ref(sweep.column)
  const condition = sweep.condition === undefined ? sql`` : sql`and ${sweep.condition}`
  const unlocked = dialect.hasRowLocks ? sql`for update skip locked` : sql``
  const deleted = await sql`
    delete from ${table} where (${key}) in (
      select ${key} from ${table} where ${column} < ${sweep.before} ${condition}
      order by ${column} limit ${sweep.limit} ${unlocked})`.execute(db)
  return Number(deleted.numAffectedRows ?? 0n)
}

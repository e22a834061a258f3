import { sql } from 'kysely'
import type { StoreContext } from './context.ts'
import type { Tables } from './tables.ts'

/**
 * Takes the row of a queue that has been due longest until `leaseUntil`, and counts the attempt; undefined: nothing is
 * due. One that another process is taking already is left to it.
 */
export async function claimOldestDue<T extends 'notices' | 'code_requests'>(
  { db, dialect }: StoreContext,
  queue: T,
  now: number,
  leaseUntil: number,
): Promise<Tables[T] | undefined> {
  const table = sql.table(queue)
  const unlocked = dialect.hasRowLocks ? sql`for update skip locked` : sql``
  const { rows } = await sql<Tables[T]>`
    update ${table} set due_at = ${leaseUntil}, attempts = attempts + 1,
      unsettled_attempts = unsettled_attempts + 1
    where (tenant_id, id) = (
      select tenant_id, id from ${table} where due_at <= ${now} order by due_at limit 1 ${unlocked})
    returning *`.execute(db)
  return rows[0]
}

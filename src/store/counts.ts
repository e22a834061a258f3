import { sql } from 'kysely'
import type { StoreContext } from './context.ts'

/** What is counted for each tenant. */
export type CountedKind = 'organization' | 'user' | `account/${string}`

/** The maintained number of rows of a kind; call in the transaction that adds or removes them. */
export async function addToCount(
  { db }: StoreContext,
  tenantId: string,
  kind: CountedKind,
  difference: number,
): Promise<void> {
  await sql`
    insert into counts (tenant_id, kind, total, changed_at) values (${tenantId}, ${kind}, ${difference}, 0)
    on conflict (tenant_id, kind) do update set total = counts.total + excluded.total`.execute(db)
}

export async function readCount({ db }: StoreContext, tenantId: string, kind: CountedKind): Promise<number> {
  const row = await db
    .selectFrom('counts')
    .select('total')
    .where('tenant_id', '=', tenantId)
    .where('kind', '=', kind)
    .executeTakeFirst()
  return row?.total ?? 0
}

/**
 * Time of a change of a row of this kind: later than that of every change before it. The row of the count is held until
 * the transaction ends, so that changes become visible in the order of their times; take it as late as possible.
 */
export async function claimChangeTime(
  { db, dialect }: StoreContext,
  tenantId: string,
  kind: CountedKind,
): Promise<number> {
  // read before the row's lock was waited for, `excluded` may be older than what is stored by now
  const { rows } = await sql<{ changed_at: number }>`
    insert into counts (tenant_id, kind, total, changed_at) values (${tenantId}, ${kind}, 0, ${dialect.now()})
    on conflict (tenant_id, kind) do update set changed_at =
      case when excluded.changed_at > counts.changed_at then excluded.changed_at else counts.changed_at + 1 end
    returning changed_at`.execute(db)
  return rows[0]?.changed_at ?? Number.NaN
}

import { sql } from 'kysely'
import type { FirstPassword, FirstPasswordState } from '../core/imports/first-password.ts'
import type { SendMode } from '../core/tenants/tenant.ts'
import type { StoreContext } from './context.ts'
import type { FirstPasswordRepository } from './first-password-store.ts'
import type { FirstPasswordTable } from './import-tables.ts'
import { known, orNull } from './row-values.ts'

const ROWS_PER_STATEMENT = 100

export function createFirstPasswordRepository(context: StoreContext): FirstPasswordRepository {
  const { db } = context
  return {
    ...createSettlingMethods(context),

    async queue(waiting) {
      for (let from = 0; from < waiting.length; from += ROWS_PER_STATEMENT) {
        await db
          .insertInto('first_passwords')
          .values(waiting.slice(from, from + ROWS_PER_STATEMENT).map(toRow))
          .onConflict((conflict) =>
            conflict
              .columns(['tenant_id', 'user_id'])
              .doUpdateSet(({ ref }) => ({
                import_id: ref('excluded.import_id'),
                send_mode: ref('excluded.send_mode'),
                state: ref('excluded.state'),
                reason: null,
                due_at: ref('excluded.due_at'),
                attempts: 0,
                created_at: ref('excluded.created_at'),
                settled_at: null,
              }))
              .where('first_passwords.state', 'in', ['failed', 'not_needed']),
          )
          .execute()
      }
    },

    async findNextDue(tenantId, importId) {
      const row = await db
        .selectFrom('first_passwords')
        .select('due_at')
        .where('tenant_id', '=', tenantId)
        .where('import_id', '=', importId)
        .where('due_at', 'is not', null)
        .orderBy('due_at')
        .limit(1)
        .executeTakeFirst()
      return row?.due_at ?? undefined
    },

    async count(tenantId, importId) {
      const rows = await db
        .selectFrom('first_passwords')
        .select(['state', 'reason', ({ fn }) => fn.countAll<number>().as('total')])
        .where('tenant_id', '=', tenantId)
        .where('import_id', '=', importId)
        .groupBy(['state', 'reason'])
        .orderBy('state')
        .orderBy('reason')
        .execute()
      return rows.map(({ state, reason, total }) => ({
        state: state as FirstPasswordState,
        reason: known(reason),
        total: Number(total),
      }))
    },
  }
}

function createSettlingMethods({
  db,
  dialect,
}: StoreContext): Pick<FirstPasswordRepository, 'claim' | 'putOff' | 'settle'> {
  /** As long as nobody else has claimed it since. */
  const updateClaimed = ({ tenantId, userId, attempts }: FirstPassword) =>
    db
      .updateTable('first_passwords')
      .where('tenant_id', '=', tenantId)
      .where('user_id', '=', userId)
      .where('attempts', '=', attempts)
      .where('due_at', 'is not', null)

  return {
    async claim(tenantId, importId, now, leaseUntil) {
      const unlocked = dialect.hasRowLocks ? sql`for update skip locked` : sql``
      const { rows } = await sql<FirstPasswordTable>`
        update first_passwords set due_at = ${leaseUntil}, attempts = attempts + 1
        where (tenant_id, user_id) = (
          select tenant_id, user_id from first_passwords
          where tenant_id = ${tenantId} and import_id = ${importId} and due_at <= ${now}
          order by due_at limit 1 ${unlocked})
        returning *`.execute(db)
      return rows[0] && toFirstPassword(rows[0])
    },

    async putOff(claimed, dueAt, reason) {
      const changed = await updateClaimed(claimed).set({ due_at: dueAt, reason }).executeTakeFirst()
      return changed.numUpdatedRows > 0n
    },

    async settle(claimed, { state, reason, at }) {
      const changed = await updateClaimed(claimed)
        .set({ state, reason: orNull(reason), due_at: null, settled_at: at })
        .executeTakeFirst()
      return changed.numUpdatedRows > 0n
    },
  }
}

function toRow(one: FirstPassword): FirstPasswordTable {
  return {
    tenant_id: one.tenantId,
    user_id: one.userId,
    import_id: one.importId,
    send_mode: one.sendMode,
    state: one.state,
    reason: orNull(one.reason),
    due_at: orNull(one.dueAt),
    attempts: one.attempts,
    created_at: one.createdAt,
    settled_at: orNull(one.settledAt),
  }
}

function toFirstPassword(row: FirstPasswordTable): FirstPassword {
  return {
    tenantId: row.tenant_id,
    userId: row.user_id,
    importId: row.import_id,
    sendMode: row.send_mode as SendMode,
    state: row.state as FirstPasswordState,
    reason: known(row.reason),
    dueAt: known(row.due_at),
    attempts: row.attempts,
    createdAt: row.created_at,
    settledAt: known(row.settled_at),
  }
}

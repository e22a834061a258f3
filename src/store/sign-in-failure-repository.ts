import { sql } from 'kysely'
import type { StoreContext } from './context.ts'
import { deleteOldest } from './delete-oldest.ts'
import { known, orNull } from './row-values.ts'
import type { SignInFailureRepository, SignInFailures } from './store.ts'
import type { SignInFailureTable } from './tables.ts'

export function createSignInFailureRepository(context: StoreContext): SignInFailureRepository {
  const { db, dialect } = context
  return {
    async find(tenantId, subject) {
      const row = await db
        .selectFrom('sign_in_failures')
        .select(['failed_count', 'last_failed_at', 'locked_until'])
        .where('tenant_id', '=', tenantId)
        .where('subject', '=', subject)
        .executeTakeFirst()
      return row && toFailures(tenantId, subject, row)
    },

    /** The subject's row is there and nobody else changes it until the transaction ends. */
    async lock(tenantId, subject) {
      const row = await db
        .insertInto('sign_in_failures')
        .values({ tenant_id: tenantId, subject, failed_count: 0, last_failed_at: 0, locked_until: null })
        .onConflict((conflict) =>
          // writes what stands there: that locks the row and returns it
          conflict
            .columns(['tenant_id', 'subject'])
            .doUpdateSet((eb) => ({ failed_count: eb.ref('sign_in_failures.failed_count') })),
        )
        .returning(['failed_count', 'last_failed_at', 'locked_until', dialect.now().as('now')])
        .executeTakeFirstOrThrow()
      return { ...toFailures(tenantId, subject, row), now: row.now }
    },

    /** The subject's count is as given. */
    async put(failures) {
      const counts = {
        failed_count: failures.failedCount,
        last_failed_at: failures.lastFailedAt,
        locked_until: orNull(failures.lockedUntil),
      }
      await db
        .insertInto('sign_in_failures')
        .values({ tenant_id: failures.tenantId, subject: failures.subject, ...counts })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'subject']).doUpdateSet(counts))
        .execute()
    },

    /** Nothing is counted against the subject, and it is not locked. */
    async clear(tenantId, subject) {
      await db
        .deleteFrom('sign_in_failures')
        .where('tenant_id', '=', tenantId)
        .where('subject', '=', subject)
        .execute()
    },

    deleteOldOfAllTenants: (before, limit) =>
      deleteOldest(context, {
        table: 'sign_in_failures',
        key: ['tenant_id', 'subject'],
        column: 'last_failed_at',
        before,
        limit,
        condition: sql<boolean>`(locked_until is null or locked_until < ${before})`,
      }),
  }
}

function toFailures(
  tenantId: string,
  subject: string,
  row: Pick<SignInFailureTable, 'failed_count' | 'last_failed_at' | 'locked_until'>,
): SignInFailures {
  return {
    tenantId,
    subject,
    failedCount: row.failed_count,
    lastFailedAt: row.last_failed_at,
    lockedUntil: known(row.locked_until),
  }
}

import { sql } from 'kysely'
import type { StoreContext } from './context.ts'
import { deleteOldest } from './delete-oldest.ts'
import { type Places, prepareStatement } from './prepared-statement.ts'
import { known, orNull } from './row-values.ts'
import type { SignInFailureTable } from './session-tables.ts'
import type { SignInFailureRepository, SignInFailures } from './store.ts'

/** Of a new row: the user was told of nothing. Whoever counts leaves the two as they are. */
const untold = { told_until: 0, told_at: null } as const

export function createSignInFailureRepository(context: StoreContext): SignInFailureRepository {
  return {
    async find(tenantId, subject) {
      const row = await bySubject.first(context, { tenantId, subject })
      return row && toFailures(tenantId, subject, row)
    },

    /** The subject's row is there and nobody else changes it until the transaction ends. */
    async lock(tenantId, subject) {
      const row = await lockSubject.first(context, { tenantId, subject })
      if (row === undefined) {
        throw new Error('a row that was just written is not there')
      }
      return { ...toFailures(tenantId, subject, row), now: row.now }
    },

    /** The subject's count is as given. */
    async put(failures) {
      await putCounts.run(context, { ...failures, lockedUntil: orNull(failures.lockedUntil) })
    },

    /** Nothing is counted against the subject, and it is not locked. */
    async clear(tenantId, subject) {
      await deleteSubject.run(context, { tenantId, subject })
    },

    ...createListsOfAllTenants(context),
  }
}

function createListsOfAllTenants(
  context: StoreContext,
): Pick<SignInFailureRepository, 'listUntoldOfAllTenants' | 'markTold' | 'deleteOldOfAllTenants'> {
  const { db } = context
  return {
    deleteOldOfAllTenants: (before, limit) =>
      deleteOldest(context, {
        table: 'sign_in_failures',
        key: ['tenant_id', 'subject'],
        column: 'last_failed_at',
        before,
        limit,
        condition: sql<boolean>`(locked_until is null or locked_until < ${before})`,
      }),

    async listUntoldOfAllTenants(limit) {
      const rows = await db
        .selectFrom('sign_in_failures')
        .select(['tenant_id', 'subject', 'locked_until', 'last_failed_at', 'told_at'])
        .where(sql<boolean>`locked_until <> told_until`) // word for word the condition of the index
        .where('locked_until', '>', 0)
        .orderBy('locked_until')
        .limit(limit)
        .execute()
      return rows.map((row) => ({
        tenantId: row.tenant_id,
        subject: row.subject,
        lockedUntil: row.locked_until ?? 0,
        lockedAt: row.last_failed_at,
        toldAt: known(row.told_at),
      }))
    },

    async markTold({ tenantId, subject, lockedUntil }, toldAt) {
      const marked = await db
        .updateTable('sign_in_failures')
        .set({ told_until: lockedUntil, told_at: orNull(toldAt) })
        .where('tenant_id', '=', tenantId)
        .where('subject', '=', subject)
        .where('locked_until', '=', lockedUntil)
        .where('told_until', '<>', lockedUntil)
        .executeTakeFirst()
      return marked.numUpdatedRows > 0n
    },
  }
}

type Subject = Pick<SignInFailures, 'tenantId' | 'subject'>

const bySubject = prepareStatement((db, value: Places<Subject>) =>
  db
    .selectFrom('sign_in_failures')
    .select(['failed_count', 'last_failed_at', 'locked_until'])
    .where('tenant_id', '=', value('tenantId'))
    .where('subject', '=', value('subject')),
)

const lockSubject = prepareStatement((db, value: Places<Subject>, dialect) =>
  db
    .insertInto('sign_in_failures')
    .values({
      tenant_id: value('tenantId'),
      subject: value('subject'),
      failed_count: 0,
      last_failed_at: 0,
      locked_until: null,
      ...untold,
    })
    .onConflict((conflict) =>
      // writes what stands there: that locks the row and returns it
      conflict
        .columns(['tenant_id', 'subject'])
        .doUpdateSet((eb) => ({ failed_count: eb.ref('sign_in_failures.failed_count') })),
    )
    .returning(['failed_count', 'last_failed_at', 'locked_until', dialect.now().as('now')]),
)

const putCounts = prepareStatement(
  (db, value: Places<Omit<SignInFailures, 'lockedUntil'> & { readonly lockedUntil: number | null }>) => {
    const counts = {
      failed_count: value('failedCount'),
      last_failed_at: value('lastFailedAt'),
      locked_until: value('lockedUntil'),
    }
    return db
      .insertInto('sign_in_failures')
      .values({ tenant_id: value('tenantId'), subject: value('subject'), ...counts, ...untold })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'subject']).doUpdateSet(counts))
  },
)

const deleteSubject = prepareStatement((db, value: Places<Subject>) =>
  db
    .deleteFrom('sign_in_failures')
    .where('tenant_id', '=', value('tenantId'))
    .where('subject', '=', value('subject')),
)

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

import { sql } from 'kysely'
import type { StoreContext } from './context.ts'
import { deleteOldest } from './delete-oldest.ts'
import { ERASED, type ResetRetentionStore } from './reset-retention-store.ts'

export function createRetentionMethods(context: StoreContext): ResetRetentionStore {
  const { db } = context
  const ofUser = (tenantId: string, userId: string) =>
    db.selectFrom('resets').where('tenant_id', '=', tenantId).where('user_id', '=', userId)

  return {
    deleteFinished: (tenantId, before, limit) =>
      deleteOldest(context, {
        table: 'resets',
        key: ['tenant_id', 'id'],
        column: 'prepared_at',
        before,
        limit,
        // said literally, as the partial index says it
        condition: sql<boolean>`tenant_id = ${tenantId} and digest is null
          and state in ('failed', 'completed', 'superseded', 'expired')
          and not exists (select 1 from users where users.tenant_id = resets.tenant_id
            and users.id = resets.user_id and users.credential_reset_id = resets.id)`,
      }),

    async countOfUser(tenantId, userId) {
      const counted = await ofUser(tenantId, userId)
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirst()
      return counted?.count ?? 0
    },

    async erasePersonal(tenantId, userId) {
      const ids = ofUser(tenantId, userId).select('id')
      const attempts = db.deleteFrom('reset_attempts').where('tenant_id', '=', tenantId)
      // one that is under way would write its answer later: without its row it has no place for it
      await attempts.where('reset_id', 'in', ids).where('ended_at', 'is', null).execute()
      await db
        .updateTable('reset_attempts')
        .set({ reply: null })
        .where('tenant_id', '=', tenantId)
        .where('reset_id', 'in', ids)
        .execute()
      // walks through the tenant's keys of one day: erasing is rare
      await db
        .deleteFrom('idempotency_keys')
        .where('tenant_id', '=', tenantId)
        .where('reset_id', 'in', ids)
        .execute()
      const erased = await db
        .updateTable('resets')
        .set({ destination_mac: ERASED, destination_masked: ERASED, digest: null })
        .where('tenant_id', '=', tenantId)
        .where('user_id', '=', userId)
        .executeTakeFirst()
      return Number(erased.numUpdatedRows)
    },
  }
}

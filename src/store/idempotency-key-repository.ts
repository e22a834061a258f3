import type { StoreContext } from './context.ts'
import { deleteOldest } from './delete-oldest.ts'
import type { IdempotencyKeyRepository } from './idempotency-keys-store.ts'

export function createIdempotencyKeyRepository(context: StoreContext): IdempotencyKeyRepository {
  const { db } = context
  return {
    async find(tenantId, applicationId, keyMac) {
      const row = await db
        .selectFrom('idempotency_keys')
        .select(['fingerprint', 'reset_id', 'created_at'])
        .where('tenant_id', '=', tenantId)
        .where('application_id', '=', applicationId)
        .where('key_mac', '=', keyMac)
        .executeTakeFirst()
      return (
        row && {
          tenantId,
          applicationId,
          keyMac,
          fingerprint: row.fingerprint,
          resetId: row.reset_id,
          createdAt: row.created_at,
        }
      )
    },

    /** True: the key names this reset, whatever it named before. */
    async put(key, replacedResetId) {
      const named = { fingerprint: key.fingerprint, reset_id: key.resetId, created_at: key.createdAt }
      const row = await db
        .insertInto('idempotency_keys')
        .values({
          tenant_id: key.tenantId,
          application_id: key.applicationId,
          key_mac: key.keyMac,
          ...named,
        })
        .onConflict((conflict) =>
          conflict
            .columns(['tenant_id', 'application_id', 'key_mac'])
            .doUpdateSet(named)
            // no reset has an empty id: with nothing to replace, nothing is
            .where('idempotency_keys.reset_id', '=', replacedResetId ?? ''),
        )
        .returning('reset_id')
        .executeTakeFirst()
      return row !== undefined
    },

    deleteOldOfAllTenants: (before, limit) =>
      deleteOldest(context, {
        table: 'idempotency_keys',
        key: ['tenant_id', 'application_id', 'key_mac'],
        column: 'created_at',
        before,
        limit,
      }),
  }
}

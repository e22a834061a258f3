import { sql } from 'kysely'
import type { StoreContext } from './context.ts'
import type { LimitScope, ResetLimitsStore } from './reset-limits-store.ts'
import { resetColumns, toReset } from './reset-rows.ts'

/** What limits count: every reset but `failed` ones, which gave their place back. Said as the partial indexes say it. */
const counts = sql<boolean>`state <> 'failed'`
const isSms = sql<boolean>`send_mode = 'SMS'`

export function createLimitMethods({ db, dialect }: StoreContext): ResetLimitsStore {
  return {
    async listRecent(tenantId, userId, since, limit) {
      const rows = await db
        .selectFrom('resets')
        .select(resetColumns)
        .where('tenant_id', '=', tenantId)
        .where('user_id', '=', userId)
        .where('prepared_at', '>', since)
        .orderBy('prepared_at', 'desc')
        .limit(limit)
        .execute()
      return rows.map(toReset)
    },

    /** Walks over at most `n` entries of an index, however many there are. */
    async findNthNewest(tenantId, scope, since, n) {
      const row = await db
        .selectFrom('resets')
        .select('prepared_at')
        .where('tenant_id', '=', tenantId)
        .where(counts)
        .where('prepared_at', '>', since)
        .$if(scope.kind === 'sms', (query) => query.where(isSms))
        .$if(scope.kind !== 'sms', (query) =>
          query.where(
            scope.kind === 'destination' ? 'destination_mac' : 'application_id',
            '=',
            subjectOf(scope),
          ),
        )
        .orderBy('prepared_at', 'desc')
        .limit(1)
        .offset(n - 1)
        .executeTakeFirst()
      return row?.prepared_at
    },

    async lockScope(tenantId, scope) {
      await dialect.lockName(db, JSON.stringify([tenantId, scope.kind, subjectOf(scope)]))
    },
  }
}

function subjectOf(scope: LimitScope): string {
  switch (scope.kind) {
    case 'destination':
      return scope.destinationMac
    case 'application':
      return scope.applicationId
    case 'sms':
      return ''
  }
}

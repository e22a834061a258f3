import { sql } from 'kysely'
import type { StoreContext } from './context.ts'
import { type Places, prepareStatement, prepareVariants } from './prepared-statement.ts'
import type { LimitScope, ResetLimitsStore } from './reset-limits-store.ts'
import { resetColumns, toReset } from './reset-rows.ts'

/** What limits count: every reset but `failed` ones, which gave their place back. Said as the partial indexes say it. */
const counts = sql<boolean>`state <> 'failed'`
const isSms = sql<boolean>`send_mode = 'SMS'`

export function createLimitMethods(context: StoreContext): ResetLimitsStore {
  const { db, dialect } = context
  return {
    async listRecent(tenantId, userId, since, limit) {
      return (await recentOfUser.all(context, { tenantId, userId, since, limit })).map(toReset)
    },

    /** Walks over at most `n` entries of an index, however many there are. */
    async findNthNewest(tenantId, scope, since, n) {
      const values = { tenantId, subject: subjectOf(scope), since, skipped: n - 1 }
      return (await nthNewest.first(context, values, scope.kind))?.prepared_at
    },

    async lockScope(tenantId, scope) {
      await dialect.lockName(db, JSON.stringify([tenantId, scope.kind, subjectOf(scope)]))
    },
  }
}

interface Recent {
  readonly tenantId: string
  readonly since: number
}

const recentOfUser = prepareStatement(
  (db, value: Places<Recent & { readonly userId: string; readonly limit: number }>) =>
    db
      .selectFrom('resets')
      .select(resetColumns)
      .where('tenant_id', '=', value('tenantId'))
      .where('user_id', '=', value('userId'))
      .where('prepared_at', '>', value('since'))
      .orderBy('prepared_at', 'desc')
      .limit(value('limit')),
)

const nthNewest = prepareVariants(
  (kind: LimitScope['kind']) => kind,
  (db, value: Places<Recent & { readonly subject: string; readonly skipped: number }>, kind) =>
    db
      .selectFrom('resets')
      .select('prepared_at')
      .where('tenant_id', '=', value('tenantId'))
      .where(counts)
      .where('prepared_at', '>', value('since'))
      .$if(kind === 'sms', (query) => query.where(isSms))
      .$if(kind !== 'sms', (query) =>
        query.where(kind === 'destination' ? 'destination_mac' : 'application_id', '=', value('subject')),
      )
      .orderBy('prepared_at', 'desc')
      .limit(1)
      .offset(value('skipped')),
)

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

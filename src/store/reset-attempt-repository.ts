import type { StoreContext } from './context.ts'
import { known, orNull } from './row-values.ts'
import type { ResetRepository } from './store.ts'

type AttemptMethods = 'insertAttempt' | 'endAttempt' | 'listAttempts'

/** Hand-overs to gateways, each on record before its first byte leaves. */
export function createAttemptMethods({ db }: StoreContext): Pick<ResetRepository, AttemptMethods> {
  return {
    async insertAttempt(attempt) {
      await db
        .insertInto('reset_attempts')
        .values({
          tenant_id: attempt.tenantId,
          reset_id: attempt.resetId,
          ordinal: attempt.ordinal,
          gateway: attempt.gateway,
          started_at: attempt.startedAt,
          ended_at: orNull(attempt.endedAt),
          outcome: orNull(attempt.outcome),
          reason: orNull(attempt.reason),
          reply: orNull(attempt.reply),
        })
        .execute()
    },

    /** The attempt's end is on record as given. */
    async endAttempt(tenantId, resetId, ordinal, end) {
      await db
        .updateTable('reset_attempts')
        .set({
          ended_at: orNull(end.endedAt),
          outcome: orNull(end.outcome),
          reason: orNull(end.reason),
          reply: orNull(end.reply),
        })
        .where('tenant_id', '=', tenantId)
        .where('reset_id', '=', resetId)
        .where('ordinal', '=', ordinal)
        .execute()
    },

    async listAttempts(tenantId, resetId) {
      const rows = await db
        .selectFrom('reset_attempts')
        .select(['ordinal', 'gateway', 'started_at', 'ended_at', 'outcome', 'reason', 'reply'])
        .where('tenant_id', '=', tenantId)
        .where('reset_id', '=', resetId)
        .orderBy('ordinal')
        .execute()
      return rows.map((row) => ({
        tenantId,
        resetId,
        ordinal: row.ordinal,
        gateway: row.gateway,
        startedAt: row.started_at,
        endedAt: known(row.ended_at),
        outcome: known(row.outcome),
        reason: known(row.reason),
        reply: known(row.reply),
      }))
    },
  }
}

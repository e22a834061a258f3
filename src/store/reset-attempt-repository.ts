import type { StoreContext } from './context.ts'
import { type Places, prepareStatement } from './prepared-statement.ts'
import { known, orNull } from './row-values.ts'
import type { ResetRepository } from './store.ts'
import type { ResetAttemptTable } from './tables.ts'

type AttemptMethods = 'insertAttempt' | 'endAttempt' | 'listAttempts'

/** Hand-overs to gateways, each on record before its first byte leaves. */
export function createAttemptMethods(context: StoreContext): Pick<ResetRepository, AttemptMethods> {
  return {
    async insertAttempt(attempt) {
      await insertAttempt.run(context, {
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
    },

    /** The attempt's end is on record as given. */
    async endAttempt(tenantId, resetId, ordinal, end) {
      await setEnd.run(context, {
        tenant_id: tenantId,
        reset_id: resetId,
        ordinal,
        ended_at: orNull(end.endedAt),
        outcome: orNull(end.outcome),
        reason: orNull(end.reason),
        reply: orNull(end.reply),
      })
    },

    async listAttempts(tenantId, resetId) {
      const rows = await context.db
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

const insertAttempt = prepareStatement((db, value: Places<ResetAttemptTable>) =>
  db.insertInto('reset_attempts').values({
    tenant_id: value('tenant_id'),
    reset_id: value('reset_id'),
    ordinal: value('ordinal'),
    gateway: value('gateway'),
    started_at: value('started_at'),
    ended_at: value('ended_at'),
    outcome: value('outcome'),
    reason: value('reason'),
    reply: value('reply'),
  }),
)

const setEnd = prepareStatement((db, value: Places<Omit<ResetAttemptTable, 'gateway' | 'started_at'>>) =>
  db
    .updateTable('reset_attempts')
    .set({
      ended_at: value('ended_at'),
      outcome: value('outcome'),
      reason: value('reason'),
      reply: value('reply'),
    })
    .where('tenant_id', '=', value('tenant_id'))
    .where('reset_id', '=', value('reset_id'))
    .where('ordinal', '=', value('ordinal')),
)

import type { ResetState } from '../../src/core/reset/reset-state.ts'
import type { SeededUser } from '../support/seed-tenant.ts'
import type { TestApp } from '../support/start-app.ts'

export interface ResetOutcome {
  /** Of the user's resets, newest first. */
  readonly states: readonly ResetState[]
  /** How each attempt of the newest reset ended; undefined: nobody knows. */
  readonly attempts: readonly (string | undefined)[]
  /** How many rows of the record tell of each step of these resets. */
  readonly record: Readonly<Record<string, number>>
  /** Messages that arrived at the user's address. */
  readonly mails: number
  /** How often the user's password was changed. */
  readonly passwordChanges: number
}

/** Everything that must have happened exactly once, read from the database itself and from what the gateway took. */
export async function outcomeOf(
  { database, smtp }: Pick<TestApp, 'database' | 'smtp'>,
  user: SeededUser,
): Promise<ResetOutcome> {
  const { read } = database.store
  const resets = await read.resets.list(user.tenantId, user.id, 10)
  const attempts = await read.resets.listAttempts(user.tenantId, resets[0]?.id ?? '')
  const rows = await read.audit.list(user.tenantId, 10_000)
  const actions = rows
    .filter((row) => row.targetKind === 'reset' && row.detail.userId === user.id)
    .map((row) => row.action)
  const current = await read.users.findWithCredential(user.tenantId, user.id)
  return {
    states: resets.map((reset) => reset.state),
    attempts: attempts.map((attempt) => attempt.outcome),
    record: Object.fromEntries(
      [...new Set(actions)].map((action) => [action, actions.filter((other) => other === action).length]),
    ),
    mails: smtp.mails.filter((mail) => mail.to.includes(user.email ?? '')).length,
    passwordChanges: (current?.credential.version ?? 0) - user.credential.version,
  }
}

import type { Frozen } from '../core/reset/disown-reset.ts'
import type { Logger } from './logger.ts'
import type { Metrics } from './metrics.ts'

/** Counts and logs an account that was frozen: somebody may have taken it over, and its owner waits for help. */
export function recordFrozen(
  logger: Pick<Logger, 'warn'>,
  metrics: Pick<Metrics, 'accountFrozen'>,
  { userId, resetId }: Frozen,
): void {
  metrics.accountFrozen(resetId === undefined ? 'password' : 'reset')
  logger.warn({ userId, resetId }, 'a user says that this was not them: the account is frozen')
}

import { revokedWord } from '../core/reset/old-password-mode.ts'
import { isExpiredUnused, type Reset } from '../core/reset/reset-state.ts'
import type { Logger } from './logger.ts'
import type { Metrics } from './metrics.ts'

/** Counts and logs a reset that settled; one whose password ran out unused is loud: its user cannot sign in. */
export function recordSettled(
  logger: Pick<Logger, 'info' | 'warn'>,
  metrics: Pick<Metrics, 'resetSettled' | 'resetExpiredUnused'>,
  reset: Reset,
): void {
  const { id: resetId, userId, state, detail, gateway, sendMode } = reset
  const revoked = revokedWord(reset)
  metrics.resetSettled(state, revoked ?? detail, sendMode)
  const level = revoked === undefined ? 'info' : 'warn' // the user has no password until the next reset
  const word = revoked === undefined ? {} : { revoked }
  logger[level]({ resetId, userId, state, detail, ...word, gateway }, 'reset settled')
  if (isExpiredUnused(reset)) {
    metrics.resetExpiredUnused(sendMode)
    logger.warn(
      { resetId, userId, sendMode },
      'a delivered password ran out unused: the user has none until the next reset',
    )
  }
}

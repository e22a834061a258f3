import { ApiError } from '../../errors/api-error.ts'
import type { ResetAnswer } from '../core.ts'
import { requireEnabled } from '../users/require-enabled.ts'
import { revokedWord } from './old-password-mode.ts'
import type { ResetDeps } from './reset-deps.ts'
import type { Reset } from './reset-state.ts'

/**
 * What the caller is told of a settled reset (reset protocol, rules 1, 5 and 8).
 * @throws ApiError MSG.0001 with the reason, `delivery_unknown` or `superseded` as detail, and where the old password
 *   was revoked `revoked_undelivered` or `revoked_unknown`; USER.9001, USER.0001 when the user was disabled or removed
 *   meanwhile
 */
export async function answerReset(deps: ResetDeps, reset: Reset): Promise<ResetAnswer> {
  // accepted stays accepted, also when it was never promoted and something newer, or time, has ended it since
  if (reset.promotedAt !== undefined || reset.acceptedAt !== undefined) {
    return { userId: reset.userId, resetId: reset.id }
  }
  const revoked = revokedWord(reset)
  if (revoked !== undefined) {
    throw new ApiError('MSG.0001', { detail: revoked })
  }
  if (reset.detail === 'store_unavailable') {
    throw new ApiError('REQUEST.9012', { detail: 'store_unavailable', retryAfterSeconds: 5 })
  }
  if (reset.state === 'failed') {
    throw new ApiError('MSG.0001', { detail: reset.detail ?? 'failed' })
  }
  if (reset.state === 'unknown') {
    throw new ApiError('MSG.0001', { detail: 'delivery_unknown' })
  }
  requireEnabled(await deps.store.read.users.findWithCredential(reset.tenantId, reset.userId))
  throw new ApiError('MSG.0001', { detail: 'superseded' })
}

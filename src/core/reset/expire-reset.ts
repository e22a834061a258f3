import type { Repositories } from '../../store/store.ts'
import type { UserWithCredential } from '../users/user.ts'
import { RECOGNISED_RESETS_MAX, type Reset } from './reset-state.ts'
import { voidPassword } from './withdraw-resets.ts'

/**
 * Ends a reset whose deadline is over; call under the user's lock. True afterwards, if it answers true: the reset is
 * `expired`, and where its secret was the current password the user has none (the old one is never revived), the
 * version has grown and sessions have ended; unused until then, it is on record as `reset.expired_unused`. A `used` reset waits for its state token (reset protocol, rule 14).
 */
export async function expireReset(
  repositories: Repositories,
  p: {
    readonly user: UserWithCredential
    readonly reset: Pick<Reset, 'id' | 'state' | 'deadlineAt'>
    readonly requestId: string | undefined
    readonly now: number
  },
): Promise<boolean> {
  const { user, reset, now } = p
  if (reset.deadlineAt > now || !(await mayExpire(repositories, p))) {
    return false
  }
  const expired = await repositories.resets.change(
    user.tenantId,
    reset.id,
    { states: [reset.state] },
    { state: 'expired', leaseToken: undefined, leaseExpiresAt: undefined },
  )
  if (!expired) {
    return false
  }
  const isCurrentPassword = user.credential.resetId === reset.id
  const ended = isCurrentPassword ? await voidPassword(repositories, user, now) : undefined
  await repositories.resets.forgetOldSecrets(user.tenantId, user.id, RECOGNISED_RESETS_MAX)
  const row = {
    tenantId: user.tenantId,
    actor: { kind: 'server', id: undefined },
    targetKind: 'reset',
    targetId: reset.id,
    requestId: p.requestId,
  } as const
  await repositories.audit.append({
    ...row,
    action: 'reset.expired',
    detail: {
      userId: user.id,
      wasUsed: reset.state === 'used',
      voidedPassword: isCurrentPassword,
      endedSessions: ended?.sessions ?? 0,
      endedStateTokens: ended?.stateTokens ?? 0,
    },
  })
  if (isCurrentPassword && reset.state === 'accepted') {
    await repositories.audit.append({ ...row, action: 'reset.expired_unused', detail: { userId: user.id } })
  }
  return true
}

async function mayExpire(
  repositories: Repositories,
  p: { readonly user: UserWithCredential; readonly reset: Pick<Reset, 'id' | 'state'>; readonly now: number },
): Promise<boolean> {
  if (p.reset.state === 'used') {
    return !(await repositories.sessions.hasLiveStateToken(p.user.tenantId, p.user.id, p.reset.id, p.now))
  }
  return p.reset.state === 'unknown' || p.reset.state === 'accepted'
}

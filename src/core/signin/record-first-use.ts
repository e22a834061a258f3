import type { Repositories, SignInSecret } from '../../store/store.ts'
import type { User } from '../users/user.ts'

/**
 * First use of a password that acceptance made the current one; call under the user's lock. True afterwards, if it says
 * so: the reset is `used`. False: the row moved.
 */
export async function recordFirstUse(
  repositories: Repositories,
  p: {
    readonly user: User
    readonly secret: SignInSecret
    readonly requestId: string
    readonly now: number
  },
): Promise<boolean> {
  const { user, secret } = p
  if (secret.state === 'used') {
    return true
  }
  const isUsed = await repositories.resets.change(
    user.tenantId,
    secret.resetId,
    { states: ['accepted'] },
    { state: 'used', usedAt: p.now },
  )
  if (isUsed) {
    await repositories.audit.append({
      tenantId: user.tenantId,
      action: 'reset.used',
      actor: { kind: 'user', id: user.id },
      targetKind: 'reset',
      targetId: secret.resetId,
      requestId: p.requestId,
      detail: { userId: user.id },
    })
  }
  return isUsed
}

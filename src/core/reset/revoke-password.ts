import type { Repositories } from '../../store/store.ts'
import type { UserWithCredential } from '../users/user.ts'
import { voidPassword, withdrawResets } from './withdraw-resets.ts'

/** What the record says of a revoked password. */
export interface Revocation {
  readonly revoked: true
  /** False: the user had none. */
  readonly voidedPassword: boolean
  readonly supersededResets: readonly string[]
  readonly endedSessions: number
  readonly endedStateTokens: number
}

/**
 * Ends everything that may sign the user in, before a new password is on its way; call under the user's lock, in the
 * transaction that writes `prepared`. True afterwards: the user has no password and the old one is history, every open
 * reset is superseded, one in flight too (whoever makes it finds that out), the credential version has grown, sessions
 * and open sign-ins have ended (reset protocol, rule 11).
 */
export async function revokePassword(
  repositories: Repositories,
  p: { readonly user: UserWithCredential; readonly historyLength: number; readonly now: number },
): Promise<Revocation> {
  const { user, now } = p
  const { supersededIds } = await withdrawResets(repositories, { user, reason: 'newer_reset' })
  await repositories.users.rememberPassword(user.tenantId, user.id, now, p.historyLength)
  const ended = await voidPassword(repositories, user, now)
  return {
    revoked: true,
    voidedPassword: user.credential.digest !== undefined,
    supersededResets: supersededIds,
    endedSessions: ended.sessions,
    endedStateTokens: ended.stateTokens,
  }
}

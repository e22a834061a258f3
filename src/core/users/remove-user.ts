import type { AuditActor } from '../../audit/audit-row.ts'
import type { Repositories } from '../../store/store.ts'
import { orphanAccounts } from '../accounts/settle-accounts.ts'
import { withdrawResets } from '../reset/withdraw-resets.ts'
import type { UserWithCredential } from './user.ts'

/**
 * Removes a user; call under the user's lock. True afterwards: the user is gone, every open reset is superseded and its
 * secret forgotten, sessions and open sign-ins have ended, accounts in applications are orphans. A reset in flight finds
 * that out by itself and answers USER.0001 (reset protocol, rule 8). What the record says about the user stays.
 */
export async function removeUser(
  repositories: Repositories,
  p: {
    readonly user: UserWithCredential
    readonly actor: AuditActor
    readonly requestId: string | undefined
    readonly now: number
  },
): Promise<void> {
  const { tenantId, id: userId } = p.user
  const { supersededIds } = await withdrawResets(repositories, { user: p.user, reason: 'user_removed' })
  await repositories.resets.forgetOldSecrets(tenantId, userId, 0)
  const ended = await repositories.sessions.endAll(tenantId, userId)
  await repositories.signInFailures.clear(tenantId, `user:${userId}`)
  await repositories.notices.deleteOfUser(tenantId, userId)
  await orphanAccounts(repositories, { ...p, tenantId, userId })
  await repositories.users.delete(tenantId, userId)
  await repositories.audit.append({
    tenantId,
    action: 'user.removed',
    actor: p.actor,
    targetKind: 'user',
    targetId: userId,
    requestId: p.requestId,
    detail: {
      supersededResets: supersededIds,
      endedSessions: ended.sessions,
      endedStateTokens: ended.stateTokens,
    },
  })
}

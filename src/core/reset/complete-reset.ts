import type { AuditActor } from '../../audit/audit-row.ts'
import type { Repositories } from '../../store/store.ts'
import type { UserWithCredential } from '../users/user.ts'

/**
 * The employee chose a password of their own. True afterwards: the used reset is `completed` and its digest erased
 * (reset protocol, rule 14). False: it was not `used` any more, nothing changed.
 */
export async function completeReset(
  repositories: Repositories,
  p: {
    readonly user: UserWithCredential
    readonly resetId: string
    readonly actor: AuditActor
    readonly requestId: string | undefined
  },
): Promise<boolean> {
  const { tenantId, id: userId } = p.user
  const completed = await repositories.resets.change(
    tenantId,
    p.resetId,
    { states: ['used'] },
    { state: 'completed', digest: undefined },
  )
  if (completed) {
    await repositories.audit.append({
      tenantId,
      action: 'reset.completed',
      actor: p.actor,
      targetKind: 'reset',
      targetId: p.resetId,
      requestId: p.requestId,
      detail: { userId },
    })
  }
  return completed
}

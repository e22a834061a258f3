import type { AuditActor } from '../../audit/audit-row.ts'
import type { Store } from '../../store/store.ts'
import { eraseAccounts } from '../accounts/settle-accounts.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { removeUser } from './remove-user.ts'

export interface Erased {
  /** False: the user had been removed before, and what was left is gone now. */
  readonly wasRemovedNow: boolean
  /** Whose addresses and gateways' answers were erased. */
  readonly resets: number
}

/**
 * Erases a person: the user is removed, with everything that removal ends, and what resets kept of addresses, and the
 * accounts that were theirs, go too.
 * The record stays: it holds ids, which lead to nobody any more, so its chain is as sound as before. Undefined: nobody
 * has or had this id.
 */
export async function eraseUser(
  store: Store,
  call: {
    readonly tenant: Tenant
    readonly userId: string
    readonly actor: AuditActor
    readonly requestId: string
  },
): Promise<Erased | undefined> {
  const { tenant, userId, actor, requestId } = call
  return await store.transaction(async (repositories) => {
    const user = await repositories.users.lock(tenant.id, userId)
    if (user !== undefined) {
      await removeUser(repositories, { user, actor, requestId, now: await repositories.now() })
    }
    const accounts = await eraseAccounts(repositories, { tenantId: tenant.id, userId, actor, requestId })
    const wasKnown = user !== undefined || accounts > 0
    if (!wasKnown && (await repositories.resets.countOfUser(tenant.id, userId)) === 0) {
      return undefined
    }
    const resets = await repositories.resets.erasePersonal(tenant.id, userId)
    await repositories.signInFailures.clear(tenant.id, `user:${userId}`)
    await repositories.notices.deleteOfUser(tenant.id, userId)
    const wasRemovedNow = user !== undefined
    await repositories.audit.append({
      tenantId: tenant.id,
      action: 'user.erased',
      actor,
      targetKind: 'user',
      targetId: userId,
      requestId,
      detail: { wasRemovedNow, resets, accounts },
    })
    return { wasRemovedNow, resets }
  })
}

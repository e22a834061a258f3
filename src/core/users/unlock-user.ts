import { ApiError } from '../../errors/api-error.ts'
import type { Store } from '../../store/store.ts'
import { clearFailures, readStanding, subjectOfUser } from '../signin/count-failures.ts'
import type { Tenant } from '../tenants/tenant.ts'

export interface Unlocked {
  readonly wasLocked: boolean
  /** Wrong passwords that counted until now. */
  readonly failedCount: number
}

/**
 * Clears what counts against a user's sign-in, as an operator. True afterwards: the user is not locked and all attempts
 * are left again. Password, sessions and a disabled user stay as they are. On record, if there was anything to clear.
 * @throws ApiError USER.0001
 */
export async function unlockUser(
  store: Pick<Store, 'transaction'>,
  call: { readonly tenant: Tenant; readonly userId: string; readonly requestId: string },
): Promise<Unlocked> {
  return await store.transaction(async (repositories) => {
    const user = await repositories.users.lock(call.tenant.id, call.userId)
    if (user === undefined) {
      throw new ApiError('USER.0001')
    }
    const standing = await readStanding(
      repositories,
      call.tenant,
      subjectOfUser(user.id),
      await repositories.now(),
    )
    const wasLocked = standing.lockedUntil !== undefined
    await clearFailures(repositories, call.tenant, standing)
    if (standing.isStored) {
      await repositories.audit.append({
        tenantId: call.tenant.id,
        action: 'user.unlocked',
        actor: { kind: 'operator', id: undefined },
        targetKind: 'user',
        targetId: user.id,
        requestId: call.requestId,
        detail: { wasLocked, failedCount: standing.failedCount },
      })
    }
    return { wasLocked, failedCount: standing.failedCount }
  })
}
